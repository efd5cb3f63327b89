/* What the three kinds of review share: numbers out of a job, a recommendation into a result. Pure. */
#ifndef WORKERS_REVIEW_JOB_H
#define WORKERS_REVIEW_JOB_H

#include "pathway/pathway.h"
#include "stepcare/record.h"

/* Purpose: one number of a job: as it is, or `otherwise` where the job has none.
 * Errors: false outside 0 to max (STEPCARE_BLANK counts as absent); *out_value untouched. */
bool worker_review_number(bool present, int64_t value, int64_t max, int16_t otherwise, int16_t *out_value);

/* REVIEW_NUMBER(job, phq_9, 27, STEPCARE_BLANK, &review.phq_9[1]) reads a field by its name. */
#define REVIEW_NUMBER(job, field, max, otherwise, out)                                                                 \
    worker_review_number(STEPCARE_HAS(job, field), STEPCARE_HAS(job, field) ? (int64_t)(job)->field : 0, max,          \
                         otherwise, out)

/* Purpose: an empty review (every score blank) of the job's tier, with its red flags.
 * Errors: false where the job's tier is not in the mask `tiers`. */
bool worker_review_begin(const struct stepcare_record *job, uint32_t tiers, struct stepcare_review *out_review);

/* Purpose: have the pathway decide and put the recommendation into the result. */
void worker_review_answer(const struct pathway *pathway, const struct stepcare_review *review,
                          struct stepcare_record *out_result);

#endif
