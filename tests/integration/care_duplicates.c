/* The same patient twice: flagged and listed for a person to judge, never dropped. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void make(void)
{
    care_open(NULL);
}

TestSuite(care_duplicates, .init = make, .fini = care_close);

#define SAME ",\"nhs_number\":\"9434765919\",\"postcode\":\"ST5 1QG\""

/* The family name is part of what is compared, and each test referral has its own: these have one. */
static const char *refer_as(const char *message_id, const char *family_name, const char *patient)
{
    char line[2048], before[64], after[128];
    snprintf(line, sizeof line, "%s", care_referral(message_id, "Y05868", 1, patient, CARE_PHYSIO));
    snprintf(before, sizeof before, "\"Testcase-%s\"", message_id);
    snprintf(after, sizeof after, "\"%s\"", family_name);
    char *const at = strstr(line, before), changed[2300];
    cr_assert_not_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - line), line, after, at + strlen(before));
    return care_refer(changed);
}

static void expect_question(const char *id, const char *other)
{
    json_t *row = CARE(0, "duplicates");
    cr_assert_eq(json_array_size(care_lines()), 1);
    cli_expect_keys(row, "referral_id linked_to state tier owner referred_at");
    cr_expect_str_eq(cli_text(row, "referral_id"), id);
    cr_expect_str_eq(cli_text(row, "linked_to"), other);
    row = CARE(0, "show", id);
    cr_expect(json_is_true(json_object_get(row, "possible_duplicate")));
    CARE(0, "worklist", "physio");
    cr_expect_eq(json_array_size(care_lines()), 2, "a possible duplicate was dropped");
}

Test(care_duplicates, the_same_nhs_number_is_flagged_whatever_the_name)
{
    const char *first = refer_as("m1", "Okafor", SAME),
               *second = refer_as("m2", "Okafor-Bell", ",\"nhs_number\":\"9434765919\"");
    expect_question(second, first);
}

Test(care_duplicates, without_a_number_name_birth_date_and_postcode_decide)
{
    const char *first = refer_as("m1", "Okafor", SAME), *second = refer_as("m2", "OKAFOR", ",\"postcode\":\"st51qg\"");
    expect_question(second, first);
}

Test(care_duplicates, other_numbers_or_postcodes_are_other_patients)
{
    refer_as("m1", "Okafor", SAME);
    refer_as("m2", "Bell", ",\"nhs_number\":\"9434765870\",\"postcode\":\"ST5 1QG\"");
    refer_as("m3", "Okafor", ",\"postcode\":\"ST5 1QH\"");
    cr_expect_null(CARE(0, "duplicates"));
}

Test(care_duplicates, a_closed_episode_raises_no_question)
{
    const char *first = refer_as("m1", "Okafor", SAME);
    CARE(0, "cancel", first, "--reason", "entered_in_error");
    refer_as("m2", "Okafor", SAME);
    cr_expect_null(CARE(0, "duplicates"));
}

Test(care_duplicates, judging_answers_the_question_and_keeps_who_and_why)
{
    const char *first = refer_as("m1", "Okafor", SAME), *second = refer_as("m2", "Okafor", SAME);
    care_refused(CARE(1, "judge", first, second, "--reason", "clinical_judgement"), "wrong_state",
                 "no such open question|duplicates");
    json_t *row = CARE_INPUT(0, "Twins\n", "judge", second, first, "--reason", "clinical_judgement", "--note-file", "-",
                             "--as", "lead");
    cli_expect_keys(row, "referral_id state owner due");
    cr_expect_null(CARE(0, "duplicates"));
    row = CARE(0, "show", second);
    json_t *history = json_object_get(row, "history"), *last = json_array_get(history, json_array_size(history) - 1);
    cr_expect_str_eq(cli_text(last, "event"), "duplicate_judged");
    cr_expect_str_eq(cli_text(last, "by"), "lead");
    cr_expect_str_eq(cli_text(last, "note"), "Twins");
    cr_expect_str_eq(cli_text(last, "linked_to"), first);
    cr_expect(!json_is_true(json_object_get(row, "possible_duplicate")));
}

Test(care_duplicates, a_number_that_comes_late_raises_the_question)
{
    const char *first = refer_as("m1", "Okafor", SAME), *second = refer_as("m2", "Bell", "");
    cr_expect_null(CARE(0, "duplicates"));
    CARE_INPUT(0, "{\"patient\":{\"nhs_number\":\"9434765919\"}}", "inform", second, "-");
    expect_question(second, first);
}
