/* Reviews in secondary care, where the specialist's outcome decides. Pure. */
#ifndef WORKERS_SECONDARY_CARE_H
#define WORKERS_SECONDARY_CARE_H

#include "pathway/pathway.h"
#include "stepcare/record.h"

/* Purpose: recommend for one review: continue, step up, step down, discharge, or a clinician must look.
 * Owns: what out_result points to belongs to the pathway.
 * Errors: what is wrong with the job, as static text; NULL where it was decided. out_result is untouched on failure. */
const char *secondary_care_decide(const struct pathway *pathway, const struct stepcare_record *job,
                                  struct stepcare_record *out_result);

#endif
