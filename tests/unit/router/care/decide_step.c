/* Moving on: two-phase hand-overs and discharge. */
#include "tests/support/decisions.h"

TestSuite(decide_step, .init = decisions_begin, .fini = decisions_finish);

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

static uint64_t proposed(void)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=secondary_care to_service=pain reason=clinical_judgement"));
    return id;
}

Test(decide_step, the_sender_owns_the_patient_until_the_receiver_accepts)
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

Test(decide_step, a_hand_over_keeps_the_original_clock)
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

Test(decide_step, a_declined_hand_over_is_the_senders_at_once)
{
    const uint64_t id = proposed();
    decline_by("eve", id);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")));
    cr_assert_eq(virtual_claim(&virtual, "bob", "tier=secondary_care"), 0);
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=attended"));
}

Test(decide_step, two_declined_hand_overs_go_to_the_triage_lead)
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

Test(decide_step, an_overdue_hand_over_goes_to_the_triage_lead)
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

Test(decide_step, timers_that_go_off_early_do_nothing)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    EXPECT_OK(virtual_act(&virtual, "router", OWN_OPT_IN_ENDED, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=t_cbt reason=clinical_judgement"));
    EXPECT_OK(virtual_act(&virtual, "router", OWN_HANDOVER_OVERDUE, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->handover, STEPCARE_HANDOVER_PROPOSED);
}

Test(decide_step, an_overdue_hand_over_is_in_the_list_that_leads_look_at)
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

Test(decide_step, an_overdue_urgent_hand_over_is_assigned_with_its_urgency)
{
    const uint64_t id = treated(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_REVIEW, id, "red_flags=unexplained_weight_loss"));
    virtual_work(&virtual);
    EXPECT_OK(tom(WIRE_CONFIRM, id, ""));
    cr_assert_eq(virtual_episode(&virtual, id)->handover_due, FIVE_O_CLOCK, "urgent: the same day");
    virtual_pass(&virtual, DAY);
    EXPECT_OK(virtual_act(&virtual, "lead", WIRE_ASSIGN, id,
                          "to_tier=secondary_care to_service=suspected_cancer reason=clinical_judgement"));
    cr_assert_eq(virtual_episode(&virtual, id)->urgency, STEPCARE_URGENCY_URGENT_2W);
}

Test(decide_step, an_expired_lease_on_a_hand_over_leaves_the_patient_with_the_sender)
{
    const uint64_t id = proposed();
    virtual_claim(&virtual, "eve", "tier=secondary_care");
    virtual_pass(&virtual, VIRTUAL_HOUR_MS);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("tom")));
    cr_assert_eq(virtual_claim(&virtual, "bob", "tier=secondary_care"), id);
}

Test(decide_step, a_lease_on_a_hand_over_is_not_renewed_past_its_due_date)
{
    const uint64_t id = proposed();
    virtual_until(&virtual, FIVE_O_CLOCK + 2 * DAY - 10 * VIRTUAL_MINUTE_MS);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=secondary_care"), id);
    EXPECT_OK(virtual_act(&virtual, "eve", WIRE_RENEW, id, ""));
    virtual_pass(&virtual, 11 * VIRTUAL_MINUTE_MS);
    cr_assert_eq(virtual_act(&virtual, "eve", WIRE_RENEW, id, ""), STEPCARE_WRONG_STATE);
    virtual_pass(&virtual, 16 * VIRTUAL_MINUTE_MS);
    cr_assert(stepcare_text_equal(next_of(id).owner, stepcare_text_of("triage_lead")),
              "the lease ended, and with it the time");
}

Test(decide_step, a_hand_over_under_way_is_not_cut_short_by_an_opt_in_letter)
{
    const uint64_t id = exhausted(MEDIUM, "physio");
    EXPECT_OK(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"));
    EXPECT_OK(tom(WIRE_STEP_UP, id, "to_tier=t_cbt reason=clinical_judgement"));
    virtual_pass(&virtual, 10 * DAY);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(tom(WIRE_CONTACT, id, "contact_outcome=opt_in_letter"), STEPCARE_HANDOVER_OPEN);
}

Test(decide_step, a_discharge_needs_an_end_code_of_the_pathway)
{
    const uint64_t id = treated(MEDIUM, "physio");
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=7"), STEPCARE_INVALID);
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=18446744073709551615"), STEPCARE_INVALID);
    EXPECT_OK(tom(WIRE_DISCHARGE, id, "end_code=46"));
    cr_assert_eq(tom(WIRE_DISCHARGE, id, "end_code=46"), STEPCARE_WRONG_STATE);
}
