/* Every rule of the referral format from both sides: one change to a referral that is right, and which field is then
 * named. */
#include "proto/referral_codec.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const char right[] = "{\"message_id\":\"m-1\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
                            "\"referred_at\":\"2026-11-02T09:30:00Z\","
                            "\"patient\":{\"family_name\":\"Okafor\",\"birth_date\":\"1984-05-17\"},\"problem\":\"low_"
                            "back_pain\",\"duration_weeks\":9,"
                            "\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{},\"findings\":[]}";

struct change {
    const char *from, *to; /* the first place of `from` becomes `to` */
    const char *field;     /* named first; NULL: still right */
};

static struct arena *arena;

static void setup(void)
{
    cr_assert_eq(arena_open(4 * 1024 * 1024, &arena), STEPCARE_OK);
}

static void teardown(void)
{
    arena_close(arena);
}

static void changed_write(char *target, size_t target_bytes, const struct change *change)
{
    const char *at = strstr(right, change->from);
    cr_assert_not_null(at, "%s", change->from);
    int bytes =
        snprintf(target, target_bytes, "%.*s%s%s", (int)(at - right), right, change->to, at + strlen(change->from));
    cr_assert((size_t)bytes < target_bytes);
}

static void change_try(const struct change *change)
{
    static char json[200000];
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    changed_write(json, sizeof json, change);
    enum stepcare_error error = referral_json_decode(json, strlen(json), arena, &referral, &errors);
    if (change->field == NULL) {
        cr_assert_eq(error, STEPCARE_OK, "%s: %s %s", change->to, errors.items[0].field, errors.items[0].problem);
        return;
    }
    cr_assert_eq(error, STEPCARE_INVALID, "%.100s is accepted", change->to);
    cr_assert_str_eq(errors.items[0].field, change->field, "%.100s", change->to);
    cr_assert_eq(errors.count, 1, "%.100s: also %s", change->to, errors.items[1].field);
}

#define TRY_ALL(changes)                                                                                               \
    for (unsigned i = 0; i < sizeof changes / sizeof((changes)[0]); i++) change_try(&(changes)[i])

TestSuite(referral_rules, .init = setup, .fini = teardown);

#define SIXTY "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

