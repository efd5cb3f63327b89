/* Decision tables: conditions over named inputs, rows that say what follows, and the first row that fits. Pure.
 * A condition is a list of lines joined by "or"; a line is a list of atoms joined by "and" (disjunctive normal form),
 * so that check.c can tell which rows can never lead. */
#ifndef PATHWAY_TABLE_H
#define PATHWAY_TABLE_H

#include "pathway/pathway.h"
#include "pathway/table_input.h"

enum {
    TABLE_BLANK = INT16_MIN, /* a number that is not known fits no range */
    TABLE_CHOICE_ATOMS_MAX = 8,
    TABLE_RANGE_ATOMS_MAX = 6,
    TABLE_TALLY_ATOMS_MAX = 8,
    TABLE_ROW_CODES_MAX = 4,
    TABLE_ROWS_MAX = 64, /* in one table; rule masks have a bit a row */
    TABLE_CODES_MAX = 128,
};

/* What is known about one referral or review. */
struct table_facts {
    uint8_t choices[CHOICE_COUNT]; /* index of the value */
    int16_t numbers[NUMBER_COUNT];
    uint32_t sets[SET_COUNT]; /* masks */
};

struct table_choice_atom {
    uint8_t choice;
    uint8_t allowed; /* a bit a value: TABLE_VALUES_MAX of them */
};
struct table_range_atom {
    uint8_t number;
    int16_t least, most; /* both inclusive */
};
struct table_tally_atom { /* how many of mask's codes are in the set */
    uint8_t set, least, most;
    uint32_t mask;
};

struct table_line {
    uint8_t choice_count, range_count, tally_count;
    struct table_choice_atom choices[TABLE_CHOICE_ATOMS_MAX];
    struct table_range_atom ranges[TABLE_RANGE_ATOMS_MAX];
    struct table_tally_atom tallies[TABLE_TALLY_ATOMS_MAX];
};

/* One row of any table. What it does not say is 0. */
struct table_row {
    const char *rule, *title, *basis;
    const struct table_line *lines;
    const struct table_row *also; /* rows that add to this one where it leads */
    uint64_t rules;               /* fits only where one of these rows of the intake table leads; 0: any */
    struct stepcare_placement to; /* tier NONE: the placement stays */
    enum stepcare_urgency urgency_at_least;
    enum stepcare_action action; /* review tables */
    enum stepcare_tier offer;    /* parallel table */
    uint32_t holds;
    uint16_t codes[TABLE_ROW_CODES_MAX]; /* indices into the pathway's code list */
    uint8_t line_count, also_count, code_count, level;
    bool continues; /* adds codes and holds, and the next row is tried */
    bool design;
};

struct table {
    const struct table_row *rows;
    unsigned count;
};

/* Codes and holds as they come together, in order, without repeats. */
struct table_gathered {
    uint64_t seen[TABLE_CODES_MAX / 64];
    uint16_t codes[STEPCARE_CODES_MAX];
    uint8_t code_count;
    uint32_t holds;
};

void table_facts_init(struct table_facts *facts); /* first value, blank, empty */
bool table_line_fits(const struct table_line *line, const struct table_facts *facts);
bool table_row_fits(const struct table_row *row, const struct table_facts *facts);

/* Purpose: a row's own codes and holds, then those of its `also` rows that fit.
 * out_urgency: the last urgency that an `also` row gives; untouched if none does. */
void table_row_gather(const struct table_row *row, const struct table_facts *facts, struct table_gathered *gathered,
                      enum stepcare_urgency *out_urgency);

/* Purpose: the first row that fits and does not continue, gathering from the continuing rows before it and from itself.
 * Returns the row's index, or count where none fits (which check.c rules out for complete tables). */
unsigned table_first(const struct table *table, const struct table_facts *facts, struct table_gathered *gathered,
                     enum stepcare_urgency *out_urgency);

#endif
