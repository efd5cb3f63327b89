/* Decisions in words, part by part in the order in which they are made: for `stepcare decide` and `show`. */
#include "pathway/explain.h"

#include "base/date.h"
#include "base/time_text.h"
#include "base/time_units.h"
#include "pathway/explain_internal.h"

static void title_write(const struct table_row *row, struct buffer *output)
{
    words_append(output, "rule %s%s%s", row->rule != NULL ? row->rule : "-", row->title != NULL ? ", " : "",
                 row->title != NULL ? row->title : "");
}

static void basis_write(const struct table_row *row, struct buffer *output)
{
    if (row->basis != NULL) words_append(output, "%s%s", row->design ? "design decision: " : "", row->basis);
}

/* Of the codes that a condition asks for, those that were reported. */
static void reported_write(const struct table_line *line, const struct table_facts *facts, struct buffer *words)
{
    const char *before = "; reported: ";
    for (unsigned i = 0; i < line->tally_count; i++)
        for (unsigned code = 0; line->tallies[i].least > 0 && code < table_sets[line->tallies[i].set].code_count;
             code++) {
            if (!((facts->sets[line->tallies[i].set] & line->tallies[i].mask) >> code & 1U)) continue;
            words_append(words, "%s%s", before, table_sets[line->tallies[i].set].codes[code]);
            before = ", ";
        }
}

/* The rule that decided, and which of its conditions held. */
static void why_write(const struct table_row *row, const struct table_facts *facts, struct buffer *output)
{
    explain_label("Why", output);
    title_write(row, output);
    for (unsigned line = 0; line < row->line_count; line++) {
        struct buffer words = {0};
        if (!table_line_fits(&row->lines[line], facts)) continue;
        table_words_line(&row->lines[line], &words);
        reported_write(&row->lines[line], facts, &words);
        words_append(output, "\n");
        explain_label("", output);
        words_append(output, "it fits by: ");
        explain_plain(&words, output);
        break;
    }
    words_append(output, "\n");
    if (row->basis == NULL) return;
    explain_label("Basis", output);
    basis_write(row, output);
    words_append(output, "\n");
}

/* What must be done before, or beside, everything else: near the top. */
static void holds_write(const struct pathway *pathway, uint32_t holds, enum stepcare_urgency urgency,
                        struct buffer *output)
{
    /* Holds keep routine and soon work from being claimed; nothing urgent waits for an answer. */
    const bool waits = urgency == STEPCARE_URGENCY_NONE || urgency >= STEPCARE_URGENCY_SOON;
    bool first = true;

    for (unsigned i = 1; i < STEPCARE_HOLD_COUNT; i++) {
        struct buffer words = {0};
        if (!(holds & STEPCARE_BIT(i))) continue;
        explain_label(!first ? "" : waits ? "HELD" : "ALSO", output);
        first = false;
        words_append(&words, "%s: %s, by the %s ",
                     waits ? "until answered" : "to be answered, though nothing waits for it", stepcare_holds.names[i],
                     pathway->hold_owners[i]);
        if (pathway->limits.hold_working_days[i] == 0)
            words_append(&words, "the same working day");
        else
            words_append(&words, "within %u working day%s", pathway->limits.hold_working_days[i],
                         pathway->limits.hold_working_days[i] == 1 ? "" : "s");
        explain_plain(&words, output);
        words_append(output, "\n");
    }
}

static void codes_write(const struct pathway *pathway, const char *const *codes, unsigned count, struct buffer *output)
{
    if (count > 0) words_append(output, "  What was found (the codes of the decision):\n");
    for (unsigned i = 0; i < count; i++)
        words_append(output, "    %-22s %s\n", codes[i], pathway_code_meaning(pathway, codes[i]));
}

static void applied_write(const struct table *table, uint64_t applied, struct buffer *output)
{
    for (unsigned i = 0; i < table->count; i++) {
        if (!(applied >> i & 1U)) continue;
        words_append(output, "    %s", table->rows[i].title != NULL ? table->rows[i].title : "without a title");
        if (table->rows[i].basis != NULL) {
            words_append(output, " (");
            basis_write(&table->rows[i], output);
            words_append(output, ")");
        }
        words_append(output, "\n");
    }
}

static void override_write(const struct stepcare_referral *referral, const struct stepcare_decision *decision,
                           struct buffer *output)
{
    struct buffer words = {0};
    if (!referral->override.present) return;
    explain_label("Override", output);
    words_append(&words, "a clinician asked for %s; the rules recommend ",
                 stepcare_code_name(&stepcare_tiers, referral->override.tier));
    table_words_placement(decision->recommended, &words);
    explain_plain(&words, output);
    words_append(output, "; the OVR_ code below says what became of it\n");
}

