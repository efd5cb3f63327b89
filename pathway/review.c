/* The review recommendation: red flags first by the intake table's own rules, then the tier's table. Pure; allocates
 * nothing. */
#include "pathway/internal.h"

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
