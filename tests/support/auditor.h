/* A second book of a store in tests: takes in every event of the ledger, in order, by the product's own fold_event and
 * keys_of_episode, checks what must hold after each, and compares the state's rows, rollups and indexes with its own.
 * So it finds what the state lost, kept too long or never wrote, and broken promises; not a mistake in those two
 * functions. A fault prints what was wrong and where, and ends the test. */
#ifndef TESTS_SUPPORT_AUDITOR_H
#define TESTS_SUPPORT_AUDITOR_H

#include "router/store/store.h"

struct auditor {
    const char *repeat;        /* how to run the failing test again; may be NULL */
    struct episode **episodes; /* by id, which is a sequence; NULL where no episode was opened */
    bool *token_used;          /* by token: it was accepted */
    uint32_t *told;            /* by id: events that its referrer is to hear of */
    uint64_t capacity;
    uint64_t sequence; /* of the last event seen */
    int64_t last_at;
    uint64_t count; /* episodes */
    int64_t now[STEPCARE_TIER_COUNT][COUNT_BUCKETS];
    uint64_t events_by_type[STEPCARE_EVENT_COUNT];
    uint64_t touched[DECISION_EVENTS_MAX];
    unsigned touched_count;
};

void auditor_open(struct auditor *auditor, const char *repeat);
void auditor_close(struct auditor *auditor);

/* Purpose: take in one event, in the ledger's order. */
void auditor_event(struct auditor *auditor, const struct event *event);
/* Purpose: after a command: do the rows of the episodes it touched, and the rollups, say what the events said? */
void auditor_compare(struct auditor *auditor, struct state *state);
/* Purpose: all rows and all indexes. */
void auditor_compare_all(struct auditor *auditor, struct state *state);
/* Purpose: the auditor's own copy of an episode; NULL if there is none. */
const struct episode *auditor_episode(const struct auditor *auditor, uint64_t id);

void auditor_fault(const struct auditor *auditor, uint64_t sequence, const char *what) __attribute__((noreturn));

#endif
