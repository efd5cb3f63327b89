/* What is known of a referral or of a review, as the inputs that rules ask about: for decisions and their explanations.
 * Pure; allocates nothing. */
#include "base/date.h"
#include "pathway/internal.h"

enum { CHANGE_NOT_MEASURED, CHANGE_SAME, CHANGE_BETTER, CHANGE_WORSE };
enum { CASE_NOT_MEASURED, CASE_NO, CASE_YES };

/* --- of a referral --- */

/* Whole years on the date as written in referred_at, whatever its zone. */
static int16_t age_years(const struct stepcare_referral *referral)
{
    const struct stepcare_date written = date_of_time(referral->referred_at_ms, referral->referred_at_offset_min);
    const int years = date_age_years(referral->birth_date, written);
    return (int16_t)(years < 0 ? 0 : years > table_numbers[NUMBER_AGE].most ? table_numbers[NUMBER_AGE].most : years);
}

static void facts_scale(const struct instrument_scale *scale, struct instrument_total total, struct table_facts *facts,
                        enum table_number number, enum table_choice answers, enum table_choice reaches_case)
{
    int16_t from = INT16_MAX;
    facts->choices[answers] = (uint8_t)total.scored;
    if (total.scored == SCORED_NONE) return;
    facts->numbers[number] = total.value;
    instrument_cut_off_find(scale, "case", 4, &from);
    facts->choices[reaches_case] = total.value >= from;
}

static void facts_psychological(const struct instrument_rules *rules, const struct stepcare_instruments *instruments,
                                struct table_facts *facts)
{
    int16_t hads = instrument_hads(instruments);
    facts_scale(&rules->phq_9, instrument_phq_9(rules, instruments), facts, NUMBER_PHQ_9, CHOICE_PHQ_9_ANSWERS,
                CHOICE_PHQ_9_CASE);
    facts_scale(&rules->gad_7, instrument_gad_7(rules, instruments), facts, NUMBER_GAD_7, CHOICE_GAD_7_ANSWERS,
                CHOICE_GAD_7_CASE);
    facts->choices[CHOICE_HADS_SENT] = instruments->has_hads;
    if (hads != STEPCARE_BLANK) facts->numbers[NUMBER_HADS] = hads;
    if (!instruments->has_phq_9) return;
    facts->choices[CHOICE_ITEM_9_BLANK] = instruments->phq_9[8] == STEPCARE_BLANK;
    if (instruments->phq_9[8] != STEPCARE_BLANK) facts->numbers[NUMBER_ITEM_9] = instruments->phq_9[8];
}

/* STarT Back is a form for low back pain: elsewhere it counts as not sent. */
static void facts_start_back(const struct instrument_rules *rules, const struct stepcare_referral *referral,
                             struct table_facts *facts)
{
    struct instrument_class nine, six;
    facts->choices[CHOICE_START_BACK_SENT] =
        referral->instruments.has_start_back_9 || referral->instruments.has_start_back_6;
    if (referral->problem != STEPCARE_PROBLEM_LOW_BACK_PAIN) return;
    nine = instrument_start_back_9(rules, &referral->instruments);
    six = instrument_start_back_6(rules, &referral->instruments);
    facts->choices[CHOICE_START_BACK_9] = nine.class;
    facts->choices[CHOICE_START_BACK_9_ANSWERS] = (uint8_t)nine.answers;
    facts->choices[CHOICE_START_BACK_6] = six.class;
    facts->choices[CHOICE_START_BACK_6_ANSWERS] = (uint8_t)six.answers;
}

static uint8_t widespread_of(const struct instrument_rules *rules, const struct stepcare_instruments *instruments)
{
    enum { NONE, FIBROMYALGIA_2016, CWP_1990 };
    if (instrument_fibromyalgia_met(rules, instruments)) return FIBROMYALGIA_2016;
    return instruments->has_cwp_1990 && instruments->cwp_1990 ? CWP_1990 : NONE;
}

static uint8_t hla_b27_of(const struct stepcare_instruments *instruments)
{
    enum { UNKNOWN, NEGATIVE, POSITIVE };
    if (!instruments->has_axial_spa) return UNKNOWN;
    if (instruments->hla_b27 == STEPCARE_HLA_B27_POSITIVE) return POSITIVE;
    return instruments->hla_b27 == STEPCARE_HLA_B27_NEGATIVE ? NEGATIVE : UNKNOWN;
}

