/* What goes out to workers, and when: new jobs, jobs that failed, heartbeats. Called by the loop. See dispatch.h. */
#include "router/dispatch_internal.h"

#include "base/must.h"
#include "router/dispatch_job.h"

#include <stdio.h>

enum { BATCH_JOBS_MAX = 128, HEARTBEAT_MS = 1000 };

_Static_assert(DISPATCH_WORKERS_MAX <= 64, "sets of workers are masks of 64 bits");

static bool worker_takes(const struct worker *worker, uint8_t kind)
{
    return worker->used && !worker->leaving && !worker->lost && (worker->kinds & STEPCARE_BIT(kind)) != 0;
}

/* --- new jobs: walking what waits --- */

struct pending_walk {
    struct dispatch *dispatch;
    unsigned worker, count, room;
    uint8_t kind;
    uint64_t next_id;
    bool full;
};

static bool pending_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct pending_walk *walk = context;
    struct dispatch *dispatch = walk->dispatch;
    (void)value;
    const uint64_t id = key_read_u64(key + key_bytes - 8);
    uint32_t slot;
    if (walk->count == walk->room || dispatch->job_count == DISPATCH_JOBS_MAX) {
        walk->full = true;
        return false;
    }
    walk->next_id = id + 1;
    if (id_map_find(&dispatch->by_episode, id, &slot)) return true;
    struct job job = {.episode_id = id,
                      .number = dispatch->next_number++,
                      .kind = walk->kind,
                      .worker = (uint8_t)walk->worker,
                      .deadline = dispatch->now + dispatch->store->config->job_deadline_ms};
    const enum dispatch_job added = dispatch_job_add(dispatch, &job, &dispatch->frame);
    if (added == DISPATCH_JOB_NOT_WAITING) return true;
    if (added == DISPATCH_JOB_UNREADABLE) {
        /* Nobody can decide it. Its deadline has passed at once and for the last time, so that the next tick hands
         * it to a person. */
        job.attempts = UINT8_MAX - 1;
        job.deadline = 0;
        job.worker = NO_WORKER;
        job_add(dispatch, &job);
        return true;
    }
    job_add(dispatch, &job);
    walk->count++;
    /* A frame stays well below its limit: a job carries no letter and no identity. */
    walk->full = dispatch->frame.bytes > OUTBOX_FRAME_BYTES_SOFT;
    return !walk->full;
}

static bool worker_fill(struct dispatch *dispatch, unsigned index, uint8_t kind)
{
    struct worker *worker = &dispatch->workers[index];
    const uint32_t room = worker->credit > worker->in_hand ? worker->credit - worker->in_hand : 0;
    struct pending_walk walk = {.dispatch = dispatch,
                                .worker = index,
                                .room = room < BATCH_JOBS_MAX ? room : BATCH_JOBS_MAX,
                                .kind = kind,
                                .next_id = dispatch->next_id[kind]};
    if (walk.room == 0) return false;
    struct key prefix, from;
    key_init(&prefix, TABLE_PENDING);
    key_u8(&prefix, kind);
    from = prefix;
    key_u64(&from, dispatch->next_id[kind]);
    wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
    if (state_walk(&dispatch->store->state, &prefix, &from, pending_visit, &walk) != STEPCARE_OK) return false;
    must(walk.count <= walk.room);
    must(worker->in_hand <= worker->credit);
    dispatch->next_id[kind] = walk.next_id;
    if (!walk.full) { /* the end of the table: begin again only when there is a reason to */
        dispatch->next_id[kind] = 0;
        dispatch->may_wait[kind] = false;
    }
    if (walk.count > 0 && !worker_send(dispatch, worker, walk.count)) worker->lost = true;
    return walk.count > 0;
}

/* --- jobs that go out again --- */

static uint64_t idle_workers(const struct dispatch *dispatch)
{
    uint64_t idle = 0;
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used && dispatch->workers[index].in_hand == 0) idle |= UINT64_C(1) << index;
    return idle;
}

/* The first worker of a set that takes a kind; DISPATCH_WORKERS_MAX: none does. */
static unsigned worker_for(const struct dispatch *dispatch, uint64_t set, uint8_t kind)
{
    unsigned index = 0;
    while (index < DISPATCH_WORKERS_MAX && ((set >> index & 1) == 0 || !worker_takes(&dispatch->workers[index], kind)))
        index++;
    return index;
}

/* Sends one job alone. Returns false where there is nothing to decide any more: the job is forgotten. */
static bool resend_one(struct dispatch *dispatch, uint32_t slot, unsigned index)
{
    struct job *job = &dispatch->jobs[slot];
    struct worker *worker = &dispatch->workers[index];
    must(worker->in_hand == 0);
    wire_frame_begin(&dispatch->frame, (struct stepcare_text){NULL, 0});
    job->number = dispatch->next_number++;
    if (dispatch_job_add(dispatch, job, &dispatch->frame) != DISPATCH_JOB_ADDED) {
        job_forget(dispatch, slot);
        dispatch_search_all(dispatch);
        return false;
    }
    job->deadline = dispatch->now + dispatch->store->config->job_deadline_ms;
    job_hand_out(dispatch, slot, index);
    if (!worker_send(dispatch, worker, 1)) worker->lost = true;
    return true;
}

