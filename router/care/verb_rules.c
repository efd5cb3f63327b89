/* The table of verbs. See verb_rules.h. */
#include "router/care/verb_rules.h"

#include "router/care/decide_verbs.h"

#include <stdio.h>

enum {
    RECEIVED = STEPCARE_BIT(STEPCARE_STATE_RECEIVED),
    WAITING = STEPCARE_BIT(STEPCARE_STATE_WAITING),
    CLAIMED = STEPCARE_BIT(STEPCARE_STATE_CLAIMED),
    IN_TREATMENT = STEPCARE_BIT(STEPCARE_STATE_IN_TREATMENT),
    CLOSED = STEPCARE_BIT(STEPCARE_STATE_CLOSED),
    OPEN = RECEIVED | WAITING | CLAIMED | IN_TREATMENT,
    ANY_STATE = OPEN | CLOSED,
    NO_EPISODE = 0,
    /* A hand-over under lease stays in treatment with its sender until it is accepted. */
    UNDER_LEASE = CLAIMED | IN_TREATMENT
};

enum {
    REFERRER = STEPCARE_BIT(STEPCARE_ROLE_REFERRER),
    PRACTITIONER = STEPCARE_BIT(STEPCARE_ROLE_PRACTITIONER),
    TRIAGE_LEAD = STEPCARE_BIT(STEPCARE_ROLE_TRIAGE_LEAD),
    SAFETY_LEAD = STEPCARE_BIT(STEPCARE_ROLE_SAFETY_LEAD),
    ADMINISTRATOR = STEPCARE_BIT(STEPCARE_ROLE_ADMINISTRATOR),
    AUDITOR = STEPCARE_BIT(STEPCARE_ROLE_AUDITOR),
    WORKER = STEPCARE_BIT(STEPCARE_ROLE_WORKER),
    GATEWAY = STEPCARE_BIT(STEPCARE_ROLE_GATEWAY),
    LEADS = TRIAGE_LEAD | SAFETY_LEAD,
    CLINICIANS = PRACTITIONER | LEADS,
    STAFF = CLINICIANS | ADMINISTRATOR | AUDITOR,
    PEOPLE = REFERRER | STAFF
};
#define ITSELF CALLER_ROUTER

static const struct verb_rule rules[] = {
    /* about the system as a whole, and reading */
    [WIRE_HELLO] = {NO_EPISODE, PEOPLE | WORKER | GATEWAY, NULL},
    [WIRE_WAITS] = {NO_EPISODE, PEOPLE | GATEWAY, NULL},
    [WIRE_BACKLOG] = {NO_EPISODE, STAFF | GATEWAY, NULL},
    [WIRE_LOOKUP] = {NO_EPISODE, REFERRER | LEADS | AUDITOR, NULL},
    [WIRE_FEEDBACK] = {NO_EPISODE, REFERRER | LEADS | AUDITOR, NULL},
    [WIRE_SHOW] = {ANY_STATE, PEOPLE, NULL},
    [WIRE_WORKLIST] = {NO_EPISODE, STAFF, NULL},
    [WIRE_HOLDS] = {NO_EPISODE, STAFF, NULL},
    [WIRE_STUCK] = {NO_EPISODE, STAFF, NULL},
    [WIRE_CASELOAD] = {NO_EPISODE, CLINICIANS, NULL},
    [WIRE_DUPLICATES] = {NO_EPISODE, LEADS | ADMINISTRATOR | AUDITOR, NULL},
    [WIRE_UNCLAIMABLE] = {NO_EPISODE, LEADS | ADMINISTRATOR | AUDITOR, NULL},
    [WIRE_PAUSE] = {NO_EPISODE, TRIAGE_LEAD | ADMINISTRATOR, decide_pause},
    [WIRE_RESUME] = {NO_EPISODE, TRIAGE_LEAD | ADMINISTRATOR, decide_pause},
    [WIRE_ADOPT] = {NO_EPISODE, ADMINISTRATOR, decide_adopt},
    /* referring */
    [WIRE_SUBMIT] = {NO_EPISODE, REFERRER, decide_submit},
    [WIRE_INFORM] = {OPEN, REFERRER | CLINICIANS, decide_inform},
    [WIRE_NOTE] = {ANY_STATE, REFERRER | CLINICIANS, decide_note},
    [WIRE_CANCEL] = {RECEIVED | WAITING | CLAIMED, REFERRER | TRIAGE_LEAD, decide_cancel},
    [WIRE_REOPEN] = {CLOSED, REFERRER | PRACTITIONER | TRIAGE_LEAD, decide_reopen},
    /* taking work */
    [WIRE_CLAIM] = {NO_EPISODE, CLINICIANS, decide_claim},
    [WIRE_RENEW] = {UNDER_LEASE, CLINICIANS, decide_renew},
    [WIRE_ACCEPT] = {UNDER_LEASE, CLINICIANS, decide_accept},
    [WIRE_RELEASE] = {UNDER_LEASE, CLINICIANS, decide_release},
    [WIRE_DECLINE] = {UNDER_LEASE, CLINICIANS, decide_decline},
    /* treating */
    [WIRE_CONTACT] = {IN_TREATMENT, CLINICIANS, decide_contact},
    [WIRE_REVIEW] = {IN_TREATMENT, CLINICIANS, decide_review},
    [WIRE_CONFIRM] = {IN_TREATMENT, CLINICIANS, decide_confirm},
    [WIRE_STEP_UP] = {IN_TREATMENT, CLINICIANS, decide_step},
    [WIRE_STEP_DOWN] = {IN_TREATMENT, CLINICIANS, decide_step},
    [WIRE_DISCHARGE] = {IN_TREATMENT, CLINICIANS, decide_discharge},
    /* leading */
    [WIRE_HOLD_RELEASE] = {WAITING | CLAIMED | IN_TREATMENT, CLINICIANS, decide_hold_release},
    [WIRE_ASSIGN] = {RECEIVED | WAITING | IN_TREATMENT, TRIAGE_LEAD, decide_assign},
    [WIRE_RETRY] = {RECEIVED | WAITING, TRIAGE_LEAD | ADMINISTRATOR, decide_retry},
    [WIRE_JUDGE] = {ANY_STATE, TRIAGE_LEAD, decide_judge},
    /* workers: what comes too late is refused by its decision, in words of its own */
    [WIRE_WORKER_HELLO] = {NO_EPISODE, WORKER, NULL},
    [WIRE_JOB] = {NO_EPISODE, ITSELF, NULL}, /* only ever sent */
    [WIRE_RESULT] = {ANY_STATE, WORKER, decide_result},
    [WIRE_HEARTBEAT] = {NO_EPISODE, WORKER, NULL},
    [WIRE_GOODBYE] = {NO_EPISODE, WORKER, NULL},
    /* the router's own: what comes too early does nothing, and is no refusal */
    [OWN_JOB_FAILED] = {ANY_STATE, ITSELF, decide_job_failed},
    [OWN_LEASE_EXPIRED] = {ANY_STATE, ITSELF, decide_lease_expired},
    [OWN_HANDOVER_OVERDUE] = {ANY_STATE, ITSELF, decide_handover_overdue},
    [OWN_OPT_IN_ENDED] = {ANY_STATE, ITSELF, decide_opt_in_ended},
};
enum { RULE_COUNT = sizeof rules / sizeof rules[0] };

