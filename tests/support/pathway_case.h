/* Referrals to decide, and decisions as one line to compare:
 *   "physio soon 28 rule 21: SB9_HIGH PIP; hold safety_review; with t_cbt" */
#ifndef TESTS_SUPPORT_PATHWAY_CASE_H
#define TESTS_SUPPORT_PATHWAY_CASE_H

#include "pathway/pathway.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define FLAGS(...) mask_of((const unsigned[]){__VA_ARGS__, 0})
enum { DECISION_TEXT_BYTES = 1024 };

static struct pathway *pathway;

static inline void pathway_begin(void)
{
    char message[4000] = "";
    cr_assert_eq(pathway_open_default(message, sizeof message, &pathway), STEPCARE_OK, "%s", message);
}

static inline void pathway_finish(void)
{
    pathway_close(pathway);
}

static inline uint32_t mask_of(const unsigned *numbers)
{
    uint32_t mask = 0;
    for (; *numbers != 0; numbers++) mask |= STEPCARE_BIT(*numbers);
    return mask;
}

/* An adult of 42 with nine weeks of regional pain, screened, nothing else: rule 26, physio. */
static inline struct stepcare_referral plain_referral(void)
{
    struct stepcare_referral referral = {.message_id = {"case", 4},
                                         .source = STEPCARE_SOURCE_GP,
                                         .referred_at_ms = INT64_C(1793611800000), /* 2026-11-02T09:30:00Z */
                                         .birth_date = {1984, 6, 15},
                                         .problem = STEPCARE_PROBLEM_REGIONAL_MSK_PAIN,
                                         .duration_weeks = 9,
                                         .red_flags_screened = true};
    struct stepcare_instruments *instruments = &referral.instruments;
    memset(instruments->start_back_9, STEPCARE_BLANK, sizeof instruments->start_back_9);
    memset(instruments->start_back_6, STEPCARE_BLANK, sizeof instruments->start_back_6);
    memset(instruments->phq_9, STEPCARE_BLANK, sizeof instruments->phq_9);
    memset(instruments->gad_7, STEPCARE_BLANK, sizeof instruments->gad_7);
    instruments->start_msk = instruments->hads_anxiety = instruments->hads_depression = STEPCARE_BLANK;
    instruments->widespread_pain_index = instruments->symptom_severity = instruments->pain_regions = STEPCARE_BLANK;
    instruments->fibromyalgia_months = instruments->axspa_onset_age = instruments->axspa_duration_months =
        STEPCARE_BLANK;
    return referral;
}

/* answers: a digit an item, '-' for a blank: "10011110-". */
static inline void answers_fill(int8_t *items, const char *answers)
{
    for (unsigned i = 0; answers[i] != '\0'; i++)
        items[i] = answers[i] == '-' ? STEPCARE_BLANK : (int8_t)(answers[i] - '0');
}
static inline void start_back_9_fill(struct stepcare_referral *referral, const char *answers)
{
    referral->problem = STEPCARE_PROBLEM_LOW_BACK_PAIN;
    referral->instruments.has_start_back_9 = true;
    answers_fill(referral->instruments.start_back_9, answers);
}
static inline void start_back_6_fill(struct stepcare_referral *referral, const char *answers)
{
    referral->problem = STEPCARE_PROBLEM_LOW_BACK_PAIN;
    referral->instruments.has_start_back_6 = true;
    answers_fill(referral->instruments.start_back_6, answers);
}
static inline void phq_9_fill(struct stepcare_referral *referral, const char *answers)
{
    referral->instruments.has_phq_9 = true;
    answers_fill(referral->instruments.phq_9, answers);
}
static inline void gad_7_fill(struct stepcare_referral *referral, const char *answers)
{
    referral->instruments.has_gad_7 = true;
    answers_fill(referral->instruments.gad_7, answers);
}
static inline void hads_fill(struct stepcare_referral *referral, int anxiety, int depression)
{
    referral->instruments.has_hads = true;
    referral->instruments.hads_anxiety = (int8_t)anxiety;
    referral->instruments.hads_depression = (int8_t)depression;
}
static inline void fibromyalgia_fill(struct stepcare_referral *referral)
{
    referral->instruments.has_fibromyalgia_2016 = true;
    referral->instruments.widespread_pain_index = 12;
    referral->instruments.symptom_severity = 8;
    referral->instruments.pain_regions = 5;
    referral->instruments.fibromyalgia_months = 24;
}
static inline void axial_spa_fill(struct stepcare_referral *referral, int onset, int months, uint32_t features,
                                  enum stepcare_hla_b27 b27)
{
    referral->instruments.has_axial_spa = true;
    referral->instruments.axspa_onset_age = (int16_t)onset;
    referral->instruments.axspa_duration_months = (int16_t)months;
    referral->instruments.axspa_features = features;
    referral->instruments.hla_b27 = b27;
}
static inline void override_fill(struct stepcare_referral *referral, enum stepcare_tier tier,
                                 enum stepcare_service service)
{
    referral->override =
        (struct stepcare_override){true, tier, service, stepcare_text_of("reason"), stepcare_text_of("clinician")};
}

static inline size_t names_append(char *text, size_t used, const char *before, const struct stepcare_codeset *set,
                                  uint32_t mask)
{
    for (unsigned i = 1; i < set->count; i++) {
        if (!(mask & STEPCARE_BIT(i))) continue;
        used += (size_t)snprintf(text + used, DECISION_TEXT_BYTES - used, "%s %s", before, set->names[i]);
        before = "";
    }
    return used;
}

static inline size_t placement_append(char *text, size_t used, struct stepcare_placement placement)
{
    const char *service = stepcare_code_name(&stepcare_services, placement.service);
    return used + (size_t)snprintf(text + used, DECISION_TEXT_BYTES - used, "%s%s%s %s",
                                   stepcare_code_name(&stepcare_tiers, placement.tier), service != NULL ? "/" : "",
                                   service != NULL ? service : "",
                                   stepcare_code_name(&stepcare_urgencies, placement.urgency));
}

/* One line in a buffer that the next call reuses. */
static inline const char *decision_text(const struct stepcare_referral *referral)
{
    static char text[DECISION_TEXT_BYTES];
    struct stepcare_decision decision;
    size_t used;

    pathway_decide_intake(pathway, referral, &decision);
    used = placement_append(text, 0, decision.placement);
    used += (size_t)snprintf(text + used, sizeof text - used, " %u rule %s:", decision.target_days, decision.rule);
    for (unsigned i = 0; i < decision.code_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %s", decision.codes[i]);
    used = names_append(text, used, "; hold", &stepcare_holds, decision.holds);
    used = names_append(text, used, "; with", &stepcare_tiers, decision.parallel);
    if (memcmp(&decision.placement, &decision.recommended, sizeof decision.placement) != 0) {
        used += (size_t)snprintf(text + used, sizeof text - used, "; not ");
        placement_append(text, used, decision.recommended);
    }
    return text;
}

#define EXPECT_DECISION(referral, expected)                                                                            \
    do {                                                                                                               \
        const char *got_ = decision_text(&(referral));                                                                 \
        cr_expect_str_eq(got_, expected, "got      %s\nexpected %s", got_, expected);                                  \
    } while (0)

#endif