/* Sends each job that failed to a worker that has nothing else. Returns the workers that must stay idle: where a job of
 * some kind still waits for such a worker, the first that takes its kind gets no new jobs, so that it will be one. */
static uint64_t resend(struct dispatch *dispatch, bool *sent)
{
    uint64_t idle = idle_workers(dispatch), reserved = 0;
    bool waits[STEPCARE_KIND_COUNT] = {false};
    uint32_t left = dispatch->resend_count;
    for (uint32_t slot = 0; slot < dispatch->job_count && left > 0; slot++) {
        const uint8_t kind = dispatch->jobs[slot].kind;
        if (dispatch->jobs[slot].state != JOB_RESEND) continue;
        left--;
        const unsigned index = worker_for(dispatch, idle, kind);
        if (index == DISPATCH_WORKERS_MAX) {
            waits[kind] = true;
        } else if (resend_one(dispatch, slot, index)) {
            idle &= ~(UINT64_C(1) << index);
            *sent = true;
        } else {
            slot--; /* the last one has moved to its place */
        }
    }
    for (uint8_t kind = 1; kind < STEPCARE_KIND_COUNT; kind++) {
        const unsigned index = waits[kind] ? worker_for(dispatch, UINT64_MAX, kind) : DISPATCH_WORKERS_MAX;
        if (index < DISPATCH_WORKERS_MAX) reserved |= UINT64_C(1) << index;
    }
    return reserved;
}

/* --- a turn --- */

bool dispatch_send(struct dispatch *dispatch, int64_t now)
{
    bool sent = false;
    dispatch->now = now;
    const struct ledger *ledger = dispatch->store->ledger;
    must(ledger_next_sequence(ledger) ==
         ledger_tail(ledger).sequence + 1); /* nothing that could still be lost goes out */
    if (now < dispatch->paused_until) return false;
    const uint64_t reserved = dispatch->resend_count > 0 ? resend(dispatch, &sent) : 0;
    const uint64_t received = (uint64_t)dispatch->store->state.counters.now[0][COUNT_RECEIVED];
    if (received > dispatch->count_by_kind[STEPCARE_KIND_TRIAGE]) dispatch->may_wait[STEPCARE_KIND_TRIAGE] = true;
    for (uint8_t kind = 1; kind < STEPCARE_KIND_COUNT; kind++) {
        for (unsigned index = 0; index < DISPATCH_WORKERS_MAX && dispatch->may_wait[kind]; index++) {
            if ((reserved >> index & 1) != 0 || !worker_takes(&dispatch->workers[index], kind)) continue;
            sent = worker_fill(dispatch, index, kind) || sent;
        }
    }
    return sent;
}

void dispatch_tick(struct dispatch *dispatch, int64_t now)
{
    dispatch->now = now;
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        struct worker *worker = &dispatch->workers[index];
        if (!worker->used) continue;
        if (worker->lost)
            worker_gone(dispatch, index, "unreachable");
        else if (now - worker->heard_at > dispatch->store->config->worker_silence_ms)
            worker_gone(dispatch, index, "silent");
        else if (now - worker->sent_at >= HEARTBEAT_MS)
            worker_say(dispatch, worker, WIRE_HEARTBEAT, 0, NULL, STEPCARE_OK);
    }
    for (uint32_t slot = 0; slot < dispatch->job_count; slot++)
        if (dispatch->jobs[slot].state == JOB_OUT && dispatch->jobs[slot].deadline <= now)
            job_retry(dispatch, slot, "no answer within the deadline");
}

void dispatch_goodbye(struct dispatch *dispatch)
{
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used)
            worker_say(dispatch, &dispatch->workers[index], WIRE_GOODBYE, 0, NULL, STEPCARE_OK);
}

void dispatch_pathway_set(struct dispatch *dispatch, const struct pathway *pathway)
{
    char problem[256];
    const struct pathway *before = dispatch->pathway;
    dispatch->pathway = pathway;
    /* What is out is taken back, to be decided by the pathway that was adopted: after `pathway_adopted` in the
     * ledger no decision is by the rules before it, which may have been replaced because they did harm. An answer
     * that is still on its way finds no job of its number and is dropped. Deciding anew takes milliseconds; attempts
     * are counted from the beginning, as it is another job now. */
    while (dispatch->job_count > 0) job_forget(dispatch, dispatch->job_count - 1);
    dispatch_search_all(dispatch);
    snprintf(problem, sizeof problem,
             "The router has adopted pathway %s (%.12s) in place of %s: read the file again and say hello.",
             pathway_version(pathway), pathway_hash_hex(pathway), pathway_version(before));
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        struct worker *worker = &dispatch->workers[index];
        if (!worker->used) continue;
        worker->leaving = true; /* until its hello with the new hash, on the same connection or another */
        worker_say(dispatch, worker, WIRE_WORKER_HELLO, 0, problem, STEPCARE_PATHWAY_MISMATCH);
    }
}
