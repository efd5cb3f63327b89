/* Any bytes as a referral's line, and as a review: a decision is whole, the same twice, and no code in it is unknown;
 * one more red flag never lowers the urgency. */
#include "pathway/explain.h"
#include "pathway/pathway.h"
#include "proto/referral_codec.h"

#include <stdlib.h>

enum { ARENA_BYTES = 1024 * 1024 };

static struct pathway *pathway;
static struct arena *arena;
static struct buffer words;

static void must(bool holds)
{
    if (!holds) abort();
}

static void intake_check(const uint8_t *data, size_t bytes)
{
    struct stepcare_referral referral;
    struct stepcare_field_errors errors = {0};
    struct stepcare_decision first, again;

    arena_reset(arena);
    if (referral_json_decode((const char *)data, bytes, arena, &referral, &errors) != STEPCARE_OK) return;
    pathway_decide_intake(pathway, &referral, &first);
    pathway_decide_intake(pathway, &referral, &again);
    must(memcmp(&first.placement, &again.placement, sizeof first.placement) == 0 &&
         first.code_count == again.code_count);
    must(first.placement.tier != 0 && first.placement.urgency != 0);
    for (unsigned i = 0; i < first.code_count; i++) must(pathway_code_meaning(pathway, first.codes[i]) != NULL);
    for (unsigned flag = 1; flag < STEPCARE_FLAG_COUNT; flag++) {
        struct stepcare_referral more = referral;
        more.red_flags |= STEPCARE_BIT(flag);
        pathway_decide_intake(pathway, &more, &again);
        must(again.placement.urgency <= first.placement.urgency);
    }
    buffer_clear(&words);
    explain_intake(pathway, &referral, &words);
}

static int16_t value_of(const uint8_t *data, size_t bytes, size_t at, int most)
{
    return at < bytes ? (int16_t)(data[at] % (most + 2) - 1) : STEPCARE_BLANK;
}

static void review_check(const uint8_t *data, size_t bytes)
{
    struct stepcare_review review = {.tier = bytes > 0 ? (enum stepcare_tier)(data[0] % STEPCARE_TIER_COUNT)
                                                       : STEPCARE_TIER_T_CBT,
                                     .contact = value_of(data, bytes, 1, 20),
                                     .max_contacts = value_of(data, bytes, 2, 20),
                                     .week = value_of(data, bytes, 3, 30),
                                     .phq_9 = {value_of(data, bytes, 4, 27), value_of(data, bytes, 5, 27)},
                                     .gad_7 = {value_of(data, bytes, 6, 21), value_of(data, bytes, 7, 21)},
                                     .rmdq = {value_of(data, bytes, 8, 24), value_of(data, bytes, 9, 24)},
                                     .nrs = {value_of(data, bytes, 10, 10), value_of(data, bytes, 11, 10)},
                                     .phq_9_item_9 = (int8_t)value_of(data, bytes, 12, 3),
                                     .start_back_now = (enum stepcare_risk)(value_of(data, bytes, 13, 2) + 1),
                                     .outcome = (enum stepcare_treatment_outcome)(value_of(data, bytes, 14, 3) + 1),
                                     .red_flags = bytes > 16 ? (uint32_t)(data[15] << 8 | data[16]) : 0};
    struct stepcare_recommendation recommendation;

    if (review.tier == STEPCARE_TIER_NONE) return;
    pathway_decide_review(pathway, &review, &recommendation);
    bool step = recommendation.action == STEPCARE_ACTION_STEP_UP || recommendation.action == STEPCARE_ACTION_STEP_DOWN;
    must(recommendation.action != 0 && recommendation.rule != NULL);
    must(step == (recommendation.to.tier != 0) && step == (recommendation.to.urgency != 0));
    must((review.phq_9_item_9 >= 1) == ((recommendation.holds & STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW)) != 0));
    buffer_clear(&words);
    explain_review(pathway, &review, &words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char message[4096];

    if (pathway == NULL) must(pathway_open_default(message, sizeof message, &pathway) == STEPCARE_OK);
    if (arena == NULL) must(arena_open(ARENA_BYTES, &arena) == STEPCARE_OK);
    intake_check(data, bytes);
    review_check(data, bytes);
    return 0;
}