const struct verb_rule *verb_rule(uint8_t verb)
{
    return &rules[verb < RULE_COUNT ? verb : 0]; /* no verb has the number 0 */
}

/* "triage_lead or administrator"; "practitioner, triage_lead or safety_lead". */
static void roles_name(uint32_t roles, char *out_names, size_t bytes)
{
    size_t used = (size_t)snprintf(out_names, bytes, "%s", (roles & ITSELF) != 0 ? "the router itself" : "");
    for (unsigned role = 1; role < STEPCARE_ROLE_COUNT; role++) {
        if ((roles & STEPCARE_BIT(role)) == 0) continue;
        const uint32_t after = roles & (STEPCARE_BIT(STEPCARE_ROLE_COUNT) - 1) & ~(STEPCARE_BIT(role + 1) - 1);
        const char *const joint = used == 0 ? "" : after == 0 ? " or " : ", ";
        if (used < bytes)
            used += (size_t)snprintf(out_names + used, bytes - used, "%s%s", joint,
                                     stepcare_code_name(&stepcare_roles, role));
    }
}

enum stepcare_error verb_check_caller(uint8_t verb, const struct caller *caller, char *out_problem,
                                      size_t problem_bytes)
{
    const struct verb_rule *const rule = verb_rule(verb);
    const char *const name = wire_verb_name(verb);
    if (rule->roles == 0) {
        snprintf(out_problem, problem_bytes, "The router does not know the verb %u.", verb);
        return STEPCARE_UNKNOWN_VERB;
    }
    if ((rule->roles & caller->roles) != 0) return STEPCARE_OK;
    char names[160];
    roles_name(rule->roles, names, sizeof names);
    if (name == NULL)
        snprintf(out_problem, problem_bytes, "Your role does not include this: it is for %s.", names);
    else
        snprintf(out_problem, problem_bytes, "Your role does not include `%s`: it is for %s.", name, names);
    return STEPCARE_NOT_PERMITTED;
}

bool verb_allowed_in(uint8_t verb, enum stepcare_state state)
{
    return state != STEPCARE_STATE_NONE && state < STEPCARE_STATE_COUNT &&
           (verb_rule(verb)->states & STEPCARE_BIT(state)) != 0;
}

const char *verb_instead(uint8_t verb, enum stepcare_state state)
{
    switch (state) {
    case STEPCARE_STATE_RECEIVED: return "wait until triage has placed it; if it stays here it is listed by `stuck`";
    case STEPCARE_STATE_WAITING:
        return verb == WIRE_REOPEN ? "it is open already"
                                   : "claim it first, then accept it, or let the triage lead assign it";
    case STEPCARE_STATE_CLAIMED: return "its holder can accept, release or decline it; the lease ends by itself";
    case STEPCARE_STATE_IN_TREATMENT:
        return verb == WIRE_CANCEL
                   ? "it has been accepted: ask the practitioner to discharge it"
                   : "its practitioner can record contacts and reviews, step it up or down, or discharge it";
    case STEPCARE_STATE_CLOSED:
        return "it is closed: send a new referral, or reopen it if it was handed back without contact a short time ago";
    default: return "look at it with `show`";
    }
}
