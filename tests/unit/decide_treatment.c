/* Treating and moving on: contacts, reviews, hand-overs, discharge, re-entry. */
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>

#define DAY VIRTUAL_DAY_MS
#define FIVE_O_CLOCK (VIRTUAL_START_MS + 8 * VIRTUAL_HOUR_MS) /* of the first day, a Monday */
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"
#define WEIGHT_LOSS ",\"red_flags\":{\"screened\":true,\"present\":[\"unexplained_weight_loss\"]}"
#define CWP SCREENED ",\"instruments\":{\"cwp_1990\":true,\"phq_9\":[2,2,2,2,2,2,2,2,0],\"gad_7\":[2,2,2,2,2,2,0]}"
#define CWP_MILD SCREENED ",\"instruments\":{\"cwp_1990\":true,\"phq_9\":[2,2,2,2,2,0,0,0,0],\"gad_7\":[2,2,2,2,0,0,0]}"
#define NO_ANSWER(channel) "contact_outcome=no_answer channel=" channel

static struct virtual_router virtual;

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
}

static void closes(void)
{
    virtual_router_close(&virtual);
}

TestSuite(decide_treatment, .init = opens, .fini = closes);

static uint64_t treated(const char *more, const char *tier)
{
    virtual_referral(&virtual, "a", "2026-11-02T08:00:00Z", more);
    return virtual_take(&virtual, "tom", tier);
}

static int tom(uint8_t verb, uint64_t id, const char *fields)
{
    return virtual_act(&virtual, "tom", verb, id, fields);
}

static struct episode_next next_of(uint64_t id)
{
    return episode_next(virtual_episode(&virtual, id));
}

#define EXPECT_OK(call) cr_assert_eq((call), STEPCARE_OK, "%s", virtual.problem)

/* --- contacts --- */

Test(decide_treatment, only_the_practitioner_who_has_the_patient_acts)
{
    const uint64_t id = treated(MEDIUM, "physio");
    const uint8_t verbs[] = {WIRE_CONTACT, WIRE_REVIEW, WIRE_STEP_UP, WIRE_STEP_DOWN, WIRE_CONFIRM, WIRE_DISCHARGE};
    for (unsigned i = 0; i < sizeof verbs; i++) {
        cr_assert_eq(virtual_act(&virtual, "eve", verbs[i], id, "contact_outcome=attended to_tier=t_cbt reason=no_capacity end_code=46 rmdq=3"),
                     STEPCARE_NOT_HOLDER);
        cr_assert(strstr(virtual.problem, "tom") != NULL);
    }
}

Test(decide_treatment, attending_leads_to_the_next_review)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=attended channel=face_to_face"));
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_REVIEW);
    cr_assert_eq(next_of(id).due, virtual.now + 42 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->first_contact_at, virtual.now);
}

static uint64_t exhausted(const char *more, const char *tier)
{
    const uint64_t id = treated(more, tier);
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    virtual_pass(&virtual, DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    virtual_pass(&virtual, DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("text_message")));
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_OPT_IN);
    return id;
}

Test(decide_treatment, three_attempts_a_letter_and_five_days_hand_the_patient_back)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    cr_assert_eq(next_of(id).due, virtual.now + 5 * DAY);
    virtual_pass(&virtual, 5 * DAY - 1);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    virtual_pass(&virtual, 1);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLOSED);
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 102);
}

Test(decide_treatment, no_letter_before_three_attempts_on_different_days)
{
    const uint64_t id = treated(MEDIUM, "physio");
    const char *channels[] = {NO_ANSWER("telephone"), NO_ANSWER("text_message"), NO_ANSWER("email")};
    for (unsigned i = 0; i < 3; i++) EXPECT_OK(tom(WIRE_CONTACT, id, channels[i]));
    cr_assert_eq(virtual_episode(&virtual, id)->attempts, 1, "one day is one attempt");
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "3 attempts") != NULL);
}

Test(decide_treatment, no_letter_after_three_attempts_by_one_channel)
{
    const uint64_t id = treated(MEDIUM, "physio");
    for (unsigned i = 0; i < 3; i++) {
        EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
        virtual_pass(&virtual, DAY);
    }
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_CONTACT);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
}

Test(decide_treatment, attempts_over_ten_working_days_apart_do_not_count_together)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    virtual_pass(&virtual, 7 * DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("text_message")));
    virtual_pass(&virtual, 8 * DAY); /* eleven working days after the first */
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    cr_assert_eq(virtual_episode(&virtual, id)->attempts, 2);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
}

Test(decide_treatment, the_channel_of_an_attempt_that_no_longer_counts_does_not_count_either)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("text_message")));
    virtual_pass(&virtual, 14 * DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    for (unsigned i = 0; i < 2; i++) {
        virtual_pass(&virtual, DAY);
        EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    }
    cr_assert_eq(virtual_episode(&virtual, id)->attempts, 3);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
}