/* The words for the referrer: for an emergency they come before everything else. */
static void advice_write(const struct pathway *pathway, enum stepcare_tier tier, struct buffer *output)
{
    if (pathway_advice_text(pathway, tier) == NULL) return;
    explain_label("Advice", output);
    words_append(output, "as the referrer gets it: %s\n", pathway_advice_text(pathway, tier));
}

static void due_write(const struct stepcare_referral *referral, const struct stepcare_decision *decision,
                      struct buffer *output)
{
    const int64_t due_ms = referral->referred_at_ms + (int64_t)decision->target_days * DAY_MS;
    char day[DATE_TEXT_BYTES];
    date_format(date_of_time(due_ms, referral->referred_at_offset_min), day);
    explain_label("Due", output);
    if (decision->target_days == 0)
        words_append(output, "at once\n");
    else
        words_append(output, "by %s, %u day%s after the referral\n", day, decision->target_days,
                     decision->target_days == 1 ? "" : "s");
}

static void version_write(const struct pathway *pathway, struct buffer *output)
{
    words_append(output, "  By pathway %s (%s), hash %.12s\n\n", pathway->version, pathway->status, pathway->hash_hex);
}

void explain_intake(const struct pathway *pathway, const struct stepcare_referral *referral, struct buffer *output)
{
    struct stepcare_decision decision;
    struct pathway_trace trace;
    pathway_decide_traced(pathway, referral, &decision, &trace);
    words_append(output, "%.*s: ", (int)referral->message_id.bytes, referral->message_id.data);
    explain_placement(decision.placement, output);
    words_append(output, "\n");
    due_write(referral, &decision, output);
    advice_write(pathway, decision.placement.tier, output);
    holds_write(pathway, decision.holds, decision.placement.urgency, output);
    why_write(&pathway->intake.rows[trace.lead], &trace.facts, output);
    if (decision.parallel != 0) {
        struct buffer words = {0};
        explain_label("Offered", output);
        table_words_mask(&stepcare_tiers, decision.parallel, &words);
        explain_plain(&words, output);
        words_append(output, ", beside it\n");
    }
    override_write(referral, &decision, output);
    codes_write(pathway, decision.codes, decision.code_count, output);
    explain_scores(pathway, referral, &trace.facts, output);
    if (trace.adjustments | trace.parallel | trace.overlays) words_append(output, "  Applied beside the rule:\n");
    applied_write(&pathway->adjustments, trace.adjustments, output);
    applied_write(&pathway->parallel, trace.parallel, output);
    applied_write(&pathway->overlays, trace.overlays, output);
    explain_changes(pathway, referral, &decision, output);
    explain_rules(&pathway->intake, &trace.facts, trace.lead, output);
    version_write(pathway, output);
}

void explain_review(const struct pathway *pathway, const struct stepcare_review *review, struct buffer *output)
{
    const struct pathway_review_table *table = pathway_review_table_of(pathway, review->tier);
    struct stepcare_recommendation recommendation;
    struct table_gathered nothing = {0};
    struct buffer words = {0};
    struct table_facts facts;
    enum stepcare_urgency none;
    const bool by_table = table != NULL;
    pathway_decide_review(pathway, review, &recommendation);
    pathway_facts_review(pathway, review, &facts);
    words_append(&words, "Review in %s: %s", stepcare_code_name(&stepcare_tiers, review->tier),
                 stepcare_code_name(&stepcare_actions, recommendation.action));
    if (recommendation.to.tier != STEPCARE_TIER_NONE) {
        words_append(&words, " to ");
        table_words_placement(recommendation.to, &words);
    }
    explain_plain(&words, output);
    words_append(output, " (a recommendation: the practitioner decides)\n");
    if (recommendation.to.tier == STEPCARE_TIER_EMERGENCY) advice_write(pathway, STEPCARE_TIER_EMERGENCY, output);
    holds_write(pathway, recommendation.holds, STEPCARE_URGENCY_NONE, output);
    for (unsigned i = 0; i < pathway->review_holds.count; i++)
        if (table_row_fits(&pathway->review_holds.rows[i], &facts)) {
            explain_label("", output);
            words_append(output, "because: %s\n",
                         pathway->review_holds.rows[i].title != NULL ? pathway->review_holds.rows[i].title : "");
        }
    if (strchr(recommendation.rule, '.') == NULL || !by_table) {
        explain_label("Why", output);
        words_append(output,
                     "rule %s: a red flag was reported, and the intake rule for it comes before every other rule\n",
                     recommendation.rule);
    } else {
        why_write(&table->rules.rows[table_first(&table->rules, &facts, &nothing, &none)], &facts, output);
    }
    codes_write(pathway, recommendation.codes, recommendation.code_count, output);
    explain_review_scores(pathway, review, &facts, output);
    if (strchr(recommendation.rule, '.') != NULL && by_table)
        explain_rules(&table->rules, &facts, table_first(&table->rules, &facts, &nothing, &none), output);
    version_write(pathway, output);
}
