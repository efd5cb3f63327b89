/* Every rule of the referral format from both sides: one change to a referral that is right, and which field is then
 * named. Questionnaires: referral_answers.c. */
#include "tests/support/referral_change.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(referral_rules, .init = referral_change_begin, .fini = referral_change_end);

#define SIXTY "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

Test(referral_rules, message_id_is_1_to_64_printable_ascii)
{
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
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
        referral_change_write(json, sizeof json, &changes[i]);
        referral_json_decode(json, strlen(json), referral_arena, &referral, &errors);
        cr_assert_eq(referral.nhs_number_unverified, i == 1);
    }
    cr_assert_not(referral_nhs_number_valid(stepcare_text_of("0000000010")), "a check of 10 fits no digit");
}

Test(referral_rules, duration_is_a_whole_number_of_weeks)
{
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
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

#define OVERRIDE(content) "\"findings\":[]", "\"override\":{" content "}"

Test(referral_rules, an_override_names_a_tier_and_a_service_only_with_secondary_care)
{
    static const struct referral_change changes[] = {
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
    referral_change_try(&(struct referral_change){"\"findings\":[]", at_limit, NULL});
    referral_change_try(&(struct referral_change){"\"findings\":[]", over, "letter"});
    referral_change_try(&(struct referral_change){"\"findings\":[]", "\"letter\":\"line\\nbreak \\u0041\"", NULL});
}

Test(referral_rules, unknown_repeated_and_null_fields_are_named)
{
    static const struct referral_change changes[] = {
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
    static const struct referral_change changes[] = {
        {"{\"message_id\"", "[\"message_id\"", "line"},
        {"\"findings\":[]}", "\"findings\":[]", "line"},
        {"\"findings\":[]}", "\"findings\":[]}}", "line"},
        {"\"findings\":[]", "\"findings\":[],", "line"},
        {"\"findings\":[]", "\"findings\":nul", "line"},
        {"\"findings\":[]", "\"finding\":1,findings:[]", "line"},
        {"\"Okafor\"", "\"Oka\nfor\"", "line"},
        {referral_right, "", "line"},
        {referral_right, "[]", "line"},
        {referral_right, "7", "line"},
        {referral_right, "null", "line"},
        {referral_right, "\"text\"", "line"},
        {referral_right, "   ", "line"},
    };
    TRY_ALL(changes);
}

Test(referral_rules, a_line_over_its_limit_is_refused)
{
    static char json[STEPCARE_LINE_BYTES_MAX + 2];
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    memset(json, ' ', sizeof(json));
    memcpy(json, referral_right, strlen(referral_right));
    cr_assert_eq(referral_json_decode(json, STEPCARE_LINE_BYTES_MAX, referral_arena, &referral, &errors), STEPCARE_OK);
    cr_assert_eq(referral_json_decode(json, STEPCARE_LINE_BYTES_MAX + 1, referral_arena, &referral, &errors),
                 STEPCARE_INVALID);
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
    cr_assert_eq(referral_json_decode(json, sizeof(json) - 1, referral_arena, &referral, &errors), STEPCARE_INVALID);
    cr_assert_eq(errors.count, sizeof(fields) / sizeof(fields[0]));
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
    referral_json_decode(json, sizeof(json) - 1, referral_arena, &referral, &errors);
    cr_assert_gt(errors.count, 5);
    for (unsigned i = 0; i < errors.count; i++) {
        cr_assert_null(strstr(errors.items[i].field, "SECRET"));
        cr_assert_null(strstr(errors.items[i].problem, "SECRET"));
    }
}
