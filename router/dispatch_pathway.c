/* By which pathway jobs are decided: workers of another are sent away, and an adoption takes back what is out. See dispatch.h. */
#include "router/dispatch_internal.h"

#include "base/log.h"

#include <stdio.h>

enum { REFUSED_LOG_MS = 60000 }; /* a refused worker asks again every 2 s; the log hears of it once a minute */

bool dispatch_pathway_agrees(const struct dispatch *dispatch, const struct stepcare_record *record)
{
    return STEPCARE_HAS(record, pathway_hash) &&
           stepcare_text_equal(record->pathway_hash, stepcare_text_of(pathway_hash_hex(dispatch->pathway)));
}

static void tell_mismatch(struct dispatch *dispatch, struct worker *worker, uint64_t request_id,
                          struct stepcare_text theirs, struct stepcare_text their_hash, int64_t now)
{
    char problem[512];
    snprintf(problem, sizeof problem,
             "The router decides by pathway %s (%.12s), this worker by %.*s (%.*s): give both the same pathway file; "
             "where the worker's is the "
             "one that is wanted, put it on the router too and run `stepcare adopt`.",
             pathway_version(dispatch->pathway), pathway_hash_hex(dispatch->pathway), (int)theirs.bytes, theirs.data,
             their_hash.bytes < 12 ? (int)their_hash.bytes : 12, their_hash.data);
    worker_tell(dispatch, worker, WIRE_WORKER_HELLO, request_id, problem, STEPCARE_PATHWAY_MISMATCH, now);
    if (dispatch->refused_logged_at != 0 && now - dispatch->refused_logged_at < REFUSED_LOG_MS) return;
    dispatch->refused_logged_at = now;
    log_event(LOG_LEVEL_WARNING, "worker_refused", "reason=pathway_mismatch problem=\"%s\"", problem);
}

void dispatch_pathway_refuse(struct dispatch *dispatch, struct worker *worker, const struct wire_message *message,
                             int64_t now)
{
    const struct stepcare_text unnamed = stepcare_text_of("unnamed");
    tell_mismatch(dispatch, worker, message->request_id, STEPCARE_GET(&message->record, pathway, unnamed),
                  STEPCARE_GET(&message->record, pathway_hash, unnamed), now);
}

void dispatch_pathway_set(struct dispatch *dispatch, const struct pathway *pathway)
{
    const struct pathway *before = dispatch->pathway;
    char problem[256];
    dispatch->pathway = pathway;
    /* What is out is taken back, to be decided by the pathway that was adopted: behind `pathway_adopted` in the ledger no decision is by
     * the rules before it, which may have been replaced because they did harm. An answer that is still on its way finds no job of its
     * number and is dropped. Deciding anew takes milliseconds; attempts are counted from the beginning, as it is another job now. */
    while (dispatch->job_count > 0) job_forget(dispatch, dispatch->job_count - 1);
    dispatch_look_all(dispatch);
    snprintf(problem, sizeof problem,
             "The router has adopted pathway %s (%.12s) in place of %s: read the file again and say hello.",
             pathway_version(pathway), pathway_hash_hex(pathway), pathway_version(before));
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        struct worker *worker = &dispatch->workers[index];
        if (!worker->used) continue;
        worker->leaving = true; /* until its hello with the new hash, on the same connection or another */
        worker_tell(dispatch, worker, WIRE_WORKER_HELLO, 0, problem, STEPCARE_PATHWAY_MISMATCH, worker->told_at);
    }
}
