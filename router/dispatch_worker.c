/* Talking with workers: hello, results, goodbye, and what they are told. See dispatch.h. */
#include "router/dispatch_internal.h"

#include "base/must.h"
#include "router/report.h"

#include <stdio.h>
#include <zmq.h>

enum { MISMATCH_LOG_MS = 60000 }; /* a refused worker asks again every 2 s; the log hears of it once a minute */

static struct worker *worker_of(struct dispatch *dispatch, const struct peer *peer)
{
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used && memcmp(&dispatch->workers[index].peer, peer, sizeof *peer) == 0)
            return &dispatch->workers[index];
    return NULL;
}

static unsigned index_of(const struct dispatch *dispatch, const struct worker *worker)
{
    return (unsigned)(worker - dispatch->workers);
}

/* --- to them --- */

bool worker_send(struct dispatch *dispatch, struct worker *worker, uint32_t count)
{
    if (wire_frame_end(&dispatch->frame, count) != STEPCARE_OK) return false;
    return zmq_send(dispatch->socket, worker->peer.identity, OUTBOX_IDENTITY_BYTES, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
           zmq_send(dispatch->socket, dispatch->frame.data, dispatch->frame.bytes, ZMQ_DONTWAIT) >= 0;
}

void worker_say(struct dispatch *dispatch, struct worker *worker, uint8_t verb, uint64_t request_id,
                const char *problem, uint8_t error)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    if (problem != NULL) STEPCARE_SET(&record, problem, stepcare_text_of(problem));
    wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&dispatch->frame, verb, request_id, &record, error);
    worker_send(dispatch, worker, 1);
    worker->sent_at = dispatch->now;
}

/* --- hello --- */

/* Whether a hello or a result names the pathway by which the router decides. */
static bool pathway_agrees(const struct dispatch *dispatch, const struct stepcare_record *record)
{
    return STEPCARE_HAS(record, pathway_hash) &&
           stepcare_text_equal(record->pathway_hash, stepcare_text_of(pathway_hash_hex(dispatch->pathway)));
}

/* The answer to a hello that does not: which versions, and what to do; now and then a line in the log. */
static void mismatch_answer(struct dispatch *dispatch, struct worker *visitor, const struct wire_message *message)
{
    char problem[512];
    const struct stepcare_text unnamed = stepcare_text_of("unnamed");
    const struct stepcare_text theirs = STEPCARE_GET(&message->record, pathway, unnamed);
    const struct stepcare_text their_hash = STEPCARE_GET(&message->record, pathway_hash, unnamed);
    snprintf(problem, sizeof problem,
             "The router decides by pathway %s (%.12s), this worker by %.*s (%.*s): give both the same pathway file; "
             "where the worker's is the one that is wanted, put it on the router too and run `stepcare adopt`.",
             pathway_version(dispatch->pathway), pathway_hash_hex(dispatch->pathway), (int)theirs.bytes, theirs.data,
             their_hash.bytes < 12 ? (int)their_hash.bytes : 12, their_hash.data);
    worker_say(dispatch, visitor, WIRE_WORKER_HELLO, message->request_id, problem, STEPCARE_PATHWAY_MISMATCH);
    const int64_t before = dispatch->mismatch_logged_at;
    if (before != 0 && dispatch->now - before < MISMATCH_LOG_MS) return;
    dispatch->mismatch_logged_at = dispatch->now;
    report_worker_refused(problem);
}

static void hello(struct dispatch *dispatch, const struct peer *peer, const struct wire_message *message)
{
    const struct stepcare_record *record = &message->record;
    struct worker visitor = {.peer = *peer}, *worker = worker_of(dispatch, peer);
    if (!pathway_agrees(dispatch, record)) {
        if (worker != NULL) worker_gone(dispatch, index_of(dispatch, worker), "it decides by another pathway");
        mismatch_answer(dispatch, &visitor, message);
        return;
    }
    for (unsigned index = 0; worker == NULL && index < DISPATCH_WORKERS_MAX; index++)
        if (!dispatch->workers[index].used) worker = &dispatch->workers[index];
    if (worker == NULL) {
        worker_say(dispatch, &visitor, WIRE_WORKER_HELLO, message->request_id,
                   "The router has as many workers as it takes.", STEPCARE_BUSY);
        return;
    }
    const uint32_t in_hand = worker->used ? worker->in_hand : 0;
    const uint64_t credit = STEPCARE_GET(record, credit, 1), credit_max = dispatch->store->config->worker_credit_max;
    *worker = (struct worker){.used = true,
                              .peer = *peer,
                              .kinds = (uint32_t)STEPCARE_GET(record, kinds, 0),
                              .in_hand = in_hand,
                              .credit = (uint32_t)(credit < credit_max ? credit : credit_max),
                              .heard_at = dispatch->now};
    report_worker_connected(index_of(dispatch, worker), worker->kinds, worker->credit);
    dispatch_search_all(dispatch);
    worker_say(dispatch, worker, WIRE_WORKER_HELLO, message->request_id, NULL, STEPCARE_OK);
}

