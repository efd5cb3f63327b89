/* Who has which job. See dispatch.h. */
#include "router/dispatch_internal.h"

#include "base/log.h"
#include "router/dispatch_job.h"

#include <stdlib.h>
#include <zmq.h>

enum { BATCH_JOBS_MAX = 128, HEARTBEAT_MS = 1000, REST_MS = 1000, NO_WORKER = 255 };

_Static_assert(DISPATCH_WORKERS_MAX <= 64, "sets of workers are masks of 64 bits");

enum stepcare_error dispatch_open(struct dispatch *dispatch, struct store *store, const struct pathway *pathway,
                                  void *socket)
{
    memset(dispatch, 0, sizeof *dispatch);
    dispatch->store = store;
    dispatch->pathway = pathway;
    dispatch->socket = socket;
    dispatch->next_number = 1;
    dispatch->jobs = calloc(DISPATCH_JOBS_MAX, sizeof *dispatch->jobs);
    dispatch_look_all(dispatch);
    return dispatch->jobs == NULL ? STEPCARE_NO_MEMORY : id_map_open(&dispatch->by_episode, DISPATCH_JOBS_MAX);
}

void dispatch_close(struct dispatch *dispatch)
{
    free(dispatch->jobs);
    dispatch->jobs = NULL;
    id_map_close(&dispatch->by_episode);
    buffer_close(&dispatch->frame);
    buffer_close(&dispatch->content);
}

/* --- sending --- */

bool worker_send(struct dispatch *dispatch, struct worker *worker, uint32_t count)
{
    if (wire_frame_end(&dispatch->frame, count) != STEPCARE_OK) return false;
    return zmq_send(dispatch->socket, worker->peer.identity, OUTBOX_IDENTITY_BYTES, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
           zmq_send(dispatch->socket, dispatch->frame.data, dispatch->frame.bytes, ZMQ_DONTWAIT) >= 0;
}

void worker_tell(struct dispatch *dispatch, struct worker *worker, uint8_t verb, uint64_t request_id,
                 const char *problem, uint8_t error, int64_t now)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    if (problem != NULL) STEPCARE_SET(&record, problem, stepcare_text_of(problem));
    wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&dispatch->frame, verb, request_id, &record, error);
    worker_send(dispatch, worker, 1);
    worker->told_at = now;
}

static bool worker_takes(const struct worker *worker, uint8_t kind)
{
    return worker->used && !worker->leaving && !worker->lost && (worker->kinds & STEPCARE_BIT(kind)) != 0;
}

/* --- the table of jobs --- */

void job_forget(struct dispatch *dispatch, uint32_t place)
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

void job_verdict(struct dispatch *dispatch, enum dispatch_verdict verdict)
{
    if (verdict == DISPATCH_TAKEN) return;
    /* It waits for another job than the one that was out: perhaps of another kind, and the walk has passed it. */
    dispatch_look_all(dispatch);
    if (verdict == DISPATCH_LATER) dispatch->rests_until = dispatch->now + REST_MS;
}

/* Not answered this time: out again singly, or given up. */
void job_failed(struct dispatch *dispatch, uint32_t place, struct stepcare_text problem,
                const struct dispatch_calls *calls)
{
    struct job *job = &dispatch->jobs[place];
    job->attempts++;
    if (job->attempts >= dispatch->store->config->job_attempts_max) {
        const struct job gone = *job;
        job_forget(dispatch, place);
        job_verdict(dispatch, calls->on_failed(calls->context, &gone, problem));
        return;
    }
    if (job->worker != NO_WORKER) dispatch->workers[job->worker].in_hand--;
    job->worker = NO_WORKER;
    if (job->number != 0) dispatch->again_count++;
    job->number = 0;
}

void worker_gone(struct dispatch *dispatch, unsigned index, const char *why, const struct dispatch_calls *calls)
{
    struct worker *worker = &dispatch->workers[index];
    log_event(LOG_LEVEL_WARNING, "worker_gone", "worker=%u jobs=%u reason=\"%s\"", index, worker->in_hand, why);
    for (uint32_t place = dispatch->job_count; place > 0; place--)
        if (dispatch->jobs[place - 1].worker == index)
            job_failed(dispatch, place - 1, stepcare_text_of("the worker died with the job in hand"), calls);
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
    struct job job = {.episode_id = id,
                      .number = dispatch->next_number++,
                      .kind = walk->kind,
                      .worker = (uint8_t)walk->index,
                      .deadline = walk->now + dispatch->store->config->job_deadline_ms};
    const enum dispatch_job added = dispatch_job_add(dispatch, &job, &dispatch->frame);
    if (added == DISPATCH_JOB_NOT_WAITING) return true;
    /* Unreadable: nobody can decide it. Its deadline has passed at once and for the last time, so the next tick
     * hands it to a person. */
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
    struct walk walk = {
        dispatch, worker, index, 0, room < BATCH_JOBS_MAX ? room : BATCH_JOBS_MAX, kind, dispatch->next_id[kind],
        false,    now};
    if (walk.room == 0) return false;
    struct key prefix, from;
    key_init(&prefix, TABLE_PENDING);
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
    if (walk.count > 0 && !worker_send(dispatch, worker, walk.count))
        worker->lost = true; /* the next tick sees to its jobs */
    return walk.count > 0;
}

