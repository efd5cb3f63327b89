/* Triage leads, safety leads, referrers: holds, assigning, cancelling, judging. */
#include "tests/support/decisions.h"

#include <stdio.h>

TestSuite(decide_lead, .init = decisions_begin, .fini = decisions_finish);

/* --- holds --- */

Test(decide_lead, a_safety_review_is_the_safety_leads_the_same_working_day)
{
    const uint64_t id = referral("a", SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]" ITEM_9 "}");
    expect_next(id, "safety_lead", STEPCARE_NEXT_SAFETY_REVIEW, FIVE_O_CLOCK);
}

Test(decide_lead, a_safety_review_raised_in_the_evening_is_due_the_next_working_day)
{
    virtual_until(&virtual, VIRTUAL_START_MS + 4 * DAY + 10 * VIRTUAL_HOUR_MS); /* Friday, 19:00 */
    const uint64_t id = referral("a", SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]" ITEM_9 "}");
    expect_next(id, "safety_lead", STEPCARE_NEXT_SAFETY_REVIEW, FIVE_O_CLOCK + 7 * DAY);
}

Test(decide_lead, red_flags_unscreened_are_the_triage_leads_within_a_working_day)
{
    const uint64_t id = referral("a", ",\"red_flags\":{\"screened\":false,\"present\":[]}");
    expect_next(id, "triage_lead", STEPCARE_NEXT_SCREEN_RED_FLAGS, FIVE_O_CLOCK + DAY);
}

Test(decide_lead, missing_information_is_the_referrers_within_five)
{
    const uint64_t id =
        referral("a", SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,null,null,null,null,null]}");
    expect_next(id, "referrer", STEPCARE_NEXT_PROVIDE_INFORMATION, FIVE_O_CLOCK + 7 * DAY);
}

Test(decide_lead, a_blocked_override_is_the_triage_leads_within_a_working_day)
{
    const uint64_t id =
        referral("a", ",\"red_flags\":{\"screened\":true,\"present\":[\"unexplained_weight_loss\"]},"
                      "\"override\":{\"tier\":\"physio\",\"reason\":\"known to us\",\"clinician\":\"Dr A\"}");
    cr_assert_eq(virtual_episode(&virtual, id)->tier, STEPCARE_TIER_SECONDARY_CARE);
    expect_next(id, "triage_lead", STEPCARE_NEXT_SECOND_OPINION, FIVE_O_CLOCK + DAY);
}

Test(decide_lead, holds_are_answered_in_their_order_and_then_the_tier_has_it)
{
    const uint64_t id = referral("a", ",\"red_flags\":{\"screened\":false,\"present\":[]},\"instruments\":{\"start_"
                                      "back_9\":[1,1,1,1,0,0,0,0,0]" ITEM_9 "}");
    expect_next(id, "safety_lead", STEPCARE_NEXT_SAFETY_REVIEW, FIVE_O_CLOCK);
    cr_assert_eq(virtual_act(&virtual, "s", WIRE_HOLD_RELEASE, id, "hold=second_clinician reason=contacted_safe"),
                 STEPCARE_INVALID);
    cr_assert_eq(virtual_act(&virtual, "s", WIRE_HOLD_RELEASE, id, "hold=safety_review reason=contacted_safe"),
                 STEPCARE_OK);
    expect_next(id, "triage_lead", STEPCARE_NEXT_SCREEN_RED_FLAGS, FIVE_O_CLOCK + DAY);
    cr_assert_eq(
        virtual_act(&virtual, "l", WIRE_HOLD_RELEASE, id, "hold=red_flags_unscreened reason=information_received"),
        STEPCARE_OK);
    expect_next(id, "physio", STEPCARE_NEXT_CLAIM, virtual_episode(&virtual, id)->due);
}

Test(decide_lead, gp_advice_without_a_hold_closes_at_triage)
{
    const uint64_t id = referral("a", LOW);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLOSED);
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 101);
    expect_next(id, "", STEPCARE_NEXT_NONE, 0);
}

