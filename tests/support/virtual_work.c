/* Workers and time of the virtual router: jobs answered by the engine, timers going off one after the other. */
#include "base/must.h"
#include "router/dispatch_job.h"
#include "tests/support/virtual_router.h"
#include "workers/answer.h"

#include <stdlib.h>

enum { JOBS_AT_ONCE_MAX = 4096, ALL_KINDS = (1 << (STEPCARE_KIND_COUNT - 1)) - 1 };

/* A message through its frame and back, as the sockets would carry it. */
static void through_frame(struct virtual_router *virtual, struct buffer *frame, uint32_t count,
                          struct wire_message *out_message)
{
    struct wire_frame cursor;
    struct stepcare_field_errors errors = {0};
    if (wire_frame_end(frame, count) != STEPCARE_OK ||
        wire_frame_open(frame->data, frame->bytes, &cursor) != STEPCARE_OK ||
        wire_frame_next(&cursor, virtual->arena, out_message, &errors) != STEPCARE_OK)
        auditor_fault(&virtual->auditor, virtual->auditor.sequence, "a job or its answer does not pass the wire");
}

bool virtual_job(struct virtual_router *virtual, uint64_t id, uint8_t kind, struct job *out_job,
                 struct stepcare_record *out_result)
{
    struct wire_message message;
    struct router *router = virtual->router;
    *out_job = (struct job){.episode_id = id, .number = router->dispatch.next_number++, .kind = kind};
    arena_reset(virtual->arena);
    wire_frame_begin(&virtual->job_frame, (struct stepcare_text){NULL, 0});
    if (dispatch_job_add(&router->dispatch, out_job, &virtual->job_frame) != DISPATCH_JOB_ADDED) return false;
    through_frame(virtual, &virtual->job_frame, 1, &message);
    struct stepcare_record result;
    struct stepcare_field_errors errors = {0};
    char problem[WORKER_PROBLEM_BYTES_MAX];
    worker_answer(router->pathways.current, ALL_KINDS, message.request_id, &message.record, problem, &result);
    must(verb_fields_check(WIRE_RESULT, &result, &errors) == STEPCARE_OK);
    wire_frame_begin(&virtual->result_frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&virtual->result_frame, WIRE_RESULT, message.request_id, &result, STEPCARE_OK);
    through_frame(virtual, &virtual->result_frame, 1, &message);
    *out_result = message.record;
    return true;
}

int virtual_result(struct virtual_router *virtual, const struct job *job, const struct stepcare_record *result)
{
    const struct caller caller = caller_local(stepcare_text_of("worker"));
    const struct command command = {
        .verb = WIRE_RESULT, .caller = &caller, .record = result, .job_sequence = job->sequence, .job_kind = job->kind};
    return virtual_command(virtual, &command);
}

int virtual_job_failed(struct virtual_router *virtual, const struct job *job)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, job->episode_id);
    STEPCARE_SET(&record, attempts, virtual->router->config->job_attempts_max);
    STEPCARE_SET(&record, problem, stepcare_text_of("no answer within the deadline"));
    const struct caller caller = caller_router();
    const struct command command = {.verb = OWN_JOB_FAILED,
                                    .caller = &caller,
                                    .record = &record,
                                    .job_sequence = job->sequence,
                                    .job_kind = job->kind};
    return virtual_command(virtual, &command);
}

struct pending {
    unsigned count;
    struct {
        uint8_t kind;
        uint64_t id;
    } items[JOBS_AT_ONCE_MAX];
};

static bool pending_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct pending *pending = context;
    (void)key_bytes, (void)value;
    if (pending->count == JOBS_AT_ONCE_MAX) return false;
    pending->items[pending->count].kind = key[0];
    pending->items[pending->count++].id = key_read_u64(key + 1);
    return true;
}

unsigned virtual_work(struct virtual_router *virtual)
{
    static struct pending pending;
    struct key all;
    pending.count = 0;
    key_init(&all, TABLE_PENDING);
    state_walk(&virtual->router->store.state, &all, NULL, pending_visit, &pending);
    for (unsigned i = 0; i < pending.count; i++) {
        struct job job;
        struct stepcare_record result;
        if (!virtual_job(virtual, pending.items[i].id, pending.items[i].kind, &job, &result))
            auditor_fault(&virtual->auditor, virtual->auditor.sequence,
                          "what is listed as waiting for a worker waits for no job");
        if (STEPCARE_HAS(&result, problem))
            virtual_job_failed(virtual, &job);
        else if (virtual_result(virtual, &job, &result) != STEPCARE_OK)
            auditor_fault(&virtual->auditor, virtual->auditor.sequence, "a fresh answer was refused");
    }
    return pending.count;
}

/* --- time --- */

static bool first_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)key_bytes, (void)value;
    *(int64_t *)context = key_read_time(key);
    return false;
}

void virtual_until(struct virtual_router *virtual, int64_t at)
{
    enum { TURNS_AT_ONE_TIME_MAX = 1000 };
    struct key all;
    key_init(&all, TABLE_TIMER);
    for (unsigned turns = 0;; turns++) {
        int64_t first = INT64_MAX;
        state_walk(&virtual->router->store.state, &all, NULL, first_visit, &first);
        if (first > at) break;
        if (first > virtual->now) {
            virtual->now = first;
            turns = 0;
        }
        virtual_timers(virtual);
        if (turns > TURNS_AT_ONE_TIME_MAX)
            auditor_fault(&virtual->auditor, virtual->auditor.sequence, "a timer goes off again and again");
    }
    if (at > virtual->now) virtual->now = at;
}

void virtual_pass(struct virtual_router *virtual, int64_t ms)
{
    virtual_until(virtual, virtual->now + ms);
}
