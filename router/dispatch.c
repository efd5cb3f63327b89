/* Who has which job. See dispatch.h. */
#include "router/dispatch.h"

#include "config/log.h"
#include "proto/referral_codec.h"
#include "router/dispatch_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

enum { BATCH_JOBS_MAX = 128, HEARTBEAT_MS = 1000, NO_WORKER = 255 };

enum stepcare_error dispatch_open(struct dispatch *dispatch, struct store *store, const struct pathway *pathway, void *socket)
{
    memset(dispatch, 0, sizeof *dispatch);
    dispatch->store = store;
    dispatch->pathway = pathway;
    dispatch->socket = socket;
    dispatch->next_number = 1;
    dispatch->jobs = calloc(DISPATCH_JOBS_MAX, sizeof *dispatch->jobs);
    for (unsigned kind = 1; kind < STEPCARE_KIND_COUNT; kind++) dispatch->look[kind] = true;
    return dispatch->jobs == NULL ? STEPCARE_NO_MEMORY : id_map_open(&dispatch->by_episode, DISPATCH_JOBS_MAX);
}

void dispatch_close(struct dispatch *dispatch)
{
    free(dispatch->jobs);
    dispatch->jobs = NULL;
    id_map_close(&dispatch->by_episode);
    wire_buffer_close(&dispatch->frame);
    wire_buffer_close(&dispatch->content);
}

/* --- sending --- */

static bool worker_send(struct dispatch *dispatch, struct worker *worker, uint32_t count)
{
    if (wire_frame_end(&dispatch->frame, count) != STEPCARE_OK) return false;
    return zmq_send(dispatch->socket, worker->peer.identity, OUTBOX_IDENTITY_BYTES, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
           zmq_send(dispatch->socket, dispatch->frame.data, dispatch->frame.bytes, ZMQ_DONTWAIT) >= 0;
}

static void worker_tell(struct dispatch *dispatch, struct worker *worker, uint8_t verb, uint64_t request_id, const char *problem, uint8_t error,
                        int64_t now)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    if (problem != NULL) STEPCARE_SET(&record, problem, stepcare_text_of(problem));
    wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&dispatch->frame, verb, request_id, &record, error);
    worker_send(dispatch, worker, 1);
    worker->told_at = now;
}

/* --- the table of jobs --- */

static void job_forget(struct dispatch *dispatch, uint32_t place)
{
    struct job *job = &dispatch->jobs[place];
    id_map_remove(&dispatch->by_episode, job->episode_id);
    if (job->number == 0) dispatch->again_count--;
    dispatch->out_count[job->kind]--;
    if (job->worker != NO_WORKER) dispatch->workers[job->worker].in_hand--;
    const uint32_t last = --dispatch->job_count;
    if (place == last) return;
    dispatch->jobs[place] = dispatch->jobs[last];
    id_map_set(&dispatch->by_episode, dispatch->jobs[place].episode_id, place);
}

/* Not answered this time: out again singly, or given up. */
static void job_failed(struct dispatch *dispatch, uint32_t place, struct stepcare_text problem, const struct dispatch_calls *calls)
{
    struct job *job = &dispatch->jobs[place];
    job->attempts++;
    if (job->attempts >= dispatch->store->config->job_attempts_max) {
        const struct job gone = *job;
        job_forget(dispatch, place);
        dispatch->look[gone.kind] = true;
        calls->on_failed(calls->context, &gone, problem);
        return;
    }
    if (job->worker != NO_WORKER) dispatch->workers[job->worker].in_hand--;
    job->worker = NO_WORKER;
    if (job->number != 0) dispatch->again_count++;
    job->number = 0;
}

static void worker_gone(struct dispatch *dispatch, unsigned index, const char *why, const struct dispatch_calls *calls)
{
    struct worker *worker = &dispatch->workers[index];
    log_event(LOG_LEVEL_WARNING, "worker_gone", "worker=%u jobs=%u reason=\"%s\"", index, worker->in_hand, why);
    for (uint32_t place = dispatch->job_count; place > 0; place--)
        if (dispatch->jobs[place - 1].worker == index) job_failed(dispatch, place - 1, stepcare_text_of("the worker died with the job in hand"), calls);
    worker->used = false;
}

