#include "workers/t_cbt.h"

#include "workers/review_job.h"

enum { PHQ_9_MAX = 27, GAD_7_MAX = 21, ITEM_MAX = 3, CONTACTS_MAX = 1000 };

const char *t_cbt_decide(const struct pathway *pathway, const struct stepcare_record *job,
                         struct stepcare_record *out_result)
{
    struct stepcare_review review;
    int16_t item_9, contacts_usual;

    if (!worker_review_begin(job, STEPCARE_BIT(STEPCARE_TIER_T_CBT) | STEPCARE_BIT(STEPCARE_TIER_HI_CBT), &review))
        return "the job's tier is not t_cbt or hi_cbt";
    contacts_usual = (int16_t)pathway_limits(pathway)->max_contacts[review.tier];
    if (!REVIEW_NUMBER(job, contact, CONTACTS_MAX, 0, &review.contact) ||
        !REVIEW_NUMBER(job, max_contacts, CONTACTS_MAX, contacts_usual, &review.max_contacts))
        return "the job's contact or max_contacts is out of range";
    if (!REVIEW_NUMBER(job, phq_9_baseline, PHQ_9_MAX, STEPCARE_BLANK, &review.phq_9[0]) ||
        !REVIEW_NUMBER(job, phq_9, PHQ_9_MAX, STEPCARE_BLANK, &review.phq_9[1]))
        return "the job's PHQ-9 is out of range";
    if (!REVIEW_NUMBER(job, gad_7_baseline, GAD_7_MAX, STEPCARE_BLANK, &review.gad_7[0]) ||
        !REVIEW_NUMBER(job, gad_7, GAD_7_MAX, STEPCARE_BLANK, &review.gad_7[1]))
        return "the job's GAD-7 is out of range";
    if (!REVIEW_NUMBER(job, phq_9_item_9, ITEM_MAX, STEPCARE_BLANK, &item_9))
        return "the job's PHQ-9 item 9 is out of range";
    review.phq_9_item_9 = (int8_t)item_9;
    worker_review_answer(pathway, &review, out_result);
    return NULL;
}
