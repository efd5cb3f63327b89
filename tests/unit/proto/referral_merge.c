/* A correction put onto a referral that was sent before. */
#include "proto/referral_codec.h"

#include <criterion/criterion.h>

static const char sent[] =
    "{\"message_id\":\"m-1\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"referred_at\":\"2026-11-"
    "02T09:30:00Z\","
    "\"patient\":{\"family_name\":\"Okafor\",\"birth_date\":\"1984-05-17\",\"phone\":\"1\"},\"problem\":\"low_back_"
    "pain\",\"duration_weeks\":9,"
    "\"red_flags\":{\"screened\":false,\"present\":[\"night_pain\"]},\"instruments\":{\"hads\":{\"anxiety\":3}},"
    "\"override\":{\"tier\":\"secondary_care\",\"service\":\"pain\"}}";

static struct arena *arena;
static struct stepcare_referral referral;
static struct stepcare_field_errors errors;
static char changed[1024];

static void setup(void)
{
    cr_assert_eq(arena_open(1024 * 1024, &arena), STEPCARE_OK);
    cr_assert_eq(referral_json_decode(sent, sizeof sent - 1, arena, &referral, &errors), STEPCARE_OK);
    strcpy(changed, "as before");
}

static void teardown(void)
{
    arena_close(arena);
}

TestSuite(referral_merge, .init = setup, .fini = teardown);

static enum stepcare_error merge(const char *json)
{
    return referral_json_merge(json, strlen(json), arena, &referral, changed, sizeof changed, &errors);
}

Test(referral_merge, adds_and_corrects_and_says_what_changed)
{
    cr_assert_eq(
        merge("{\"patient\":{\"nhs_number\":\"9434765918\",\"phone\":\"1\"},\"red_flags\":{\"screened\":true,"
              "\"present\":[]},"
              "\"instruments\":{\"phq_9\":[1,1,1,1,1,1,1,1,null],\"hads\":{\"depression\":4}},\"letter\":\"more\"}"),
        STEPCARE_OK);
    cr_assert_str_eq(changed, "patient.nhs_number,red_flags.screened,red_flags.present,instruments.phq_9,"
                              "instruments.hads.depression,letter");
    cr_assert(referral.nhs_number_unverified && referral.red_flags == 0 && referral.red_flags_screened);
    cr_assert(referral.instruments.hads_anxiety == 3 && referral.instruments.hads_depression == 4);
    cr_assert(stepcare_text_equal(referral.family_name, stepcare_text_of("Okafor")));
}

Test(referral_merge, nothing_new_changes_nothing)
{
    cr_assert_eq(merge("{}"), STEPCARE_OK);
    cr_assert_str_eq(changed, "");
    cr_assert_eq(merge("{\"patient\":{\"family_name\":\"Okafor\"},\"instruments\":{\"hads\":{\"anxiety\":3}}}"),
                 STEPCARE_OK);
    cr_assert_str_eq(changed, "");
}

Test(referral_merge, what_a_referral_is_known_by_cannot_change)
{
    static const char *const fixed[] = {"message_id", "source", "referrer.organisation", "referred_at"};
    cr_assert_eq(merge("{\"message_id\":\"m-1\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
                       "\"referred_at\":\"2026-11-02T09:30:00Z\"}"),
                 STEPCARE_INVALID);
    cr_assert_eq(errors.count, 4);
    for (unsigned i = 0; i < 4; i++) cr_assert_str_eq(errors.items[i].field, fixed[i]);
}

Test(referral_merge, a_refused_correction_leaves_everything_as_it_was)
{
    struct stepcare_referral before = referral;
    cr_assert_eq(merge("{\"patient\":{\"phone\":\"2\",\"birth_date\":\"1870-01-01\"},\"typo\":1}"), STEPCARE_INVALID);
    cr_assert_eq(errors.count, 2);
    cr_assert_eq(memcmp(&before, &referral, sizeof before), 0);
    cr_assert_str_eq(changed, "as before");
    cr_assert_eq(merge("[]"), STEPCARE_INVALID);
    cr_assert_str_eq(errors.items[0].field, "line");
}

Test(referral_merge, another_tier_drops_the_old_ones_service)
{
    cr_assert_eq(merge("{\"override\":{\"tier\":\"physio\"}}"), STEPCARE_OK);
    cr_assert_str_eq(changed, "override.tier,override.service");
    cr_assert_eq(merge("{\"override\":{\"tier\":\"secondary_care\"}}"), STEPCARE_INVALID);
    cr_assert_str_eq(errors.items[0].field, "override.service");
}

Test(referral_merge, a_whole_instrument_can_come_and_go)
{
    cr_assert_eq(merge("{\"instruments\":{\"axial_spa\":{}}}"), STEPCARE_OK);
    cr_assert_str_eq(changed, "instruments.axial_spa");
    cr_assert_eq(merge("{\"instruments\":{\"axial_spa\":null,\"hads\":null}}"), STEPCARE_OK);
    cr_assert_str_eq(changed, "instruments.hads,instruments.axial_spa");
    cr_assert_not(referral.instruments.has_hads);
}

Test(referral_merge, the_list_of_changes_is_cut_after_a_whole_path)
{
    char few[20];
    const char *json = "{\"patient\":{\"phone\":\"2\",\"postcode\":\"3\"}}";
    cr_assert_eq(referral_json_merge(json, strlen(json), arena, &referral, few, sizeof few, &errors), STEPCARE_OK);
    cr_assert_str_eq(few, "patient.postcode");
}
