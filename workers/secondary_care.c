#include "workers/secondary_care.h"

#include "workers/review_job.h"

const char *secondary_care_decide(const struct pathway *pathway, const struct stepcare_record *job,
                                  struct stepcare_record *out_result)
{
    struct stepcare_review review;

    if (!worker_review_begin(job, STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE), &review))
        return "the job's tier is not secondary_care";
    review.service = STEPCARE_GET(job, service, STEPCARE_SERVICE_NONE);
    review.outcome = STEPCARE_GET(job, treatment_outcome, STEPCARE_TREATMENT_NONE);
    worker_review_answer(pathway, &review, out_result);
    return NULL;
}
