/* The table of jobs, and the credit of the workers that have them: what dispatch.c and dispatch_worker.c change. See
 * dispatch_internal.h. */
#include "router/dispatch_internal.h"

#include "base/must.h"
#include "router/report.h"

#include <stdlib.h>

enum { PAUSE_MS = 1000 };

enum stepcare_error dispatch_init(struct dispatch *dispatch, struct store *store, const struct pathway *pathway,
                                  void *socket)
{
    memset(dispatch, 0, sizeof *dispatch);
    dispatch->store = store;
    dispatch->pathway = pathway;
    dispatch->socket = socket;
    dispatch->next_number = 1;
    dispatch->jobs = calloc(DISPATCH_JOBS_MAX, sizeof *dispatch->jobs);
    dispatch_search_all(dispatch);
    return dispatch->jobs == NULL ? STEPCARE_NO_MEMORY : id_map_init(&dispatch->by_episode, DISPATCH_JOBS_MAX);
}

void dispatch_close(struct dispatch *dispatch)
{
    free(dispatch->jobs);
    dispatch->jobs = NULL;
    id_map_close(&dispatch->by_episode);
    buffer_close(&dispatch->frame);
    buffer_close(&dispatch->content);
}

void dispatch_work_arrived(struct dispatch *dispatch, uint8_t kind)
{
    must(kind < STEPCARE_KIND_COUNT);
    dispatch->may_wait[kind] = true;
    dispatch->next_id[kind] = 0;
}

void dispatch_search_all(struct dispatch *dispatch)
{
    for (uint8_t kind = 1; kind < STEPCARE_KIND_COUNT; kind++) dispatch_work_arrived(dispatch, kind);
}

/* --- who has which --- */

/* Whatever worker had it has one less in hand. */
static void job_take_back(struct dispatch *dispatch, struct job *job)
{
    if (job->worker == NO_WORKER) return;
    struct worker *worker = &dispatch->workers[job->worker];
    must(worker->used);
    must(worker->in_hand > 0);
    worker->in_hand--;
    job->worker = NO_WORKER;
}

/* The counters of the state that it is in. */
static void job_state_count(struct dispatch *dispatch, const struct job *job, bool entered)
{
    uint32_t *count = job->state == JOB_RESEND     ? &dispatch->resend_count
                      : job->state == JOB_GIVEN_UP ? &dispatch->given_up_count
                                                   : NULL;
    if (count == NULL) return;
    must(entered || *count > 0);
    *count = entered ? *count + 1 : *count - 1;
}

static void job_state_set(struct dispatch *dispatch, struct job *job, enum job_state state)
{
    job_state_count(dispatch, job, false);
    job->state = state;
    job_state_count(dispatch, job, true);
}

void job_add(struct dispatch *dispatch, const struct job *job)
{
    must(dispatch->job_count < DISPATCH_JOBS_MAX);
    must(job->state == JOB_OUT);
    must(job->number != 0);
    id_map_set(&dispatch->by_episode, job->episode_id, dispatch->job_count);
    dispatch->jobs[dispatch->job_count++] = *job;
    dispatch->count_by_kind[job->kind]++;
    if (job->worker != NO_WORKER) dispatch->workers[job->worker].in_hand++;
}

void job_forget(struct dispatch *dispatch, uint32_t slot)
{
    must(slot < dispatch->job_count);
    struct job *job = &dispatch->jobs[slot];
    must(dispatch->count_by_kind[job->kind] > 0);
    id_map_remove(&dispatch->by_episode, job->episode_id);
    job_state_count(dispatch, job, false);
    dispatch->count_by_kind[job->kind]--;
    job_take_back(dispatch, job);
    const uint32_t last = --dispatch->job_count;
    if (slot == last) return;
    dispatch->jobs[slot] = dispatch->jobs[last];
    id_map_set(&dispatch->by_episode, dispatch->jobs[slot].episode_id, slot);
}

void job_hand_out(struct dispatch *dispatch, uint32_t slot, unsigned worker)
{
    struct job *job = &dispatch->jobs[slot];
    must(worker < DISPATCH_WORKERS_MAX);
    must(job->worker == NO_WORKER);
    must(job->number != 0);
    job_state_set(dispatch, job, JOB_OUT);
    job->worker = (uint8_t)worker;
    dispatch->workers[worker].in_hand++;
}

bool job_retry(struct dispatch *dispatch, uint32_t slot, const char *problem)
{
    struct job *job = &dispatch->jobs[slot];
    must(job->state == JOB_OUT);
    job->attempts++;
    const bool last = job->attempts >= dispatch->store->config->job_attempts_max;
    job_take_back(dispatch, job);
    job_state_set(dispatch, job, last ? JOB_GIVEN_UP : JOB_RESEND);
    job->number = 0;
    job->problem = last ? problem : NULL;
    return !last;
}

void worker_gone(struct dispatch *dispatch, unsigned index, const char *why)
{
    struct worker *worker = &dispatch->workers[index];
    must(worker->used);
    report_worker_gone(index, worker->in_hand, why);
    for (uint32_t slot = 0; slot < dispatch->job_count; slot++)
        if (dispatch->jobs[slot].worker == index) job_retry(dispatch, slot, "the worker died with the job in hand");
    must(worker->in_hand == 0);
    worker->used = false;
}

/* --- what became of an answer --- */

static uint32_t slot_of_answered(const struct dispatch *dispatch, const struct job *job)
{
    uint32_t slot = 0;
    const bool known = id_map_find(&dispatch->by_episode, job->episode_id, &slot);
    must(known);
    must(dispatch->jobs[slot].number == job->number);
    return slot;
}

void dispatch_settle(struct dispatch *dispatch, enum dispatch_verdict verdict)
{
    must(verdict != DISPATCH_WRONG);
    if (verdict == DISPATCH_TAKEN) return;
    /* It waits for another job than the one that was out: perhaps of another kind, and the walk has passed it. */
    dispatch_search_all(dispatch);
    if (verdict == DISPATCH_LATER) dispatch->paused_until = dispatch->now + PAUSE_MS;
}

void dispatch_job_done(struct dispatch *dispatch, const struct job *job, enum dispatch_verdict verdict)
{
    job_forget(dispatch, slot_of_answered(dispatch, job));
    dispatch_settle(dispatch, verdict);
}

bool dispatch_job_failed(struct dispatch *dispatch, struct job *job)
{
    const uint32_t slot = slot_of_answered(dispatch, job);
    if (job_retry(dispatch, slot, NULL)) return false;
    *job = dispatch->jobs[slot];
    job_forget(dispatch, slot);
    return true;
}

bool dispatch_next_given_up(struct dispatch *dispatch, struct job *out_job)
{
    if (dispatch->given_up_count == 0) return false;
    uint32_t slot = dispatch->job_count - 1;
    while (dispatch->jobs[slot].state != JOB_GIVEN_UP) {
        must(slot > 0);
        slot--;
    }
    *out_job = dispatch->jobs[slot];
    must(out_job->problem != NULL);
    job_forget(dispatch, slot);
    return true;
}
