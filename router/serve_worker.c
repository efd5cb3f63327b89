/* What workers answer becomes commands of the router's own. See router.h. */
#include "router/router.h"

static const struct stepcare_text by_worker = {"worker", 6};

static void on_result(void *context, const struct job *job, const struct stepcare_record *record)
{
    struct router *router = context;
    const struct command command = {.verb = WIRE_RESULT, .actor = by_worker, .record = record, .job_sequence = job->sequence, .job_kind = job->kind};
    /* Refused as stale: the episode changed meanwhile and waits for a fresh job. */
    if (serve_command(router, &command) != STEPCARE_OK) dispatch_look(&router->dispatch, job->kind);
}

static void on_failed(void *context, const struct job *job, struct stepcare_text problem)
{
    struct router *router = context;
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, job->episode_id);
    STEPCARE_SET(&record, attempts, job->attempts);
    STEPCARE_SET(&record, problem, problem);
    const struct command command = {.verb = OWN_JOB_FAILED, .actor = stepcare_text_of("router"), .record = &record, .job_sequence = job->sequence,
                                    .job_kind = job->kind};
    serve_command(router, &command);
}

struct dispatch_calls serve_worker_calls(struct router *router)
{
    return (struct dispatch_calls){router, on_result, on_failed};
}
