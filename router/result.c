/* Workers' answers made into commands; called by the loop. See result.h. */
#include "router/result.h"

#include "router/admit.h"

#include <stdio.h>

enum { RESULT_BYTES_MAX = 32 * 1024 * 1024 };

enum stepcare_error results_init(struct results *results)
{
    return arena_open(RESULT_BYTES_MAX, &results->arena);
}

void results_close(struct results *results)
{
    arena_close(results->arena);
    results->arena = NULL;
}

static enum dispatch_verdict verdict_of(struct results *results, const struct job *job, int error)
{
    struct episode episode;
    if (error == STEPCARE_OK) return DISPATCH_TAKEN;
    if (error == STEPCARE_STORE_FULL || error == STEPCARE_STOPPING) return DISPATCH_LATER;
    const bool known = state_episode_get(&results->store->state, job->episode_id, &episode);
    return known && episode.sequence == job->sequence ? DISPATCH_WRONG : DISPATCH_STALE;
}

/* Failed for the last time: what is recorded sends it to a person. */
static void give_up(struct results *results, const struct job *job, struct stepcare_text problem,
                    struct decision *decision)
{
    struct stepcare_record record;
    const struct caller caller = admit_router();
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, job->episode_id);
    STEPCARE_SET(&record, attempts, job->attempts);
    STEPCARE_SET(&record, problem, problem);
    const struct command command = {.verb = OWN_JOB_FAILED,
                                    .caller = &caller,
                                    .record = &record,
                                    .job_sequence = job->sequence,
                                    .job_kind = job->kind};
    const int error = command_run(results->commands, &command, decision);
    const enum dispatch_verdict verdict = verdict_of(results, job, error);
    dispatch_settle(results->dispatch, verdict == DISPATCH_WRONG ? DISPATCH_STALE : verdict);
}

static void answered(struct results *results, const struct worker_frame *frame, const struct dispatch_answer *answer,
                     struct decision *decision)
{
    struct job job = answer->job;
    const struct caller caller = admit_worker();
    const struct command command = {.verb = WIRE_RESULT,
                                    .caller = &caller,
                                    .record = answer->record,
                                    .job_sequence = job.sequence,
                                    .job_kind = job.kind};
    const int error = command_run(results->commands, &command, decision);
    const enum dispatch_verdict verdict = verdict_of(results, &job, error);
    if (verdict != DISPATCH_WRONG) {
        dispatch_job_done(results->dispatch, &job, verdict);
        return;
    }
    char problem[sizeof decision->problem]; /* the command that gives it up is decided in the same room */
    snprintf(problem, sizeof problem, "%s", decision->problem);
    dispatch_refuse(results->dispatch, frame, (enum stepcare_error)error, problem);
    if (dispatch_job_failed(results->dispatch, &job)) give_up(results, &job, stepcare_text_of(problem), decision);
}

void result_frame(struct results *results, const struct peer *peer, const uint8_t *data, size_t bytes,
                  struct decision *decision)
{
    struct worker_frame frame;
    struct dispatch_answer answer;
    if (!dispatch_frame_open(results->dispatch, &frame, peer, data, bytes, results->turn->steady)) return;
    while (dispatch_next_answer(results->dispatch, &frame, results->arena, &answer)) {
        if (answer.given_up)
            give_up(results, &answer.job, answer.problem, decision);
        else
            answered(results, &frame, &answer, decision);
    }
    result_given_up(results, decision);
}

void result_given_up(struct results *results, struct decision *decision)
{
    struct job job;
    while (dispatch_next_given_up(results->dispatch, &job))
        give_up(results, &job, stepcare_text_of(job.problem), decision);
}
