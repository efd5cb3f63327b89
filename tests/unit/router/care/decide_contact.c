/* Contacts, the three-attempts rule, and coming back after it. */
#include "tests/support/decisions.h"

TestSuite(decide_contact, .init = decisions_begin, .fini = decisions_finish);

/* --- contacts --- */

Test(decide_contact, only_the_practitioner_who_has_the_patient_acts)
{
    const uint64_t id = treated(MEDIUM, "physio");
    const uint8_t verbs[] = {WIRE_CONTACT, WIRE_REVIEW, WIRE_STEP_UP, WIRE_STEP_DOWN, WIRE_CONFIRM, WIRE_DISCHARGE};
    for (unsigned i = 0; i < sizeof verbs; i++) {
        cr_assert_eq(virtual_act(&virtual, "eve", verbs[i], id,
                                 "contact_outcome=attended to_tier=t_cbt reason=no_capacity end_code=46 rmdq=3"),
                     STEPCARE_NOT_HOLDER);
        cr_assert(strstr(virtual.problem, "tom") != NULL);
    }
}

Test(decide_contact, attending_leads_to_the_next_review)
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

Test(decide_contact, three_attempts_a_letter_and_five_days_hand_the_patient_back)
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

Test(decide_contact, no_letter_before_three_attempts_on_different_days)
{
    const uint64_t id = treated(MEDIUM, "physio");
    const char *channels[] = {NO_ANSWER("telephone"), NO_ANSWER("text_message"), NO_ANSWER("email")};
    for (unsigned i = 0; i < 3; i++) EXPECT_OK(tom(WIRE_CONTACT, id, channels[i]));
    cr_assert_eq(virtual_episode(&virtual, id)->attempt_count, 1, "one day is one attempt");
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "3 attempts") != NULL);
}

Test(decide_contact, no_letter_after_three_attempts_by_one_channel)
{
    const uint64_t id = treated(MEDIUM, "physio");
    for (unsigned i = 0; i < 3; i++) {
        EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
        virtual_pass(&virtual, DAY);
    }
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_CONTACT);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
}

Test(decide_contact, attempts_over_ten_working_days_apart_do_not_count_together)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    virtual_pass(&virtual, 7 * DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("text_message")));
    virtual_pass(&virtual, 8 * DAY); /* eleven working days after the first */
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    cr_assert_eq(virtual_episode(&virtual, id)->attempt_count, 2);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
}

Test(decide_contact, the_channel_of_an_attempt_that_no_longer_counts_does_not_count_either)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("text_message")));
    virtual_pass(&virtual, 14 * DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    for (unsigned i = 0; i < 2; i++) {
        virtual_pass(&virtual, DAY);
        EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    }
    cr_assert_eq(virtual_episode(&virtual, id)->attempt_count, 3);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_WRONG_STATE);
}

Test(decide_contact, attending_begins_the_count_anew)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, NO_ANSWER("telephone")));
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=attended"));
    cr_assert_eq(virtual_episode(&virtual, id)->attempt_count, 0);
}

Test(decide_contact, whoever_answers_the_letter_is_not_handed_back)
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

Test(decide_contact, urgent_work_is_never_handed_back_without_a_clinician)
{
    const uint64_t id = exhausted(WEIGHT_LOSS, "secondary_care");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    virtual_pass(&virtual, 20 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(next_of(id).action, STEPCARE_NEXT_CLOSE);
    EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=102"));
}

Test(decide_contact, safety_held_work_is_never_handed_back_without_a_clinician)
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
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")),
              "a named clinician has the patient already");
}

Test(decide_contact, the_opt_in_date_survives_a_crash)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    virtual_router_restart(&virtual, true);
    virtual_pass(&virtual, 5 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->end_code, 102);
}

Test(decide_contact, the_slot_goes_after_the_second_non_attendance)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=did_not_attend channel=face_to_face"));
    cr_assert_not(STEPCARE_HAS(&virtual.decision->events[0].record, slot_released));
    virtual_pass(&virtual, DAY);
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=did_not_attend channel=face_to_face"));
    cr_assert(STEPCARE_HAS(&virtual.decision->events[0].record, slot_released));
}

/* --- re-entry --- */

static uint64_t handed_back(void)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    virtual_pass(&virtual, 5 * DAY);
    return id;
}

Test(decide_contact, within_twelve_weeks_the_patient_comes_back_without_a_new_referral)
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
    cr_assert_eq(virtual_episode(&virtual, id)->attempt_count, 0);
}

Test(decide_contact, after_twelve_weeks_a_new_referral_is_needed)
{
    const uint64_t id = handed_back();
    virtual_pass(&virtual, 12 * 7 * DAY + 1);
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_REOPEN, id, "reason=patient_preference"), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "new referral") != NULL);
}

Test(decide_contact, what_ended_otherwise_is_not_reopened)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=46"));
    cr_assert_eq(virtual_act(&virtual, "gp", WIRE_REOPEN, id, "reason=patient_preference"), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "46") != NULL);
}