/* --- walking what waits --- */

struct walk {
    struct dispatch *dispatch;
    struct worker *worker;
    unsigned index, count, room;
    uint8_t kind;
    uint64_t next;
    bool full;
    int64_t now;
};

static bool walk_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct walk *walk = context;
    struct dispatch *dispatch = walk->dispatch;
    (void)value;
    const uint64_t id = key_read_u64(key + key_bytes - 8);
    uint32_t place;
    if (walk->count == walk->room || dispatch->job_count == DISPATCH_JOBS_MAX) {
        walk->full = true;
        return false;
    }
    walk->next = id + 1;
    if (id_map_find(&dispatch->by_episode, id, &place)) return true;
    struct job job = {.episode_id = id, .number = dispatch->next_number++, .kind = walk->kind, .worker = (uint8_t)walk->index,
                      .deadline = walk->now + dispatch->store->config->job_deadline_ms};
    const enum dispatch_job added = dispatch_job_add(dispatch, &job, &dispatch->frame);
    if (added == DISPATCH_JOB_NOT_WAITING) return true;
    /* Unreadable: nobody can decide it. Its deadline has passed at once and for the last time, so the next tick hands it to a person. */
    if (added == DISPATCH_JOB_UNREADABLE) {
        job.attempts = UINT8_MAX - 1;
        job.deadline = 0;
        job.worker = NO_WORKER;
    }
    id_map_set(&dispatch->by_episode, id, dispatch->job_count);
    dispatch->jobs[dispatch->job_count++] = job;
    dispatch->out_count[walk->kind]++;
    if (added == DISPATCH_JOB_UNREADABLE) return true;
    walk->worker->in_hand++;
    walk->count++;
    /* A frame stays well below its limit: a job carries no letter and no identity. */
    walk->full = dispatch->frame.bytes > OUTBOX_FRAME_BYTES_SOFT;
    return !walk->full;
}

static bool worker_fill(struct dispatch *dispatch, unsigned index, uint8_t kind, int64_t now)
{
    struct worker *worker = &dispatch->workers[index];
    const uint32_t room = worker->credit > worker->in_hand ? worker->credit - worker->in_hand : 0;
    struct walk walk = {dispatch, worker, index, 0, room < BATCH_JOBS_MAX ? room : BATCH_JOBS_MAX, kind, dispatch->next_id[kind], false, now};
    if (walk.room == 0) return false;
    struct key prefix, from;
    key_init(&prefix, TABLE_UNTRIAGED);
    key_u8(&prefix, kind);
    from = prefix;
    key_u64(&from, dispatch->next_id[kind]);
    wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
    if (state_walk(&dispatch->store->state, &prefix, &from, walk_visit, &walk) != STEPCARE_OK) return false;
    dispatch->next_id[kind] = walk.next;
    if (!walk.full) { /* the end of the table: begin again only when there is a reason to */
        dispatch->next_id[kind] = 0;
        dispatch->look[kind] = false;
    }
    if (walk.count > 0 && !worker_send(dispatch, worker, walk.count)) worker->heard_at = 0; /* gone: the next tick sees to its jobs */
    return walk.count > 0;
}

static bool send_again(struct dispatch *dispatch, int64_t now)
{
    bool sent = false;
    for (uint32_t place = 0; place < dispatch->job_count && dispatch->again_count > 0; place++) {
        struct job *job = &dispatch->jobs[place];
        if (job->number != 0) continue;
        for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
            struct worker *worker = &dispatch->workers[index];
            if (!worker->used || worker->leaving || worker->in_hand > 0 || (worker->kinds & STEPCARE_BIT(job->kind)) == 0) continue;
            wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
            job->number = dispatch->next_number++;
            if (dispatch_job_add(dispatch, job, &dispatch->frame) != DISPATCH_JOB_ADDED) { /* nothing to decide any more */
                dispatch->again_count--;
                job->worker = NO_WORKER;
                job_forget(dispatch, place--);
                break;
            }
            dispatch->again_count--;
            job->worker = (uint8_t)index;
            job->deadline = now + dispatch->store->config->job_deadline_ms;
            worker->in_hand++;
            sent = true;
            if (!worker_send(dispatch, worker, 1)) worker->heard_at = 0;
            break;
        }
    }
    return sent;
}

