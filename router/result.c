/* What workers answer becomes commands of the router's own. See router.h. */
#include "router/router.h"

#include <stdio.h>

static const struct stepcare_text by_worker = {"worker", 6};

static enum dispatch_verdict verdict_of(struct router *router, const struct job *job, int error)
{
    if (error == STEPCARE_OK) return DISPATCH_TAKEN;
    if (error == STEPCARE_STORE_FULL || error == STEPCARE_STOPPING) return DISPATCH_LATER;
    struct episode episode;
    const bool known = state_episode_get(&router->store.state, job->episode_id, &episode);
    return known && episode.sequence == job->sequence ? DISPATCH_WRONG : DISPATCH_STALE;
}

static enum dispatch_verdict on_result(void *context, const struct job *job, const struct stepcare_record *record,
                                       struct stepcare_text *out_problem)
{
    struct router *router = context;
    const struct caller caller = caller_local(by_worker);
    const struct command command = {
        .verb = WIRE_RESULT, .caller = &caller, .record = record, .job_sequence = job->sequence, .job_kind = job->kind};
    const enum dispatch_verdict verdict = verdict_of(router, job, serve_command(router, &command));
    *out_problem = stepcare_text_of(router->decision.problem);
    return verdict;
}

static enum dispatch_verdict on_failed(void *context, const struct job *job, struct stepcare_text problem)
{
    struct router *router = context;
    char kept
        [1024 +
         1]; /* the problem may be the last decision's, and another is made now; cut nowhere, as it is within its limit */
    snprintf(kept, sizeof kept, "%.*s", (int)problem.bytes, problem.bytes > 0 ? problem.data : "");
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, job->episode_id);
    STEPCARE_SET(&record, attempts, job->attempts);
    STEPCARE_SET(&record, problem, stepcare_text_of(kept));
    const struct caller caller = caller_local(stepcare_text_of("router"));
    const struct command command = {.verb = OWN_JOB_FAILED,
                                    .caller = &caller,
                                    .record = &record,
                                    .job_sequence = job->sequence,
                                    .job_kind = job->kind};
    const enum dispatch_verdict verdict = verdict_of(router, job, serve_command(router, &command));
    return verdict == DISPATCH_WRONG ? DISPATCH_STALE : verdict;
}

struct dispatch_calls serve_worker_calls(struct router *router)
{
    return (struct dispatch_calls){router, on_result, on_failed};
}
