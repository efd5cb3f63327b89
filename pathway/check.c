/* Can every row lead, and does every input find a row? An exact search: a row can lead if one of its lines can hold
 * while no line of a leading row before it does; a table is complete if the lines of all its leading rows cannot fail
 * together. The state of the search is what is still possible for each input. Inputs count as independent, save for the
 * facts in `impossible`. */
#include "pathway/internal.h"

#include "base/yaml_check.h"

#include <stdio.h>

enum { TALLIES_MAX = 256, STEPS_MAX = 2000000 };

struct possible {
    uint8_t choices[CHOICE_COUNT]; /* a bit a value */
    int16_t least[NUMBER_COUNT], most[NUMBER_COUNT];
    uint16_t blanks; /* a bit a number: may be blank */
    uint32_t in[SET_COUNT], out[SET_COUNT];
    uint16_t tally_count;
    struct table_tally_atom tallies[TALLIES_MAX];
};

struct search {
    const struct table_line *lines[TABLE_ROWS_MAX * 16]; /* all of which must fail */
    unsigned line_count, steps;
    struct possible found; /* the example, where there is one */
};

/* --- narrowing what is possible ----------------------------------------------------------------------------------- */

static bool tally_possible(const struct possible *possible, const struct table_tally_atom *tally)
{
    return __builtin_popcount(possible->in[tally->set] & tally->mask) <= tally->most &&
           __builtin_popcount(tally->mask & ~possible->out[tally->set]) >= tally->least;
}

static bool tally_assume(struct possible *possible, struct table_tally_atom tally)
{
    int count = __builtin_popcount(tally.mask);
    if (tally.least > count || tally.least > tally.most) return false;
    if (tally.least == count) possible->in[tally.set] |= tally.mask;
    if (tally.most == 0) possible->out[tally.set] |= tally.mask;
    if (possible->in[tally.set] & possible->out[tally.set]) return false;
    if (possible->tally_count == TALLIES_MAX) return true; /* errs towards "possible": never a false alarm */
    possible->tallies[possible->tally_count++] = tally;
    for (unsigned i = 0; i < possible->tally_count; i++)
        if (!tally_possible(possible, &possible->tallies[i])) return false;
    return true;
}

static bool range_assume(struct possible *possible, struct table_range_atom range)
{
    if (range.least > possible->least[range.number]) possible->least[range.number] = range.least;
    if (range.most < possible->most[range.number]) possible->most[range.number] = range.most;
    possible->blanks &= (uint16_t) ~(1U << range.number);
    return possible->least[range.number] <= possible->most[range.number];
}

static bool line_assume(struct possible *possible, const struct table_line *line)
{
    for (unsigned i = 0; i < line->choice_count; i++)
        if ((possible->choices[line->choices[i].choice] &= line->choices[i].allowed) == 0) return false;
    for (unsigned i = 0; i < line->range_count; i++)
        if (!range_assume(possible, line->ranges[i])) return false;
    for (unsigned i = 0; i < line->tally_count; i++)
        if (!tally_assume(possible, line->tallies[i])) return false;
    return true;
}

/* --- flags: is there a set of codes that satisfies all tallies? --------------------------------------------------- */

static bool set_assign(struct possible *possible, unsigned set, unsigned code)
{
    for (unsigned i = 0; i < possible->tally_count; i++)
        if (possible->tallies[i].set == set && !tally_possible(possible, &possible->tallies[i])) return false;
    while (code < table_sets[set].code_count && ((possible->in[set] | possible->out[set]) >> code & 1U)) code++;
    if (code == table_sets[set].code_count) return true;
    struct possible without = *possible;
    without.out[set] |= 1U << code;
    if (set_assign(&without, set, code + 1)) {
        *possible = without;
        return true;
    }
    possible->in[set] |= 1U << code;
    return set_assign(possible, set, code + 1);
}

static bool sets_assign(struct possible *possible)
{
    for (unsigned set = 0; set < SET_COUNT; set++)
        if (!set_assign(possible, set, 0)) return false;
    return true;
}

/* --- the search --------------------------------------------------------------------------------------------------- */

static bool lines_fail(struct search *search, unsigned at, const struct possible *possible);

static bool choice_fail(struct search *search, unsigned at, const struct possible *possible,
                        struct table_choice_atom atom)
{
    struct possible next = *possible;
    next.choices[atom.choice] &= (uint8_t)~atom.allowed;
    return next.choices[atom.choice] != 0 && lines_fail(search, at, &next);
}

static bool range_fail(struct search *search, unsigned at, const struct possible *possible,
                       struct table_range_atom atom)
{
    struct possible next = *possible;
    unsigned number = atom.number;
    if (next.most[number] >= atom.least) next.most[number] = (int16_t)(atom.least - 1);
    if ((next.least[number] <= next.most[number] || (next.blanks >> number & 1U)) && lines_fail(search, at, &next))
        return true;
    next = *possible;
    if (next.least[number] <= atom.most) next.least[number] = (int16_t)(atom.most + 1);
    next.blanks &= (uint16_t) ~(1U << number);
    return next.least[number] <= next.most[number] && lines_fail(search, at, &next);
}

