/* decide: what a command leads to. Pure: a small view of the state, the command and the time in; events or a rejection
 * out. It reads no clock, table or socket, and a refused command leaves no trace. A refusal says the state, the rule
 * and what can be done instead.
 * Source: proto/PROTOCOL.md (verbs); config/pathway.yaml (limits). */
#ifndef ROUTER_CARE_DECIDE_H
#define ROUTER_CARE_DECIDE_H

#include "config/config.h"
#include "pathway/pathway.h"
#include "router/care/caller.h"
#include "router/care/episode.h"
#include "router/care/event.h"

/* Commands that the router gives itself, beside the verbs of the wire. */
enum own_verb { OWN_JOB_FAILED = 200, OWN_LEASE_EXPIRED, OWN_HANDOVER_OVERDUE, OWN_OPT_IN_ENDED };

struct command {
    uint8_t verb; /* enum wire_verb or own_verb */
    const struct caller *caller;
    const struct stepcare_record *record;
    const struct stepcare_referral *referral;   /* submit, inform: decoded */
    struct stepcare_text referral_bytes;        /* its ledger form, canonical */
    const struct stepcare_field_errors *errors; /* what decoding the referral found wrong; NULL if nothing */
    uint64_t job_sequence;                      /* results: the episode's sequence that the job was made from */
    uint8_t job_kind;                           /* results and failures: enum stepcare_kind */
};

/* Values of the look-up rows: the event with a message's first content, to be compared byte for byte when its id comes
 * again; and the leases that a claim with a request key gave. */
enum { REQUEST_LEASES_MAX = STEPCARE_CLAIM_COUNT_MAX };
struct message_row {
    uint64_t episode_id;
    uint64_t sequence; /* of referral_received in the ledger */
};
struct request_lease {
    uint64_t episode_id, token;
};

/* Everything a decision may look at. Filled by view_load (view.h) for the command at hand. The has_ members and the
 * counts say what else is set; an episode, a row or a lease that they do not speak of is left as an earlier command had
 * it. */
struct view {
    const struct pathway *pathway;
    const struct config *config;
    uint64_t next_sequence; /* of the first event decided now */
    bool store_full;
    uint32_t paused_tiers;
    bool has_episode, has_linked, has_message;
    bool message_same; /* submit: the known message has this very content */
    struct episode episode, linked;
    struct message_row message;
    uint64_t possible_duplicate; /* an open episode of the same patient, 0 if none */
    const struct config_practitioner *practitioner;
    unsigned caseload; /* of the caller; counted up to its limit */
    unsigned skipped;  /* candidates that the caller's profile does not fit */
    unsigned candidate_count, lease_count;
    struct episode candidates[STEPCARE_CLAIM_COUNT_MAX];
    struct request_lease leases[REQUEST_LEASES_MAX];
};

enum { DECISION_EVENTS_MAX = STEPCARE_CLAIM_COUNT_MAX + 8 };

struct decision {
    int error; /* enum stepcare_error; 0: the events happen (perhaps none) */
    char problem[512];
    uint8_t outcome;     /* submit: enum stepcare_outcome */
    uint64_t subject_id; /* the episode that the answer is about */
    struct stepcare_field_errors errors;
    unsigned lease_count; /* claim: those that it gives, or gave when it came before with this request key */
    struct request_lease leases[REQUEST_LEASES_MAX];
    unsigned event_count;
    struct event events[DECISION_EVENTS_MAX];
};

/* Purpose: decide one command. now is ms and not below any event before.
 * Calls: view filled for this command. Errors: in out_decision->error; field errors beside INVALID and rejected
 * submissions. */
void decide(const struct view *view, const struct command *command, int64_t now, struct decision *out_decision);

#endif
