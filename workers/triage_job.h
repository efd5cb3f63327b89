/* Triage: a referral job in, "which tier, how urgent, why" out. Pure. */
#ifndef WORKERS_TRIAGE_JOB_H
#define WORKERS_TRIAGE_JOB_H

#include "pathway/pathway.h"
#include "stepcare/record.h"

/* Purpose: decide one referral. job carries the referral in ledger form, without identity.
 * Owns: what out_result points to belongs to the pathway.
 * Errors: what is wrong with the job, as static text; NULL where it was decided. out_result is untouched on failure. */
const char *triage_job_decide(const struct pathway *pathway, const struct stepcare_record *job,
                              struct stepcare_record *out_result);

#endif
