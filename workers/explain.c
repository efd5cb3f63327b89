#include "explain.h"

#include "explain_parts.h"

static void title_write(const struct table_row *row, struct wire_buffer *output)
{
    words_append(output, "rule %s%s%s", row->rule != NULL ? row->rule : "-", row->title != NULL ? ", " : "",
                 row->title != NULL ? row->title : "");
}

static void basis_write(const struct table_row *row, struct wire_buffer *output)
{
    if (row->basis != NULL) words_append(output, "%s%s", row->design ? "design decision: " : "", row->basis);
}

/* Each row that was tried, in order, with the reason; up to the one that leads. */
static void tried_write(const struct table *table, const struct table_facts *facts, unsigned lead, struct wire_buffer *output)
{
    words_append(output, "  Rules tried:\n");
    for (unsigned i = 0; i < table->count && i <= lead; i++) {
        const struct table_row *row = &table->rows[i];
        bool fits = table_row_fits(row, facts);

        words_append(output, "    %s ", fits ? (row->continues ? "+" : ">") : " ");
        title_write(row, output);
        words_append(output, ": ");
        if (!fits) {
            for (unsigned line = 0; line < row->line_count; line++) {
                if (line > 0) words_append(output, "; and ");
                table_words_failure(&row->lines[line], facts, output);
            }
        } else {
            words_append(output, row->continues ? "applies, and the next is tried" : "LEADS");
            for (unsigned line = 0; line < row->line_count; line++) {
                if (!table_line_fits(&row->lines[line], facts)) continue;
                words_append(output, " (");
                table_words_line(&row->lines[line], output);
                words_append(output, ")");
                break;
            }
        }
        words_append(output, "\n");
    }
}

static void codes_write(const struct pathway *pathway, const char *const *codes, unsigned count, uint32_t holds,
                        struct wire_buffer *output)
{
    words_append(output, "  Codes:\n");
    if (count == 0) words_append(output, "    none\n");
    for (unsigned i = 0; i < count; i++)
        words_append(output, "    %-22s %s\n", codes[i], pathway_code_meaning(pathway, codes[i]));
    if (holds == 0) return;
    words_append(output, "  Held until answered:\n");
    for (unsigned i = 1; i < STEPCARE_HOLD_COUNT; i++) {
        if (!(holds & STEPCARE_BIT(i))) continue;
        words_append(output, "    %-22s by the %s, ", stepcare_holds.names[i], pathway->hold_owners[i]);
        if (pathway->limits.hold_working_days[i] == 0)
            words_append(output, "the same working day\n");
        else
            words_append(output, "within %u working day%s\n", pathway->limits.hold_working_days[i],
                         pathway->limits.hold_working_days[i] == 1 ? "" : "s");
    }
}

static void applied_write(const struct table *table, uint64_t applied, struct wire_buffer *output)
{
    for (unsigned i = 0; i < table->count; i++) {
        if (!(applied >> i & 1U)) continue;
        words_append(output, "    + %s (", table->rows[i].title != NULL ? table->rows[i].title : "without a title");
        basis_write(&table->rows[i], output);
        words_append(output, ")\n");
    }
}

static void override_write(const struct stepcare_referral *referral, const struct stepcare_decision *decision,
                           struct wire_buffer *output)
{
    if (!referral->override.present) return;
    words_append(output, "  A clinician asked for %s; the rules recommend ",
                 stepcare_code_name(&stepcare_tiers, referral->override.tier));
    table_words_placement(decision->recommended, output);
    words_append(output, ". See the OVR_ code for what became of it.\n");
}

void explain_intake(const struct pathway *pathway, const struct stepcare_referral *referral, struct wire_buffer *output)
{
    struct stepcare_decision decision;
    struct pathway_trace trace;

    pathway_decide_traced(pathway, referral, &decision, &trace);
    words_append(output, "%.*s: ", (int)referral->message_id.bytes, referral->message_id.data);
    table_words_placement(decision.placement, output);
    words_append(output, ", by ");
    title_write(&pathway->intake.rows[trace.lead], output);
    words_append(output, "\n  Due %u day%s after the referral. Basis: ", decision.target_days, decision.target_days == 1 ? "" : "s");
    basis_write(&pathway->intake.rows[trace.lead], output);
    words_append(output, ".\n");
    if (decision.parallel != 0) {
        words_append(output, "  Offered beside it: ");
        table_words_mask(&stepcare_tiers, decision.parallel, output);
        words_append(output, "\n");
    }
    override_write(referral, &decision, output);
    explain_scores(pathway, referral, &trace.facts, output);
    tried_write(&pathway->intake, &trace.facts, trace.lead, output);
    if (trace.adjustments | trace.parallel | trace.overlays) words_append(output, "  What else applied:\n");
    applied_write(&pathway->adjustments, trace.adjustments, output);
    applied_write(&pathway->parallel, trace.parallel, output);
    applied_write(&pathway->overlays, trace.overlays, output);
    codes_write(pathway, decision.codes, decision.code_count, decision.holds, output);
    explain_changes(pathway, referral, &decision, output);
    if (pathway_advice_text(pathway, decision.placement.tier) != NULL)
        words_append(output, "  To the referrer: %s\n", pathway_advice_text(pathway, decision.placement.tier));
    words_append(output, "  Pathway %s, %.12s\n\n", pathway->version, pathway->hash_hex);
}

void explain_review(const struct pathway *pathway, const struct stepcare_review *review, struct wire_buffer *output)
{
    const struct pathway_review_table *table = pathway_review_table_of(pathway, review->tier);
    struct stepcare_recommendation recommendation;
    struct table_gathered nothing = {0};
    struct table_facts facts;
    enum stepcare_urgency none;

    pathway_decide_review(pathway, review, &recommendation);
    pathway_facts_review(pathway, review, &facts);
    words_append(output, "%s review: %s", stepcare_code_name(&stepcare_tiers, review->tier),
                 stepcare_code_name(&stepcare_actions, recommendation.action));
    if (recommendation.to.tier != STEPCARE_TIER_NONE) {
        words_append(output, " to ");
        table_words_placement(recommendation.to, output);
    }
    words_append(output, ", by rule %s\n", recommendation.rule);
    explain_review_scores(pathway, review, &facts, output);
    if (strchr(recommendation.rule, '.') == NULL)
        words_append(output, "  A red flag was reported, and the intake rule for it comes before every other rule.\n");
    else if (table != NULL)
        tried_write(&table->rules, &facts, table_first(&table->rules, &facts, &nothing, &none), output);
    codes_write(pathway, recommendation.codes, recommendation.code_count, recommendation.holds, output);
    words_append(output, "  Pathway %s, %.12s\n\n", pathway->version, pathway->hash_hex);
}
