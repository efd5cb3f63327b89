/* A frame of jobs in, a frame of results out: many jobs share one message either way. No sockets, no clock. */
#ifndef WORKERS_ANSWER_H
#define WORKERS_ANSWER_H

#include "pathway/pathway.h"
#include "proto/frame.h"

enum { WORKER_PROBLEM_BYTES_MAX = 256 };

/* Purpose: answer one job by its kind: the decision, or `problem` where it cannot be decided, or lacks a field or has
 * one that its kind does not have; job, referral_id and sequence are echoed. Total.
 * Owns: what out_result points to belongs to the job, the pathway and problem_text, which the caller lends. */
void worker_answer(const struct pathway *pathway, uint32_t kinds, uint64_t job_id, const struct stepcare_record *job,
                   char problem_text[WORKER_PROBLEM_BYTES_MAX], struct stepcare_record *out_result);

/* A frame of results being built while a frame of jobs is read. */
struct worker_answers {
    struct buffer frame;
    uint32_t count, problems;
};

/* Purpose: begin, add one result a job, end. Errors (end): NO_MEMORY, TOO_LARGE.
 * Owns: buffer_close(&answers->frame). */
void worker_answers_begin(struct worker_answers *answers);
void worker_answers_add(struct worker_answers *answers, const struct pathway *pathway, uint32_t kinds,
                        const struct wire_message *job);
/* Purpose: answer a job whose record could be read in part only, so that the router need not wait for its deadline. */
void worker_answers_refuse(struct worker_answers *answers, const struct wire_message *job, const char *problem);
enum stepcare_error worker_answers_end(struct worker_answers *answers);

#endif
