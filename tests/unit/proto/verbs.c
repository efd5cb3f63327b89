#include "proto/frame.h"
#include "proto/record_fields.h"

#include <criterion/criterion.h>

static bool names(const struct stepcare_field_errors *errors, const char *field)
{
    for (unsigned i = 0; i < errors->count; i++) {
        if (strcmp(errors->items[i].field, field) == 0) return true;
    }
    return false;
}

Test(wire_verbs, every_verb_has_a_name_and_no_other_number_has)
{
    cr_assert_str_eq(wire_verb_name(WIRE_SUBMIT), "submit");
    cr_assert_str_eq(wire_verb_name(WIRE_GOODBYE), "goodbye");
    cr_assert_null(wire_verb_name(0));
    cr_assert_null(wire_verb_name(36));
    cr_assert_null(wire_verb_name(255));
}

Test(wire_verbs, every_missing_field_is_named)
{
    struct stepcare_record record;
    struct stepcare_field_errors errors = {0};
    stepcare_record_init(&record);
    cr_assert_eq(wire_request_check(WIRE_DECLINE, &record, &errors), STEPCARE_INVALID);
    cr_assert_eq(errors.count, 3);
    cr_assert(names(&errors, "referral_id") && names(&errors, "reason") && names(&errors, "to_tier"));
    STEPCARE_SET(&record, referral_id, 1);
    STEPCARE_SET(&record, reason, stepcare_text_of("no_capacity"));
    STEPCARE_SET(&record, to_tier, STEPCARE_TIER_PHYSIO);
    errors.count = 0;
    cr_assert_eq(wire_request_check(WIRE_DECLINE, &record, &errors), STEPCARE_OK);
    cr_assert_eq(errors.count, 0);
}

Test(wire_verbs, an_empty_value_is_a_missing_one)
{
    struct stepcare_record record;
    struct stepcare_field_errors errors = {0};
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, 1);
    STEPCARE_SET(&record, reason, stepcare_text_of(""));
    STEPCARE_SET(&record, to_tier, STEPCARE_TIER_NONE);
    cr_assert_eq(wire_request_check(WIRE_ASSIGN, &record, &errors), STEPCARE_INVALID);
    cr_assert(errors.count == 2 && names(&errors, "reason") && names(&errors, "to_tier"));
}

Test(wire_verbs, every_surplus_field_is_named)
{
    struct stepcare_record record;
    struct stepcare_field_errors errors = {0};
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, 1);
    STEPCARE_SET(&record, token, 2);
    STEPCARE_SET(&record, tier, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&record, week, 12);
    cr_assert_eq(wire_request_check(WIRE_RENEW, &record, &errors), STEPCARE_INVALID);
    cr_assert(errors.count == 2 && names(&errors, "tier") && names(&errors, "week"));
}

Test(wire_verbs, every_verb_is_checked)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, content_hash, stepcare_text_of("x")); /* no request has it */
    for (unsigned verb = 0; verb < 256; verb++) {
        struct stepcare_field_errors errors = {0};
        bool known = wire_verb_name((uint8_t)verb) != NULL;
        cr_assert_eq(wire_request_check((uint8_t)verb, &record, &errors),
                     known ? STEPCARE_INVALID : STEPCARE_UNKNOWN_VERB);
        cr_assert(!known || names(&errors, "content_hash"), "verb %u", verb);
    }
}
