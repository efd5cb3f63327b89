/* Every verb in every state and from every role: allowed or refused exactly as these tables say; every refusal says the
 * state and what to do instead, or the role that may. */
#include "router/care/verb_rules.h"

#include "router/care/decide.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* received, waiting, claimed, in_treatment, closed: + allowed, - refused. Verbs that act on no one referral are not
 * here. */
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

/* What refuses a wrong moment in words of its own, or only reads. */
static const uint8_t in_any_state[] = {WIRE_SHOW,         WIRE_RESULT,          OWN_JOB_FAILED,
                                       OWN_LEASE_EXPIRED, OWN_HANDOVER_OVERDUE, OWN_OPT_IN_ENDED};

static bool expects(uint8_t verb, unsigned state)
{
    for (unsigned i = 0; i < EXPECTED_COUNT; i++)
        if (expected[i].verb == verb) return expected[i].states[state - 1] == '+';
    return memchr(in_any_state, verb, sizeof in_any_state) != NULL;
}

Test(verb_rules, every_verb_in_every_state_is_as_the_table_says)
{
    for (unsigned verb = 0; verb < 256; verb++)
        for (unsigned state = 1; state < STEPCARE_STATE_COUNT; state++)
            cr_expect_eq(verb_allowed_in((uint8_t)verb, state), expects((uint8_t)verb, state), "verb %u in state %u",
                         verb, state);
}

/* referrer, practitioner, triage_lead, safety_lead, administrator, auditor, worker, gateway, the router itself */
static const struct {
    uint8_t verb;
    const char *roles;
} may[] = {
    {WIRE_HELLO, "++++++++-"},
    {WIRE_WAITS, "++++++-+-"},
    {WIRE_BACKLOG, "-+++++-+-"},
    {WIRE_LOOKUP, "+-++-+---"},
    {WIRE_FEEDBACK, "+-++-+---"},
    {WIRE_SHOW, "++++++---"},
    {WIRE_WORKLIST, "-+++++---"},
    {WIRE_HOLDS, "-+++++---"},
    {WIRE_STUCK, "-+++++---"},
    {WIRE_CASELOAD, "-+++-----"},
    {WIRE_DUPLICATES, "--++++---"},
    {WIRE_UNCLAIMABLE, "--++++---"},
    {WIRE_PAUSE, "--+-+----"},
    {WIRE_RESUME, "--+-+----"},
    {WIRE_ADOPT, "----+----"},
    {WIRE_SUBMIT, "+--------"},
    {WIRE_INFORM, "++++-----"},
    {WIRE_NOTE, "++++-----"},
    {WIRE_CANCEL, "+-+------"},
    {WIRE_REOPEN, "+++------"},
    {WIRE_CLAIM, "-+++-----"},
    {WIRE_RENEW, "-+++-----"},
    {WIRE_ACCEPT, "-+++-----"},
    {WIRE_RELEASE, "-+++-----"},
    {WIRE_DECLINE, "-+++-----"},
    {WIRE_CONTACT, "-+++-----"},
    {WIRE_REVIEW, "-+++-----"},
    {WIRE_CONFIRM, "-+++-----"},
    {WIRE_STEP_UP, "-+++-----"},
    {WIRE_STEP_DOWN, "-+++-----"},
    {WIRE_DISCHARGE, "-+++-----"},
    {WIRE_HOLD_RELEASE, "-+++-----"},
    {WIRE_ASSIGN, "--+------"},
    {WIRE_RETRY, "--+-+----"},
    {WIRE_JUDGE, "--+------"},
    {WIRE_WORKER_HELLO, "------+--"},
    {WIRE_JOB, "--------+"},
    {WIRE_RESULT, "------+--"},
    {WIRE_HEARTBEAT, "------+--"},
    {WIRE_GOODBYE, "------+--"},
    {OWN_JOB_FAILED, "--------+"},
    {OWN_LEASE_EXPIRED, "--------+"},
    {OWN_HANDOVER_OVERDUE, "--------+"},
    {OWN_OPT_IN_ENDED, "--------+"},
};
enum { MAY_COUNT = sizeof may / sizeof may[0], ITSELF = STEPCARE_ROLE_COUNT };

static struct caller caller_with(unsigned role)
{
    struct caller caller = role == ITSELF ? caller_router() : caller_local(stepcare_text_of("someone"));
    if (role != ITSELF) caller.roles = STEPCARE_BIT(role);
    return caller;
}

static const char *roles_of(uint8_t verb)
{
    for (unsigned i = 0; i < MAY_COUNT; i++)
        if (may[i].verb == verb) return may[i].roles;
    return NULL;
}

Test(verb_rules, every_verb_of_the_wire_and_of_the_router_has_a_row_and_nothing_else_has)
{
    for (unsigned verb = 0; verb < 256; verb++) {
        const bool own = verb >= OWN_JOB_FAILED && verb <= OWN_OPT_IN_ENDED;
        const bool known = own || wire_verb_name((uint8_t)verb) != NULL;
        cr_expect_eq(verb_rule((uint8_t)verb)->roles != 0, known, "verb %u", verb);
        cr_expect_eq(roles_of((uint8_t)verb) != NULL, known, "verb %u in this test's table", verb);
    }
}

Test(verb_rules, every_verb_from_every_role_is_as_the_table_says)
{
    char problem[512];
    for (unsigned i = 0; i < MAY_COUNT; i++) {
        for (unsigned role = 1; role <= ITSELF; role++) {
            const struct caller caller = caller_with(role);
            const enum stepcare_error error = verb_check_caller(may[i].verb, &caller, problem, sizeof problem);
            cr_expect_eq(error, may[i].roles[role - 1] == '+' ? STEPCARE_OK : STEPCARE_NOT_PERMITTED,
                         "verb %u from role %u", may[i].verb, role);
        }
    }
}

