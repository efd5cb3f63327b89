/* Changes one place of a referral that is right, and looks at what the decoder says. */
#include "tests/support/referral_change.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

const char referral_right[] =
    "{\"message_id\":\"m-1\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
    "\"referred_at\":\"2026-11-02T09:30:00Z\","
    "\"patient\":{\"family_name\":\"Okafor\",\"birth_date\":\"1984-05-17\"},\"problem\":\"low_"
    "back_pain\",\"duration_weeks\":9,"
    "\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{},\"findings\":[]}";

struct arena *referral_arena;

void referral_change_begin(void)
{
    cr_assert_eq(arena_open(4 * 1024 * 1024, &referral_arena), STEPCARE_OK);
}

void referral_change_end(void)
{
    arena_close(referral_arena);
}

void referral_change_write(char *target, size_t target_bytes, const struct referral_change *change)
{
    const char *at = strstr(referral_right, change->from);
    cr_assert_not_null(at, "%s", change->from);
    int bytes = snprintf(target, target_bytes, "%.*s%s%s", (int)(at - referral_right), referral_right, change->to,
                         at + strlen(change->from));
    cr_assert((size_t)bytes < target_bytes);
}

void referral_change_try(const struct referral_change *change)
{
    static char json[200000];
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    referral_change_write(json, sizeof json, change);
    enum stepcare_error error = referral_json_decode(json, strlen(json), referral_arena, &referral, &errors);
    if (change->field == NULL) {
        cr_assert_eq(error, STEPCARE_OK, "%s: %s %s", change->to, errors.items[0].field, errors.items[0].problem);
        return;
    }
    cr_assert_eq(error, STEPCARE_INVALID, "%.100s is accepted", change->to);
    cr_assert_str_eq(errors.items[0].field, change->field, "%.100s", change->to);
    cr_assert_eq(errors.count, 1, "%.100s: also %s", change->to, errors.items[1].field);
}
