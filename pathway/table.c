/* Rows of conditions tried against facts: the inner loop of every decision. */
#include "pathway/table.h"

void table_facts_init(struct table_facts *facts)
{
    memset(facts, 0, sizeof *facts);
    for (unsigned i = 0; i < NUMBER_COUNT; i++) facts->numbers[i] = TABLE_BLANK;
}

bool table_line_fits(const struct table_line *line, const struct table_facts *facts)
{
    for (unsigned i = 0; i < line->choice_count; i++) {
        const unsigned value = facts->choices[line->choices[i].choice];
        /* A value outside the set (no tier, no problem: nothing that was checked has it) fits no rule that asks. */
        if (value >= TABLE_VALUES_MAX || !((line->choices[i].allowed >> value) & 1U)) return false;
    }
    for (unsigned i = 0; i < line->tally_count; i++) {
        const struct table_tally_atom *tally = &line->tallies[i];
        int count = __builtin_popcount(facts->sets[tally->set] & tally->mask);
        if (count < tally->least || count > tally->most) return false;
    }
    for (unsigned i = 0; i < line->range_count; i++) {
        int16_t value = facts->numbers[line->ranges[i].number];
        if (value == TABLE_BLANK || value < line->ranges[i].least || value > line->ranges[i].most) return false;
    }
    return true;
}

bool table_row_fits(const struct table_row *row, const struct table_facts *facts)
{
    for (unsigned i = 0; i < row->line_count; i++)
        if (table_line_fits(&row->lines[i], facts)) return true;
    return row->line_count == 0;
}

static void code_gather(struct table_gathered *gathered, uint16_t code)
{
    uint64_t bit = UINT64_C(1) << (code % 64);
    if ((gathered->seen[code / 64] & bit) != 0 || gathered->code_count == STEPCARE_CODES_MAX) return;
    gathered->seen[code / 64] |= bit;
    gathered->codes[gathered->code_count++] = code;
}

static void row_gather(const struct table_row *row, struct table_gathered *gathered)
{
    for (unsigned i = 0; i < row->code_count; i++) code_gather(gathered, row->codes[i]);
    gathered->holds |= row->holds;
}

void table_row_gather(const struct table_row *row, const struct table_facts *facts, struct table_gathered *gathered,
                      enum stepcare_urgency *out_urgency)
{
    row_gather(row, gathered);
    for (unsigned i = 0; i < row->also_count; i++) {
        const struct table_row *also = &row->also[i];
        if (!table_row_fits(also, facts)) continue;
        row_gather(also, gathered);
        if (also->to.urgency != STEPCARE_URGENCY_NONE) *out_urgency = also->to.urgency;
    }
}

unsigned table_first(const struct table *table, const struct table_facts *facts, struct table_gathered *gathered,
                     enum stepcare_urgency *out_urgency)
{
    for (unsigned i = 0; i < table->count; i++) {
        if (!table_row_fits(&table->rows[i], facts)) continue;
        table_row_gather(&table->rows[i], facts, gathered, out_urgency);
        if (!table->rows[i].continues) return i;
    }
    return table->count;
}