Test(verb_rules, a_refusal_names_every_role_that_may)
{
    char problem[512];
    for (unsigned i = 0; i < MAY_COUNT; i++) {
        const struct caller nobody = {.roles = 0};
        cr_expect_eq(verb_check_caller(may[i].verb, &nobody, problem, sizeof problem), STEPCARE_NOT_PERMITTED);
        for (unsigned role = 1; role < STEPCARE_ROLE_COUNT; role++)
            cr_expect_eq(strstr(problem, stepcare_code_name(&stepcare_roles, role)) != NULL,
                         may[i].roles[role - 1] == '+', "verb %u, role %u: %s", may[i].verb, role, problem);
    }
    const struct caller referrer = caller_with(STEPCARE_ROLE_REFERRER);
    verb_check_caller(WIRE_PAUSE, &referrer, problem, sizeof problem);
    cr_expect_str_eq(problem, "Your role does not include `pause`: it is for triage_lead or administrator.");
    verb_check_caller(WIRE_CLAIM, &referrer, problem, sizeof problem);
    cr_expect_str_eq(problem,
                     "Your role does not include `claim`: it is for practitioner, triage_lead or safety_lead.");
    verb_check_caller(OWN_LEASE_EXPIRED, &referrer, problem, sizeof problem);
    cr_expect_str_eq(problem, "Your role does not include this: it is for the router itself.");
}

Test(verb_rules, roles_add_up)
{
    char problem[512];
    struct caller caller = caller_with(STEPCARE_ROLE_REFERRER);
    caller.roles |= STEPCARE_BIT(STEPCARE_ROLE_ADMINISTRATOR);
    cr_expect_eq(verb_check_caller(WIRE_SUBMIT, &caller, problem, sizeof problem), STEPCARE_OK);
    cr_expect_eq(verb_check_caller(WIRE_PAUSE, &caller, problem, sizeof problem), STEPCARE_OK);
    cr_expect_eq(verb_check_caller(WIRE_CLAIM, &caller, problem, sizeof problem), STEPCARE_NOT_PERMITTED);
}

Test(verb_rules, a_local_caller_may_do_all_but_what_the_router_does_itself)
{
    char problem[512];
    const struct caller caller = caller_local(stepcare_text_of("someone"));
    for (unsigned i = 0; i < MAY_COUNT; i++) {
        const bool own = strcmp(may[i].roles, "--------+") == 0;
        cr_expect_eq(verb_check_caller(may[i].verb, &caller, problem, sizeof problem),
                     own ? STEPCARE_NOT_PERMITTED : STEPCARE_OK, "verb %u", may[i].verb);
    }
}

Test(verb_rules, a_state_out_of_range_allows_nothing)
{
    for (unsigned i = 0; i < EXPECTED_COUNT; i++)
        cr_expect_not(verb_allowed_in(expected[i].verb, STEPCARE_STATE_COUNT));
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

Test(verb_rules, every_refusal_names_the_state_and_says_what_can_be_done)
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
            const char *instead = verb_instead(expected[i].verb, state);
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

Test(verb_rules, what_to_do_instead_is_never_missing)
{
    for (unsigned verb = 0; verb < 256; verb++)
        for (unsigned state = 0; state <= STEPCARE_STATE_COUNT; state++)
            cr_expect_not_null(verb_instead((uint8_t)verb, state));
}

/* The decision on a command about referral 7 in treatment, or about one that there is not. */
static void decide_as(uint8_t verb, const struct caller *caller, bool there, struct decision *out_decision)
{
    struct view *view = view_in(STEPCARE_STATE_IN_TREATMENT, NULL, NULL);
    const struct stepcare_record record = record_of_all();
    const struct command command = {.verb = verb, .caller = caller, .record = &record};
    view->has_episode = there;
    decide(view, &command, 1000, out_decision);
    free(view);
}

Test(verb_rules, a_caller_without_the_role_is_refused_before_anything_is_said_of_the_referral)
{
    struct decision *there = calloc(1, sizeof *there), *not_there = calloc(1, sizeof *not_there);
    cr_assert(there != NULL && not_there != NULL);
    for (unsigned i = 0; i < MAY_COUNT; i++) {
        for (unsigned role = 1; role <= ITSELF; role++) {
            if (may[i].roles[role - 1] == '+') continue;
            const struct caller caller = caller_with(role);
            decide_as(may[i].verb, &caller, true, there);
            decide_as(may[i].verb, &caller, false, not_there);
            cr_expect_eq(there->error, STEPCARE_NOT_PERMITTED, "verb %u from role %u", may[i].verb, role);
            cr_expect_eq(not_there->error, STEPCARE_NOT_PERMITTED, "verb %u from role %u", may[i].verb, role);
            cr_expect_eq(there->event_count, 0);
            cr_expect_str_eq(there->problem, not_there->problem);
        }
    }
    free(there);
    free(not_there);
}

Test(verb_rules, a_verb_without_a_row_and_one_without_a_decision_are_refused)
{
    struct decision *decision = calloc(1, sizeof *decision);
    const struct caller caller = caller_local(stepcare_text_of("someone"));
    cr_assert_not_null(decision);
    decide_as(99, &caller, true, decision);
    cr_expect_eq(decision->error, STEPCARE_UNKNOWN_VERB);
    cr_expect_str_eq(decision->problem, "The router does not know the verb 99.");
    decide_as(WIRE_SHOW, &caller, true, decision);
    cr_expect_eq(decision->error, STEPCARE_UNKNOWN_VERB);
    free(decision);
}
