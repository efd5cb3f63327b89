/* Rows and conditions, from the file's words to table.h. */
#include "pathway/file.h"
#include "pathway/internal.h"

#include "base/code_names.h"
#include "base/yaml_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void pathway_key(char out_key[PATHWAY_KEY_BYTES], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out_key, PATHWAY_KEY_BYTES, format, arguments);
    va_end(arguments);
}

void *pathway_take(struct pathway_compile *compile, size_t count, size_t bytes)
{
    struct pathway *pathway = compile->pathway;
    void **blocks = realloc(pathway->blocks, (pathway->block_count + 1) * sizeof *blocks);
    void *block = calloc(count == 0 ? 1 : count, bytes);

    if (blocks != NULL) pathway->blocks = blocks;
    if (blocks == NULL || block == NULL) {
        free(block);
        compile->no_memory = true;
        return NULL;
    }
    pathway->blocks[pathway->block_count++] = block;
    return block;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

unsigned pathway_compile_name(struct pathway_compile *compile, const char *key, const struct stepcare_codeset *set,
                              const char *name)
{
    unsigned number = stepcare_code_parse(set, name, strlen(name));
    char allowed[400];
    if (number != 0) return number;
    code_names_join(set, 0, allowed, sizeof allowed);
    yaml_check_add(compile->check, key, "there is no %s `%.40s`; there are: %s", set->noun, name, allowed);
    return 0;
}

/* How many letters have to change: for "did you mean". */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[STEPCARE_CODE_BYTES_MAX + 2];
    size_t a_bytes = strnlen(a, STEPCARE_CODE_BYTES_MAX), b_bytes = strnlen(b, STEPCARE_CODE_BYTES_MAX);
    for (unsigned j = 0; j <= b_bytes; j++) row[j] = j;
    for (unsigned i = 1; i <= a_bytes; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b_bytes; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b_bytes];
}

static void code_unknown(struct pathway_compile *compile, const char *key, const char *code)
{
    const struct pathway *pathway = compile->pathway;
    const char *nearest = NULL;
    unsigned best = 4;
    for (unsigned i = 0; i < pathway->code_count; i++) {
        unsigned far = distance(code, pathway->codes[i].name);
        if (far >= best) continue;
        best = far;
        nearest = pathway->codes[i].name;
    }
    yaml_check_add(compile->check, key, "there is no code `%.40s` in the list `codes`%s%s%s", code,
                   nearest != NULL ? "; did you mean `" : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "`?" : "");
}

void pathway_compile_codes(struct pathway_compile *compile, const char *key, char *const *codes, unsigned count,
                           struct table_row *row)
{
    char path[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < count && row->code_count < TABLE_ROW_CODES_MAX; i++) {
        unsigned index = 0;
        while (index < compile->pathway->code_count && strcmp(compile->pathway->codes[index].name, codes[i]) != 0)
            index++;
        pathway_key(path, "%s.codes[%u]", key, i);
        if (index == compile->pathway->code_count)
            code_unknown(compile, path, codes[i]);
        else
            row->codes[row->code_count++] = (uint16_t)index;
    }
}

uint64_t pathway_compile_rule_mask(struct pathway_compile *compile, const char *key, char *const *rules, unsigned count)
{
    const struct table *intake = &compile->pathway->intake;
    uint64_t mask = 0;
    char path[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < count; i++) {
        uint64_t found = 0;
        for (unsigned row = 0; row < intake->count; row++)
            if (intake->rows[row].rule != NULL && strcmp(intake->rows[row].rule, rules[i]) == 0)
                found |= UINT64_C(1) << row;
        pathway_key(path, "%s[%u]", key, i);
        if (found == 0) yaml_check_add(compile->check, path, "there is no rule `%.40s` in the intake table", rules[i]);
        mask |= found;
    }
    return mask;
}

/* --- one line of `when` ------------------------------------------------------------------------------------------- */

struct line_compile {
    struct pathway_compile *compile;
    const char *key; /* of the line */
    unsigned context;
    struct table_line *line;
};

