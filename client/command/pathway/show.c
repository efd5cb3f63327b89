/* The sections of the pathway, as they are read by those who sign it off. */
#include "client/command/pathway/show.h"

#include "client/command/pathway/flow.h"
#include "pathway/compiled.h"
#include "pathway/table_words.h"

#include <stdio.h>

static void codes_words(const struct pathway *pathway, const struct table_row *row, struct buffer *cell)
{
    for (unsigned i = 0; i < row->code_count; i++)
        words_append(cell, "%s%s", cell->bytes > 0 ? ", " : "", pathway->codes[row->codes[i]].name);
    if (row->holds == 0) return;
    words_append(cell, "%shold ", cell->bytes > 0 ? "; " : "");
    table_words_mask(&stepcare_holds, row->holds, cell);
}

static void lines_words(const struct table_row *row, struct buffer *cell)
{
    if (row->line_count == 0) words_append(cell, "always");
    for (unsigned i = 0; i < row->line_count; i++) {
        if (i > 0) words_append(cell, "; or ");
        table_words_line(&row->lines[i], cell);
    }
}

static void basis_words(const struct table_row *row, struct buffer *cell)
{
    if (row->basis != NULL) words_append(cell, "%s%s", row->design ? "[design] " : "", row->basis);
}

static void also_words(const struct pathway *pathway, const struct table_row *row, struct buffer *cell)
{
    for (unsigned i = 0; i < row->also_count; i++) {
        const struct table_row *also = &row->also[i];
        struct buffer codes = {0};

        words_append(cell, "%swhere ", cell->bytes > 0 ? "; " : "");
        lines_words(also, cell);
        codes_words(pathway, also, &codes);
        words_append(cell, ": %s%s%.*s",
                     also->to.urgency != 0 ? stepcare_code_name(&stepcare_urgencies, also->to.urgency) : "",
                     also->to.urgency != 0 && codes.bytes > 0 ? ", " : "", (int)codes.bytes,
                     codes.data != NULL ? (const char *)codes.data : "");
        buffer_close(&codes);
    }
}

/* What a row does, in words, whatever table it is of. */
static void then_words(const struct table_row *row, struct buffer *cell)
{
    if (row->continues) words_append(cell, "goes on");
    if (row->action != 0) words_append(cell, "%s", stepcare_code_name(&stepcare_actions, row->action));
    if (row->offer != 0) words_append(cell, "offer %s", stepcare_code_name(&stepcare_tiers, row->offer));
    if (row->to.tier != 0 && row->to.urgency != 0) {
        words_append(cell, "%s", row->action != 0 ? " to " : "");
        table_words_placement(row->to, cell);
    } else if (row->to.tier != 0) {
        const char *service = stepcare_code_name(&stepcare_services, row->to.service);

        words_append(cell, "%s%s%s", stepcare_code_name(&stepcare_tiers, row->to.tier), service != NULL ? " / " : "",
                     service != NULL ? service : "");
    }
    if (row->urgency_at_least != 0)
        words_append(cell, ", at least %s", stepcare_code_name(&stepcare_urgencies, row->urgency_at_least));
}

enum { COLUMN_RULE, COLUMN_TITLE, COLUMN_WHEN, COLUMN_THEN, COLUMN_CODES, COLUMN_BASIS, COLUMN_COUNT };

_Static_assert((int)COLUMN_COUNT < (int)PAGE_COLUMNS_MAX, "a row fits a page's cells");

/* Columns that no row of this table fills would only take room from the others. */
static void columns_choose(const struct table *table, bool out_used[COLUMN_COUNT])
{
    memset(out_used, 0, COLUMN_COUNT * sizeof *out_used);
    out_used[COLUMN_RULE] = out_used[COLUMN_TITLE] = out_used[COLUMN_WHEN] = true;
    for (unsigned i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];

        out_used[COLUMN_THEN] |=
            row->title != NULL && (row->continues || row->action != 0 || row->offer != 0 || row->to.tier != 0);
        out_used[COLUMN_CODES] |= row->code_count > 0 || row->holds != 0 || row->also_count > 0;
        out_used[COLUMN_BASIS] |= row->basis != NULL;
    }
}

