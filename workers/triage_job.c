#include "workers/triage_job.h"

#include "proto/referral_codec.h"

static struct stepcare_code_list codes_of(const struct stepcare_decision *decision)
{
    struct stepcare_code_list list;

    list.count = decision->code_count;
    for (unsigned i = 0; i < decision->code_count; i++) list.items[i] = stepcare_text_of(decision->codes[i]);
    return list;
}

const char *triage_decide(const struct pathway *pathway, const struct stepcare_record *job,
                          struct stepcare_record *out_result)
{
    struct stepcare_referral referral;
    struct stepcare_decision decision;

    if (!STEPCARE_HAS(job, referral)) return "the job carries no referral";
    if (referral_ledger_decode((const uint8_t *)job->referral.data, job->referral.bytes, &referral) != STEPCARE_OK)
        return "the job's referral cannot be decoded";
    pathway_decide_intake(pathway, &referral, &decision);
    STEPCARE_SET(out_result, tier, (uint8_t)decision.placement.tier);
    STEPCARE_SET(out_result, service, (uint8_t)decision.placement.service);
    STEPCARE_SET(out_result, urgency, (uint8_t)decision.placement.urgency);
    STEPCARE_SET(out_result, target_days, decision.target_days);
    STEPCARE_SET(out_result, rule, stepcare_text_of(decision.rule));
    STEPCARE_SET(out_result, codes, codes_of(&decision));
    STEPCARE_SET(out_result, holds, decision.holds);
    STEPCARE_SET(out_result, parallel, decision.parallel);
    STEPCARE_SET(out_result, recommended_tier, (uint8_t)decision.recommended.tier);
    STEPCARE_SET(out_result, recommended_service, (uint8_t)decision.recommended.service);
    STEPCARE_SET(out_result, recommended_urgency, (uint8_t)decision.recommended.urgency);
    return NULL;
}