Test(decide_lead, gp_advice_waits_for_its_last_hold)
{
    const uint64_t id = referral("a", ",\"red_flags\":{\"screened\":false,\"present\":[]},\"instruments\":{\"start_"
                                      "back_9\":[0,0,0,0,0,0,0,0,0]" ITEM_9 "}");
    virtual_act(&virtual, "s", WIRE_HOLD_RELEASE, id, "hold=safety_review reason=contacted_safe");
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_WAITING);
    virtual_act(&virtual, "l", WIRE_HOLD_RELEASE, id, "hold=red_flags_unscreened reason=information_received");
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLOSED);
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 101);
}

Test(decide_lead, an_emergency_is_the_triage_leads_whatever_holds_it)
{
    const uint64_t id = referral("a", ",\"red_flags\":{\"screened\":true,\"present\":[\"suicidal_intent\"]},"
                                      "\"instruments\":{\"phq_9\":[1,0,0,0,0,0,0,0,3]}");
    expect_next(id, "triage_lead", STEPCARE_NEXT_EMERGENCY, virtual_episode(&virtual, id)->referred_at);
    cr_assert_eq(virtual.router->store.state.counters.emergencies, 1);
    virtual_take(&virtual, "registrar", "emergency");
    cr_assert_eq(virtual.router->store.state.counters.emergencies, 0);
}

/* --- assigning --- */

Test(decide_lead, assigning_moves_to_the_tier_and_keeps_the_clock)
{
    const uint64_t id = referral("a", MEDIUM);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_ASSIGN, id, "to_tier=secondary_care reason=clinical_judgement"),
                 STEPCARE_INVALID);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_ASSIGN, id, "to_tier=t_cbt to_service=pain reason=clinical_judgement"),
                 STEPCARE_INVALID);
    cr_assert_eq(
        virtual_act(&virtual, "l", WIRE_ASSIGN, id, "to_tier=secondary_care to_service=pain reason=clinical_judgement"),
        STEPCARE_OK);
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert_eq(episode->due, episode->referred_at + 126 * DAY);
    cr_assert_eq(virtual_claim(&virtual, "tom", "tier=secondary_care service=pain"), id);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_ASSIGN, id, "to_tier=physio reason=clinical_judgement"),
                 STEPCARE_WRONG_STATE);
}

Test(decide_lead, what_is_in_treatment_is_not_assigned_away)
{
    referral("a", MEDIUM);
    const uint64_t id = virtual_take(&virtual, "tom", "physio");
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_ASSIGN, id, "to_tier=t_cbt reason=clinical_judgement"),
                 STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "tom") != NULL);
}

Test(decide_lead, assigning_to_gp_advice_closes_it)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_act(&virtual, "l", WIRE_ASSIGN, id, "to_tier=gp_advice reason=clinical_judgement");
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 101);
}

Test(decide_lead, assigning_clears_the_declines)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    virtual_act(&virtual, "tom", WIRE_DECLINE, id, "reason=not_suitable to_tier=t_cbt");
    virtual_act(&virtual, "l", WIRE_ASSIGN, id, "to_tier=physio reason=clinical_judgement");
    virtual_claim(&virtual, "eve", "tier=physio");
    virtual_act(&virtual, "eve", WIRE_DECLINE, id, "reason=not_suitable to_tier=t_cbt");
    cr_assert_eq(virtual_episode(&virtual, id)->tier, STEPCARE_TIER_T_CBT);
}

/* --- cancelling, judging, reopening --- */

Test(decide_lead, a_referrer_cancels_until_somebody_has_accepted)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_CANCEL, id, "reason=patient_preference"), STEPCARE_OK);
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 103);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_ACCEPT, id, ""), STEPCARE_WRONG_STATE);
    const uint64_t other = referral("b", MEDIUM);
    cr_assert_eq(virtual_take(&virtual, "tom", "physio"), other);
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_CANCEL, other, "reason=patient_preference"), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "discharge") != NULL);
}

Test(decide_lead, a_note_is_taken_in_every_state_and_changes_nothing_else)
{
    const uint64_t id = referral("a", LOW);
    const struct episode before = *virtual_episode(&virtual, id);
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_NOTE, id, "note=seen+again"), STEPCARE_OK);
    struct episode after = *virtual_episode(&virtual, id);
    after.sequence = before.sequence;
    after.history_count = before.history_count;
    cr_assert_arr_eq(&after, &before, sizeof after);
}