static bool tally_fail(struct search *search, unsigned at, const struct possible *possible,
                       struct table_tally_atom atom)
{
    struct possible next = *possible;
    if (atom.least > 0 &&
        tally_assume(&next, (struct table_tally_atom){atom.set, 0, (uint8_t)(atom.least - 1), atom.mask}) &&
        lines_fail(search, at, &next))
        return true;
    next = *possible;
    return atom.most < 32 &&
           tally_assume(&next, (struct table_tally_atom){atom.set, (uint8_t)(atom.most + 1), 32, atom.mask}) &&
           lines_fail(search, at, &next);
}

/* Whether lines[at..] can all fail within what is possible. */
static bool lines_fail(struct search *search, unsigned at, const struct possible *possible)
{
    const struct table_line *line;
    struct possible test;
    if (++search->steps > STEPS_MAX) return true; /* too large to know: no alarm */
    for (; at < search->line_count; at++) {       /* lines that fail already need no choice */
        test = *possible;
        if (line_assume(&test, search->lines[at])) break;
    }
    if (at == search->line_count) {
        search->found = *possible;
        return sets_assign(&search->found);
    }
    line = search->lines[at];
    for (unsigned i = 0; i < line->choice_count; i++)
        if (choice_fail(search, at + 1, possible, line->choices[i])) return true;
    for (unsigned i = 0; i < line->range_count; i++)
        if (range_fail(search, at + 1, possible, line->ranges[i])) return true;
    for (unsigned i = 0; i < line->tally_count; i++)
        if (tally_fail(search, at + 1, possible, line->tallies[i])) return true;
    return false;
}

/* --- what never happens ------------------------------------------------------------------------------------------- */

#define VALUES(...) (uint8_t)(__VA_ARGS__)
#define TOGETHER(first, first_values, second, second_values)                                                           \
    {                                                                                                                  \
        .choice_count = 2, .choices = { {first, VALUES(first_values)}, {second, VALUES(second_values)} }               \
    }
enum { NONE_BIT = 1, ANY_OTHER = 0xfe, BACK_PAIN = 1 };
static const struct table_line impossible[] = {
    TOGETHER(CHOICE_START_BACK_9, NONE_BIT, CHOICE_START_BACK_9_ANSWERS, ANY_OTHER),
    TOGETHER(CHOICE_START_BACK_9, ANY_OTHER, CHOICE_START_BACK_9_ANSWERS, NONE_BIT),
    TOGETHER(CHOICE_START_BACK_6, NONE_BIT, CHOICE_START_BACK_6_ANSWERS, ANY_OTHER),
    TOGETHER(CHOICE_START_BACK_6, ANY_OTHER, CHOICE_START_BACK_6_ANSWERS, NONE_BIT),
    TOGETHER(CHOICE_PROBLEM, ANY_OTHER, CHOICE_START_BACK_9, ANY_OTHER),
    TOGETHER(CHOICE_PROBLEM, ANY_OTHER, CHOICE_START_BACK_6, ANY_OTHER),
    TOGETHER(CHOICE_START_BACK_SENT, NONE_BIT, CHOICE_START_BACK_9, ANY_OTHER),
    TOGETHER(CHOICE_START_BACK_SENT, NONE_BIT, CHOICE_START_BACK_6, ANY_OTHER),
};

static void everything_possible(struct possible *possible)
{
    *possible = (struct possible){0};
    for (unsigned i = 0; i < CHOICE_COUNT; i++)
        possible->choices[i] = (uint8_t)((1U << table_choices[i].value_count) - 1);
    for (unsigned i = 0; i < NUMBER_COUNT; i++) {
        possible->least[i] = table_numbers[i].least;
        possible->most[i] = table_numbers[i].most;
    }
    possible->blanks = (uint16_t)((1U << NUMBER_COUNT) - 1) &
                       (uint16_t) ~(1U << NUMBER_AGE | 1U << NUMBER_DURATION_WEEKS | 1U << NUMBER_AXSPA_FEATURES);
}

