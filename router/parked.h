/* Answers that wait for something to happen: a submission for its triage, a review for its recommendation, a mailbox for news. Bounded;
 * each has a deadline, after which it is answered with what there is. */
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
    uint32_t next; /* others parked on the same subject, or the next free slot */
    bool used;
};

struct parked {
    uint32_t count, count_max, high; /* in use, room, slots ever used */
    uint32_t free;                   /* head of the free slots, PARKED_NONE at the end */
    struct parked_reply *slots;
    struct id_map by_subject; /* subject -> first slot of its chain */
};

#define PARKED_NONE UINT32_MAX

enum stepcare_error parked_open(struct parked *parked, uint32_t count_max);
void parked_close(struct parked *parked);
/* Errors: false when full: answer at once instead. */
bool parked_add(struct parked *parked, const struct parked_reply *reply);

/* Purpose: take out everything that waits for a subject, or whose deadline has passed; answer is called for each, after it is out. */
typedef void (*parked_answer)(void *context, const struct parked_reply *reply);
void parked_release(struct parked *parked, uint64_t subject, parked_answer answer, void *context);
void parked_expire(struct parked *parked, int64_t now, parked_answer answer, void *context);
/* Purpose: something was taken out or not: is anybody waiting for this subject? */
static inline bool parked_waits(const struct parked *parked, uint64_t subject)
{
    uint32_t slot;
    return parked->count > 0 && id_map_find(&parked->by_subject, subject, &slot);
}

#endif
