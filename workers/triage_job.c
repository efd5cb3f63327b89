/* Triage jobs: the referral out of the job, and the pathway's placement as a result. Called by answer.c. */
#include "workers/triage_job.h"

#include "proto/referral_codec.h"

const char *triage_job_decide(const struct pathway *pathway, const struct stepcare_record *job,
                              struct stepcare_record *out_result)
{
    struct stepcare_referral referral;
    struct stepcare_decision decision;
    struct stepcare_code_list codes;
    if (!STEPCARE_HAS(job, referral)) return "the job carries no referral";
    if (referral_ledger_decode((const uint8_t *)job->referral.data, job->referral.bytes, &referral) != STEPCARE_OK)
        return "the job's referral cannot be decoded";
    pathway_decide_intake(pathway, &referral, &decision);
    codes.count = decision.code_count;
    for (unsigned i = 0; i < codes.count; i++) codes.items[i] = stepcare_text_of(decision.codes[i]);
    STEPCARE_SET(out_result, tier, (uint8_t)decision.placement.tier);
    STEPCARE_SET(out_result, service, (uint8_t)decision.placement.service);
    STEPCARE_SET(out_result, urgency, (uint8_t)decision.placement.urgency);
    STEPCARE_SET(out_result, target_days, decision.target_days);
    STEPCARE_SET(out_result, rule, stepcare_text_of(decision.rule));
    STEPCARE_SET(out_result, codes, codes);
    STEPCARE_SET(out_result, holds, decision.holds);
    STEPCARE_SET(out_result, parallel, decision.parallel);
    STEPCARE_SET(out_result, recommended_tier, (uint8_t)decision.recommended.tier);
    STEPCARE_SET(out_result, recommended_service, (uint8_t)decision.recommended.service);
    STEPCARE_SET(out_result, recommended_urgency, (uint8_t)decision.recommended.urgency);
    return NULL;
}
