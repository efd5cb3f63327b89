#include "workers/physio.h"

#include "workers/review_job.h"

enum { RMDQ_MAX = 24, NRS_MAX = 10, WEEKS_MAX = STEPCARE_DURATION_WEEKS_MAX };

const char *physio_decide(const struct pathway *pathway, const struct stepcare_record *job,
                          struct stepcare_record *out_result)
{
    struct stepcare_review review;

    if (!worker_review_begin(job, STEPCARE_BIT(STEPCARE_TIER_PHYSIO), &review)) return "the job's tier is not physio";
    if (!REVIEW_NUMBER(job, week, WEEKS_MAX, 0, &review.week)) return "the job's week is out of range";
    if (!REVIEW_NUMBER(job, rmdq_baseline, RMDQ_MAX, STEPCARE_BLANK, &review.rmdq[0]) ||
        !REVIEW_NUMBER(job, rmdq, RMDQ_MAX, STEPCARE_BLANK, &review.rmdq[1]))
        return "the job's RMDQ is out of range";
    if (!REVIEW_NUMBER(job, nrs_baseline, NRS_MAX, STEPCARE_BLANK, &review.nrs[0]) ||
        !REVIEW_NUMBER(job, nrs, NRS_MAX, STEPCARE_BLANK, &review.nrs[1]))
        return "the job's NRS is out of range";
    review.start_back_now = STEPCARE_GET(job, start_back_now, STEPCARE_RISK_NONE);
    worker_review_answer(pathway, &review, out_result);
    return NULL;
}
