/* A parallel offer: two episodes of one referral, each with its own course. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char lead[CARE_ID_BYTES], offer[CARE_ID_BYTES];

static void make(void)
{
    care_open(NULL);
    json_t *row = CARE_INPUT(0, care_referral("m1", "Y05868", 4, "", CARE_PHYSIO_AND_CBT), "refer", "-");
    snprintf(lead, sizeof lead, "%s", cli_text(row, "referral_id"));
    snprintf(offer, sizeof offer, "%s", cli_text(row, "linked_to"));
    cr_assert(lead[0] != '\0' && offer[0] != '\0');
}

TestSuite(care_linked, .init = make, .fini = care_close);

static void expect_state(const char *id, const char *state, const char *tier)
{
    json_t *row = CARE(0, "show", id);
    cr_expect_str_eq(cli_text(row, "state"), state);
    cr_expect_str_eq(cli_text(row, "tier"), tier);
}

Test(care_linked, both_name_each_other_and_share_the_clock)
{
    char referred_at[40];
    json_t *row = CARE(0, "show", lead);
    cr_expect_str_eq(cli_text(row, "linked_to"), offer);
    cr_expect_str_eq(cli_text(row, "tier"), "physio");
    snprintf(referred_at, sizeof referred_at, "%s", cli_text(row, "referred_at"));
    row = CARE(0, "show", offer);
    cr_expect_str_eq(cli_text(row, "linked_to"), lead);
    cr_expect_str_eq(cli_text(row, "tier"), "t_cbt");
    cr_expect_str_eq(cli_text(row, "referred_at"), referred_at);
    cr_expect_str_eq(cli_text(row, "message_id"), "m1");
}

Test(care_linked, declining_one_does_not_touch_the_other)
{
    CARE(0, "claim", "physio", "--as", "pat");
    CARE(0, "decline", lead, "--reason", "not_suitable", "--to", "hi_cbt", "--as", "pat");
    expect_state(lead, "waiting", "hi_cbt");
    expect_state(offer, "waiting", "t_cbt");
    CARE(0, "claim", "t_cbt", "--as", "tess");
    CARE(0, "decline", offer, "--reason", "not_suitable", "--to", "physio", "--as", "tess");
    expect_state(offer, "waiting", "physio");
    expect_state(lead, "waiting", "hi_cbt");
}

Test(care_linked, discharging_the_lead_asks_about_the_offer_in_treatment)
{
    char words[96];
    care_take("physio", "pat", lead);
    care_take("t_cbt", "tess", offer);
    const char *said = CARE_SAY(0, "discharge", lead, "--end-code", "46", "--as", "pat");
    snprintf(words, sizeof words, "The linked episode %s is still open: in_treatment in t_cbt, with tess", offer);
    cr_expect_not_null(strstr(said, words), "%s", said);
    snprintf(words, sizeof words, "stepcare discharge %s --end-code N", offer);
    cr_expect_not_null(strstr(said, words), "%s", said);
    expect_state(offer, "in_treatment", "t_cbt");
    said = CARE_SAY(0, "discharge", offer, "--end-code", "46", "--as", "tess");
    cr_expect_null(strstr(said, "still open"), "%s", said);
}

Test(care_linked, an_offer_that_waits_can_be_cancelled_after_the_discharge)
{
    char words[96];
    care_take("physio", "pat", lead);
    const char *said = CARE_SAY(0, "discharge", lead, "--end-code", "46", "--as", "pat");
    snprintf(words, sizeof words, "stepcare cancel %s --reason CODE", offer);
    cr_expect_not_null(strstr(said, words), "%s", said);
    CARE(0, "cancel", offer, "--reason", "patient_preference");
    expect_state(offer, "closed", "t_cbt");
}

Test(care_linked, json_carries_the_link_on_every_act)
{
    care_take("physio", "pat", lead);
    json_t *row = CARE(0, "contact", lead, "--outcome", "attended", "--as", "pat");
    cr_expect_str_eq(cli_text(row, "linked_to"), offer);
    row = CARE(0, "discharge", lead, "--end-code", "46", "--as", "pat");
    cr_expect_eq(json_array_size(care_lines()), 1);
    cr_expect_str_eq(cli_text(row, "linked_to"), offer);
    cr_expect_str_eq(cli_text(row, "state"), "closed");
}

Test(care_linked, information_goes_to_the_lead)
{
    care_refused(CARE_INPUT(1, "{\"patient\":{\"phone\":\"01632 960001\"}}", "inform", offer, "-"), "wrong_state",
                 "parallel offer|add the information to that one");
}

Test(care_linked, both_are_told_in_the_referrers_mailbox)
{
    care_take("t_cbt", "tess", offer);
    CARE(0, "feedback", "--organisation", "Y05868");
    json_t *row = json_array_get(care_lines(), json_array_size(care_lines()) - 1);
    cr_expect_str_eq(cli_text(row, "referral_id"), offer);
    cr_expect_str_eq(cli_text(row, "message_id"), "m1");
    cr_expect_str_eq(cli_text(row, "event"), "claim_accepted");
}
