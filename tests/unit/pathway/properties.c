/* What must hold for every referral, tried on many: seeded, so that a failure comes back. */
#include "tests/support/pathway_case.h"

TestSuite(pathway_properties, .init = pathway_begin, .fini = pathway_finish);

enum { REFERRALS = 20000 };

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random_state >> 33) % limit);
}

static bool random_chance(uint32_t percent)
{
    return random_below(100) < percent;
}

static void random_answers(int8_t *items, unsigned count, int most, unsigned blank_percent)
{
    for (unsigned i = 0; i < count; i++)
        items[i] = random_chance(blank_percent) ? STEPCARE_BLANK : (int8_t)random_below((uint32_t)most + 1);
}

static int8_t random_value(int most, unsigned blank_percent)
{
    return random_chance(blank_percent) ? STEPCARE_BLANK : (int8_t)random_below((uint32_t)most + 1);
}

static uint32_t random_mask(unsigned count, unsigned percent)
{
    uint32_t mask = 0;
    for (unsigned i = 0; i < count; i++) mask |= random_chance(percent) ? 1U << i : 0;
    return mask;
}

static void random_instruments(struct stepcare_instruments *instruments, unsigned blank_percent)
{
    instruments->has_start_back_9 = random_chance(60);
    random_answers(instruments->start_back_9, 8, 1, blank_percent);
    instruments->start_back_9[8] = random_value(4, blank_percent);
    instruments->has_start_back_6 = random_chance(30);
    random_answers(instruments->start_back_6, 5, 1, blank_percent);
    instruments->start_back_6[5] = random_value(4, blank_percent);
    instruments->has_start_msk = random_chance(30);
    instruments->start_msk = random_value(12, 0);
    instruments->has_phq_9 = random_chance(60);
    random_answers(instruments->phq_9, 9, 3, blank_percent);
    instruments->has_gad_7 = random_chance(60);
    random_answers(instruments->gad_7, 7, 3, blank_percent);
    instruments->has_hads = random_chance(30);
    instruments->hads_anxiety = random_value(21, blank_percent);
    instruments->hads_depression = random_value(21, blank_percent);
    instruments->has_fibromyalgia_2016 = random_chance(30);
    instruments->widespread_pain_index = random_value(19, blank_percent);
    instruments->symptom_severity = random_value(12, blank_percent);
    instruments->pain_regions = random_value(5, blank_percent);
    instruments->fibromyalgia_months = random_value(12, blank_percent);
    instruments->has_axial_spa = random_chance(20);
    instruments->axspa_onset_age = random_value(60, 0);
    instruments->axspa_duration_months = random_value(12, 0);
    instruments->axspa_features = random_mask(8, 40);
    instruments->hla_b27 = (enum stepcare_hla_b27)random_below(STEPCARE_HLA_B27_COUNT);
}

static struct stepcare_referral random_referral(unsigned seed, unsigned blank_percent)
{
    struct stepcare_referral referral = plain_referral();
    random_state = seed;
    random_below(1);
    referral.birth_date.year = (int16_t)(1930 + random_below(90));
    referral.pregnant = random_chance(10);
    referral.problem = (enum stepcare_problem)(1 + random_below(3));
    referral.duration_weeks = (int16_t)random_below(20);
    referral.red_flags_screened = random_chance(80);
    referral.red_flags = random_chance(50) ? 0 : random_mask(23, 6);
    referral.findings = random_mask(3, 5);
    referral.history = random_mask(3, 15);
    referral.preferences = random_mask(5, 15);
    random_instruments(&referral.instruments, blank_percent);
    if (random_chance(20)) override_fill(&referral, (enum stepcare_tier)(1 + random_below(5)), STEPCARE_SERVICE_NONE);
    if (referral.override.tier == STEPCARE_TIER_SECONDARY_CARE) referral.override.service = STEPCARE_SERVICE_PAIN;
    return referral;
}

Test(pathway_properties, one_more_red_flag_never_lowers_the_recommended_urgency)
{
    for (unsigned seed = 0; seed < REFERRALS; seed++) {
        struct stepcare_referral referral = random_referral(seed, 10);
        struct stepcare_decision before, after;
        pathway_decide_intake(pathway, &referral, &before);
        referral.red_flags |= STEPCARE_BIT(1 + random_below(23));
        pathway_decide_intake(pathway, &referral, &after);
        cr_assert_leq(after.recommended.urgency, before.recommended.urgency, "seed %u", seed);
        cr_assert_leq(after.placement.urgency, before.placement.urgency, "seed %u", seed);
    }
}

