/* Claims are leases: in claim order, to whom they fit, under a token that is good once. */
#include "tests/support/decisions.h"

#include <stdio.h>

static const char people[] = "practitioners:\n"
                             "  - {name: phone, tiers: [physio, t_cbt], channels: [telephone], caseload_max: 2}\n"
                             "  - {name: spine, tiers: [secondary_care], services: [spinal]}\n"
                             "  - {name: anybody, tiers: [physio, t_cbt, hi_cbt, secondary_care], interpreter: true, "
                             "chronic_pain_trained: true}\n";

static void opens(void)
{
    virtual_router_open(&virtual, people, NULL);
}

TestSuite(decide_claim, .init = opens, .fini = decisions_finish);

#define UNSCREENED                                                                                                     \
    ",\"red_flags\":{\"screened\":false,\"present\":[]},\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"

Test(decide_claim, takes_by_urgency_then_due_then_referral_then_sequence)
{
    const uint64_t late = virtual_referral(&virtual, "late", "2026-10-20T09:00:00Z", MEDIUM);
    const uint64_t early = virtual_referral(&virtual, "early", "2026-10-01T09:00:00Z", MEDIUM);
    const uint64_t soon = virtual_referral(&virtual, "soon", "2026-10-30T09:00:00Z", HIGH);
    const uint64_t same_as_late = virtual_referral(&virtual, "same", "2026-10-20T09:00:00Z", MEDIUM);
    const uint64_t order[] = {soon, early, late, same_as_late};
    for (unsigned i = 0; i < 4; i++)
        cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio"), order[i], "claim %u", i);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio"), 0);
    cr_assert_eq(virtual.decision->error, STEPCARE_OK, "an empty worklist is no refusal");
}

Test(decide_claim, due_comes_before_the_referral_date)
{
    const char *line = PHYSIO_LINE("older");
    const uint64_t older = virtual_submit(&virtual, line, strlen(line) - 1);
    struct job job;
    struct stepcare_record result;
    cr_assert_neq(older, 0);
    virtual_pass(&virtual, VIRTUAL_DAY_MS); /* its triage fails late, and its target counts from then */
    cr_assert(virtual_job(&virtual, older, STEPCARE_KIND_TRIAGE, &job, &result));
    cr_assert_eq(virtual_job_failed(&virtual, &job), STEPCARE_OK);
    const uint64_t newer = virtual_referral(&virtual, "newer", "2026-11-02T10:00:00Z", MEDIUM);
    virtual_act(&virtual, "lead", WIRE_ASSIGN, newer, "to_tier=manual_review reason=clinical_judgement");
    cr_assert_lt(virtual_episode(&virtual, older)->referred_at, virtual_episode(&virtual, newer)->referred_at);
    cr_assert_eq(virtual_claim(&virtual, "lead", "tier=manual_review"), newer);
}

Test(decide_claim, count_gives_that_many_and_no_more_than_wait)
{
    for (unsigned i = 0; i < 3; i++)
        virtual_referral(&virtual, (const char *[]){"a", "b", "c"}[i], "2026-10-20T09:00:00Z", MEDIUM);
    cr_assert_eq(virtual_act(&virtual, "anybody", WIRE_CLAIM, 0, "tier=physio count=2"), STEPCARE_OK);
    cr_assert_eq(virtual.decision->event_count, 2);
    cr_assert_eq(virtual_act(&virtual, "anybody", WIRE_CLAIM, 0, "tier=physio count=100"), STEPCARE_OK);
    cr_assert_eq(virtual.decision->event_count, 1);
}

Test(decide_claim, held_routine_work_is_not_given_until_its_hold_is_released)
{
    const uint64_t held = virtual_referral(&virtual, "held", "2026-10-01T09:00:00Z", UNSCREENED);
    const uint64_t free = virtual_referral(&virtual, "free", "2026-10-20T09:00:00Z", MEDIUM);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio"), free);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio"), 0);
    cr_assert_eq(
        virtual_act(&virtual, "lead", WIRE_HOLD_RELEASE, held, "hold=red_flags_unscreened reason=contacted_safe"),
        STEPCARE_OK);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio"), held);
}

