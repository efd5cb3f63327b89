/* What dispatch.c (jobs) and dispatch_worker.c (workers) share; not for others. Calls go from dispatch.c's sending and
 * dispatch_worker.c's reading to dispatch_table.c, never back. */
#ifndef ROUTER_DISPATCH_INTERNAL_H
#define ROUTER_DISPATCH_INTERNAL_H

#include "router/dispatch.h"

enum { NO_WORKER = 255 };

/* --- dispatch_table.c: jobs and who has them --- */
/* Purpose: look through `pending` from its beginning again, for every kind. */
void dispatch_search_all(struct dispatch *dispatch);
void job_add(struct dispatch *dispatch, const struct job *job);
void job_forget(struct dispatch *dispatch, uint32_t slot);
/* Purpose: it goes out, or out again, to a worker. */
void job_hand_out(struct dispatch *dispatch, uint32_t slot, unsigned worker);
/* Purpose: not answered this time: it goes out again alone. Returns false where it was the last attempt; it is
 * JOB_GIVEN_UP then, for `problem`, which may be absent where the caller knows it and forgets the job. */
bool job_retry(struct dispatch *dispatch, uint32_t slot, const char *problem);
/* Purpose: give its jobs back, and its place. */
void worker_gone(struct dispatch *dispatch, unsigned index, const char *why);

/* --- dispatch_worker.c: talking --- */
/* Purpose: end the frame in dispatch->frame and send it. Returns false where the worker does not take it. */
bool worker_send(struct dispatch *dispatch, struct worker *worker, uint32_t count);
/* Purpose: send one message without a job. problem may be NULL. */
void worker_say(struct dispatch *dispatch, struct worker *worker, uint8_t verb, uint64_t request_id,
                const char *problem, uint8_t error);

#endif
