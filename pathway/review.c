/* The review recommendation: red flags first by the intake table's own rules, then the tier's table. Pure; allocates
 * nothing. */
#include "pathway/internal.h"

enum { CHANGE_NOT_MEASURED, CHANGE_SAME, CHANGE_BETTER, CHANGE_WORSE };
enum { CASE_NOT_MEASURED, CASE_NO, CASE_YES };

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

const struct pathway_review_table *pathway_review_table_of(const struct pathway *pathway, enum stepcare_tier tier)
{
    for (unsigned i = 0; tier != STEPCARE_TIER_NONE && i < pathway->review_count; i++)
        if (pathway->reviews[i].tiers & STEPCARE_BIT(tier)) return &pathway->reviews[i];
    return NULL;
}

/* The intake row that the reported red flags hit; NULL if none. */
static const struct table_row *red_flag_row(const struct pathway *pathway, const struct table_facts *facts)
{
    for (unsigned i = 0; facts->sets[SET_RED_FLAGS] != 0 && i < pathway->intake.count; i++)
        if ((pathway->red_flag_rows >> i & 1U) && table_row_fits(&pathway->intake.rows[i], facts))
            return &pathway->intake.rows[i];
    return NULL;
}

static void table_apply(const struct pathway_review_table *table, const struct table_facts *facts,
                        struct table_gathered *gathered, struct stepcare_recommendation *recommendation)
{
    struct table_gathered nothing = {0};
    enum stepcare_urgency none;
    unsigned at = table_first(&table->rules, facts, gathered, &none), step;
    const struct table_row *row = &table->rules.rows[at];
    recommendation->action = row->action;
    recommendation->rule = table->rule_names[at];
    recommendation->to = row->to;
    if (row->action != STEPCARE_ACTION_STEP_UP || row->to.tier != STEPCARE_TIER_NONE) return;
    step = table_first(&table->step_up, facts, &nothing, &none);
    if (step < table->step_up.count) recommendation->to = table->step_up.rows[step].to;
}

/* Holds come first and stand whatever the action is: a red flag does not make a safety hold go away. */
void pathway_decide_review(const struct pathway *pathway, const struct stepcare_review *review,
                           struct stepcare_recommendation *out_recommendation)
{
    const struct pathway_review_table *table = pathway_review_table_of(pathway, review->tier);
    struct table_gathered gathered = {0};
    struct table_facts facts;
    const struct table_row *hit;
    enum stepcare_urgency none;
    *out_recommendation =
        (struct stepcare_recommendation){.action = STEPCARE_ACTION_CLINICIAN_REVIEW, .rule = "no_table"};
    pathway_facts_review(pathway, review, &facts);
    for (unsigned i = 0; i < pathway->review_holds.count; i++)
        if (table_row_fits(&pathway->review_holds.rows[i], &facts))
            table_row_gather(&pathway->review_holds.rows[i], &facts, &gathered, &none);
    hit = red_flag_row(pathway, &facts);
    if (hit != NULL) {
        out_recommendation->action = STEPCARE_ACTION_STEP_UP;
        out_recommendation->to = hit->to;
        out_recommendation->rule = hit->rule;
        table_row_gather(hit, &facts, &gathered, &none);
    } else if (table != NULL) {
        table_apply(table, &facts, &gathered, out_recommendation);
    }
    out_recommendation->holds = gathered.holds;
    out_recommendation->code_count = gathered.code_count;
    for (unsigned i = 0; i < gathered.code_count; i++)
        out_recommendation->codes[i] = pathway->codes[gathered.codes[i]].name;
}