Test(decide_claim, held_urgent_work_is_given)
{
    const uint64_t urgent =
        virtual_referral(&virtual, "urgent", "2026-11-02T08:00:00Z",
                         ",\"red_flags\":{\"screened\":false,\"present\":[\"unexplained_weight_loss\"]}");
    cr_assert_neq(virtual_episode(&virtual, urgent)->holds, 0);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=secondary_care"), urgent);
}

Test(decide_claim, emergencies_are_given_to_whoever_asks_for_them)
{
    const uint64_t emergency =
        virtual_referral(&virtual, "emergency", "2026-11-02T08:00:00Z",
                         ",\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}");
    cr_assert_eq(virtual_claim(&virtual, "someone", "tier=emergency"), emergency);
}

Test(decide_claim, a_paused_tier_gives_nothing_until_it_is_resumed)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    cr_assert_eq(virtual_act(&virtual, "administrator", WIRE_PAUSE, 0, "tier=physio"), STEPCARE_OK);
    cr_assert_eq(virtual_act(&virtual, "anybody", WIRE_CLAIM, 0, "tier=physio"), STEPCARE_PAUSED);
    cr_assert(strstr(virtual.problem, "physio") != NULL);
    virtual_router_restart(&virtual, true);
    cr_assert_eq(virtual_act(&virtual, "anybody", WIRE_CLAIM, 0, "tier=physio"), STEPCARE_PAUSED,
                 "a pause survives a crash");
    cr_assert_eq(virtual_act(&virtual, "administrator", WIRE_RESUME, 0, "tier=physio"), STEPCARE_OK);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio"), id);
}

Test(decide_claim, a_caseload_limit_caps_what_is_given_and_then_refuses)
{
    for (unsigned i = 0; i < 4; i++)
        virtual_referral(&virtual, (const char *[]){"a", "b", "c", "d"}[i], "2026-10-20T09:00:00Z", MEDIUM);
    cr_assert_eq(virtual_act(&virtual, "phone", WIRE_CLAIM, 0, "tier=physio count=4"), STEPCARE_OK);
    cr_assert_eq(virtual.decision->event_count, 2);
    const uint64_t first = virtual.decision->events[0].episode_id;
    cr_assert_eq(virtual_act(&virtual, "phone", WIRE_CLAIM, 0, "tier=physio"), STEPCARE_CASELOAD_FULL);
    cr_assert(strstr(virtual.problem, "2") != NULL);
    cr_assert_eq(virtual_act(&virtual, "phone", WIRE_ACCEPT, first, ""), STEPCARE_OK);
    cr_assert_eq(virtual_act(&virtual, "phone", WIRE_CLAIM, 0, "tier=physio"), STEPCARE_CASELOAD_FULL,
                 "a treatment counts as a lease does");
    cr_assert_eq(virtual_act(&virtual, "phone", WIRE_DISCHARGE, first, "end_code=46"), STEPCARE_OK);
    cr_assert_neq(virtual_claim(&virtual, "phone", "tier=physio"), 0);
}

Test(decide_claim, profiles_pass_over_what_does_not_fit)
{
    virtual_referral(&virtual, "face", "2026-10-01T09:00:00Z", MEDIUM ",\"preferences\":[\"prefers_face_to_face\"]");
    const uint64_t phone =
        virtual_referral(&virtual, "phone", "2026-10-20T09:00:00Z", MEDIUM ",\"preferences\":[\"prefers_telephone\"]");
    cr_assert_eq(virtual_claim(&virtual, "phone", "tier=physio"), phone);
    cr_assert_eq(virtual_act(&virtual, "phone", WIRE_CLAIM, 0, "tier=physio"), STEPCARE_SKILL_MISSING);
    cr_assert_eq(virtual_act(&virtual, "phone", WIRE_CLAIM, 0, "tier=hi_cbt"), STEPCARE_NOT_PERMITTED);
}

