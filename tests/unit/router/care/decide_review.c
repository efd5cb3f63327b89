/* Reviews: what they need, what they are measured by, what the practitioner makes of a recommendation. */
#include "tests/support/decisions.h"

#define CWP_MILD SCREENED ",\"instruments\":{\"cwp_1990\":true,\"phq_9\":[2,2,2,2,2,0,0,0,0],\"gad_7\":[2,2,2,2,0,0,0]}"

TestSuite(decide_review, .init = decisions_begin, .fini = decisions_finish);

Test(decide_review, a_review_says_what_it_needs)
{
    const uint64_t id = treated(MEDIUM, "physio");
    cr_assert_eq(tom(WIRE_REVIEW, id, "phq_9=3"), STEPCARE_INVALID);
    cr_assert(strstr(virtual.problem, "rmdq") != NULL);
    cr_assert_eq(tom(WIRE_REVIEW, id, "rmdq=25"), STEPCARE_INVALID);
    cr_assert_str_eq(virtual.decision->errors.items[0].field, "rmdq");
    EXPECT_OK(tom(WIRE_REVIEW, id, "red_flags=saddle_anaesthesia"));
}

Test(decide_review, the_first_review_is_the_baseline_and_later_ones_are_measured_by_it)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=14 nrs=7"));
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->rmdq_baseline, 14);
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=5 nrs=2 start_back_now=low"));
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->rmdq_baseline, 14);
    cr_assert_eq(virtual_episode(&virtual, id)->action, STEPCARE_ACTION_DISCHARGE);
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_DECIDE_RECOMMENDATION);
}

Test(decide_review, a_confirmed_discharge_closes_and_both_are_kept)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=14"));
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=5 start_back_now=low"));
    virtual_work(&virtual);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 46);
    cr_assert(strstr(virtual_story(&virtual, id), "review_recommended recommendation_confirmed closed") != NULL);
}

Test(decide_review, an_override_needs_a_reason_and_both_are_kept)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=14"));
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=5 start_back_now=low"));
    virtual_work(&virtual);
    cr_assert_eq(tom(WIRE_CONFIRM, id, "action=continue"), STEPCARE_INVALID);
    EXPECT_OK(tom(WIRE_CONFIRM, id, "action=continue reason=clinical_judgement"));
    cr_assert_eq(virtual_episode(&virtual, id)->action, STEPCARE_ACTION_NONE);
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_REVIEW);
    cr_assert(strstr(virtual_story(&virtual, id), "review_recommended recommendation_overridden") != NULL);
}

Test(decide_review, confirming_to_another_tier_than_recommended_is_an_override)
{
    const uint64_t id = treated(CWP_MILD, "t_cbt");
    EXPECT_OK(tom(WIRE_REVIEW, id, "phq_9=10 gad_7=8 contact=4"));
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->action_tier, STEPCARE_TIER_HI_CBT);
    cr_assert_eq(tom(WIRE_CONFIRM, id, "to_tier=physio"), STEPCARE_INVALID, "%s", virtual.problem);
    EXPECT_OK(tom(WIRE_CONFIRM, id, "to_tier=physio reason=patient_preference"));
    cr_assert(strstr(virtual_story(&virtual, id), "recommendation_overridden handover_proposed") != NULL);
}

Test(decide_review, a_red_flag_at_a_review_steps_up_the_same_day)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_REVIEW, id, "red_flags=saddle_anaesthesia"));
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->action_tier, STEPCARE_TIER_EMERGENCY);
    cr_assert_eq(next_of(id).due, FIVE_O_CLOCK);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->to_urgency, STEPCARE_URGENCY_EMERGENCY);
    cr_assert_eq(virtual_claim(&virtual, "registrar", "tier=emergency"), id);
}

Test(decide_review, a_hold_does_not_keep_an_urgent_hand_over_from_being_taken)
{
    const uint64_t id = treated(CWP, "hi_cbt");
    EXPECT_OK(tom(WIRE_REVIEW, id, "phq_9=20 gad_7=12 phq_9_item_9=3 red_flags=suicidal_intent"));
    virtual_work(&virtual);
    cr_assert_neq(virtual_episode(&virtual, id)->holds, 0);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    cr_assert_eq(virtual_claim(&virtual, "crisis", "tier=emergency"), id);
}

Test(decide_review, a_discharge_does_not_drop_an_open_safety_review)
{
    const uint64_t id = treated(CWP, "hi_cbt");
    EXPECT_OK(tom(WIRE_REVIEW, id, "phq_9=20 gad_7=12 phq_9_item_9=1"));
    virtual_work(&virtual);
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=46"), STEPCARE_HELD);
    EXPECT_OK(tom(WIRE_HOLD_RELEASE, id, "hold=safety_review reason=contacted_safe"));
    EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=46"));
}

Test(decide_review, nothing_to_confirm_is_said)
{
    const uint64_t id = treated(MEDIUM, "physio");
    cr_assert_eq(tom(WIRE_CONFIRM, id, ""), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "review") != NULL);
}

Test(decide_review, a_review_that_no_worker_can_answer_goes_to_the_clinician)
{
    const uint64_t id = treated(MEDIUM, "physio");
    struct job job;
    struct stepcare_record result;
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=14"));
    cr_assert(virtual_job(&virtual, id, STEPCARE_KIND_PHYSIO, &job, &result));
    EXPECT_OK(virtual_job_failed(&virtual, &job));
    cr_assert_eq(virtual_episode(&virtual, id)->action, STEPCARE_ACTION_CLINICIAN_REVIEW);
    cr_assert_eq(tom(WIRE_CONFIRM, id, ""), STEPCARE_WRONG_STATE);
    EXPECT_OK(tom(WIRE_CONFIRM, id, "action=continue reason=clinical_judgement"));
    cr_assert_eq(virtual_job_failed(&virtual, &job), STEPCARE_WRONG_STATE, "too late");
}

Test(decide_review, an_answer_to_an_older_review_is_dropped)
{
    const uint64_t id = treated(MEDIUM, "physio");
    struct job job;
    struct stepcare_record result;
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=14"));
    cr_assert(virtual_job(&virtual, id, STEPCARE_KIND_PHYSIO, &job, &result));
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=3 start_back_now=low"));
    cr_assert_eq(virtual_result(&virtual, &job, &result), STEPCARE_WRONG_STATE);
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->action, STEPCARE_ACTION_DISCHARGE);
}

Test(decide_review, weeks_of_treatment_count_from_the_tier_that_the_patient_is_in)
{
    const uint64_t id = treated(CWP_MILD, "t_cbt");
    virtual_pass(&virtual, 11 * 7 * DAY);
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=physio reason=clinical_judgement"));
    cr_assert_eq(virtual_take(&virtual, "eve", "physio"), id);
    virtual_pass(&virtual, 2 * 7 * DAY);
    EXPECT_OK(virtual_act(&virtual, "eve", WIRE_REVIEW, id, "rmdq=14"));
    cr_assert_eq(virtual.decision->events[0].record.week, 2);
}