bool dispatch_send(struct dispatch *dispatch, int64_t now)
{
    bool sent = dispatch->again_count > 0 && send_again(dispatch, now);
    const uint64_t received = (uint64_t)dispatch->store->state.counters.now[0][COUNT_RECEIVED];
    if (received > dispatch->out_count[STEPCARE_KIND_TRIAGE]) dispatch->look[STEPCARE_KIND_TRIAGE] = true;
    for (uint8_t kind = 1; kind < STEPCARE_KIND_COUNT; kind++) {
        for (unsigned index = 0; index < DISPATCH_WORKERS_MAX && dispatch->look[kind]; index++) {
            struct worker *worker = &dispatch->workers[index];
            /* While jobs wait to go out singly, the first worker is left to run empty for them. */
            const bool reserved = dispatch->again_count > 0 && index == 0;
            if (!worker->used || worker->leaving || reserved || (worker->kinds & STEPCARE_BIT(kind)) == 0) continue;
            sent = worker_fill(dispatch, index, kind, now) || sent;
        }
    }
    return sent;
}

void dispatch_look(struct dispatch *dispatch, uint8_t kind)
{
    dispatch->look[kind] = true;
    dispatch->next_id[kind] = 0;
}

void dispatch_tick(struct dispatch *dispatch, int64_t now, const struct dispatch_calls *calls)
{
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        struct worker *worker = &dispatch->workers[index];
        if (!worker->used) continue;
        if (now - worker->heard_at > dispatch->store->config->worker_silence_ms) worker_gone(dispatch, index, "silent", calls);
        else if (now - worker->told_at >= HEARTBEAT_MS) worker_tell(dispatch, worker, WIRE_HEARTBEAT, 0, NULL, STEPCARE_OK, now);
    }
    for (uint32_t place = dispatch->job_count; place > 0; place--) {
        const struct job *job = &dispatch->jobs[place - 1];
        if (job->number != 0 && job->deadline <= now) job_failed(dispatch, place - 1, stepcare_text_of("no answer within the deadline"), calls);
    }
}

/* --- receiving --- */

static struct worker *worker_of(struct dispatch *dispatch, const struct peer *peer)
{
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used && memcmp(&dispatch->workers[index].peer, peer, sizeof *peer) == 0) return &dispatch->workers[index];
    return NULL;
}

static void hello(struct dispatch *dispatch, const struct peer *peer, const struct wire_message *message, int64_t now)
{
    const struct stepcare_record *record = &message->record;
    struct worker visitor = {.peer = *peer, .heard_at = now}, *worker = worker_of(dispatch, peer);
    const struct stepcare_text ours = stepcare_text_of(pathway_hash_hex(dispatch->pathway));
    if (!STEPCARE_HAS(record, pathway_hash) || !stepcare_text_equal(record->pathway_hash, ours)) {
        char problem[256];
        snprintf(problem, sizeof problem, "The router decides by pathway %s (%.12s…), this worker by another: give both the same file, or adopt it on the router.",
                 pathway_version(dispatch->pathway), pathway_hash_hex(dispatch->pathway));
        log_event(LOG_LEVEL_WARNING, "worker_refused", "reason=pathway_mismatch");
        worker_tell(dispatch, &visitor, WIRE_WORKER_HELLO, message->request_id, problem, STEPCARE_PATHWAY_MISMATCH, now);
        return;
    }
    for (unsigned index = 0; worker == NULL && index < DISPATCH_WORKERS_MAX; index++)
        if (!dispatch->workers[index].used) worker = &dispatch->workers[index];
    if (worker == NULL) {
        worker_tell(dispatch, &visitor, WIRE_WORKER_HELLO, message->request_id, "The router has as many workers as it takes.", STEPCARE_BUSY, now);
        return;
    }
    const uint32_t in_hand = worker->used ? worker->in_hand : 0;
    const uint64_t credit = STEPCARE_GET(record, credit, 1), most = dispatch->store->config->worker_credit_max;
    *worker = (struct worker){.used = true, .peer = *peer, .kinds = (uint32_t)STEPCARE_GET(record, kinds, 0), .in_hand = in_hand,
                              .credit = (uint32_t)(credit < most ? credit : most), .heard_at = now};
    log_event(LOG_LEVEL_INFO, "worker_connected", "worker=%u kinds=%u credit=%u", (unsigned)(worker - dispatch->workers), worker->kinds, worker->credit);
    for (unsigned kind = 1; kind < STEPCARE_KIND_COUNT; kind++) dispatch->look[kind] = true;
    worker_tell(dispatch, worker, WIRE_WORKER_HELLO, message->request_id, NULL, STEPCARE_OK, now);
}