Test(decide_claim, services_are_kept_apart)
{
    virtual_referral(&virtual, "paediatric", "2026-10-01T09:00:00Z",
                     SCREENED ",\"findings\":[\"synovitis_multiple_joints\"]");
    const uint64_t spinal = virtual_referral(&virtual, "spinal", "2026-10-20T09:00:00Z",
                                             SCREENED ",\"findings\":[\"radicular_pain_failed_6_weeks\"]");
    cr_assert_eq(virtual_claim(&virtual, "spine", "tier=secondary_care"), spinal);
    cr_assert_eq(virtual_act(&virtual, "spine", WIRE_CLAIM, 0, "tier=secondary_care"), STEPCARE_SKILL_MISSING);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=secondary_care service=spinal"), 0);
    cr_assert_neq(virtual_claim(&virtual, "anybody", "tier=secondary_care service=rheumatology"), 0);
}

Test(decide_claim, the_same_request_again_gives_the_same_leases)
{
    virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_referral(&virtual, "b", "2026-10-20T09:00:00Z", MEDIUM);
    const uint64_t first = virtual_claim(&virtual, "anybody", "tier=physio request_key=k1");
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio request_key=k1"), first);
    cr_assert_eq(virtual.decision->event_count, 0, "nothing new happened");
    virtual_router_restart(&virtual, true);
    cr_assert_eq(virtual_claim(&virtual, "anybody", "tier=physio request_key=k1"), first);
    cr_assert_neq(virtual_claim(&virtual, "phone", "tier=physio request_key=k1"), first, "the key is the caller's own");
}

Test(decide_claim, two_practitioners_race_for_one_referral_and_one_has_it)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    cr_assert_eq(virtual_claim(&virtual, "tom", "tier=physio"), id);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=physio"), 0);
    cr_assert_eq(virtual_act(&virtual, "eve", WIRE_ACCEPT, id, ""), STEPCARE_NOT_HOLDER);
    cr_assert(strstr(virtual.problem, "tom") != NULL);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_ACCEPT, id, ""), STEPCARE_OK);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_ACCEPT, id, ""), STEPCARE_WRONG_STATE, "a lease is accepted once");
    cr_assert_eq(virtual_act(&virtual, "eve", WIRE_ACCEPT, id, ""), STEPCARE_NOT_HOLDER);
}

/* --- leases --- */

static uint64_t token_of(uint64_t id)
{
    return virtual_episode(&virtual, id)->token;
}

static int with_token(const char *actor, uint8_t verb, uint64_t id, uint64_t token)
{
    char fields[100];
    snprintf(fields, sizeof fields, "token=%lu%s", (unsigned long)token,
             verb == WIRE_RELEASE ? " reason=no_capacity" : "");
    return virtual_act(&virtual, actor, verb, id, fields);
}

Test(decide_claim, a_lease_ends_after_its_fifteen_minutes)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    cr_assert_eq(virtual_episode(&virtual, id)->lease_expires, virtual.now + 15 * MINUTE);
    virtual_pass(&virtual, 15 * MINUTE - 1);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLAIMED);
    virtual_pass(&virtual, 1);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_WAITING);
    cr_assert_str_eq(virtual_story(&virtual, id), "referral_received referral_triaged claimed claim_expired");
}

Test(decide_claim, an_expired_claim_goes_back_to_its_place)
{
    const uint64_t first = virtual_referral(&virtual, "a", "2026-10-01T09:00:00Z", MEDIUM);
    virtual_referral(&virtual, "b", "2026-10-20T09:00:00Z", MEDIUM);
    cr_assert_eq(virtual_claim(&virtual, "tom", "tier=physio"), first);
    virtual_pass(&virtual, 16 * MINUTE);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=physio"), first);
}