static const char *same_patient(const char *message_id)
{
    static char line[1024];
    snprintf(
        line, sizeof line,
        "{\"message_id\":\"%s\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"referred_at\":\"" WHEN
        "\","
        "\"patient\":{\"nhs_number\":\"9434765919\",\"family_name\":\"Testcase\",\"birth_date\":\"1984-05-17\"},"
        "\"problem\":\"low_back_pain\",\"duration_weeks\":9" MEDIUM "}",
        message_id);
    return line;
}

static uint64_t same_patient_submit(const char *message_id)
{
    const char *line = same_patient(message_id);
    const uint64_t id = virtual_submit(&virtual, line, strlen(line));
    virtual_work(&virtual);
    return id;
}

Test(decide_lead, a_second_open_referral_of_a_patient_is_a_question_for_a_person)
{
    const uint64_t first = same_patient_submit("a"), second = same_patient_submit("b");
    cr_assert_neq(first, second);
    cr_assert_eq(virtual_episode(&virtual, first)->duplicate_of, 0);
    cr_assert_eq(virtual_episode(&virtual, second)->duplicate_of, first);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_JUDGE, first, "linked_to=1 reason=clinical_judgement"),
                 STEPCARE_WRONG_STATE);
    char fields[80];
    snprintf(fields, sizeof fields, "linked_to=%lu reason=clinical_judgement", (unsigned long)first);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_JUDGE, second, fields), STEPCARE_OK);
    cr_assert_eq(virtual_episode(&virtual, second)->duplicate_of, 0);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_JUDGE, second, fields), STEPCARE_WRONG_STATE);
}

Test(decide_lead, a_closed_referral_of_the_patient_is_no_duplicate)
{
    const uint64_t first = same_patient_submit("a");
    virtual_act(&virtual, "gp", WIRE_CANCEL, first, "reason=entered_in_error");
    cr_assert_eq(virtual_episode(&virtual, same_patient_submit("b"))->duplicate_of, 0);
}

Test(decide_lead, a_patient_who_was_handed_back_and_came_back_is_known_again)
{
    const uint64_t first = same_patient_submit("a");
    cr_assert_eq(virtual_take(&virtual, "tom", "physio"), first);
    virtual_act(&virtual, "tom", WIRE_DISCHARGE, first, "end_code=102");
    cr_assert_eq(virtual_episode(&virtual, same_patient_submit("b"))->duplicate_of, 0, "handed back: no open referral");
    virtual_router_restart(&virtual, true);
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_REOPEN, first, "reason=patient_preference"), STEPCARE_OK);
    cr_assert_eq(virtual_episode(&virtual, same_patient_submit("c"))->duplicate_of, first);
    virtual_router_restart(&virtual, false);
    cr_assert_eq(virtual_episode(&virtual, same_patient_submit("d"))->duplicate_of, first);
    cr_assert_eq(virtual_router_verify(&virtual), 0);
}

Test(decide_lead, the_same_message_again_is_the_first_referral_for_ever)
{
    const uint64_t first = same_patient_submit("a");
    virtual_act(&virtual, "gp", WIRE_CANCEL, first, "reason=entered_in_error");
    virtual_router_restart(&virtual, true);
    cr_assert_eq(same_patient_submit("a"), first);
    const char *line = same_patient("a");
    virtual_submit(&virtual, line, strlen(line));
    cr_assert_eq(virtual.decision->outcome, STEPCARE_OUTCOME_DUPLICATE);
    cr_assert_eq(virtual.decision->errors.count, 0);
    char changed[1100];
    snprintf(changed, sizeof changed, "%s", line);
    memcpy(strstr(changed, "\"duration_weeks\":9") + 17, "8", 1);
    cr_assert_eq(virtual_submit(&virtual, changed, strlen(changed)), first);
    cr_assert_str_eq(virtual.decision->errors.items[0].field, "message_id");
}
