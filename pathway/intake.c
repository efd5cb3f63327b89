/* The intake decision: facts from the referral, the table, what adjusts its lead, the clinician's override, offers
 * beside the lead, and overlays, in that order. Pure; allocates nothing. */
#include "base/date.h"
#include "pathway/internal.h"

/* --- facts -------------------------------------------------------------------------------------------------------- */

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

/* --- the decision ------------------------------------------------------------------------------------------------- */

static bool applies(const struct table_row *row, const struct table_facts *facts, unsigned lead_row)
{
    return (row->rules == 0 || (row->rules >> lead_row & 1U)) && table_row_fits(row, facts);
}

static void adjust(const struct pathway *pathway, struct pathway_trace *trace, struct stepcare_placement *placement,
                   struct table_gathered *gathered)
{
    struct table_facts *facts = &trace->facts;
    enum stepcare_urgency none;
    for (unsigned i = 0; i < pathway->adjustments.count; i++) {
        const struct table_row *row = &pathway->adjustments.rows[i];
        pathway_facts_place(facts, *placement);
        if (!applies(row, facts, trace->lead)) continue;
        trace->adjustments |= UINT64_C(1) << i;
        if (row->to.tier != STEPCARE_TIER_NONE) {
            placement->tier = row->to.tier;
            placement->service = row->to.service;
        }
        if (row->to.urgency != STEPCARE_URGENCY_NONE) placement->urgency = row->to.urgency;
        if (row->urgency_at_least != STEPCARE_URGENCY_NONE && row->urgency_at_least < placement->urgency)
            placement->urgency = row->urgency_at_least;
        table_row_gather(row, facts, gathered, &none);
    }
}

/* White space alone says nothing. */
static bool text_given(struct stepcare_text text)
{
    for (uint32_t i = 0; i < text.bytes; i++)
        if (text.data[i] != ' ' && (text.data[i] < '\t' || text.data[i] > '\r')) return true;
    return false;
}

static struct stepcare_placement override_apply(const struct pathway *pathway, const struct stepcare_override *override,
                                                struct stepcare_placement recommended, struct table_gathered *gathered)
{
    const struct pathway_override *rules = &pathway->override;
    struct stepcare_placement chosen = {override->tier, override->service, rules->accepted_urgency};
    const struct table_row *outcome = &rules->accepted;
    struct table_facts nothing;
    enum stepcare_urgency none;
    if (!override->present) return recommended;
    table_facts_init(&nothing);
    if (!text_given(override->reason) || !text_given(override->clinician))
        outcome = &rules->incomplete;
    else if ((rules->blocked_urgencies & STEPCARE_BIT(recommended.urgency)) || override->tier == STEPCARE_TIER_NONE ||
             !(rules->tiers & STEPCARE_BIT(override->tier)))
        outcome = &rules->blocked;
    table_row_gather(outcome, &nothing, gathered, &none);
    if (outcome != &rules->accepted) return recommended;
    if (chosen.tier != STEPCARE_TIER_SECONDARY_CARE) chosen.service = STEPCARE_SERVICE_NONE;
    if (chosen.tier == recommended.tier && chosen.service == recommended.service) chosen.urgency = recommended.urgency;
    return chosen;
}

/* Offers and overlays see the placement after any override. */
static void surround(const struct pathway *pathway, struct pathway_trace *trace, struct stepcare_decision *decision,
                     struct table_gathered *gathered)
{
    struct table_facts *facts = &trace->facts;
    enum stepcare_urgency none;
    pathway_facts_place(facts, decision->placement);
    for (unsigned i = 0; i < pathway->parallel.count; i++) {
        const struct table_row *row = &pathway->parallel.rows[i];
        if (!applies(row, facts, trace->lead)) continue;
        trace->parallel |= UINT64_C(1) << i;
        if (row->offer != STEPCARE_TIER_NONE) decision->parallel |= STEPCARE_BIT(row->offer);
        table_row_gather(row, facts, gathered, &none);
    }
    facts->choices[CHOICE_PSYCHOLOGY_OFFERED] =
        ((STEPCARE_BIT(decision->placement.tier) | decision->parallel) & pathway->psychological_tiers) != 0;
    for (unsigned i = 0; i < pathway->overlays.count; i++) {
        if (!applies(&pathway->overlays.rows[i], facts, trace->lead)) continue;
        trace->overlays |= UINT64_C(1) << i;
        table_row_gather(&pathway->overlays.rows[i], facts, gathered, &none);
    }
}

void pathway_decide_traced(const struct pathway *pathway, const struct stepcare_referral *referral,
                           struct stepcare_decision *out_decision, struct pathway_trace *out_trace)
{
    struct table_gathered gathered = {0};
    enum stepcare_urgency urgency = STEPCARE_URGENCY_NONE;
    struct stepcare_placement placement;
    const struct table_row *lead;
    *out_decision = (struct stepcare_decision){0};
    out_trace->adjustments = out_trace->parallel = out_trace->overlays = 0;
    pathway_facts_intake(pathway, referral, &out_trace->facts);
    out_trace->lead = table_first(&pathway->intake, &out_trace->facts, &gathered, &urgency);
    lead = &pathway->intake.rows[out_trace->lead];
    placement = lead->to;
    if (urgency != STEPCARE_URGENCY_NONE) placement.urgency = urgency;
    adjust(pathway, out_trace, &placement, &gathered);
    out_decision->recommended = placement;
    out_decision->placement = override_apply(pathway, &referral->override, placement, &gathered);
    surround(pathway, out_trace, out_decision, &gathered);
    out_decision->rule = lead->rule;
    out_decision->target_days = pathway_target_days(pathway, out_decision->placement);
    out_decision->holds = gathered.holds;
    out_decision->code_count = gathered.code_count;
    for (unsigned i = 0; i < gathered.code_count; i++) out_decision->codes[i] = pathway->codes[gathered.codes[i]].name;
}

void pathway_decide_intake(const struct pathway *pathway, const struct stepcare_referral *referral,
                           struct stepcare_decision *out_decision)
{
    struct pathway_trace trace;
    pathway_decide_traced(pathway, referral, out_decision, &trace);
}