static void row_write(struct page *page, const struct pathway *pathway, const struct table *table,
                      const struct table_row *row, const unsigned at[COLUMN_COUNT])
{
    struct buffer *title = &page->cells[at[COLUMN_TITLE]];

    words_append(&page->cells[at[COLUMN_RULE]], "%s", row->rule != NULL ? row->rule : "-");
    if (table == &pathway->level)
        words_append(title, "Level %u", row->level);
    else if (row->title != NULL)
        words_append(title, "%s", row->title);
    lines_words(row, &page->cells[at[COLUMN_WHEN]]);
    then_words(row, table == &pathway->level || row->title != NULL ? &page->cells[at[COLUMN_THEN]]
                                                                   : title); /* untitled: what it does */
    codes_words(pathway, row, &page->cells[at[COLUMN_CODES]]);
    also_words(pathway, row, &page->cells[at[COLUMN_CODES]]);
    basis_words(row, &page->cells[at[COLUMN_BASIS]]);
    page_row(page);
}

static void rows_write(struct page *page, const struct pathway *pathway, const char *heading, const struct table *table)
{
    static const char *const names[COLUMN_COUNT] = {"rule", "title", "when", "then", "codes", "basis"};
    const char *columns[COLUMN_COUNT];
    unsigned at[COLUMN_COUNT], count = 0;
    bool used[COLUMN_COUNT];

    columns_choose(table, used);
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        at[i] = used[i] ? count : PAGE_COLUMNS_MAX - 1; /* nothing is written there */
        if (used[i]) columns[count++] = names[i];
    }
    page_heading(page, heading);
    page_table_begin(page, columns, count);
    for (unsigned i = 0; i < table->count; i++) row_write(page, pathway, table, &table->rows[i], at);
    page_table_end(page);
}

static void instruments_write(struct page *page, const struct pathway *pathway)
{
    static const char *const columns[] = {"instrument", "cut-offs and basis"};
    const struct instrument_scale *scales[] = {&pathway->instruments.phq_9, &pathway->instruments.gad_7,
                                               &pathway->instruments.hads};
    static const char *const names[] = {"PHQ-9", "GAD-7", "HADS"};
    const struct instrument_rules *rules = &pathway->instruments;

    page_heading(page, "Scoring");
    page_table_begin(page, columns, 2);
    words_append(&page->cells[0], "STarT Back 9");
    words_append(&page->cells[1], "low: total at most %d; high: subscale at least %d; medium: the rest. %s",
                 rules->start_back_9.low_total.most, rules->start_back_9.high_subscale.least,
                 pathway->instrument_basis[0]);
    page_row(page);
    words_append(&page->cells[0], "STarT Back 6");
    words_append(&page->cells[1], "not low: at least %d. %s", rules->start_back_6.not_low_total.least,
                 pathway->instrument_basis[1]);
    page_row(page);
    words_append(&page->cells[0], "STarT MSK");
    words_append(&page->cells[1], "medium from %d, high from %d. %s", rules->start_msk.medium.least,
                 rules->start_msk.high.least, pathway->instrument_basis[2]);
    page_row(page);
    for (unsigned i = 0; i < 3; i++) {
        words_append(&page->cells[0], "%s", names[i]);
        for (unsigned c = 0; c < scales[i]->cut_off_count; c++)
            words_append(&page->cells[1], "%s%s from %d", c > 0 ? ", " : "", scales[i]->cut_offs[c].name,
                         scales[i]->cut_offs[c].from);
        if (scales[i]->blanks_imputed > 0)
            words_append(&page->cells[1], "; up to %u blanks imputed", scales[i]->blanks_imputed);
        words_append(&page->cells[1], ". %s", pathway->instrument_basis[3 + i]);
        page_row(page);
    }
    for (unsigned i = 0; i < rules->fibromyalgia_2016.criterion_count; i++) {
        words_append(&page->cells[0], "%s", i == 0 ? "Fibromyalgia 2016" : "or");
        words_append(&page->cells[1], "WPI %d to %d with SSS %d to %d; %d regions, %d months. %s",
                     rules->fibromyalgia_2016.criteria[i].widespread_pain_index.least,
                     rules->fibromyalgia_2016.criteria[i].widespread_pain_index.most,
                     rules->fibromyalgia_2016.criteria[i].symptom_severity.least,
                     rules->fibromyalgia_2016.criteria[i].symptom_severity.most,
                     rules->fibromyalgia_2016.pain_regions.least, rules->fibromyalgia_2016.duration_months.least,
                     pathway->instrument_basis[6]);
        page_row(page);
    }
    words_append(&page->cells[0], "Axial SpA");
    words_append(&page->cells[1],
                 "onset at most %d years and at least %d months; onset at most %d counts as a feature. %s",
                 rules->axial_spa.onset_age.most, rules->axial_spa.duration_months.least,
                 rules->axial_spa.young_onset_age.most, pathway->instrument_basis[7]);
    page_row(page);
    page_table_end(page);
}

