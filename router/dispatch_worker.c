/* Talking with workers: hello, results, goodbye, and what they are answered. Called by result.c for what they send and
 * by dispatch.c for what goes out. See dispatch.h. */
#include "router/dispatch_internal.h"

#include "base/must.h"
#include "router/report.h"

#include <stdio.h>
#include <zmq.h>

/* A worker of another pathway asks again every 2 s; the log hears of it once a minute. What else is refused is logged
 * once a second at most. */
enum { MISMATCH_LOG_MS = 60000, REFUSED_LOG_MS = 1000 };

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

/* What a worker sent is refused: it is told why. field: which, for the log, where it is one; never its value. */
static void refuse(struct dispatch *dispatch, struct worker *worker, const struct wire_message *message,
                   enum stepcare_error error, const char *field, const char *problem)
{
    must(error != STEPCARE_OK);
    worker_say(dispatch, worker, message->verb, message->request_id, problem, (uint8_t)error);
    dispatch->refused_count++;
    const int64_t before = dispatch->refused_logged_at;
    if (before != 0 && dispatch->now - before < REFUSED_LOG_MS) return;
    dispatch->refused_logged_at = dispatch->now;
    report_worker_message_refused(message->verb, error, field, dispatch->refused_count);
}

/* Refuses a message for the first of its errors, if there is one. out_problem: the sentence. Returns whether it did. */
static bool refuse_fields(struct dispatch *dispatch, struct worker *worker, const struct wire_message *message,
                          const struct stepcare_field_errors *errors, char *out_problem, size_t problem_bytes)
{
    if (errors->count == 0) return false;
    snprintf(out_problem, problem_bytes, "%s: %s", errors->items[0].field, errors->items[0].problem);
    refuse(dispatch, worker, message, STEPCARE_INVALID, errors->items[0].field, out_problem);
    return true;
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

static void hello(struct dispatch *dispatch, struct worker_frame *frame, const struct stepcare_field_errors *errors)
{
    const struct wire_message *message = &frame->message;
    const struct stepcare_record *record = &message->record;
    const struct peer *peer = &frame->peer;
    struct worker visitor = {.peer = *peer}, *worker = worker_of(dispatch, peer);
    if (refuse_fields(dispatch, &visitor, message, errors, frame->problem, sizeof frame->problem)) return;
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

/* What a result says of the job that it is for must be so. */
static void result_compare(const struct wire_message *message, const struct job *job,
                           struct stepcare_field_errors *errors)
{
    const struct stepcare_record *record = &message->record;
    if (STEPCARE_HAS(record, job) && record->job != job->number)
        stepcare_field_errors_add(errors, "job", "the message is the answer to another job");
    if (STEPCARE_HAS(record, sequence) && record->sequence != job->sequence)
        stepcare_field_errors_add(errors, "sequence", "the job was made at another sequence of the episode");
}

/* Whether an answer decides nothing though nothing is wrong with the message, and why. */
static bool result_undecided(const struct dispatch *dispatch, const struct stepcare_record *record,
                             struct stepcare_text *out_problem)
{
    if (STEPCARE_HAS(record, problem)) {
        *out_problem = record->problem;
        return true;
    }
    if (pathway_agrees(dispatch, record)) return false;
    *out_problem = stepcare_text_of("the worker decided by another pathway than the router's");
    return true;
}

/* The job that a result is for; NULL where it is not out (any more): late, or answered twice. */
static const struct job *job_of(const struct dispatch *dispatch, const struct wire_message *message)
{
    uint32_t slot;
    const struct stepcare_record *record = &message->record;
    if (!STEPCARE_HAS(record, referral_id) || !id_map_find(&dispatch->by_episode, record->referral_id, &slot))
        return NULL;
    const struct job *job = &dispatch->jobs[slot];
    must(job->episode_id == record->referral_id);
    return job->state == JOB_OUT && job->number == message->request_id ? job : NULL;
}

/* Returns whether the caller is to serve it. A result that is refused, and one that decides nothing, is a failed
 * attempt of its job; what another worker than the job's says of it is none. */
static bool result(struct dispatch *dispatch, struct worker *worker, struct worker_frame *frame,
                   struct stepcare_field_errors *errors, struct dispatch_answer *out_answer)
{
    const struct wire_message *message = &frame->message;
    const struct job *job = job_of(dispatch, message);
    if (job != NULL && job->worker != index_of(dispatch, worker)) {
        refuse(dispatch, worker, message, STEPCARE_NOT_PERMITTED, "", "The job is in the hands of another worker.");
        return false;
    }
    if (job != NULL) result_compare(message, job, errors);
    const bool refused = refuse_fields(dispatch, worker, message, errors, frame->problem, sizeof frame->problem);
    if (job == NULL) return false;
    *out_answer = (struct dispatch_answer){.job = *job, .record = &message->record};
    if (refused)
        out_answer->problem = stepcare_text_of(frame->problem);
    else if (!result_undecided(dispatch, &message->record, &out_answer->problem))
        return true;
    out_answer->given_up = dispatch_job_failed(dispatch, &out_answer->job);
    return out_answer->given_up;
}

void dispatch_refuse(struct dispatch *dispatch, const struct worker_frame *frame, enum stepcare_error error,
                     const char *problem)
{
    struct worker *worker = worker_of(dispatch, &frame->peer);
    if (worker != NULL) refuse(dispatch, worker, &frame->message, error, "", problem);
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

/* Returns whether the caller is to serve it: it is an answer. */
static bool message_take(struct dispatch *dispatch, struct worker *worker, struct worker_frame *frame,
                         struct stepcare_field_errors *errors, struct dispatch_answer *out_answer)
{
    const struct wire_message *message = &frame->message;
    switch (message->verb) {
    case WIRE_RESULT: return result(dispatch, worker, frame, errors, out_answer);
    case WIRE_HEARTBEAT:
        refuse_fields(dispatch, worker, message, errors, frame->problem, sizeof frame->problem);
        return false;
    case WIRE_GOODBYE: /* whatever else it says */
        worker_gone(dispatch, index_of(dispatch, worker), "goodbye");
        return false;
    default:
        refuse(dispatch, worker, message, STEPCARE_UNKNOWN_VERB, "", stepcare_error_text(STEPCARE_UNKNOWN_VERB));
        return false;
    }
}

bool dispatch_next_answer(struct dispatch *dispatch, struct worker_frame *frame, struct arena *arena,
                          struct dispatch_answer *out_answer)
{
    struct wire_message *message = &frame->message;
    while (frame->frame.left > 0) {
        struct stepcare_field_errors errors = {0};
        arena_reset(arena);
        stepcare_record_init(&message->record);
        const enum stepcare_error error = wire_frame_next(&frame->frame, arena, message, &errors);
        if (error != STEPCARE_OK && error != STEPCARE_INVALID) {
            report_worker_message_dropped();
            return false;
        }
        if (error == STEPCARE_OK)
            verb_fields_check(message->verb, &message->record, &errors);
        else if (errors.count == 0)
            stepcare_field_errors_add(&errors, "message", "%s", stepcare_error_text(error));
        if (message->verb == WIRE_WORKER_HELLO) {
            hello(dispatch, frame, &errors);
            continue;
        }
        struct worker *worker = worker_of(dispatch, &frame->peer);
        if (worker == NULL) return false; /* no hello, or given up: its own silence check makes it say hello again */
        worker->heard_at = dispatch->now;
        if (message_take(dispatch, worker, frame, &errors, out_answer)) return true;
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
