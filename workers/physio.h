/* Reviews in physiotherapy. Pure. */
#ifndef WORKERS_PHYSIO_H
#define WORKERS_PHYSIO_H

#include "pathway/pathway.h"
#include "stepcare/record.h"

/* Purpose: recommend for one review: continue, step up, step down, discharge, or a clinician must look.
 * Owns: what out_result points to belongs to the pathway.
 * Errors: what is wrong with the job, as static text; NULL where it was decided. out_result is untouched on failure. */
const char *physio_decide(const struct pathway *pathway, const struct stepcare_record *job,
                          struct stepcare_record *out_result);

#endif