static void override_write(struct page *page, const struct pathway *pathway)
{
    struct buffer words = {0};

    page_heading(page, "Override");
    table_words_mask(&stepcare_tiers, pathway->override.tiers, &words);
    page_paragraph(page, "A clinician may choose %.*s. Without a reason and a clinician it is not taken.",
                   (int)words.bytes, (const char *)words.data);
    buffer_clear(&words);
    table_words_mask(&stepcare_urgencies, pathway->override.blocked_urgencies, &words);
    page_paragraph(page,
                   "It is not taken either where the recommendation is %.*s. What is taken becomes %s, unless it is "
                   "what was recommended.",
                   (int)words.bytes, (const char *)words.data,
                   stepcare_code_name(&stepcare_urgencies, pathway->override.accepted_urgency));
    buffer_close(&words);
}

static void limits_write(struct page *page, const struct pathway *pathway)
{
    static const char *const target_columns[] = {"placement", "days from referral"},
                             *const hold_columns[] = {"hold", "answered by"},
                             *const tier_columns[] = {"tier", "treatment"};
    const struct stepcare_limits_table *limits = &pathway->limits;

    page_heading(page, "Targets");
    page_table_begin(page, target_columns, 2);
    for (unsigned i = 0; i < pathway->intake.count; i++) {
        const struct table_row *row = &pathway->intake.rows[i];
        bool shown = row->continues;

        for (unsigned j = 0; j < i; j++) shown |= memcmp(&pathway->intake.rows[j].to, &row->to, sizeof row->to) == 0;
        if (shown) continue;
        table_words_placement(row->to, &page->cells[0]);
        words_append(&page->cells[1], "%u", pathway_target_days(pathway, row->to));
        page_row(page);
    }
    page_table_end(page);
    page_heading(page, "Holds");
    page_table_begin(page, hold_columns, 2);
    for (unsigned i = 1; i < STEPCARE_HOLD_COUNT; i++) {
        words_append(&page->cells[0], "%s", stepcare_holds.names[i]);
        words_append(&page->cells[1], "%s, %u working days (0: the same)", pathway->hold_owners[i],
                     limits->hold_working_days[i]);
        page_row(page);
    }
    page_table_end(page);
    page_heading(page, "Treatment");
    page_table_begin(page, tier_columns, 2);
    for (unsigned i = 1; i < STEPCARE_TIER_COUNT; i++) {
        words_append(&page->cells[0], "%s", stepcare_tiers.names[i]);
        words_append(&page->cells[1], "first contact in %u days, review every %u days", limits->first_contact_days[i],
                     limits->review_every_days[i]);
        if (limits->max_contacts[i] > 0)
            words_append(&page->cells[1], ", at most %u contacts", limits->max_contacts[i]);
        page_row(page);
    }
    page_table_end(page);
    page_heading(page, "Reaching the patient");
    page_paragraph(
        page,
        "%u attempts by at least %u channels within %u working days, then a letter and %u days, then back to the "
        "referrer. The slot "
        "is released after %u non-attendances. Re-entry within %u weeks. After %u declines the triage lead decides.",
        limits->contact_attempts, limits->contact_channels, limits->contact_window_working_days, limits->opt_in_days,
        limits->non_attendances_to_release, limits->reentry_weeks, limits->declines_to_triage_lead);
}

