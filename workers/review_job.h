/* A review job in, a recommendation out: continue, step up, step down, discharge, or a clinician must look. For every
 * kind but triage. Pure. */
#ifndef WORKERS_REVIEW_JOB_H
#define WORKERS_REVIEW_JOB_H

#include "pathway/pathway.h"
#include "stepcare/record.h"

/* Purpose: recommend for one review. Shape: the job's kind is one of a review (t_cbt, which does hi_cbt's too, physio,
 * secondary_care); a score that the job has not was not measured.
 * Owns: what out_result points to belongs to the pathway.
 * Errors: what is wrong with the job, as static text; NULL where it was decided. out_result is untouched on failure. */
const char *review_job_decide(const struct pathway *pathway, const struct stepcare_record *job,
                              struct stepcare_record *out_result);

#endif