/* --- results --- */

/* Whether an answer is none, and why. */
static bool answer_unusable(const struct dispatch *dispatch, const struct stepcare_record *record,
                            struct stepcare_text *out_problem)
{
    if (STEPCARE_HAS(record, problem)) {
        *out_problem = record->problem;
        return true;
    }
    if (!STEPCARE_HAS(record, pathway_hash) || pathway_agrees(dispatch, record)) return false;
    *out_problem = stepcare_text_of("the worker decided by another pathway than the router's");
    return true;
}

/* Returns whether the caller is to serve it. */
static bool result(struct dispatch *dispatch, const struct wire_message *message, struct dispatch_answer *out_answer)
{
    uint32_t slot;
    const struct stepcare_record *record = &message->record;
    if (!STEPCARE_HAS(record, referral_id) || !id_map_find(&dispatch->by_episode, record->referral_id, &slot))
        return false;
    const struct job *job = &dispatch->jobs[slot];
    must(job->episode_id == record->referral_id);
    if (job->state != JOB_OUT || job->number != message->request_id) return false; /* late: it has gone out again */
    *out_answer = (struct dispatch_answer){.job = *job, .record = record};
    if (!answer_unusable(dispatch, record, &out_answer->problem)) return true;
    out_answer->given_up = dispatch_job_failed(dispatch, &out_answer->job);
    return out_answer->given_up;
}

/* --- frames --- */

bool dispatch_frame_open(struct dispatch *dispatch, struct worker_frame *out_frame, const struct peer *peer,
                         const uint8_t *data, size_t bytes, int64_t now)
{
    dispatch->now = now;
    out_frame->peer = *peer;
    if (wire_frame_open(data, bytes, &out_frame->frame) == STEPCARE_OK) return true;
    report_worker_frame_dropped(bytes);
    return false;
}

bool dispatch_next_answer(struct dispatch *dispatch, struct worker_frame *frame, struct arena *arena,
                          struct dispatch_answer *out_answer)
{
    struct wire_message *message = &frame->message;
    while (frame->frame.left > 0) {
        struct stepcare_field_errors errors = {0};
        arena_reset(arena);
        if (wire_frame_next(&frame->frame, arena, message, &errors) != STEPCARE_OK) {
            report_worker_message_dropped();
            return false;
        }
        if (message->verb == WIRE_WORKER_HELLO) {
            hello(dispatch, &frame->peer, message);
            continue;
        }
        struct worker *worker = worker_of(dispatch, &frame->peer);
        if (worker == NULL) return false; /* no hello, or given up: its own silence check makes it say hello again */
        worker->heard_at = dispatch->now;
        if (message->verb == WIRE_GOODBYE) worker_gone(dispatch, index_of(dispatch, worker), "goodbye");
        if (message->verb == WIRE_RESULT && result(dispatch, message, out_answer)) return true;
    }
    return false;
}

void dispatch_workers_count(const struct dispatch *dispatch, unsigned out_by_kind[STEPCARE_KIND_COUNT])
{
    memset(out_by_kind, 0, STEPCARE_KIND_COUNT * sizeof *out_by_kind);
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        const struct worker *worker = &dispatch->workers[index];
        if (!worker->used || worker->leaving) continue;
        out_by_kind[0]++;
        for (unsigned kind = 1; kind < STEPCARE_KIND_COUNT; kind++)
            if ((worker->kinds & STEPCARE_BIT(kind)) != 0) out_by_kind[kind]++;
    }
}
