/* Triage and what may come after it: failures, late answers, added information, parallel offers. */
#include "tests/support/decisions.h"

#include <stdio.h>

TestSuite(decide_triage, .init = decisions_begin, .fini = decisions_finish);

/* --- triage --- */

Test(decide_triage, a_referral_from_tomorrow_is_taken_and_one_from_later_refused)
{
    cr_assert_neq(virtual_referral(&virtual, "a", "2026-11-03T08:00:00Z", MEDIUM), 0);
    const char *line = REFERRAL_LINE("b", MEDIUM);
    char late[1024];
    snprintf(late, sizeof late, "%s", line);
    memcpy(strstr(late, "2026-11-02T09:30"), "2026-11-03T09:01", 16);
    cr_assert_eq(virtual_submit(&virtual, late, strlen(late) - 1), 0);
    cr_assert_str_eq(virtual.decision->errors.items[0].field, "referred_at");
}

Test(decide_triage, a_stale_answer_changes_nothing_and_the_next_one_counts)
{
    const char *line = PHYSIO_LINE("a");
    const uint64_t id = virtual_submit(&virtual, line, strlen(line) - 1);
    struct job job;
    struct stepcare_record result;
    cr_assert(virtual_job(&virtual, id, STEPCARE_KIND_TRIAGE, &job, &result));
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_NOTE, id, "note=x"), STEPCARE_OK);
    cr_assert_eq(virtual_result(&virtual, &job, &result), STEPCARE_WRONG_STATE);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED);
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_WAITING);
}

Test(decide_triage, what_triage_cannot_decide_goes_to_a_person_and_can_be_tried_again)
{
    const char *line = PHYSIO_LINE("a");
    const uint64_t id = virtual_submit(&virtual, line, strlen(line) - 1);
    struct job job;
    struct stepcare_record result;
    cr_assert(virtual_job(&virtual, id, STEPCARE_KIND_TRIAGE, &job, &result));
    cr_assert_eq(virtual_job_failed(&virtual, &job), STEPCARE_OK);
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert_eq(episode->tier, STEPCARE_TIER_MANUAL_REVIEW);
    cr_assert_eq(episode->triage_failures, 3);
    expect_next(id, "triage_lead", STEPCARE_NEXT_ASSIGN, virtual.now + 2 * DAY);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_RETRY, id, ""), STEPCARE_OK);
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->tier, STEPCARE_TIER_PHYSIO);
    cr_assert_eq(virtual_act(&virtual, "l", WIRE_RETRY, id, ""), STEPCARE_WRONG_STATE, "decided: nothing to try again");
}

Test(decide_triage, a_job_that_fails_after_the_referral_was_cancelled_does_not_bring_it_back)
{
    const char *line = PHYSIO_LINE("a");
    const uint64_t id = virtual_submit(&virtual, line, strlen(line) - 1);
    struct job job;
    struct stepcare_record result;
    cr_assert(virtual_job(&virtual, id, STEPCARE_KIND_TRIAGE, &job, &result));
    virtual_act(&virtual, "gp", WIRE_CANCEL, id, "reason=entered_in_error");
    cr_assert_eq(virtual_job_failed(&virtual, &job), STEPCARE_WRONG_STATE);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLOSED);
}

/* --- added information --- */

Test(decide_triage, added_information_is_triaged_again_and_ends_a_lease)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    cr_assert_eq(
        virtual_inform(&virtual, "gp", id, "{\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}}"),
        STEPCARE_OK);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_ACCEPT, id, ""), STEPCARE_WRONG_STATE);
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->tier, STEPCARE_TIER_EMERGENCY);
}

Test(decide_triage, a_hold_that_a_person_released_stays_released_when_triaged_again)
{
    const uint64_t id = referral("a", SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]" ITEM_9 "}");
    virtual_act(&virtual, "s", WIRE_HOLD_RELEASE, id, "hold=safety_review reason=contacted_safe");
    virtual_inform(&virtual, "gp", id, "{\"duration_weeks\":12}");
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->holds, 0);
    virtual_inform(&virtual, "gp", id, "{\"instruments\":{\"phq_9\":[1,0,0,0,0,0,0,0,3]}}");
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->holds, STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW),
                 "new answers ask again");
}

Test(decide_triage, a_hold_in_force_keeps_its_date_when_triaged_again)
{
    const uint64_t id = referral("a", SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]" ITEM_9 "}");
    virtual_pass(&virtual, 2 * DAY);
    virtual_inform(&virtual, "gp", id, "{\"duration_weeks\":12}");
    virtual_work(&virtual);
    expect_next(id, "safety_lead", STEPCARE_NEXT_SAFETY_REVIEW, FIVE_O_CLOCK);
}

Test(decide_triage, information_that_was_missing_lets_it_go_on)
{
    const uint64_t id =
        referral("a", SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,null,null,null,null,null]}");
    virtual_inform(&virtual, "gp", id, "{\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}}");
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->holds, 0);
    cr_assert_eq(virtual_claim(&virtual, "tom", "tier=physio"), id);
}

Test(decide_triage, what_is_in_treatment_stays_there_when_information_comes)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_take(&virtual, "tom", "physio");
    cr_assert_eq(virtual_inform(&virtual, "gp", id, "{\"duration_weeks\":12}"), STEPCARE_OK);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
}

