#include "workers/review_job.h"

bool worker_review_number(bool present, int64_t value, int64_t max, int16_t otherwise, int16_t *out_value)
{
    if (!present || value == STEPCARE_BLANK) {
        *out_value = otherwise;
        return true;
    }
    if (value < 0 || value > max) return false;
    *out_value = (int16_t)value;
    return true;
}

bool worker_review_begin(const struct stepcare_record *job, uint32_t tiers, struct stepcare_review *out_review)
{
    unsigned tier = STEPCARE_GET(job, tier, STEPCARE_TIER_NONE);

    if (tier == STEPCARE_TIER_NONE || tier >= STEPCARE_TIER_COUNT || !(tiers & STEPCARE_BIT(tier))) return false;
    *out_review = (struct stepcare_review){
        .tier = tier,
        .phq_9 = {STEPCARE_BLANK, STEPCARE_BLANK},
        .gad_7 = {STEPCARE_BLANK, STEPCARE_BLANK},
        .rmdq = {STEPCARE_BLANK, STEPCARE_BLANK},
        .nrs = {STEPCARE_BLANK, STEPCARE_BLANK},
        .phq_9_item_9 = STEPCARE_BLANK,
        .red_flags = STEPCARE_GET(job, red_flags, 0),
    };
    return true;
}

void worker_review_answer(const struct pathway *pathway, const struct stepcare_review *review,
                          struct stepcare_record *out_result)
{
    struct stepcare_recommendation recommendation;
    struct stepcare_code_list codes;

    pathway_decide_review(pathway, review, &recommendation);
    codes.count = recommendation.code_count;
    for (unsigned i = 0; i < codes.count; i++) codes.items[i] = stepcare_text_of(recommendation.codes[i]);
    STEPCARE_SET(out_result, action, (uint8_t)recommendation.action);
    STEPCARE_SET(out_result, to_tier, (uint8_t)recommendation.to.tier);
    STEPCARE_SET(out_result, to_service, (uint8_t)recommendation.to.service);
    STEPCARE_SET(out_result, urgency, (uint8_t)recommendation.to.urgency);
    STEPCARE_SET(out_result, codes, codes);
    STEPCARE_SET(out_result, holds, recommendation.holds);
    STEPCARE_SET(out_result, rule, stepcare_text_of(recommendation.rule));
}