Test(decide_claim, a_late_answer_under_an_old_token_is_stale)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    const uint64_t old = token_of(id);
    virtual_pass(&virtual, 16 * MINUTE);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=physio"), id);
    const uint8_t verbs[] = {WIRE_ACCEPT, WIRE_RENEW, WIRE_RELEASE};
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(with_token("tom", verbs[i], id, old), STEPCARE_STALE_TOKEN);
        cr_assert(strstr(virtual.problem, "claim again") != NULL, "%s", virtual.problem);
    }
    cr_assert_eq(with_token("eve", WIRE_ACCEPT, id, token_of(id)), STEPCARE_OK);
}

Test(decide_claim, an_old_token_is_stale_even_if_the_same_person_claimed_again)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    const uint64_t old = token_of(id);
    virtual_pass(&virtual, 16 * MINUTE);
    cr_assert_eq(virtual_claim(&virtual, "tom", "tier=physio"), id);
    cr_assert_eq(with_token("tom", WIRE_ACCEPT, id, old), STEPCARE_STALE_TOKEN);
}

Test(decide_claim, a_token_of_a_lease_that_ended_is_refused_while_nobody_has_it)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    const uint64_t old = token_of(id);
    virtual_pass(&virtual, 16 * MINUTE);
    cr_assert_eq(with_token("tom", WIRE_ACCEPT, id, old), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "waiting") != NULL);
}

Test(decide_claim, a_renewed_lease_lasts_from_then)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    const uint64_t token = token_of(id);
    virtual_pass(&virtual, 10 * MINUTE);
    cr_assert_eq(with_token("tom", WIRE_RENEW, id, token), STEPCARE_OK);
    cr_assert_eq(token_of(id), token, "the token stays");
    virtual_pass(&virtual, 14 * MINUTE);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLAIMED);
    virtual_pass(&virtual, MINUTE);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_WAITING);
}

Test(decide_claim, a_released_claim_goes_back_to_its_place_at_once)
{
    const uint64_t first = virtual_referral(&virtual, "a", "2026-10-01T09:00:00Z", MEDIUM);
    virtual_referral(&virtual, "b", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_RELEASE, first, "reason=made_up"), STEPCARE_INVALID);
    cr_assert(strstr(virtual.problem, "no_capacity") != NULL && strstr(virtual.problem, "other") != NULL,
              "the whole list: %s", virtual.problem);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_RELEASE, first, "reason=other"), STEPCARE_INVALID,
                 "`other` needs a note");
    cr_assert_eq(virtual_act(&virtual, "eve", WIRE_RELEASE, first, "reason=no_capacity"), STEPCARE_NOT_HOLDER);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_RELEASE, first, "reason=no_capacity"), STEPCARE_OK);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=physio"), first);
}

Test(decide_claim, a_timer_that_goes_off_early_does_nothing)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    cr_assert_eq(virtual_act(&virtual, "router", OWN_LEASE_EXPIRED, id, ""), STEPCARE_OK);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLAIMED);
}

Test(decide_claim, leases_survive_a_crash_and_still_end)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    virtual_router_restart(&virtual, true);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_CLAIMED);
    virtual_pass(&virtual, 15 * MINUTE);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_WAITING);
}

/* --- accepting --- */

Test(decide_claim, accepting_promises_the_first_contact_by_the_target)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    virtual_act(&virtual, "tom", WIRE_ACCEPT, id, "");
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert_eq(episode->state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(episode_next(episode).action, STEPCARE_NEXT_FIRST_CONTACT);
    cr_assert_eq(episode_next(episode).due, episode->referred_at + 42 * VIRTUAL_DAY_MS);
}

