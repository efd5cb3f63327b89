/* Answers that may wait for something: a submission for its triage, a review for its recommendation, a mailbox for
 * news. What they say when it has happened, or when their time is over. Events come from command.c, requests from
 * request.c, the passing of time from the loop; answers go to outward.c. */
#ifndef ROUTER_WAITING_H
#define ROUTER_WAITING_H

#include "router/parked.h"
#include "router/reading.h"

/* The wait in a place, as referrers hear it; known for a while, since it changes slowly and each look costs a
 * walk. */
struct expected_wait {
    int64_t looked_up_until;
    struct query_expected_wait wait;
};

struct waiting {
    struct store *store;
    const struct config *config;
    const struct pathways *pathways;
    const struct turn *turn;
    struct outward *outward;
    struct reading *reading;
    struct parked parked;
    struct expected_wait expected_waits[STEPCARE_TIER_COUNT][STEPCARE_SERVICE_COUNT];
    struct query_wait_room wait_room;           /* used while one of them is looked up, alone */
    struct stepcare_field_errors other_content; /* the answer to a duplicate with other content; always the same */
};

/* Purpose: an empty list; the borrowed parts are set before. Errors: NO_MEMORY. Owns: waiting_close. */
enum stepcare_error waiting_init(struct waiting *waiting, uint32_t parked_max);
void waiting_close(struct waiting *waiting);

/* Purpose: answer about the episode reply->subject: now, or when a worker has decided it, at reply->deadline
 * at the latest. Asked by the verb: a submission waits for triage, any other also for a review's recommendation. */
void waiting_answer(struct waiting *waiting, const struct parked_reply *reply);
/* Purpose: answer `feedback`: now where there is news, or where nothing may wait; else when there is. */
void waiting_news_answer(struct waiting *waiting, const struct peer *peer, uint64_t request_id,
                         const struct caller *caller, const struct stepcare_record *asked);
/* Purpose: give the answers that waited for what has happened. */
void waiting_event(struct waiting *waiting, const struct event *event);
/* Purpose: give the answers whose time is over by the steady time `at`. */
void waiting_expire(struct waiting *waiting, int64_t at);
/* Purpose: until when a request's wait_ms lets its answer wait, by the steady clock. */
int64_t waiting_deadline(const struct waiting *waiting, const struct stepcare_record *asked);

#endif
