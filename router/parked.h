/* The list of answers that wait for something to happen, each on a subject: an episode, or an organisation's mailbox.
 * Bounded; each has a deadline. Only the list: what is answered, and when, is waiting.c's. */
#ifndef ROUTER_PARKED_H
#define ROUTER_PARKED_H

#include "base/id_map.h"
#include "router/outbox.h"

struct parked_reply {
    struct peer peer;
    uint8_t verb;
    uint8_t outcome;      /* submit: accepted or duplicate */
    bool content_differs; /* submit: a duplicate with other content */
    uint64_t request_id;
    uint64_t subject; /* episode id; for a mailbox the hash of its organisation */
    int64_t deadline;
    uint64_t cursor, limit; /* mailbox */
    char organisation[STEPCARE_ORGANISATION_BYTES_MAX + 1];
    uint32_t next; /* others that wait for the same subject, or the next free slot */
    bool used;
};

struct parked {
    uint32_t count, count_max; /* in use; most that may be */
    uint32_t slot_count;       /* room: count_max, or more where it was lowered while they were in use */
    uint32_t slots_touched;    /* those from here on were never used since the list was last empty */
    uint32_t free;             /* head of the free slots, PARKED_NONE at the end */
    struct parked_reply *slots;
    struct id_map by_subject; /* subject -> first slot of its chain */
};

#define PARKED_NONE UINT32_MAX

/* Errors: NO_MEMORY. Owns: parked_close. */
enum stepcare_error parked_init(struct parked *parked, uint32_t count_max);
void parked_close(struct parked *parked);
/* Purpose: another limit from now on; what is in the list stays. Errors: NO_MEMORY: the old limit stands. */
enum stepcare_error parked_limit_set(struct parked *parked, uint32_t count_max);
/* Purpose: put one in. Returns false when the list is full: answer at once instead. */
bool parked_add(struct parked *parked, const struct parked_reply *reply);

/* Purpose: take out one that waits for a subject, the last added first. Returns false where none does. */
bool parked_take(struct parked *parked, uint64_t subject, struct parked_reply *out_reply);
/* Purpose: take out one whose deadline has passed. slot is where to look from: 0 for the first call, then as it was
 * left.
 * Returns false where there are no more. */
bool parked_take_expired(struct parked *parked, int64_t now, uint32_t *slot, struct parked_reply *out_reply);

#endif