/* Of the workers, those with nothing in hand. */
static uint64_t idle_workers(const struct dispatch *dispatch)
{
    uint64_t idle = 0;
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used && dispatch->workers[index].in_hand == 0) idle |= UINT64_C(1) << index;
    return idle;
}

/* Sends one job alone. Errors: false where there is nothing to decide any more, and the job is forgotten. */
static bool again_send(struct dispatch *dispatch, uint32_t place, unsigned index)
{
    struct job *job = &dispatch->jobs[place];
    struct worker *worker = &dispatch->workers[index];
    wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
    job->number = dispatch->next_number++;
    dispatch->again_count--;
    if (dispatch_job_add(dispatch, job, &dispatch->frame) != DISPATCH_JOB_ADDED) {
        job_forget(dispatch, place);
        dispatch_look_all(dispatch);
        return false;
    }
    job->worker = (uint8_t)index;
    job->deadline = dispatch->now + dispatch->store->config->job_deadline_ms;
    worker->in_hand++;
    if (!worker_send(dispatch, worker, 1)) worker->lost = true;
    return true;
}

/* Jobs that go out again, each to a worker that has nothing else. Workers that one still waits for take nothing else
 * meanwhile:
 * they are the set that is given back, the first that can for each kind. */
static uint64_t send_again(struct dispatch *dispatch, bool *sent)
{
    uint64_t idle = idle_workers(dispatch), reserved = 0;
    bool waits[STEPCARE_KIND_COUNT] = {false};
    uint32_t left = dispatch->again_count;
    for (uint32_t place = 0; place < dispatch->job_count && left > 0; place++) {
        const uint8_t kind = dispatch->jobs[place].kind;
        if (dispatch->jobs[place].number != 0) continue;
        left--;
        unsigned index = 0;
        while (index < DISPATCH_WORKERS_MAX &&
               ((idle >> index & 1) == 0 || !worker_takes(&dispatch->workers[index], kind)))
            index++;
        if (index == DISPATCH_WORKERS_MAX) {
            waits[kind] = true;
        } else if (again_send(dispatch, place, index)) {
            idle &= ~(UINT64_C(1) << index);
            *sent = true;
        } else {
            place--; /* the last one has moved to its place */
        }
    }
    for (uint8_t kind = 1; kind < STEPCARE_KIND_COUNT; kind++) {
        unsigned index = 0;
        while (index < DISPATCH_WORKERS_MAX && !worker_takes(&dispatch->workers[index], kind)) index++;
        if (waits[kind] && index < DISPATCH_WORKERS_MAX) reserved |= UINT64_C(1) << index;
    }
    return reserved;
}

bool dispatch_send(struct dispatch *dispatch, int64_t now)
{
    bool sent = false;
    dispatch->now = now;
    if (now < dispatch->rests_until) return false;
    const uint64_t reserved = dispatch->again_count > 0 ? send_again(dispatch, &sent) : 0;
    const uint64_t received = (uint64_t)dispatch->store->state.counters.now[0][COUNT_RECEIVED];
    if (received > dispatch->out_count[STEPCARE_KIND_TRIAGE]) dispatch->look[STEPCARE_KIND_TRIAGE] = true;
    for (uint8_t kind = 1; kind < STEPCARE_KIND_COUNT; kind++) {
        for (unsigned index = 0; index < DISPATCH_WORKERS_MAX && dispatch->look[kind]; index++) {
            if ((reserved >> index & 1) != 0 || !worker_takes(&dispatch->workers[index], kind)) continue;
            sent = worker_fill(dispatch, index, kind, now) || sent;
        }
    }
    return sent;
}

void dispatch_look_all(struct dispatch *dispatch)
{
    for (uint8_t kind = 1; kind < STEPCARE_KIND_COUNT; kind++) dispatch_look(dispatch, kind);
}

void dispatch_look(struct dispatch *dispatch, uint8_t kind)
{
    dispatch->look[kind] = true;
    dispatch->next_id[kind] = 0;
}

void dispatch_tick(struct dispatch *dispatch, int64_t now, const struct dispatch_calls *calls)
{
    dispatch->now = now;
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        struct worker *worker = &dispatch->workers[index];
        if (!worker->used) continue;
        if (worker->lost)
            worker_gone(dispatch, index, "unreachable", calls);
        else if (now - worker->heard_at > dispatch->store->config->worker_silence_ms)
            worker_gone(dispatch, index, "silent", calls);
        else if (now - worker->told_at >= HEARTBEAT_MS)
            worker_tell(dispatch, worker, WIRE_HEARTBEAT, 0, NULL, STEPCARE_OK, now);
    }
    for (uint32_t place = dispatch->job_count; place > 0; place--) {
        const struct job *job = &dispatch->jobs[place - 1];
        if (job->number != 0 && job->deadline <= now)
            job_failed(dispatch, place - 1, stepcare_text_of("no answer within the deadline"), calls);
    }
}