static bool context_allows(const struct line_compile *at, const char *name, unsigned contexts)
{
    char path[PATHWAY_KEY_BYTES];
    if (contexts & at->context) return true;
    pathway_key(path, "%s.%s", at->key, name);
    yaml_check_add(at->compile->check, path, "is not known where this table is tried");
    return false;
}

static void choice_compile(struct line_compile *at, enum table_choice choice, const char *phrase)
{
    const struct table_choice_info *info = &table_choices[choice];
    struct table_choice_atom atom = {(uint8_t)choice, 0};
    char path[PATHWAY_KEY_BYTES], allowed[300] = "";
    if (phrase == NULL || !context_allows(at, info->name, info->contexts)) return;
    pathway_key(path, "%s.%s", at->key, info->name);
    for (const char *word = phrase; word != NULL;) {
        const char * or = strstr(word, " or ");
        size_t bytes = or != NULL ? (size_t)(or -word) : strlen(word);
        uint8_t bit = 0;
        for (unsigned i = 0; i < info->value_count; i++)
            if (strlen(info->values[i]) == bytes && memcmp(info->values[i], word, bytes) == 0) bit = (uint8_t)(1U << i);
        for (unsigned i = 0; bit == 0 && i < info->value_count; i++) {
            strcat(allowed, i > 0 ? ", " : "");
            strcat(allowed, info->values[i]);
        }
        if (bit == 0) {
            yaml_check_add(at->compile->check, path, "`%.*s` is not one of: %s", (int)(bytes < 40 ? bytes : 40), word,
                           allowed);
            return;
        }
        atom.allowed |= bit;
        word = or != NULL ? or +4 : NULL;
    }
    if (at->line->choice_count == TABLE_CHOICE_ATOMS_MAX)
        yaml_check_add(at->compile->check, path, "is one choice too many: a line holds %d", TABLE_CHOICE_ATOMS_MAX);
    else
        at->line->choices[at->line->choice_count++] = atom;
}

static void number_compile(struct line_compile *at, enum table_number number, const char *phrase)
{
    const struct table_number_info *info = &table_numbers[number];
    const struct instrument_rules *rules = &at->compile->pathway->instruments;
    const struct instrument_scale *scale = number == NUMBER_PHQ_9   ? &rules->phq_9
                                           : number == NUMBER_GAD_7 ? &rules->gad_7
                                           : number == NUMBER_HADS  ? &rules->hads
                                                                    : NULL;
    struct instrument_range range;
    char path[PATHWAY_KEY_BYTES];
    if (phrase == NULL || !context_allows(at, info->name, info->contexts)) return;
    pathway_key(path, "%s.%s", at->key, info->name);
    if (!pathway_compile_range(at->compile, path, phrase, scale, info->least,
                               scale != NULL ? scale->maximum : info->most, &range))
        return;
    if (at->line->range_count == TABLE_RANGE_ATOMS_MAX)
        yaml_check_add(at->compile->check, path, "is one number too many: a line holds %d", TABLE_RANGE_ATOMS_MAX);
    else
        at->line->ranges[at->line->range_count++] = (struct table_range_atom){(uint8_t)number, range.least, range.most};
}

static void tally_add(struct line_compile *at, enum table_set set, const char *name, uint32_t mask, int least, int most)
{
    if (mask == 0 || !context_allows(at, name, table_sets[set].contexts)) return;
    if (at->line->tally_count == TABLE_TALLY_ATOMS_MAX)
        yaml_check_add(at->compile->check, at->key, "has too many lists of codes: a line holds %d",
                       TABLE_TALLY_ATOMS_MAX);
    else
        at->line->tallies[at->line->tally_count++] =
            (struct table_tally_atom){(uint8_t)set, (uint8_t)least, (uint8_t)most, mask};
}

static void count_compile(struct line_compile *at, enum table_set set, const struct file_tally *tally)
{
    struct instrument_range range;
    char name[40], path[PATHWAY_KEY_BYTES];
    if (tally == NULL) return;
    snprintf(name, sizeof name, "count_%s", table_sets[set].plural);
    pathway_key(path, "%s.%s.number", at->key, name);
    if (tally->of == 0)
        yaml_check_add(at->compile->check, path, "counts an empty list");
    else if (pathway_compile_range(at->compile, path, tally->number, NULL, 0, __builtin_popcount(tally->of), &range))
        tally_add(at, set, name, tally->of, range.least, range.most);
}

