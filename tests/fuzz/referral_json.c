/* Any bytes as a referral's JSON, and as a correction merged into a referral: the same demands as on the wire. */
#include "tests/fuzz/referral_forms.h"

static const char sent[] = "{\"message_id\":\"m\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
                           "\"referred_at\":\"2026-11-02T09:30:00Z\","
                           "\"patient\":{\"family_name\":\"A\",\"birth_date\":\"1984-05-17\"},\"problem\":\"low_back_"
                           "pain\",\"duration_weeks\":9,"
                           "\"red_flags\":{\"screened\":true}}";

static void merge_check(const char *json, size_t bytes)
{
    static struct stepcare_referral referral;
    static struct stepcare_field_errors errors;
    char changed[1024];
    struct arena *arena = fuzz_arena();
    must(referral_json_decode(sent, sizeof(sent) - 1, arena, &referral, &errors) == STEPCARE_OK);
    enum stepcare_error error = referral_json_merge(json, bytes, arena, &referral, changed, sizeof(changed), &errors);
    must(error == STEPCARE_OK || (error == STEPCARE_INVALID && errors.count > 0));
    must(stepcare_text_equal(referral.message_id, stepcare_text_of("m")));
    if (error == STEPCARE_OK) referral_forms_check(&referral);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct stepcare_referral referral;
    static struct stepcare_field_errors errors;
    const char *json = (const char *)data;
    enum stepcare_error error = referral_json_decode(json, bytes, fuzz_arena(), &referral, &errors);
    must(error == STEPCARE_OK ? errors.count == 0 : error == STEPCARE_INVALID && errors.count > 0);
    if (error == STEPCARE_OK) referral_forms_check(&referral);
    merge_check(json, bytes);
    return 0;
}