Test(decide_treatment, attending_begins_the_count_anew)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=attended"));
    cr_assert_eq(virtual_episode(&virtual, id)->attempts, 0);
}

Test(decide_treatment, whoever_answers_the_letter_is_not_handed_back)
{
    const char *answers[] = {"contact_outcome=attended", "contact_outcome=cancelled"};
    for (unsigned i = 0; i < 2; i++) {
        const uint64_t id = exhausted(i == 0 ? MEDIUM : MEDIUM ",\"letter\":\"b\"", "physio");
        EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
        EXPECT_OK(tom(WIRE_CONTACT, id, answers[i]));
        virtual_pass(&virtual, 6 * DAY);
        cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT, "%s", answers[i]);
        EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=46"));
        virtual_router_close(&virtual);
        virtual_router_open(&virtual, NULL, NULL);
    }
}

Test(decide_treatment, urgent_work_is_never_handed_back_without_a_clinician)
{
    const uint64_t id = exhausted(WEIGHT_LOSS, "secondary_care");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    virtual_pass(&virtual, 20 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_CLOSE);
    EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=102"));
}

Test(decide_treatment, safety_held_work_is_never_handed_back_without_a_clinician)
{
    const uint64_t id = treated(CWP, "hi_cbt");
    EXPECT_OK(tom(WIRE_REVIEW, id, "phq_9=16 gad_7=12 phq_9_item_9=1"));
    virtual_work(&virtual);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    for (unsigned i = 0; i < 3; i++) {
        EXPECT_OK(tom(WIRE_CONTACT, id, i == 1 ? NO_ANSWER("email") : NO_ANSWER("telephone")));
        virtual_pass(&virtual, DAY);
    }
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    virtual_pass(&virtual, 20 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_SAFETY_REVIEW);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")), "a named clinician has the patient already");
}

Test(decide_treatment, the_opt_in_date_survives_a_crash)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    virtual_router_restart(&virtual, true);
    virtual_pass(&virtual, 5 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 102);
}

Test(decide_treatment, the_slot_goes_after_the_second_non_attendance)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=did_not_attend channel=face_to_face"));
    cr_assert_not(STEPCARE_HAS(&virtual.router->decision.events[0].record, slot_released));
    virtual_pass(&virtual, DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=did_not_attend channel=face_to_face"));
    cr_assert(STEPCARE_HAS(&virtual.router->decision.events[0].record, slot_released));
}

/* --- re-entry --- */

static uint64_t handed_back(void)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    virtual_pass(&virtual, 5 * DAY);
    return id;
}

Test(decide_treatment, within_twelve_weeks_the_patient_comes_back_without_a_new_referral)
{
    const uint64_t id = handed_back();
    const int64_t referred_at = virtual_episode(&virtual, id)->referred_at;
    virtual_pass(&virtual, 12 * 7 * DAY);
    EXPECT_OK(virtual_act(&virtual, "gp", WIRE_REOPEN, id, "reason=patient_preference"));
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert(episode->state == STEPCARE_STATE_WAITING && episode->tier == STEPCARE_TIER_PHYSIO);
    cr_assert_eq(episode->referred_at, referred_at, "the clock goes on from the referral");
    cr_assert_eq(episode->end_code, 0);
    cr_assert_eq(virtual_take(&virtual, "eve", "physio"), id);
    cr_assert_eq(virtual_episode(&virtual, id)->attempts, 0);
}

Test(decide_treatment, after_twelve_weeks_a_new_referral_is_needed)
{
    const uint64_t id = handed_back();
    virtual_pass(&virtual, 12 * 7 * DAY + 1);
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_REOPEN, id, "reason=patient_preference"), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "new referral") != NULL);
}

Test(decide_treatment, what_ended_otherwise_is_not_reopened)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=46"));
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_REOPEN, id, "reason=patient_preference"), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "46") != NULL);
}

/* --- reviews --- */

Test(decide_treatment, a_review_says_what_it_needs)
{
    const uint64_t id = treated(MEDIUM, "physio");
    cr_assert_eq(tom(WIRE_REVIEW, id, "phq_9=3"), STEPCARE_INVALID);
    cr_assert(strstr(virtual.problem, "rmdq") != NULL);
    cr_assert_eq(tom(WIRE_REVIEW, id, "rmdq=25"), STEPCARE_INVALID);
    cr_assert_str_eq(virtual.router->decision.errors.items[0].field, "rmdq");
    EXPECT_OK(tom(WIRE_REVIEW, id, "red_flags=saddle_anaesthesia"));
}

Test(decide_treatment, the_first_review_is_the_baseline_and_later_ones_are_measured_by_it)
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