static void search_begin(struct search *search)
{
    search->line_count = search->steps = 0;
    for (unsigned i = 0; i < sizeof impossible / sizeof impossible[0]; i++)
        search->lines[search->line_count++] = &impossible[i];
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

static bool row_can_lead(struct search *search, const struct table_row *row, const struct possible *start)
{
    if (row->line_count == 0) return lines_fail(search, 0, start);
    for (unsigned i = 0; i < row->line_count; i++) {
        struct possible possible = *start;
        if (line_assume(&possible, &row->lines[i]) && lines_fail(search, 0, &possible)) return true;
    }
    return false;
}

/* An example for people: what an input must be like so that no row fits. */
static void describe(const struct possible *possible, const struct possible *start, char *out_text, size_t bytes)
{
    size_t used = 0;
    out_text[0] = '\0';
    for (unsigned i = 0; i < CHOICE_COUNT; i++) {
        if (possible->choices[i] == start->choices[i] || used >= bytes) continue;
        used += (size_t)snprintf(out_text + used, bytes - used, "%s%s %s", used > 0 ? ", " : "", table_choices[i].name,
                                 table_choices[i].values[__builtin_ctz(possible->choices[i])]);
    }
    for (unsigned i = 0; i < NUMBER_COUNT; i++) {
        if (used >= bytes || (possible->least[i] == start->least[i] && possible->most[i] == start->most[i])) continue;
        if (possible->least[i] > possible->most[i])
            used += (size_t)snprintf(out_text + used, bytes - used, "%s%s blank", used > 0 ? ", " : "",
                                     table_numbers[i].name);
        else
            used += (size_t)snprintf(out_text + used, bytes - used, "%s%s %d", used > 0 ? ", " : "",
                                     table_numbers[i].name, possible->least[i]);
    }
}

static void table_check(struct pathway_compile *compile, struct search *search, const char *key,
                        const struct table *table, const struct possible *start, bool complete)
{
    bool open = true; /* no row so far fits always */
    char path[PATHWAY_KEY_BYTES], example[300];
    search_begin(search);
    for (unsigned i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        search->steps = 0;
        pathway_key(path, "%s[%u]", key, i);
        if (!open || !row_can_lead(search, row, start))
            yaml_check_add(compile->check, path,
                           "rule %s can never %s: the rules before it take everything that it would fit",
                           row->rule != NULL ? row->rule : "here", row->continues ? "apply" : "lead");
        for (unsigned line = 0; !row->continues && line < row->line_count; line++)
            search->lines[search->line_count++] = &row->lines[line];
        open &= row->continues || row->line_count > 0;
    }
    search->steps = 0;
    if (!complete || !open || !lines_fail(search, 0, start)) return;
    describe(&search->found, start, example, sizeof example);
    yaml_check_add(compile->check, key, "no rule fits every input; for example: %s, and nothing else reported",
                   example);
}

/* Tables in which every row is tried: each must fit something, by itself. */
static void rows_check(struct pathway_compile *compile, struct search *search, const char *key,
                       const struct table_row *rows, unsigned count, const struct possible *start)
{
    char path[PATHWAY_KEY_BYTES];
    search_begin(search);
    for (unsigned i = 0; i < count; i++) {
        search->steps = 0;
        pathway_key(path, "%s[%u]", key, i);
        if (!row_can_lead(search, &rows[i], start)) yaml_check_add(compile->check, path, "can never apply");
    }
}

static void also_check(struct pathway_compile *compile, struct search *search, const struct possible *start)
{
    const struct table *intake = &compile->pathway->intake;
    char path[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < intake->count; i++) {
        const struct table_row *row = &intake->rows[i];
        for (unsigned a = 0; a < row->also_count; a++) {
            bool possible = row->line_count == 0;
            search_begin(search);
            for (unsigned line = 0; line < row->line_count; line++) {
                struct possible narrowed = *start;
                possible |= line_assume(&narrowed, &row->lines[line]) && row_can_lead(search, &row->also[a], &narrowed);
            }
            pathway_key(path, "intake[%u].also[%u]", i, a);
            if (!possible) yaml_check_add(compile->check, path, "can never apply where rule %s leads", row->rule);
        }
    }
}

static void reviews_check(struct pathway_compile *compile, struct search *search, const struct possible *start)
{
    char path[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < compile->pathway->review_count; i++) {
        const struct pathway_review_table *table = &compile->pathway->reviews[i];
        struct possible possible = *start;
        possible.choices[CHOICE_TIER] &= (uint8_t)table->tiers;
        pathway_key(path, "review.tables[%u].rules", i);
        table_check(compile, search, path, &table->rules, &possible, true);
        pathway_key(path, "review.tables[%u].step_up", i);
        if (table->step_up.count > 0) table_check(compile, search, path, &table->step_up, &possible, true);
    }
}

void pathway_check_tables(struct pathway_compile *compile)
{
    const struct pathway *pathway = compile->pathway;
    struct search *search = pathway_take(compile, 1, sizeof *search);
    struct possible start;
    if (search == NULL) return;
    everything_possible(&start);
    table_check(compile, search, "psychological_level", &pathway->level, &start, true);
    table_check(compile, search, "intake", &pathway->intake, &start, true);
    also_check(compile, search, &start);
    rows_check(compile, search, "adjustments", pathway->adjustments.rows, pathway->adjustments.count, &start);
    rows_check(compile, search, "parallel", pathway->parallel.rows, pathway->parallel.count, &start);
    rows_check(compile, search, "overlays", pathway->overlays.rows, pathway->overlays.count, &start);
    reviews_check(compile, search, &start);
}