Test(pathway_properties, every_referral_is_placed_wholly_and_an_emergency_stays_one)
{
    for (unsigned seed = 0; seed < REFERRALS; seed++) {
        struct stepcare_referral referral = random_referral(seed, 15);
        struct stepcare_decision decision;
        pathway_decide_intake(pathway, &referral, &decision);
        cr_assert(decision.placement.tier > 0 && decision.placement.urgency > 0 && decision.rule != NULL, "seed %u",
                  seed);
        cr_assert_eq(decision.placement.tier == STEPCARE_TIER_SECONDARY_CARE, decision.placement.service != 0,
                     "seed %u", seed);
        cr_assert_eq(decision.placement.tier == STEPCARE_TIER_EMERGENCY,
                     decision.placement.urgency == STEPCARE_URGENCY_EMERGENCY);
        cr_assert_lt(decision.code_count, STEPCARE_CODES_MAX, "seed %u: a code may have been lost", seed);
        for (unsigned i = 0; i < decision.code_count; i++) {
            cr_assert_not_null(pathway_code_meaning(pathway, decision.codes[i]));
            for (unsigned j = 0; j < i; j++) cr_assert_str_neq(decision.codes[i], decision.codes[j], "seed %u", seed);
        }
        if (decision.recommended.urgency < STEPCARE_URGENCY_SOON)
            cr_assert_eq(memcmp(&decision.placement, &decision.recommended, sizeof decision.placement), 0, "seed %u",
                         seed);
    }
}

/* Care as a number to compare: the more urgent, the more intensive the tier, the more is offered, the more it is. */
static int care_of(const struct stepcare_decision *decision)
{
    static const int tiers[STEPCARE_TIER_COUNT] = {0, 0, 1, 1, 2, 3, 4, 1};
    int offers = decision->parallel == 0 ? 0 : decision->parallel & STEPCARE_BIT(STEPCARE_TIER_HI_CBT) ? 2 : 1;
    return 100 * (STEPCARE_URGENCY_ROUTINE - decision->placement.urgency) + 10 * tiers[decision->placement.tier] +
           offers;
}

/* The least care over all fillings of the STarT Back blanks. */
static int least_care(struct stepcare_referral referral)
{
    int8_t *items = referral.instruments.start_back_9;
    struct stepcare_decision decision;
    for (unsigned i = 0; i < 9; i++) {
        if (items[i] != STEPCARE_BLANK) continue;
        items[i] = 0;
        int without = least_care(referral);
        items[i] = i == 8 ? 4 : 1;
        int with = least_care(referral);
        return with < without ? with : without;
    }
    pathway_decide_intake(pathway, &referral, &decision);
    return care_of(&decision);
}

Test(pathway_properties, a_blank_never_yields_less_care_than_every_filling)
{
    for (unsigned seed = 0; seed < REFERRALS / 10; seed++) {
        struct stepcare_referral referral = random_referral(seed, 0);
        struct stepcare_decision decision;
        referral.red_flags = 0;
        referral.override.present = false;
        for (unsigned blanks = 1 + random_below(4); blanks > 0; blanks--)
            referral.instruments.start_back_9[random_below(9)] = STEPCARE_BLANK;
        pathway_decide_intake(pathway, &referral, &decision);
        cr_assert_geq(care_of(&decision), least_care(referral), "seed %u", seed);
    }
}

/* Totals: blank means at least what answering 0 would have meant. */
Test(pathway_properties, a_blank_psychological_answer_counts_at_least_as_zero)
{
    for (unsigned seed = 0; seed < REFERRALS; seed++) {
        struct stepcare_referral referral = random_referral(seed, 30), zero = referral;
        struct stepcare_decision decision, with_zero;
        for (unsigned i = 0; i < 9; i++)
            if (zero.instruments.phq_9[i] == STEPCARE_BLANK) zero.instruments.phq_9[i] = 0;
        for (unsigned i = 0; i < 7; i++)
            if (zero.instruments.gad_7[i] == STEPCARE_BLANK) zero.instruments.gad_7[i] = 0;
        referral.history = zero.history = 0; /* a failed step turns more care into a person's decision */
        referral.override.present = zero.override.present = false;
        pathway_decide_intake(pathway, &referral, &decision);
        pathway_decide_intake(pathway, &zero, &with_zero);
        cr_assert_geq(care_of(&decision), care_of(&with_zero), "seed %u", seed);
    }
}

Test(pathway_properties, the_same_referral_is_always_decided_alike)
{
    for (unsigned seed = 0; seed < REFERRALS / 10; seed++) {
        struct stepcare_referral referral = random_referral(seed, 15);
        char first[DECISION_TEXT_BYTES];
        snprintf(first, sizeof first, "%s", decision_text(&referral));
        cr_assert_str_eq(decision_text(&referral), first, "seed %u", seed);
    }
}
