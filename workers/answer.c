/* Jobs answered: what a job must have, whose kind it is, and the frame of results. Called by loop.c. */
#include "workers/answer.h"

#include "workers/review_job.h"
#include "workers/triage_job.h"

#include <stdio.h>

static void result_begin(uint64_t job_id, const struct stepcare_record *job, struct stepcare_record *out_result)
{
    stepcare_record_init(out_result);
    STEPCARE_SET(out_result, job, job_id);
    if (STEPCARE_HAS(job, referral_id)) STEPCARE_SET(out_result, referral_id, job->referral_id);
    if (STEPCARE_HAS(job, sequence)) STEPCARE_SET(out_result, sequence, job->sequence);
}

/* What is wrong with the job, as text in out_text; NULL where it has all that its kind needs and nothing else. */
static const char *job_wrong(const struct stepcare_record *job, char out_text[WORKER_PROBLEM_BYTES_MAX])
{
    struct stepcare_field_errors errors = {0};
    if (verb_fields_check(WIRE_JOB, job, &errors) == STEPCARE_OK) return NULL;
    snprintf(out_text, WORKER_PROBLEM_BYTES_MAX, "the job's field %s: %s", errors.items[0].field,
             errors.items[0].problem);
    return out_text;
}

void worker_answer(const struct pathway *pathway, uint32_t kinds, uint64_t job_id, const struct stepcare_record *job,
                   char problem_text[WORKER_PROBLEM_BYTES_MAX], struct stepcare_record *out_result)
{
    const unsigned kind = STEPCARE_GET(job, kind, STEPCARE_KIND_NONE);
    const char *problem = job_wrong(job, problem_text);
    result_begin(job_id, job, out_result);
    if (problem == NULL && (kind >= STEPCARE_KIND_COUNT || (kinds & STEPCARE_BIT(kind)) == 0))
        problem = "this worker does not do jobs of this kind";
    if (problem == NULL)
        problem = kind == STEPCARE_KIND_TRIAGE ? triage_job_decide(pathway, job, out_result)
                                               : review_job_decide(pathway, job, out_result);
    if (problem != NULL) {
        STEPCARE_SET(out_result, problem, stepcare_text_of(problem));
        return;
    }
    STEPCARE_SET(out_result, pathway, stepcare_text_of(pathway_version(pathway)));
    STEPCARE_SET(out_result, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
}

void worker_answers_begin(struct worker_answers *answers)
{
    wire_frame_begin(&answers->frame, (struct stepcare_text){NULL, 0});
    answers->count = answers->problems = 0;
}

void worker_answers_add(struct worker_answers *answers, const struct pathway *pathway, uint32_t kinds,
                        const struct wire_message *job)
{
    struct stepcare_record result;
    char problem[WORKER_PROBLEM_BYTES_MAX];
    worker_answer(pathway, kinds, job->request_id, &job->record, problem, &result);
    wire_frame_add(&answers->frame, WIRE_RESULT, job->request_id, &result, STEPCARE_OK);
    answers->count++;
    answers->problems += STEPCARE_HAS(&result, problem);
}

void worker_answers_refuse(struct worker_answers *answers, const struct wire_message *job, const char *problem)
{
    struct stepcare_record result;
    result_begin(job->request_id, &job->record, &result);
    STEPCARE_SET(&result, problem, stepcare_text_of(problem));
    wire_frame_add(&answers->frame, WIRE_RESULT, job->request_id, &result, STEPCARE_OK);
    answers->count++;
    answers->problems++;
}

enum stepcare_error worker_answers_end(struct worker_answers *answers)
{
    return wire_frame_end(&answers->frame, answers->count);
}