void pathway_facts_intake(const struct pathway *pathway, const struct stepcare_referral *referral,
                          struct table_facts *out_facts)
{
    const struct instrument_rules *rules = &pathway->instruments;
    struct table_gathered nothing = {0};
    enum stepcare_urgency none = STEPCARE_URGENCY_NONE;
    unsigned level;
    table_facts_init(out_facts);
    out_facts->sets[SET_RED_FLAGS] = referral->red_flags;
    out_facts->sets[SET_FINDINGS] = referral->findings;
    out_facts->sets[SET_HISTORY] = referral->history;
    out_facts->sets[SET_PREFERENCES] = referral->preferences;
    out_facts->choices[CHOICE_PROBLEM] = (uint8_t)(referral->problem - 1);
    out_facts->choices[CHOICE_SCREENED] = referral->red_flags_screened;
    out_facts->choices[CHOICE_PREGNANT] = referral->pregnant;
    out_facts->numbers[NUMBER_AGE] = age_years(referral);
    out_facts->numbers[NUMBER_DURATION_WEEKS] = referral->duration_weeks;
    facts_start_back(rules, referral, out_facts);
    out_facts->choices[CHOICE_START_MSK] = (uint8_t)instrument_start_msk(rules, &referral->instruments);
    out_facts->choices[CHOICE_WIDESPREAD] = widespread_of(rules, &referral->instruments);
    out_facts->choices[CHOICE_HLA_B27] = hla_b27_of(&referral->instruments);
    out_facts->numbers[NUMBER_AXSPA_FEATURES] = instrument_axial_spa_features(rules, &referral->instruments);
    facts_psychological(rules, &referral->instruments, out_facts);
    level = table_first(&pathway->level, out_facts, &nothing, &none);
    if (level < pathway->level.count) out_facts->choices[CHOICE_LEVEL] = pathway->level.rows[level].level;
}

void pathway_facts_place(struct table_facts *facts, struct stepcare_placement placement)
{
    facts->choices[CHOICE_TIER] = (uint8_t)(placement.tier - 1);
    facts->choices[CHOICE_SERVICE] = (uint8_t)placement.service;
    facts->choices[CHOICE_URGENCY] = (uint8_t)(placement.urgency - 1);
}

/* --- of a review --- */

/* pair is baseline and now; lower is better on all four measures. */
static uint8_t change_of(const struct pathway_change *rule, const int16_t pair[2])
{
    int down = pair[0] - pair[1];
    if (pair[0] == STEPCARE_BLANK || pair[1] == STEPCARE_BLANK) return CHANGE_NOT_MEASURED;
    if (-down >= rule->worse_points) return CHANGE_WORSE;
    if (down >= rule->better_points && down * 100 >= rule->better_percent * pair[0]) return CHANGE_BETTER;
    return CHANGE_SAME;
}

/* Measured at one end only: whether it is a case at the other end nobody can say. */
static bool half_measured(const int16_t pair[2], unsigned when)
{
    return pair[when] == STEPCARE_BLANK && pair[1 - when] != STEPCARE_BLANK;
}

/* A case on either scale; when = 0 for baseline, 1 for now. */
static uint8_t case_of(const struct pathway *pathway, const struct stepcare_review *review, unsigned when)
{
    int16_t phq_9_from = INT16_MAX, gad_7_from = INT16_MAX;
    if (review->phq_9[when] == STEPCARE_BLANK && review->gad_7[when] == STEPCARE_BLANK) return CASE_NOT_MEASURED;
    if (half_measured(review->phq_9, when) || half_measured(review->gad_7, when)) return CASE_NOT_MEASURED;
    instrument_cut_off_find(&pathway->instruments.phq_9, "case", 4, &phq_9_from);
    instrument_cut_off_find(&pathway->instruments.gad_7, "case", 4, &gad_7_from);
    return review->phq_9[when] >= phq_9_from || review->gad_7[when] >= gad_7_from ? CASE_YES : CASE_NO;
}

static int16_t number_or_blank(int16_t value)
{
    return value == STEPCARE_BLANK ? TABLE_BLANK : value;
}

void pathway_facts_review(const struct pathway *pathway, const struct stepcare_review *review,
                          struct table_facts *out_facts)
{
    const struct pathway_change *changes = pathway->changes;
    int16_t contacts_max = review->max_contacts;
    table_facts_init(out_facts);
    if (contacts_max == STEPCARE_BLANK) contacts_max = (int16_t)pathway->limits.max_contacts[review->tier];
    out_facts->sets[SET_RED_FLAGS] = review->red_flags;
    out_facts->choices[CHOICE_TIER] = (uint8_t)(review->tier - 1);
    out_facts->choices[CHOICE_SERVICE] = (uint8_t)review->service;
    out_facts->choices[CHOICE_PHQ_9_CHANGE] = change_of(&changes[MEASURE_PHQ_9], review->phq_9);
    out_facts->choices[CHOICE_GAD_7_CHANGE] = change_of(&changes[MEASURE_GAD_7], review->gad_7);
    out_facts->choices[CHOICE_RMDQ_CHANGE] = change_of(&changes[MEASURE_RMDQ], review->rmdq);
    out_facts->choices[CHOICE_NRS_CHANGE] = change_of(&changes[MEASURE_NRS], review->nrs);
    out_facts->choices[CHOICE_CASE_AT_BASELINE] = case_of(pathway, review, 0);
    out_facts->choices[CHOICE_CASE_NOW] = case_of(pathway, review, 1);
    out_facts->choices[CHOICE_LAST_CONTACT] = review->contact != STEPCARE_BLANK && review->contact >= contacts_max;
    out_facts->choices[CHOICE_START_BACK_NOW] = (uint8_t)review->start_back_now;
    out_facts->choices[CHOICE_OUTCOME] = (uint8_t)review->outcome;
    out_facts->numbers[NUMBER_CONTACT] = number_or_blank(review->contact);
    out_facts->numbers[NUMBER_WEEK] = number_or_blank(review->week);
    out_facts->numbers[NUMBER_ITEM_9] = number_or_blank(review->phq_9_item_9);
}