Test(decide_treatment, a_confirmed_discharge_closes_and_both_are_kept)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=14"));
    EXPECT_OK(tom(WIRE_REVIEW, id, "rmdq=5 start_back_now=low"));
    virtual_work(&virtual);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 46);
    cr_assert(strstr(virtual_story(&virtual, id), "review_recommended recommendation_confirmed closed") != NULL);
}

Test(decide_treatment, an_override_needs_a_reason_and_both_are_kept)
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

Test(decide_treatment, confirming_to_another_tier_than_recommended_is_an_override)
{
    const uint64_t id = treated(CWP_MILD, "t_cbt");
    EXPECT_OK(tom(WIRE_REVIEW, id, "phq_9=10 gad_7=8 contact=4"));
    virtual_work(&virtual);
    cr_assert_eq(virtual_episode(&virtual, id)->action_tier, STEPCARE_TIER_HI_CBT);
    cr_assert_eq(tom(WIRE_CONFIRM, id, "to_tier=physio"), STEPCARE_INVALID, "%s", virtual.problem);
    EXPECT_OK(tom(WIRE_CONFIRM, id, "to_tier=physio reason=patient_preference"));
    cr_assert(strstr(virtual_story(&virtual, id), "recommendation_overridden handover_proposed") != NULL);
}

Test(decide_treatment, a_red_flag_at_a_review_steps_up_the_same_day)
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

Test(decide_treatment, a_hold_does_not_keep_an_urgent_hand_over_from_being_taken)
{
    const uint64_t id = treated(CWP, "hi_cbt");
    EXPECT_OK(tom(WIRE_REVIEW, id, "phq_9=20 gad_7=12 phq_9_item_9=3 red_flags=suicidal_intent"));
    virtual_work(&virtual);
    cr_assert_neq(virtual_episode(&virtual, id)->holds, 0);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    cr_assert_eq(virtual_claim(&virtual, "crisis", "tier=emergency"), id);
}

Test(decide_treatment, nothing_to_confirm_is_said)
{
    const uint64_t id = treated(MEDIUM, "physio");
    cr_assert_eq(tom(WIRE_CONFIRM, id, ""), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "review") != NULL);
}

Test(decide_treatment, a_review_that_no_worker_can_answer_goes_to_the_clinician)
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

Test(decide_treatment, an_answer_to_an_older_review_is_dropped)
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

Test(decide_treatment, weeks_of_treatment_count_from_the_tier_that_the_patient_is_in)
{
    const uint64_t id = treated(CWP_MILD, "t_cbt");
    virtual_pass(&virtual, 11 * 7 * DAY);
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=physio reason=clinical_judgement"));
    cr_assert_eq(virtual_take(&virtual, "eve", "physio"), id);
    virtual_pass(&virtual, 2 * 7 * DAY);
    EXPECT_OK(virtual_act(&virtual, "eve", WIRE_REVIEW, id, "rmdq=14"));
    cr_assert_eq(virtual.router->decision.events[0].record.week, 2);
}

/* --- hand-overs --- */

static uint64_t proposed(void)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=secondary_care to_service=pain reason=clinical_judgement"));
    return id;
}

Test(decide_treatment, the_sender_owns_the_patient_until_the_receiver_accepts)
{
    const uint64_t id = proposed();
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")));
    cr_assert_eq(next_of(id).due, FIVE_O_CLOCK + 2 * DAY, "two working days");
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=46"), STEPCARE_HANDOVER_OPEN);
    cr_assert_eq(tom(WIRE_STEP_DOWN, id, "to_tier=t_cbt reason=clinical_judgement"), STEPCARE_HANDOVER_OPEN);
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=attended"));
    cr_assert_eq(virtual_claim(&virtual, "tom", "tier=secondary_care"), 0, "not to oneself");
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=secondary_care"), id);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")), "a lease is no acceptance");
    cr_assert_eq(virtual_act(&virtual, "bob", WIRE_ACCEPT, id, ""), STEPCARE_NOT_HOLDER);
    EXPECT_OK(virtual_act(&virtual, "eve", WIRE_ACCEPT, id, ""));
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("eve")));
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=attended"), STEPCARE_NOT_HOLDER);
}

Test(decide_treatment, a_hand_over_keeps_the_original_clock)
{
    const uint64_t id = proposed();
    const int64_t referred_at = virtual_episode(&virtual, id)->referred_at;
    virtual_take(&virtual, "eve", "secondary_care");
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert_eq(episode->referred_at, referred_at);
    cr_assert_eq(episode->due, referred_at + 126 * DAY);
    cr_assert(episode->tier == STEPCARE_TIER_SECONDARY_CARE && episode->service == STEPCARE_SERVICE_PAIN);
    cr_assert_eq(episode->handover, STEPCARE_HANDOVER_ACCEPTED);
    EXPECT_OK(virtual_act(&virtual, "eve", WIRE_CONTACT, id, "contact_outcome=attended"));
    cr_assert_eq(virtual_episode(&virtual, id)->handover, STEPCARE_HANDOVER_DONE);
}