static void words_write(struct page *page, const struct pathway *pathway)
{
    static const char *const columns[] = {"code", "meaning"};

    page_heading(page, "Advice to the referrer");
    for (unsigned i = 1; i < STEPCARE_TIER_COUNT; i++)
        if (pathway->advice[i] != NULL) page_paragraph(page, "%s: %s", stepcare_tiers.names[i], pathway->advice[i]);
    page_heading(page, "Codes");
    page_table_begin(page, columns, 2);
    for (unsigned i = 0; i < pathway->code_count; i++) {
        words_append(&page->cells[0], "%s", pathway->codes[i].name);
        words_append(&page->cells[1], "%s", pathway->codes[i].meaning);
        page_row(page);
    }
    page_table_end(page);
    page_heading(page, "End codes");
    page_table_begin(page, columns, 2);
    for (unsigned i = 0; i < pathway->end_code_count; i++) {
        words_append(&page->cells[0], "%u", pathway->end_codes[i].code);
        words_append(&page->cells[1], "%s (%s)", pathway->end_codes[i].meaning, pathway->end_codes[i].source);
        page_row(page);
    }
    page_table_end(page);
    page_heading(page, "Reason codes");
    page_table_begin(page, columns, 2);
    for (unsigned i = 0; i < pathway->reason_count; i++) {
        words_append(&page->cells[0], "%s", pathway->reasons[i].name);
        words_append(&page->cells[1], "%s%s", pathway->reasons[i].meaning,
                     pathway->reasons[i].needs_note ? " (needs a note)" : "");
        page_row(page);
    }
    page_table_end(page);
}

enum { HEADING_BYTES = 160 };

void pathway_page_write(const struct pathway *pathway, enum page_format format, struct buffer *output)
{
    struct page page = {.format = format, .output = output};
    char heading[HEADING_BYTES];

    page_begin(&page, pathway->title);
    page_paragraph(&page, "Version %s, %s.", pathway->version, pathway->status);
    page_paragraph(&page, "Hash %s", pathway->hash_hex);
    instruments_write(&page, pathway);
    rows_write(&page, pathway, "Psychological level", &pathway->level);
    page_heading(&page, "Intake");
    page_paragraph(
        &page,
        "The rules are tried in this order, and the first that fits decides (it \"leads\"). A rule that goes on adds "
        "its code, and "
        "the next is tried. [design] marks what no guideline gives: a decision made here, to be signed off as such.");
    pathway_flow_draw(&page, pathway);
    rows_write(&page, pathway, "Intake rules", &pathway->intake);
    rows_write(&page, pathway, "What changes a lead", &pathway->adjustments);
    override_write(&page, pathway);
    rows_write(&page, pathway, "Offered beside the lead", &pathway->parallel);
    rows_write(&page, pathway, "On every referral", &pathway->overlays);
    rows_write(&page, pathway, "On every review", &pathway->review_holds);
    for (unsigned i = 0; i < pathway->review_count; i++) {
        snprintf(heading, sizeof heading, "Reviews: %s", pathway->reviews[i].name);
        rows_write(&page, pathway, heading, &pathway->reviews[i].rules);
        if (pathway->reviews[i].step_up.count > 0)
            rows_write(&page, pathway, "Step up goes to", &pathway->reviews[i].step_up);
    }
    limits_write(&page, pathway);
    words_write(&page, pathway);
    page_end(&page);
}