static void result(struct dispatch *dispatch, const struct wire_message *message, const struct dispatch_calls *calls)
{
    uint32_t place;
    const struct stepcare_record *record = &message->record;
    if (!STEPCARE_HAS(record, referral_id) || !id_map_find(&dispatch->by_episode, record->referral_id, &place)) return;
    struct job *job = &dispatch->jobs[place];
    if (job->number == 0 || job->number != message->request_id) return; /* late: it has gone out again under another number */
    if (STEPCARE_HAS(record, problem)) {
        job_failed(dispatch, place, record->problem, calls);
        return;
    }
    const struct job answered = *job;
    job_forget(dispatch, place);
    calls->on_result(calls->context, &answered, record);
}

void dispatch_receive(struct dispatch *dispatch, const struct peer *peer, const uint8_t *data, size_t bytes, struct wire_arena *arena,
                      int64_t now, const struct dispatch_calls *calls)
{
    struct wire_frame frame;
    if (wire_frame_open(data, bytes, &frame) != STEPCARE_OK) {
        log_event(LOG_LEVEL_WARNING, "worker_frame_dropped", "bytes=%zu", bytes);
        return;
    }
    while (frame.left > 0) {
        struct wire_message message;
        struct stepcare_field_errors errors = {0};
        wire_arena_reset(arena);
        if (wire_frame_next(&frame, arena, &message, &errors) != STEPCARE_OK) {
            log_event(LOG_LEVEL_WARNING, "worker_message_dropped", "reason=malformed");
            return;
        }
        struct worker *worker = worker_of(dispatch, peer);
        if (message.verb == WIRE_WORKER_HELLO) {
            hello(dispatch, peer, &message, now);
            continue;
        }
        if (worker == NULL) return; /* no hello, or given up on: its own silence check makes it say hello again */
        worker->heard_at = now;
        if (message.verb == WIRE_RESULT) result(dispatch, &message, calls);
        if (message.verb == WIRE_GOODBYE) worker_gone(dispatch, (unsigned)(worker - dispatch->workers), "goodbye", calls);
    }
}

void dispatch_goodbye(struct dispatch *dispatch)
{
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used) worker_tell(dispatch, &dispatch->workers[index], WIRE_GOODBYE, 0, NULL, STEPCARE_OK, 0);
}

void dispatch_workers_count(const struct dispatch *dispatch, unsigned out_by_kind[STEPCARE_KIND_COUNT])
{
    memset(out_by_kind, 0, STEPCARE_KIND_COUNT * sizeof *out_by_kind);
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        for (unsigned kind = 1; kind < STEPCARE_KIND_COUNT; kind++)
            if (dispatch->workers[index].used && (dispatch->workers[index].kinds & STEPCARE_BIT(kind)) != 0) out_by_kind[kind]++;
}

void dispatch_pathway_set(struct dispatch *dispatch, const struct pathway *pathway)
{
    dispatch->pathway = pathway;
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        struct worker *worker = &dispatch->workers[index];
        if (!worker->used) continue;
        worker->leaving = true; /* answers for what it has are still good: they carry their pathway */
        worker_tell(dispatch, worker, WIRE_WORKER_HELLO, 0, "The router has adopted another pathway: say hello with its hash.",
                    STEPCARE_PATHWAY_MISMATCH, worker->told_at);
    }
}
