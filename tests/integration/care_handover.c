/* Hand-overs in two phases, and what is refused on the way. Overdue ones need days: tests in virtual time have them. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char id[CARE_ID_BYTES];

static void make(void)
{
    care_open(NULL);
    snprintf(id, sizeof id, "%s", care_refer(care_referral("m1", "Y05868", 20, "", CARE_PHYSIO)));
    care_take("physio", "pat", id);
}

TestSuite(care_handover, .init = make, .fini = care_close);

static json_t *step_up(int code)
{
    return CARE(code, "step-up", id, "--to", "secondary_care", "--service", "pain", "--reason", "clinical_judgement",
                "--as", "pat");
}

static void claim(const char *who)
{
    cr_assert_str_eq(cli_text(CARE(0, "claim", "secondary_care", "--as", who), "referral_id"), id);
}

Test(care_handover, the_sender_keeps_the_patient_until_the_receiver_accepts)
{
    char referred_at[40];
    snprintf(referred_at, sizeof referred_at, "%s", cli_text(CARE(0, "show", id), "referred_at"));
    json_t *row = step_up(0);
    cr_expect_str_eq(cli_text(row, "owner"), "pat");
    cr_expect_str_eq(cli_text(row, "handover"), "proposed");
    cr_expect_str_eq(cli_text(row, "next_action"), "accept_handover");
    row = CARE(0, "worklist", "secondary_care", "--service", "pain");
    cr_expect_str_eq(cli_text(row, "referral_id"), id);
    cr_expect_str_eq(cli_text(row, "tier"), "secondary_care");
    cr_expect_str_eq(cli_text(row, "referred_at"), referred_at, "the waiting-time clock survives");
    claim("spec");
    row = CARE(0, "show", id);
    cr_expect_str_eq(cli_text(row, "owner"), "pat");
    cr_expect_str_eq(cli_text(row, "tier"), "physio");
    row = CARE(0, "accept", id, "--as", "spec");
    cr_expect_str_eq(cli_text(row, "owner"), "spec");
    cr_expect_str_eq(cli_text(row, "tier"), "secondary_care");
    cr_expect_str_eq(cli_text(row, "next_action"), "first_contact");
    row = CARE(0, "show", id);
    cr_expect_str_eq(cli_text(row, "referred_at"), referred_at);
    cr_expect_null(CARE(0, "caseload", "--as", "pat"));
    care_refused(CARE(1, "contact", id, "--outcome", "attended", "--as", "pat"), "not_holder",
                 "with spec, not with you|triage lead");
    CARE(0, "contact", id, "--outcome", "attended", "--as", "spec");
}

Test(care_handover, a_decline_goes_back_to_the_sender_at_once)
{
    step_up(0);
    claim("spec");
    json_t *row = CARE(0, "decline", id, "--reason", "not_suitable", "--to", "t_cbt", "--as", "spec");
    cr_expect_str_eq(cli_text(row, "owner"), "pat");
    cr_expect_str_eq(cli_text(row, "next_action"), "review");
    cr_expect_str_eq(cli_text(row, "tier"), "physio");
    cr_expect_null(CARE(0, "worklist", "secondary_care"), "it is offered no longer");
    cr_expect_str_eq(cli_text(CARE(0, "caseload", "--as", "pat"), "referral_id"), id);
    step_up(0);
}

Test(care_handover, two_declines_go_to_the_triage_lead_who_assigns)
{
    for (int i = 0; i < 2; i++) {
        step_up(0);
        claim("spec");
        CARE(0, "decline", id, "--reason", "not_suitable", "--to", "t_cbt", "--as", "spec");
    }
    json_t *row = CARE(0, "show", id);
    cr_expect_str_eq(cli_text(row, "owner"), "triage_lead");
    cr_expect_str_eq(cli_text(row, "next_action"), "resolve_handover");
    care_refused(step_up(1), "handover_open", "secondary_care|triage lead|assign");
    row = CARE(0, "assign", id, "--to", "t_cbt", "--reason", "clinical_judgement", "--as", "lead");
    cr_expect_str_eq(cli_text(row, "state"), "waiting");
    cr_expect_str_eq(cli_text(row, "tier"), "t_cbt");
}

Test(care_handover, a_released_offer_waits_for_the_next_receiver)
{
    step_up(0);
    claim("spec");
    json_t *row = CARE(0, "release", id, "--reason", "no_capacity", "--as", "spec");
    cr_expect_str_eq(cli_text(row, "owner"), "pat");
    claim("other");
    cr_expect_str_eq(cli_text(CARE(0, "accept", id, "--as", "other"), "owner"), "other");
}

Test(care_handover, nothing_is_closed_or_moved_before_acceptance)
{
    step_up(0);
    care_refused(CARE(1, "discharge", id, "--end-code", "46", "--as", "pat"), "handover_open",
                 "secondary_care|waiting to be accepted|keep the patient");
    care_refused(step_up(1), "handover_open", "waiting to be accepted");
    care_refused(CARE(1, "step-down", id, "--to", "t_cbt", "--reason", "clinical_judgement", "--as", "pat"),
                 "handover_open", "");
    care_refused(CARE(1, "cancel", id, "--reason", "patient_preference"), "wrong_state",
                 "in_treatment|practitioner|discharge");
    care_refused(CARE(1, "assign", id, "--to", "t_cbt", "--reason", "clinical_judgement"), "wrong_state",
                 "in treatment with pat|overdue");
    CARE(0, "claim", "secondary_care", "--as", "pat");
    cr_expect_eq(json_array_size(care_lines()), 0, "a sender does not take their own hand-over back");
    CARE(0, "contact", id, "--outcome", "attended", "--as", "pat");
}

Test(care_handover, only_a_handback_without_contact_is_reopened)
{
    care_refused(CARE(1, "reopen", id, "--reason", "patient_preference"), "wrong_state", "in_treatment");
    CARE(0, "discharge", id, "--end-code", "46", "--as", "pat");
    care_refused(CARE(1, "reopen", id, "--reason", "patient_preference"), "wrong_state", "end code 46|new referral");
    const char *other = care_refer(care_referral("m2", "Y05868", 1, "", CARE_PHYSIO));
    care_refused(CARE(1, "reopen", other, "--reason", "patient_preference"), "wrong_state", "waiting|open already");
    care_take("physio", "pat", other);
    CARE(0, "discharge", other, "--end-code", "102", "--as", "pat");
    json_t *row = CARE(0, "reopen", other, "--reason", "patient_preference");
    cr_expect_str_eq(cli_text(row, "state"), "waiting");
    cr_expect_str_eq(cli_text(row, "tier"), "physio");
}

Test(care_handover, cancelling_ends_what_nobody_has_accepted)
{
    const char *other = care_refer(care_referral("m2", "Y05868", 1, "", CARE_PHYSIO));
    care_refused(CARE(1, "cancel", other, "--reason", "whim"), "invalid", "reason|patient_preference|entered_in_error");
    json_t *row = CARE(0, "cancel", other, "--reason", "patient_preference");
    cr_expect_str_eq(cli_text(row, "state"), "closed");
    cr_expect_eq(json_integer_value(json_object_get(row, "end_code")), 103);
    cr_expect(json_is_null(json_object_get(row, "owner")) && json_is_null(json_object_get(row, "due")));
    cr_expect_null(CARE(0, "worklist", "physio"));
    care_refused(CARE(1, "cancel", other, "--reason", "patient_preference"), "wrong_state", "closed|new referral");
}

Test(care_handover, the_referrer_is_told_of_each_step)
{
    step_up(0);
    claim("spec");
    CARE(0, "accept", id, "--as", "spec");
    CARE(0, "feedback", "--organisation", "Y05868");
    const size_t count = json_array_size(care_lines());
    json_t *row = json_array_get(care_lines(), count - 2);
    cr_expect_str_eq(cli_text(row, "event"), "handover_proposed");
    cr_expect_str_eq(cli_text(row, "from_tier"), "physio");
    cr_expect_str_eq(cli_text(row, "to_tier"), "secondary_care");
    cr_expect_str_eq(cli_text(row, "to_service"), "pain");
    row = json_array_get(care_lines(), count - 1);
    cr_expect_str_eq(cli_text(row, "event"), "handover_accepted");
    cr_expect_str_eq(cli_text(row, "tier"), "secondary_care");
}