Test(referral_rules, message_id_is_1_to_64_printable_ascii)
{
    static const struct change changes[] = {
        {"\"m-1\"", "\"x\"", NULL},
        {"\"m-1\"", "\" ~\"", NULL},
        {"\"m-1\"", "\"" SIXTY "1234\"", NULL},
        {"\"m-1\"", "\"" SIXTY "12345\"", "message_id"},
        {"\"m-1\"", "\"\"", "message_id"},
        {"\"m-1\"", "\"caf\xc3\xa9\"", "message_id"},
        {"\"m-1\"", "\"a\\nb\"", "message_id"},
        {"\"m-1\"", "\"a\\u007f\"", "message_id"},
        {"\"m-1\"", "7", "message_id"},
        {"\"m-1\"", "null", "message_id"},
        {"\"message_id\":\"m-1\",", "", "message_id"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, source_and_problem_are_closed_lists)
{
    static const struct change changes[] = {
        {"\"gp\"", "\"rheumatology\"", NULL},
        {"\"gp\"", "\"msk\"", NULL},
        {"\"gp\"", "\"GP\"", "source"},
        {"\"gp\"", "\"\"", "source"},
        {"\"gp\"", "1", "source"},
        {"\"gp\"", "[\"gp\"]", "source"},
        {"low_back_pain", "chronic_widespread_pain", NULL},
        {"low_back_pain", "regional_msk_pain", NULL},
        {"low_back_pain", "back_pain", "problem"},
        {"\"problem\":\"low_back_pain\",", "", "problem"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, organisation_is_an_ods_code)
{
    static const struct change changes[] = {
        {"Y05868", "ABC", NULL},
        {"Y05868", "A234567890", NULL},
        {"Y05868", "AB", "referrer.organisation"},
        {"Y05868", "A2345678901", "referrer.organisation"},
        {"Y05868", "y05868", "referrer.organisation"},
        {"Y05868", "Y-5868", "referrer.organisation"},
        {"\"organisation\":\"Y05868\"", "", "referrer.organisation"},
        {"\"Y05868\"", "\"Y05868\",\"practitioner\":\"" SIXTY "1234\"", NULL},
        {"\"Y05868\"", "\"Y05868\",\"practitioner\":\"" SIXTY "12345\"", "referrer.practitioner"},
        {"\"Y05868\"", "\"Y05868\",\"reference\":\"" SIXTY "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"", NULL},
        {"\"Y05868\"", "\"Y05868\",\"reference\":\"" SIXTY "12345\"", "referrer.reference"},
        {"\"Y05868\"", "\"Y05868\",\"reference\":\"\"", NULL},
    };
    TRY_ALL(changes);
}

Test(referral_rules, referred_at_is_a_time_with_a_zone)
{
    static const struct change changes[] = {
        {"2026-11-02T09:30:00Z", "2026-11-02T09:30:00.123+01:00", NULL},
        {"2026-11-02T09:30:00Z", "2024-02-29T09:30:00Z", NULL},
        {"2026-11-02T09:30:00Z", "2026-02-29T09:30:00Z", "referred_at"},
        {"2026-11-02T09:30:00Z", "2026-11-02T09:30:00", "referred_at"},
        {"2026-11-02T09:30:00Z", "2026-11-02", "referred_at"},
        {"\"2026-11-02T09:30:00Z\"", "1793611800", "referred_at"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, birth_date_lies_between_1880_and_the_day_as_written)
{
    static const struct change changes[] = {
        {"1984-05-17", "1880-01-01", NULL},
        {"1984-05-17", "1879-12-31", "patient.birth_date"},
        {"1984-05-17", "2026-11-02", NULL},
        {"1984-05-17", "2026-11-03", "patient.birth_date"},
        {"1984-05-17", "1984-02-29", NULL},
        {"1984-05-17", "1985-02-29", "patient.birth_date"},
        {"1984-05-17", "17.05.1984", "patient.birth_date"},
        {"\"1984-05-17\"", "19840517", "patient.birth_date"},
        {"\"2026-11-02T09:30:00Z\",\"patient\":{\"family_name\":\"Okafor\",\"birth_date\":\"1984-05-17\"",
         "\"2026-11-02T23:30:00-01:00\",\"patient\":{\"family_name\":\"Okafor\",\"birth_date\":\"2026-11-02\"", NULL},
        {"\"2026-11-02T09:30:00Z\",\"patient\":{\"family_name\":\"Okafor\",\"birth_date\":\"1984-05-17\"",
         "\"2026-11-02T00:30:00+01:00\",\"patient\":{\"family_name\":\"Okafor\",\"birth_date\":\"2026-11-03\"",
         "patient.birth_date"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, names_are_text_and_the_family_name_is_not_empty)
{
    static const struct change changes[] = {
        {"Okafor", "\xe6\x97\xa5\xe6\x9c\xac", NULL},
        {"Okafor", "a\\u00e9\\n", NULL},
        {"Okafor", "", "patient.family_name"},
        {"Okafor", "\xe9t\xe9", "patient.family_name"},
        {"Okafor", SIXTY SIXTY "12345678", NULL},
        {"Okafor", SIXTY SIXTY "123456789", "patient.family_name"},
        {"\"Okafor\"", "\"Okafor\",\"given_name\":\"\"", NULL},
        {"\"Okafor\"", "\"Okafor\",\"given_name\":null", "patient.given_name"},
        {"\"Okafor\"", "\"Okafor\",\"pregnant\":true", NULL},
        {"\"Okafor\"", "\"Okafor\",\"pregnant\":\"yes\"", "patient.pregnant"},
        {"\"Okafor\"", "\"Okafor\",\"pregnant\":0", "patient.pregnant"},
        {"\"Okafor\"", "\"Okafor\",\"pregnant\":null", "patient.pregnant"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, nhs_number_is_ten_digits_and_a_wrong_check_digit_is_marked)
{
    static const struct change changes[] = {
        {"\"Okafor\"", "\"Okafor\",\"nhs_number\":\"9434765919\"", NULL},
        {"\"Okafor\"", "\"Okafor\",\"nhs_number\":\"9434765918\"", NULL},
        {"\"Okafor\"", "\"Okafor\",\"nhs_number\":\"943476591\"", "patient.nhs_number"},
        {"\"Okafor\"", "\"Okafor\",\"nhs_number\":\"94347659190\"", "patient.nhs_number"},
        {"\"Okafor\"", "\"Okafor\",\"nhs_number\":\"943 476 59\"", "patient.nhs_number"},
        {"\"Okafor\"", "\"Okafor\",\"nhs_number\":9434765919", "patient.nhs_number"},
        {"\"Okafor\"", "\"Okafor\",\"nhs_number\":\"\"", "patient.nhs_number"},
    };
    TRY_ALL(changes);
    static char json[2000];
    for (unsigned i = 0; i < 2; i++) {
        struct stepcare_referral referral;
        struct stepcare_field_errors errors;
        changed_write(json, sizeof json, &changes[i]);
        referral_json_decode(json, strlen(json), arena, &referral, &errors);
        cr_assert_eq(referral.nhs_number_unverified, i == 1);
    }
    cr_assert_not(referral_nhs_number_valid(stepcare_text_of("0000000010")), "a check of 10 fits no digit");
}

Test(referral_rules, duration_is_a_whole_number_of_weeks)
{
    static const struct change changes[] = {
        {":9,", ":0,", NULL},
        {":9,", ":5200,", NULL},
        {":9,", ":5201,", "duration_weeks"},
        {":9,", ":-1,", "duration_weeks"},
        {":9,", ":9.0,", "duration_weeks"},
        {":9,", ":9e0,", "duration_weeks"},
        {":9,", ":\"9\",", "duration_weeks"},
        {":9,", ":99999999999999999999,", "duration_weeks"},
        {":9,", ":null,", "duration_weeks"},
        {"\"duration_weeks\":9,", "", "duration_weeks"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, red_flags_need_screened_and_known_codes)
{
    static const struct change changes[] = {
        {"true,\"present\":[]", "false,\"present\":[\"night_pain\",\"night_pain\"]", NULL},
        {",\"present\":[]", "", NULL},
        {"\"screened\":true,", "", "red_flags.screened"},
        {"\"screened\":true", "\"screened\":null", "red_flags.screened"},
        {"\"screened\":true", "\"screened\":\"true\"", "red_flags.screened"},
        {"[]", "[\"night_pains\"]", "red_flags.present[0]"},
        {"[]", "[\"night_pain\",7]", "red_flags.present[1]"},
        {"[]", "[\"night_pain\",null]", "red_flags.present[1]"},
        {"[]", "[[\"night_pain\"]]", "red_flags.present[0]"},
        {"[]", "[{\"a\":[1]}]", "red_flags.present[0]"},
        {"[]", "\"night_pain\"", "red_flags.present"},
        {"\"present\":[]", "\"presents\":[]", "red_flags.presents"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, lists_hold_at_most_64_codes)
{
    char at_limit[4000] = "", over[4000] = "";
    for (unsigned i = 0; i < 65; i++) {
        if (i < 64) strcat(strcat(at_limit, i > 0 ? "," : ""), "\"synovitis_single_joint\"");
        strcat(strcat(over, i > 0 ? "," : ""), "\"synovitis_single_joint\"");
    }
    char fits[4100], too_long[4100];
    snprintf(fits, sizeof fits, "\"findings\":[%s]", at_limit);
    snprintf(too_long, sizeof too_long, "\"findings\":[%s]", over);
    change_try(&(struct change){"\"findings\":[]", fits, NULL});
    change_try(&(struct change){"\"findings\":[]", too_long, "findings"});
}

#define INSTRUMENT(content) "\"instruments\":{}", "\"instruments\":{" content "}"

Test(referral_rules, answers_have_their_number_and_range)
{
    static const struct change changes[] = {
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1,4]"), NULL},
        {INSTRUMENT("\"start_back_9\":[2,0,1,0,1,1,1,1,4]"), "instruments.start_back_9[0]"},
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1,5]"), "instruments.start_back_9[8]"},
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1]"), "instruments.start_back_9"},
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1,1,1]"), "instruments.start_back_9"},
        {INSTRUMENT("\"start_back_6\":[1,1,1,1,1,4]"), NULL},
        {INSTRUMENT("\"start_back_6\":[1,1,1,1,2,4]"), "instruments.start_back_6[4]"},
        {INSTRUMENT("\"phq_9\":[3,3,3,3,3,3,3,3,3]"), NULL},
        {INSTRUMENT("\"phq_9\":[0,0,0,4,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,-1,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,1.0,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,\"1\",0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,true,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[null,null,null,null,null,null,null,null,null]"), NULL},
        {INSTRUMENT("\"phq_9\":null"), NULL},
        {INSTRUMENT("\"phq_9\":[]"), "instruments.phq_9"},
        {INSTRUMENT("\"phq_9\":12"), "instruments.phq_9"},
        {INSTRUMENT("\"gad_7\":[3,3,3,3,3,3,3]"), NULL},
        {INSTRUMENT("\"gad_7\":[3,3,3,3,3,3,3,3]"), "instruments.gad_7"},
        {INSTRUMENT("\"phq9\":[3,3,3,3,3,3,3,3,3]"), "instruments.phq9"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, other_instruments_have_their_shape)
{
    static const struct change changes[] = {
        {INSTRUMENT("\"start_msk\":12"), NULL},
        {INSTRUMENT("\"start_msk\":null"), NULL},
        {INSTRUMENT("\"start_msk\":13"), "instruments.start_msk"},
        {INSTRUMENT("\"start_msk\":[12]"), "instruments.start_msk"},
        {INSTRUMENT("\"hads\":{\"anxiety\":21,\"depression\":0}"), NULL},
        {INSTRUMENT("\"hads\":{\"anxiety\":null}"), NULL},
        {INSTRUMENT("\"hads\":{}"), NULL},
        {INSTRUMENT("\"hads\":{\"anxiety\":22}"), "instruments.hads.anxiety"},
        {INSTRUMENT("\"hads\":[1,2]"), "instruments.hads"},
        {INSTRUMENT("\"hads\":{\"a\":1}"), "instruments.hads.a"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"widespread_pain_index\":19,\"symptom_severity\":12,\"pain_regions\":5,"
                    "\"duration_months\":3}"),
         NULL},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"widespread_pain_index\":20}"),
         "instruments.fibromyalgia_2016.widespread_pain_index"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"symptom_severity\":13}"),
         "instruments.fibromyalgia_2016.symptom_severity"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"pain_regions\":6}"), "instruments.fibromyalgia_2016.pain_regions"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"duration_months\":-1}"), "instruments.fibromyalgia_2016.duration_months"},
        {INSTRUMENT("\"cwp_1990\":false"), NULL},
        {INSTRUMENT("\"cwp_1990\":null"), NULL},
        {INSTRUMENT("\"cwp_1990\":1"), "instruments.cwp_1990"},
        {INSTRUMENT("\"axial_spa\":{\"onset_age\":30,\"duration_months\":6,\"features\":[\"buttock_pain\","
                    "\"psoriasis\"],\"hla_b27\":\"positive\"}"),
         NULL},
        {INSTRUMENT("\"axial_spa\":{}"), NULL},
        {INSTRUMENT("\"axial_spa\":{\"hla_b27\":null,\"features\":null}"), NULL},
        {INSTRUMENT("\"axial_spa\":{\"onset_age\":131}"), "instruments.axial_spa.onset_age"},
        {INSTRUMENT("\"axial_spa\":{\"features\":[\"pain\"]}"), "instruments.axial_spa.features[0]"},
        {INSTRUMENT("\"axial_spa\":{\"hla_b27\":\"yes\"}"), "instruments.axial_spa.hla_b27"},
    };
    TRY_ALL(changes);
}

#define OVERRIDE(content) "\"findings\":[]", "\"override\":{" content "}"

Test(referral_rules, an_override_names_a_tier_and_a_service_only_with_secondary_care)
{
    static const struct change changes[] = {
        {OVERRIDE("\"tier\":\"physio\",\"reason\":\"clinical_judgement\",\"clinician\":\"Dr A\""), NULL},
        {OVERRIDE("\"tier\":\"physio\""), NULL},
        {OVERRIDE("\"tier\":\"physio\",\"reason\":\"\",\"clinician\":\"\""), NULL},
        {OVERRIDE("\"tier\":\"gp_advice\""), NULL},
        {OVERRIDE("\"tier\":\"t_cbt\""), NULL},
        {OVERRIDE("\"tier\":\"hi_cbt\""), NULL},
        {OVERRIDE("\"tier\":\"emergency\""), "override.tier"},
        {OVERRIDE("\"tier\":\"manual_review\""), "override.tier"},
        {OVERRIDE(""), "override.tier"},
        {OVERRIDE("\"tier\":\"secondary_care\",\"service\":\"pain\""), NULL},
        {OVERRIDE("\"tier\":\"secondary_care\""), "override.service"},
        {OVERRIDE("\"tier\":\"secondary_care\",\"service\":\"dental\""), "override.service"},
        {OVERRIDE("\"tier\":\"physio\",\"service\":\"pain\""), "override.service"},
        {"\"findings\":[]", "\"override\":null", "override"},
        {"\"findings\":[]", "\"override\":\"physio\"", "override"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, a_letter_holds_64_kib)
{
    static char at_limit[70000], over[70000];
    memset(at_limit, 'x', sizeof at_limit);
    memcpy(at_limit, "\"letter\":\"", 10);
    strcpy(at_limit + 10 + STEPCARE_LETTER_BYTES_MAX, "\"");
    memcpy(over, at_limit, sizeof over);
    strcpy(over + 10 + STEPCARE_LETTER_BYTES_MAX, "x\"");
    change_try(&(struct change){"\"findings\":[]", at_limit, NULL});
    change_try(&(struct change){"\"findings\":[]", over, "letter"});
    change_try(&(struct change){"\"findings\":[]", "\"letter\":\"line\\nbreak \\u0041\"", NULL});
}

Test(referral_rules, unknown_repeated_and_null_fields_are_named)
{
    static const struct change changes[] = {
        {"\"findings\":[]", "\"finding\":[]", "finding"},
        {"\"findings\":[]", "\"Findings\":{\"a\":[{}]}", "Findings"},
        {"\"findings\":[]", "\"findings\":[],\"findings\":[]", "findings"},
        {"\"findings\":[]", "\"findings\":null", "findings"},
        {"\"family_name\"", "\"nhs_no\":1,\"family_name\"", "patient.nhs_no"},
        {"\"family_name\"", "\"family_name\":\"A\",\"family_name\"", "patient.family_name"},
        {"\"findings\":[]", "\"source\":\"gp\"", "source"},
        {"\"findings\":[]", "\"\":1", ""},
        {"\"findings\":[]", "\"a b\\u0007\xff\":1", "a?b??"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, broken_json_names_the_line_alone)
{
    static const struct change changes[] = {
        {"{\"message_id\"", "[\"message_id\"", "line"},
        {"\"findings\":[]}", "\"findings\":[]", "line"},
        {"\"findings\":[]}", "\"findings\":[]}}", "line"},
        {"\"findings\":[]", "\"findings\":[],", "line"},
        {"\"findings\":[]", "\"findings\":nul", "line"},
        {"\"findings\":[]", "\"finding\":1,findings:[]", "line"},
        {"\"Okafor\"", "\"Oka\nfor\"", "line"},
        {right, "", "line"},
        {right, "[]", "line"},
        {right, "7", "line"},
        {right, "null", "line"},
        {right, "\"text\"", "line"},
        {right, "   ", "line"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, a_line_over_its_limit_is_refused)
{
    static char json[STEPCARE_LINE_BYTES_MAX + 2];
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    memset(json, ' ', sizeof json);
    memcpy(json, right, sizeof right - 1);
    cr_assert_eq(referral_json_decode(json, STEPCARE_LINE_BYTES_MAX, arena, &referral, &errors), STEPCARE_OK);
    cr_assert_eq(referral_json_decode(json, STEPCARE_LINE_BYTES_MAX + 1, arena, &referral, &errors), STEPCARE_INVALID);
    cr_assert_str_eq(errors.items[0].field, "line");
}

Test(referral_rules, all_failing_fields_are_named_at_once_and_the_sender_is_still_known)
{
    static const char json[] = "{\"message_id\":\"m-9\",\"source\":\"x\",\"referrer\":{\"organisation\":\"Y05868\"},"
                               "\"patient\":{\"birth_date\":\"x\"},"
                               "\"red_flags\":{},\"surprise\":1}";
    static const char *const fields[] = {"source",         "patient.birth_date",  "surprise",
                                         "referred_at",    "patient.family_name", "problem",
                                         "duration_weeks", "red_flags.screened"};
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    cr_assert_eq(referral_json_decode(json, sizeof json - 1, arena, &referral, &errors), STEPCARE_INVALID);
    cr_assert_eq(errors.count, sizeof fields / sizeof fields[0]);
    for (unsigned i = 0; i < errors.count; i++) cr_assert_str_eq(errors.items[i].field, fields[i]);
    cr_assert(stepcare_text_equal(referral.message_id, stepcare_text_of("m-9")));
    cr_assert(stepcare_text_equal(referral.organisation, stepcare_text_of("Y05868")));
}

Test(referral_rules, error_texts_never_repeat_the_patients_data)
{
    static const char json[] = "{\"patient\":{\"nhs_number\":\"SECRET\",\"family_name\":[\"SECRET\"],\"birth_date\":"
                               "\"SECRET\",\"postcode\":{\"SECRET\":1}},"
                               "\"red_flags\":{\"present\":[\"SECRET\"]},\"problem\":\"SECRET\",\"letter\":7}";
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    referral_json_decode(json, sizeof json - 1, arena, &referral, &errors);
    cr_assert_gt(errors.count, 5);
    for (unsigned i = 0; i < errors.count; i++) {
        cr_assert_null(strstr(errors.items[i].field, "SECRET"));
        cr_assert_null(strstr(errors.items[i].problem, "SECRET"));
    }
}
