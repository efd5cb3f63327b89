/* Every verb in every state: allowed or refused exactly as this table says, and every refusal says the state and what to do instead. */
#include "router/care/transition.h"

#include "router/care/decide.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* received, waiting, claimed, in_treatment, closed: + allowed, - refused. Verbs that act on no one referral are not here. */
static const struct {
    uint8_t verb;
    const char *states;
} expected[] = {
    {WIRE_RENEW, "--++-"},   {WIRE_ACCEPT, "--++-"},       {WIRE_RELEASE, "--++-"}, {WIRE_DECLINE, "--++-"},
    {WIRE_CONTACT, "---+-"}, {WIRE_REVIEW, "---+-"},       {WIRE_STEP_UP, "---+-"}, {WIRE_STEP_DOWN, "---+-"},
    {WIRE_CONFIRM, "---+-"}, {WIRE_DISCHARGE, "---+-"},    {WIRE_CANCEL, "+++--"},  {WIRE_INFORM, "++++-"},
    {WIRE_ASSIGN, "++-+-"},  {WIRE_HOLD_RELEASE, "-+++-"}, {WIRE_RETRY, "++---"},   {WIRE_REOPEN, "----+"},
    {WIRE_NOTE, "+++++"},    {WIRE_JUDGE, "+++++"},
};
enum { EXPECTED_COUNT = sizeof expected / sizeof expected[0] };

static bool expects(uint8_t verb, unsigned state, bool *out_allowed)
{
    for (unsigned i = 0; i < EXPECTED_COUNT; i++) {
        if (expected[i].verb != verb) continue;
        *out_allowed = expected[i].states[state - 1] == '+';
        return true;
    }
    return false;
}

Test(transition, every_verb_in_every_state_is_as_the_table_says)
{
    for (unsigned verb = 0; verb < 256; verb++) {
        for (unsigned state = 1; state < STEPCARE_STATE_COUNT; state++) {
            bool allowed = true; /* a verb about no referral, or the router's own: the table has nothing to say */
            expects((uint8_t)verb, state, &allowed);
            cr_expect_eq(transition_allowed((uint8_t)verb, state), allowed, "verb %u in state %u", verb, state);
        }
    }
}

Test(transition, a_state_out_of_range_allows_nothing)
{
    for (unsigned i = 0; i < EXPECTED_COUNT; i++)
        cr_expect_not(transition_allowed(expected[i].verb, STEPCARE_STATE_COUNT));
}

static struct view *view_in(unsigned state, const struct pathway *pathway, const struct config *config)
{
    struct view *view = calloc(1, sizeof *view);
    cr_assert_not_null(view);
    view->pathway = pathway;
    view->config = config;
    view->next_sequence = 9;
    view->has_episode = true;
    episode_init(&view->episode);
    view->episode.id = view->episode.content_id = 7;
    view->episode.sequence = 8;
    view->episode.state = (uint8_t)state;
    view->episode.tier = STEPCARE_TIER_PHYSIO;
    view->episode.urgency = STEPCARE_URGENCY_ROUTINE;
    view->episode.referred_at = view->episode.due = 1;
    return view;
}

/* Every field that any verb requires, so that what refuses is the state and nothing else. */
static struct stepcare_record record_of_all(void)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, 7);
    STEPCARE_SET(&record, reason, stepcare_text_of("clinical_judgement"));
    STEPCARE_SET(&record, to_tier, STEPCARE_TIER_T_CBT);
    STEPCARE_SET(&record, hold, STEPCARE_HOLD_SAFETY_REVIEW);
    STEPCARE_SET(&record, contact_outcome, STEPCARE_CONTACT_ATTENDED);
    STEPCARE_SET(&record, end_code, 46);
    STEPCARE_SET(&record, linked_to, 3);
    STEPCARE_SET(&record, note, stepcare_text_of("a note"));
    return record;
}

Test(transition, every_refusal_names_the_state_and_says_what_can_be_done)
{
    char message[512];
    struct pathway *pathway = NULL;
    struct config *config = calloc(1, sizeof *config);
    struct decision *decision = calloc(1, sizeof *decision);
    static struct stepcare_referral referral;
    cr_assert(config != NULL && decision != NULL);
    cr_assert_eq(pathway_open_default(message, sizeof message, &pathway), STEPCARE_OK, "%s", message);
    for (unsigned i = 0; i < EXPECTED_COUNT; i++) {
        for (unsigned state = 1; state < STEPCARE_STATE_COUNT; state++) {
            struct view *view = view_in(state, pathway, config);
            const struct stepcare_record record = record_of_all();
            const struct caller caller = caller_local(stepcare_text_of("someone"));
            const struct command command = {
                .verb = expected[i].verb, .caller = &caller, .record = &record, .referral = &referral};
            const char *name = wire_verb_name(expected[i].verb),
                       *state_name = stepcare_code_name(&stepcare_states, state);
            const char *instead = transition_instead(expected[i].verb, state);
            decide(view, &command, 1000, decision);
            const bool by_state = strstr(decision->problem, "does not allow this") != NULL;
            if (expected[i].states[state - 1] == '+') {
                cr_expect_not(by_state, "%s is allowed when %s", name, state_name);
            } else {
                cr_expect_eq(decision->error, STEPCARE_WRONG_STATE, "%s when %s", name, state_name);
                cr_expect_eq(decision->event_count, 0);
                cr_expect(by_state && strstr(decision->problem, state_name) != NULL, "%s when %s: %s", name, state_name,
                          decision->problem);
                cr_expect(strlen(instead) > 10 && strstr(decision->problem, instead) != NULL, "%s when %s: %s", name,
                          state_name, decision->problem);
            }
            free(view);
        }
    }
    free(decision);
    free(config);
    pathway_close(pathway);
}

Test(transition, what_to_do_instead_is_never_missing)
{
    for (unsigned verb = 0; verb < 256; verb++)
        for (unsigned state = 0; state <= STEPCARE_STATE_COUNT; state++)
            cr_expect_not_null(transition_instead((uint8_t)verb, state));
}