static void decline_by(const char *actor, uint64_t id)
{
    cr_assert_eq(virtual_claim(&virtual, actor, "tier=secondary_care"), id);
    EXPECT_OK(virtual_act(&virtual, actor, WIRE_DECLINE, id, "reason=not_suitable to_tier=physio"));
}

Test(decide_treatment, a_declined_hand_over_is_the_senders_at_once)
{
    const uint64_t id = proposed();
    decline_by("eve", id);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")));
    cr_assert_eq(virtual_claim(&virtual, "bob", "tier=secondary_care"), 0);
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=attended"));
}

Test(decide_treatment, two_declined_hand_overs_go_to_the_triage_lead)
{
    const uint64_t id = proposed();
    decline_by("eve", id);
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=secondary_care to_service=pain reason=clinical_judgement"));
    decline_by("bob", id);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("triage_lead")));
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_RESOLVE_HANDOVER);
    EXPECT_OK(virtual_act(&virtual, "lead", WIRE_ASSIGN, id, "to_tier=t_cbt reason=clinical_judgement"));
    cr_assert_eq(virtual_take(&virtual, "eve", "t_cbt"), id);
}

Test(decide_treatment, an_overdue_hand_over_goes_to_the_triage_lead)
{
    const uint64_t id = proposed();
    virtual_until(&virtual, FIVE_O_CLOCK + 2 * DAY - 1);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")));
    virtual_pass(&virtual, 1);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("triage_lead")));
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=46"), STEPCARE_HANDOVER_OPEN);
    cr_assert_eq(virtual_take(&virtual, "eve", "secondary_care"), id, "it can still be taken");
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("eve")));
}

Test(decide_treatment, timers_that_go_off_early_do_nothing)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    EXPECT_OK(virtual_act(&virtual, "router", OWN_OPT_IN_ENDED, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=t_cbt reason=clinical_judgement"));
    EXPECT_OK(virtual_act(&virtual, "router", OWN_HANDOVER_OVERDUE, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->handover, STEPCARE_HANDOVER_PROPOSED);
}

Test(decide_treatment, an_overdue_hand_over_is_in_the_list_that_leads_look_at)
{
    struct stepcare_record reply;
    const uint64_t id = proposed();
    cr_assert_eq(virtual_query(&virtual, "lead", WIRE_HOLDS, "", &reply), STEPCARE_OK);
    cr_assert_eq(reply.rows.count, 0);
    virtual_pass(&virtual, 4 * DAY);
    cr_assert_eq(virtual_query(&virtual, "lead", WIRE_HOLDS, "", &reply), STEPCARE_OK);
    cr_assert_eq(reply.rows.count, 1);
    cr_assert_eq(reply.rows.items[0].referral_id, id);
    cr_assert_eq(reply.rows.items[0].due, next_of(id).due);
}

Test(decide_treatment, an_overdue_urgent_hand_over_is_assigned_with_its_urgency)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_REVIEW, id, "red_flags=unexplained_weight_loss"));
    virtual_work(&virtual);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->handover_due, FIVE_O_CLOCK, "urgent: the same day");
    virtual_pass(&virtual, DAY);
    EXPECT_OK(virtual_act(&virtual, "lead", WIRE_ASSIGN, id, "to_tier=secondary_care to_service=suspected_cancer reason=clinical_judgement"));
    cr_assert_eq(virtual_episode(&virtual, id)->urgency, STEPCARE_URGENCY_URGENT_2W);
}

Test(decide_treatment, an_expired_lease_on_a_hand_over_leaves_the_patient_with_the_sender)
{
    const uint64_t id = proposed();
    virtual_claim(&virtual, "eve", "tier=secondary_care");
    virtual_pass(&virtual, VIRTUAL_HOUR_MS);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")));
    cr_assert_eq(virtual_claim(&virtual, "bob", "tier=secondary_care"), id);
}

Test(decide_treatment, a_hand_over_under_way_is_not_cut_short_by_an_opt_in_letter)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=t_cbt reason=clinical_judgement"));
    virtual_pass(&virtual, 10 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_HANDOVER_OPEN);
}

Test(decide_treatment, a_discharge_needs_an_end_code_of_the_pathway)
{
    const uint64_t id = treated(MEDIUM, "physio");
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=7"), STEPCARE_INVALID);
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=18446744073709551615"), STEPCARE_INVALID);
    EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=46"));
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=46"), STEPCARE_WRONG_STATE);
}