Test(decide_claim, an_urgent_referral_keeps_its_near_target_when_accepted)
{
    const uint64_t id = virtual_referral(
        &virtual, "a", "2026-11-02T08:00:00Z",
        ",\"red_flags\":{\"screened\":true,\"present\":[\"cancer_history\",\"metastatic_pain_pattern\"]}");
    cr_assert_eq(virtual_episode(&virtual, id)->urgency, STEPCARE_URGENCY_URGENT_24H);
    virtual_claim(&virtual, "anybody", "tier=secondary_care");
    virtual_act(&virtual, "anybody", WIRE_ACCEPT, id, "");
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert_eq(episode_next(episode).due, episode->referred_at + VIRTUAL_DAY_MS);
}

Test(decide_claim, an_urgent_target_that_has_passed_means_the_same_working_day)
{
    const uint64_t id = virtual_referral(
        &virtual, "a", "2026-10-20T08:00:00Z",
        ",\"red_flags\":{\"screened\":true,\"present\":[\"cancer_history\",\"metastatic_pain_pattern\"]}");
    virtual_claim(&virtual, "anybody", "tier=secondary_care");
    virtual_act(&virtual, "anybody", WIRE_ACCEPT, id, "");
    cr_assert_eq(episode_next(virtual_episode(&virtual, id)).due, VIRTUAL_START_MS + 8 * VIRTUAL_HOUR_MS);
}

Test(decide_claim, a_target_that_has_passed_gives_the_tiers_days_from_now)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-08-03T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    virtual_act(&virtual, "tom", WIRE_ACCEPT, id, "");
    cr_assert_eq(episode_next(virtual_episode(&virtual, id)).due, virtual.now + 14 * VIRTUAL_DAY_MS);
}

/* --- declining --- */

Test(decide_claim, a_declined_referral_waits_in_the_proposed_tier)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_DECLINE, id, "reason=not_suitable to_tier=physio"),
                 STEPCARE_INVALID);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_DECLINE, id, "reason=not_suitable to_tier=secondary_care"),
                 STEPCARE_INVALID, "a service is missing");
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_DECLINE, id, "reason=not_suitable to_tier=gp_advice"),
                 STEPCARE_INVALID);
    cr_assert_eq(virtual_act(&virtual, "tom", WIRE_DECLINE, id, "reason=not_suitable to_tier=t_cbt"), STEPCARE_OK);
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert(episode->state == STEPCARE_STATE_WAITING && episode->tier == STEPCARE_TIER_T_CBT);
    cr_assert_eq(virtual_claim(&virtual, "eve", "tier=t_cbt"), id);
}

Test(decide_claim, a_second_decline_goes_to_the_triage_lead)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_claim(&virtual, "tom", "tier=physio");
    virtual_act(&virtual, "tom", WIRE_DECLINE, id, "reason=not_suitable to_tier=t_cbt");
    virtual_claim(&virtual, "eve", "tier=t_cbt");
    cr_assert_eq(virtual_act(&virtual, "eve", WIRE_DECLINE, id, "reason=not_suitable to_tier=physio"), STEPCARE_OK);
    const struct episode *episode = virtual_episode(&virtual, id);
    cr_assert_eq(episode->tier, STEPCARE_TIER_MANUAL_REVIEW);
    cr_assert(stepcare_text_equal(episode_next(episode).owner, stepcare_text_of("triage_lead")));
    cr_assert_eq(episode_next(episode).action, STEPCARE_NEXT_ASSIGN);
}

Test(decide_claim, nobody_accepts_in_manual_review)
{
    const uint64_t id = virtual_referral(&virtual, "a", "2026-10-20T09:00:00Z", MEDIUM);
    virtual_act(&virtual, "lead", WIRE_ASSIGN, id, "to_tier=manual_review reason=clinical_judgement");
    cr_assert_eq(virtual_claim(&virtual, "lead", "tier=manual_review"), id);
    cr_assert_eq(virtual_act(&virtual, "lead", WIRE_ACCEPT, id, ""), STEPCARE_WRONG_STATE);
    cr_assert(strstr(virtual.problem, "assign") != NULL);
}
