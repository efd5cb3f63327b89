/* What dispatch.c (jobs) and dispatch_worker.c (what workers say) share; not for others. */
#ifndef ROUTER_DISPATCH_INTERNAL_H
#define ROUTER_DISPATCH_INTERNAL_H

#include "router/dispatch.h"

/* Purpose: end the frame in dispatch->frame and send it. Errors: false where the worker does not take it. */
bool worker_send(struct dispatch *dispatch, struct worker *worker, uint32_t count);
void worker_tell(struct dispatch *dispatch, struct worker *worker, uint8_t verb, uint64_t request_id,
                 const char *problem, uint8_t error, int64_t now);
/* Purpose: give its jobs back, and its place. */
void worker_gone(struct dispatch *dispatch, unsigned index, const char *why, const struct dispatch_calls *calls);

void job_forget(struct dispatch *dispatch, uint32_t place);
void job_failed(struct dispatch *dispatch, uint32_t place, struct stepcare_text problem,
                const struct dispatch_calls *calls);
/* Purpose: after a job is forgotten: look for what its episode waits for now, unless all is done. */
void job_verdict(struct dispatch *dispatch, enum dispatch_verdict verdict);

/* --- dispatch_pathway.c --- */
/* Purpose: whether a hello or a result names the pathway by which the router decides. */
bool dispatch_pathway_agrees(const struct dispatch *dispatch, const struct stepcare_record *record);
/* Purpose: the answer to a hello that does not: which versions, and what to do; now and then a line in the log. */
void dispatch_pathway_refuse(struct dispatch *dispatch, struct worker *worker, const struct wire_message *message,
                             int64_t now);

#endif
