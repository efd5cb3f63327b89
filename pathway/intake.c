/* The intake decision: the table, what adjusts its lead, the clinician's override, offers beside the lead, and
 * overlays, in that order. Pure; allocates nothing. */
#include "pathway/internal.h"

static bool row_applies(const struct table_row *row, const struct table_facts *facts, unsigned lead_row)
{
    return (row->rules == 0 || (row->rules >> lead_row & 1U)) && table_row_fits(row, facts);
}

static void adjustments_apply(const struct pathway *pathway, struct pathway_trace *trace,
                              struct stepcare_placement *placement, struct table_gathered *gathered)
{
    struct table_facts *facts = &trace->facts;
    enum stepcare_urgency none;
    for (unsigned i = 0; i < pathway->adjustments.count; i++) {
        const struct table_row *row = &pathway->adjustments.rows[i];
        pathway_facts_place(facts, *placement);
        if (!row_applies(row, facts, trace->lead)) continue;
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
static void offers_and_overlays_add(const struct pathway *pathway, struct pathway_trace *trace,
                                    struct stepcare_decision *decision, struct table_gathered *gathered)
{
    struct table_facts *facts = &trace->facts;
    enum stepcare_urgency none;
    pathway_facts_place(facts, decision->placement);
    for (unsigned i = 0; i < pathway->parallel.count; i++) {
        const struct table_row *row = &pathway->parallel.rows[i];
        if (!row_applies(row, facts, trace->lead)) continue;
        trace->parallel |= UINT64_C(1) << i;
        if (row->offer != STEPCARE_TIER_NONE) decision->parallel |= STEPCARE_BIT(row->offer);
        table_row_gather(row, facts, gathered, &none);
    }
    facts->choices[CHOICE_PSYCHOLOGY_OFFERED] =
        ((STEPCARE_BIT(decision->placement.tier) | decision->parallel) & pathway->psychological_tiers) != 0;
    for (unsigned i = 0; i < pathway->overlays.count; i++) {
        if (!row_applies(&pathway->overlays.rows[i], facts, trace->lead)) continue;
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
    adjustments_apply(pathway, out_trace, &placement, &gathered);
    out_decision->recommended = placement;
    out_decision->placement = override_apply(pathway, &referral->override, placement, &gathered);
    offers_and_overlays_add(pathway, out_trace, out_decision, &gathered);
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
