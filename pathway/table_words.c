/* Conditions and placements in words: for explanations, and for printing the pathway. */
#include "pathway/table_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void words_append(struct buffer *output, const char *format, ...)
{
    char text[1024], *longer = NULL;
    va_list arguments;
    int bytes;
    va_start(arguments, format);
    bytes = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (bytes < (int)sizeof text) {
        if (bytes > 0) buffer_append(output, text, (size_t)bytes);
        return;
    }
    va_start(arguments, format); /* advice runs to 4 KiB, and none of it may be lost */
    bytes = vasprintf(&longer, format, arguments);
    va_end(arguments);
    if (bytes < 0) {
        output->failed = true;
        return;
    }
    buffer_append(output, longer, (size_t)bytes);
    free(longer);
}

static void choice_words(struct table_choice_atom atom, struct buffer *output)
{
    const struct table_choice_info *info = &table_choices[atom.choice];
    const char *before = " ";
    words_append(output, "%s", info->name);
    for (unsigned i = 0; i < info->value_count; i++) {
        if (!(atom.allowed >> i & 1U)) continue;
        words_append(output, "%s%s", before, info->values[i]);
        before = " or ";
    }
}

static void range_words(struct table_range_atom atom, struct buffer *output)
{
    const struct table_number_info *info = &table_numbers[atom.number];
    if (atom.least == atom.most)
        words_append(output, "%s %d", info->name, atom.least);
    else if (atom.most == info->most)
        words_append(output, "%s at least %d", info->name, atom.least);
    else if (atom.least == info->least)
        words_append(output, "%s at most %d", info->name, atom.most);
    else
        words_append(output, "%s %d to %d", info->name, atom.least, atom.most);
}

static void set_words(unsigned set, uint32_t mask, const char *joint, struct buffer *output)
{
    const char *before = "";
    for (unsigned i = 0; i < table_sets[set].code_count; i++) {
        if (!(mask >> i & 1U)) continue;
        words_append(output, "%s%s", before, table_sets[set].codes[i]);
        before = joint;
    }
}

static void tally_words(struct table_tally_atom atom, struct buffer *output)
{
    int count = __builtin_popcount(atom.mask);
    if (atom.most == 0) {
        words_append(output, count == 1 ? "no " : "none of ");
        set_words(atom.set, atom.mask, ", ", output);
    } else if (atom.least == count) {
        set_words(atom.set, atom.mask, " with ", output);
    } else if (atom.least == 1 && atom.most >= count) {
        words_append(output, "any of ");
        set_words(atom.set, atom.mask, ", ", output);
    } else {
        if (atom.least == atom.most)
            words_append(output, "exactly %d of ", atom.least);
        else if (atom.most >= count)
            words_append(output, "%d or more of ", atom.least);
        else
            words_append(output, "%d to %d of ", atom.least, atom.most);
        set_words(atom.set, atom.mask, ", ", output);
    }
}

void table_words_line(const struct table_line *line, struct buffer *output)
{
    const char *before = "";
    for (unsigned i = 0; i < line->choice_count; i++) {
        words_append(output, "%s", before);
        choice_words(line->choices[i], output);
        before = ", and ";
    }
    for (unsigned i = 0; i < line->range_count; i++) {
        words_append(output, "%s", before);
        range_words(line->ranges[i], output);
        before = ", and ";
    }
    for (unsigned i = 0; i < line->tally_count; i++) {
        words_append(output, "%s", before);
        tally_words(line->tallies[i], output);
        before = ", and ";
    }
}

/* --- why not ------------------------------------------------------------------------------------------------------ */

static void choice_failure(struct table_choice_atom atom, const struct table_facts *facts, struct buffer *output)
{
    const struct table_choice_info *info = &table_choices[atom.choice];
    words_append(output, "%s is %s", info->name, info->values[facts->choices[atom.choice]]);
}

static void range_failure(struct table_range_atom atom, const struct table_facts *facts, struct buffer *output)
{
    int16_t value = facts->numbers[atom.number];
    if (value == TABLE_BLANK) {
        words_append(output, "%s is not known", table_numbers[atom.number].name);
        return;
    }
    words_append(output, "%s is %d, %s %d", table_numbers[atom.number].name, value,
                 value < atom.least ? "under" : "over", value < atom.least ? atom.least : atom.most);
}

static void tally_failure(struct table_tally_atom atom, const struct table_facts *facts, struct buffer *output)
{
    uint32_t there = facts->sets[atom.set] & atom.mask;
    int count = __builtin_popcount(there);
    if (count > atom.most) {
        set_words(atom.set, there, ", ", output);
        words_append(output, " reported");
    } else if (__builtin_popcount(atom.mask) == atom.least) {
        words_append(output, "no ");
        set_words(atom.set, atom.mask & ~there, ", no ", output);
    } else if (count == 0) {
        words_append(output, "none of ");
        set_words(atom.set, atom.mask, ", ", output);
    } else {
        words_append(output, "only ");
        set_words(atom.set, there, ", ", output);
    }
}

void table_words_failure(const struct table_line *line, const struct table_facts *facts, struct buffer *output)
{
    for (unsigned i = 0; i < line->choice_count; i++) {
        struct table_line alone = {.choice_count = 1, .choices = {line->choices[i]}};
        if (!table_line_fits(&alone, facts)) {
            choice_failure(line->choices[i], facts, output);
            return;
        }
    }
    for (unsigned i = 0; i < line->range_count; i++) {
        struct table_line alone = {.range_count = 1, .ranges = {line->ranges[i]}};
        if (!table_line_fits(&alone, facts)) {
            range_failure(line->ranges[i], facts, output);
            return;
        }
    }
    for (unsigned i = 0; i < line->tally_count; i++) {
        struct table_line alone = {.tally_count = 1, .tallies = {line->tallies[i]}};
        if (!table_line_fits(&alone, facts)) {
            tally_failure(line->tallies[i], facts, output);
            return;
        }
    }
}

void table_words_placement(struct stepcare_placement placement, struct buffer *output)
{
    const char *service = stepcare_code_name(&stepcare_services, placement.service);
    words_append(output, "%s%s%s", stepcare_code_name(&stepcare_tiers, placement.tier), service != NULL ? " / " : "",
                 service != NULL ? service : "");
    if (placement.tier == STEPCARE_TIER_EMERGENCY && placement.urgency == STEPCARE_URGENCY_EMERGENCY)
        return; /* said once */
    words_append(output, ", %s", stepcare_code_name(&stepcare_urgencies, placement.urgency));
}

void table_words_mask(const struct stepcare_codeset *codes, uint32_t mask, struct buffer *output)
{
    const char *before = "";
    for (unsigned i = 1; i < codes->count; i++) {
        if (!(mask & STEPCARE_BIT(i))) continue;
        words_append(output, "%s%s", before, codes->names[i]);
        before = ", ";
    }
}