Test(decide_triage, new_red_flags_of_a_patient_in_treatment_are_put_to_the_practitioner_the_same_day)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_take(&virtual, "tom", "physio");
    cr_assert_eq(
        virtual_inform(&virtual, "gp", id, "{\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}}"),
        STEPCARE_OK);
    expect_next(id, "tom", STEPCARE_NEXT_DECIDE_RECOMMENDATION, FIVE_O_CLOCK);
    cr_assert_eq(virtual_episode(&virtual, id)->action_tier, STEPCARE_TIER_EMERGENCY);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_CONFIRM, id, ""), STEPCARE_OK);
    cr_assert_eq(virtual_claim(&virtual, "registrar", "tier=emergency"), id);
}

Test(decide_triage, other_news_of_a_patient_in_treatment_recommends_nothing)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_take(&virtual, "tom", "physio");
    const struct episode_next before = episode_next(virtual_episode(&virtual, id));
    virtual_inform(&virtual, "gp", id, "{\"red_flags\":{\"screened\":true,\"present\":[\"night_pain\"]}}");
    expect_next(id, "tom", before.action, before.due);
    cr_assert_eq(virtual_episode(&virtual, id)->action, STEPCARE_ACTION_NONE);
}

Test(decide_triage, thoughts_of_self_harm_told_of_a_patient_in_treatment_raise_the_safety_review)
{
    const uint64_t id = referral("a", MEDIUM);
    virtual_take(&virtual, "tom", "physio");
    virtual_inform(&virtual, "gp", id, "{\"instruments\":{\"phq_9\":[1,0,0,0,0,0,0,0,1]}}");
    expect_next(id, "tom", STEPCARE_NEXT_SAFETY_REVIEW, FIVE_O_CLOCK);
    virtual_act(&virtual, "sue", WIRE_HOLD_RELEASE, id, "hold=safety_review reason=contacted_safe");
    virtual_inform(&virtual, "gp", id, "{\"duration_weeks\":30}");
    cr_assert_eq(virtual_episode(&virtual, id)->holds, 0, "other news does not raise it again");
}

/* --- parallel offers --- */

#define ANXIOUS_HIGH                                                                                                   \
    SCREENED ",\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2],\"phq_9\":[2,2,2,2,2,0,0,0,0],\"gad_7\":[1,1,1,"  \
             "1,1,1,1]}"
#define ANXIOUS_LOW                                                                                                    \
    SCREENED ",\"instruments\":{\"start_back_9\":[0,0,0,0,0,0,0,0,0],\"phq_9\":[2,2,2,2,2,0,0,0,1],\"gad_7\":[1,1,1,"  \
             "1,1,1,1]}"

Test(decide_triage, a_parallel_offer_has_its_own_owner_and_the_same_clock)
{
    const uint64_t id = referral("a", ANXIOUS_HIGH), other = virtual_episode(&virtual, id)->linked_to;
    cr_assert_neq(other, 0);
    const struct episode lead = *virtual_episode(&virtual, id), offer = *virtual_episode(&virtual, other);
    cr_assert_eq(offer.linked_to, id);
    cr_assert(lead.tier == STEPCARE_TIER_PHYSIO && offer.tier == STEPCARE_TIER_T_CBT);
    cr_assert_eq(offer.referred_at, lead.referred_at);
    cr_assert_eq(virtual_take(&virtual, "tom", "physio"), id);
    cr_assert_eq(virtual_take(&virtual, "eve", "t_cbt"), other);
    virtual_act(&virtual, "tom", WIRE_DISCHARGE, id, "end_code=46");
    cr_assert_eq(virtual_episode(&virtual, other)->state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(virtual_inform(&virtual, "gp", other, "{\"duration_weeks\":12}"), STEPCARE_WRONG_STATE);
}

Test(decide_triage, a_hold_is_about_the_patient_and_released_on_both)
{
    const uint64_t id = referral("a", ANXIOUS_LOW), other = virtual_episode(&virtual, id)->linked_to;
    cr_assert_neq(other, 0);
    cr_assert_neq(virtual_episode(&virtual, other)->holds, 0);
    cr_assert_eq(virtual_act(&virtual, "s", WIRE_HOLD_RELEASE, other, "hold=safety_review reason=contacted_safe"),
                 STEPCARE_OK);
    cr_assert_eq(virtual_episode(&virtual, other)->holds, 0);
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 101, "the lead was GP advice and waited for this alone");
    cr_assert_eq(virtual_episode(&virtual, other)->state, STEPCARE_STATE_WAITING);
}

Test(decide_triage, releasing_a_hold_on_the_lead_frees_its_parallel_offer)
{
    const uint64_t id =
        referral("a", SCREENED ",\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2],\"phq_9\":[2,2,2,2,2,0,0,0,1]}");
    const uint64_t other = virtual_episode(&virtual, id)->linked_to;
    cr_assert_neq(other, 0);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=t_cbt"), 0);
    cr_assert_eq(virtual_act(&virtual, "s", WIRE_HOLD_RELEASE, id, "hold=safety_review reason=contacted_safe"),
                 STEPCARE_OK);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=t_cbt"), other);
}

Test(decide_triage, triaged_again_it_makes_no_second_parallel_offer)
{
    const uint64_t id = referral("a", ANXIOUS_HIGH), other = virtual_episode(&virtual, id)->linked_to;
    virtual_inform(&virtual, "gp", id, "{\"duration_weeks\":12}");
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->linked_to, other);
    cr_assert_eq(virtual.router->store.state.counters.episodes, 2);
}