static void line_compile(struct pathway_compile *compile, const char *key, const struct file_line *file,
                         unsigned context, struct table_line *line)
{
    struct line_compile at = {compile, key, context, line};
    unsigned before = compile->check->problems;
#define LINE_CHOICE(NAME, name, ...) choice_compile(&at, CHOICE_##NAME, file->name);
    TABLE_CHOICES(LINE_CHOICE)
#define LINE_NUMBER(NAME, name, ...) number_compile(&at, NUMBER_##NAME, file->name);
    TABLE_NUMBERS(LINE_NUMBER)
#define LINE_SET(NAME, contexts, codes, singular, plural)                                                              \
    tally_add(&at, SET_##NAME, "any_" #singular, file->any_##singular, 1, 32);                                         \
    tally_add(&at, SET_##NAME, "all_" #plural, file->all_##plural, __builtin_popcount(file->all_##plural), 32);        \
    tally_add(&at, SET_##NAME, "no_" #singular, file->no_##singular, 0, 0);                                            \
    count_compile(&at, SET_##NAME, file->count_##plural);
    TABLE_SETS(LINE_SET)
    if (line->choice_count + line->range_count + line->tally_count == 0 && compile->check->problems == before)
        yaml_check_add(compile->check, key, "says nothing; leave `when` out for a row that always fits");
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static unsigned row_keys(const struct file_row *row)
{
    return (row->rule != NULL ? ROW_RULE : 0U) | (row->tier != NULL || row->service != NULL ? ROW_PLACEMENT : 0U) |
           (row->urgency != NULL ? ROW_URGENCY : 0U) | (row->continues ? ROW_CONTINUE : 0U) |
           (row->also_count > 0 ? ROW_ALSO : 0U) | (row->urgency_at_least != NULL ? ROW_AT_LEAST : 0U) |
           (row->action != NULL ? ROW_ACTION : 0U) | (row->level != NULL ? ROW_LEVEL : 0U) |
           (row->offer != NULL ? ROW_OFFER : 0U) | (row->rules_count > 0 ? ROW_RULES : 0U) |
           (row->codes_count > 0 ? ROW_CODES : 0U) | (row->holds != 0 ? ROW_HOLDS : 0U);
}

static void row_keys_check(struct pathway_compile *compile, const char *key, unsigned has, unsigned may, unsigned must)
{
    static const char *const names[] = {"rule",  "tier",  "continue", "also",  "urgency_at_least", "action", "level",
                                        "offer", "rules", "codes",    "holds", "urgency"};
    if (has & ROW_CONTINUE) must &= ~(unsigned)(ROW_PLACEMENT | ROW_URGENCY);
    if (has & ROW_CONTINUE) may &= ~(unsigned)(ROW_PLACEMENT | ROW_URGENCY | ROW_AT_LEAST);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((must & ~has) >> i & 1U)
            yaml_check_add(compile->check, key, "lacks `%s`, which a row here needs%s", names[i],
                           (must & ROW_PLACEMENT) && (may & ROW_CONTINUE) ? ", unless it says `continue: true`" : "");
        if ((has & ~may) >> i & 1U)
            yaml_check_add(compile->check, key, "says `%s`, which has no meaning here", names[i]);
    }
}

static void placement_compile(struct pathway_compile *compile, const char *key, const struct file_row *file,
                              struct stepcare_placement *to)
{
    char path[PATHWAY_KEY_BYTES];
    pathway_key(path, "%s.tier", key);
    if (file->tier != NULL)
        to->tier = (enum stepcare_tier)pathway_compile_name(compile, path, &stepcare_tiers, file->tier);
    pathway_key(path, "%s.service", key);
    if (file->service != NULL)
        to->service = (enum stepcare_service)pathway_compile_name(compile, path, &stepcare_services, file->service);
    pathway_key(path, "%s.urgency", key);
    if (file->urgency != NULL)
        to->urgency = (enum stepcare_urgency)pathway_compile_name(compile, path, &stepcare_urgencies, file->urgency);
    if (to->tier == STEPCARE_TIER_SECONDARY_CARE && file->service == NULL)
        yaml_check_add(compile->check, key, "lacks `service`, which secondary_care needs");
    if (to->tier != STEPCARE_TIER_SECONDARY_CARE && to->tier != 0 && file->service != NULL)
        yaml_check_add(compile->check, key, "names a service, which only secondary_care has");
    if ((to->tier == STEPCARE_TIER_EMERGENCY) != (to->urgency == STEPCARE_URGENCY_EMERGENCY) && to->tier != 0 &&
        to->urgency != 0)
        yaml_check_add(compile->check, key, "tier and urgency must both be emergency, or neither");
}

static void row_details(struct pathway_compile *compile, const char *key, const struct file_row *file,
                        struct table_row *row)
{
    char path[PATHWAY_KEY_BYTES];
    pathway_key(path, "%s.urgency_at_least", key);
    if (file->urgency_at_least != NULL)
        row->urgency_at_least =
            (enum stepcare_urgency)pathway_compile_name(compile, path, &stepcare_urgencies, file->urgency_at_least);
    pathway_key(path, "%s.action", key);
    if (file->action != NULL)
        row->action = (enum stepcare_action)pathway_compile_name(compile, path, &stepcare_actions, file->action);
    pathway_key(path, "%s.offer", key);
    if (file->offer != NULL)
        row->offer = (enum stepcare_tier)pathway_compile_name(compile, path, &stepcare_tiers, file->offer);
    pathway_key(path, "%s.level", key);
    if (file->level != NULL) {
        row->level = (uint8_t)(file->level[0] - '0');
        if (file->level[0] < '0' || file->level[0] > '2' || file->level[1] != '\0')
            yaml_check_add(compile->check, path, "must be 0, 1 or 2");
    }
}

static void row_compile(struct pathway_compile *compile, const char *key, const struct file_row *file, unsigned context,
                        unsigned may, unsigned must, struct table_row *row)
{
    struct table_line *lines = pathway_take(compile, file->when_count, sizeof *lines);
    char path[PATHWAY_KEY_BYTES];
    row_keys_check(compile, key, row_keys(file), may, must);
    row->rule = file->rule;
    row->title = file->title;
    row->basis = file->basis;
    row->design = file->design;
    row->continues = file->continues;
    row->holds = file->holds;
    placement_compile(compile, key, file, &row->to);
    row_details(compile, key, file, row);
    pathway_compile_codes(compile, key, file->codes, file->codes_count, row);
    pathway_key(path, "%s.rules", key);
    row->rules = pathway_compile_rule_mask(compile, path, file->rules, file->rules_count);
    for (unsigned i = 0; lines != NULL && i < file->when_count; i++) {
        pathway_key(path, "%s.when[%u]", key, i);
        line_compile(compile, path, &file->when[i], context, &lines[i]);
    }
    row->lines = lines;
    row->line_count = (uint8_t)(lines != NULL ? file->when_count : 0);
}

void pathway_compile_rows(struct pathway_compile *compile, const char *key, const struct file_row *rows, unsigned count,
                          unsigned context, unsigned may, unsigned must, struct table *out_table)
{
    struct table_row *out = pathway_take(compile, count, sizeof *out);
    char path[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; out != NULL && i < count; i++) {
        struct table also = {0};
        pathway_key(path, "%s[%u]", key, i);
        row_compile(compile, path, &rows[i], context, may, must, &out[i]);
        if (rows[i].also_count == 0) continue;
        pathway_key(path, "%s[%u].also", key, i);
        pathway_compile_rows(compile, path, rows[i].also, rows[i].also_count, context,
                             ROW_CODES | ROW_HOLDS | ROW_URGENCY, 0, &also);
        out[i].also = also.rows;
        out[i].also_count = (uint8_t)also.count;
    }
    if (out != NULL) *out_table = (struct table){out, count};
}
