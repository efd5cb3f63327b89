/* The review tables, and what counts as a change of a score, from the file to struct pathway: called by compile.c. */
#include "pathway/file.h"
#include "pathway/internal.h"

#include "base/yaml_check.h"

#include <stdio.h>

const char *const pathway_measure_names[MEASURE_COUNT] = {"phq_9", "gad_7", "rmdq", "nrs"};
const int16_t pathway_measure_maxima[MEASURE_COUNT] = {STEPCARE_PHQ_9_MAX, STEPCARE_GAD_7_MAX, STEPCARE_RMDQ_MAX,
                                                       STEPCARE_NRS_MAX};

static void changes_compile(struct pathway_compile *compile)
{
    const struct file_review *file = &compile->file->review;
    unsigned given = 0;
    char key[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < file->change_count; i++) {
        const struct file_change *change = &file->change[i];
        unsigned measure = 0;
        pathway_key(key, "review.change[%u]", i);
        while (measure < MEASURE_COUNT && strcmp(pathway_measure_names[measure], change->measure) != 0) measure++;
        if (measure == MEASURE_COUNT) {
            yaml_check_add(compile->check, key, "`%.40s` is not one of phq_9, gad_7, rmdq, nrs", change->measure);
            continue;
        }
        if (change->worse_points < 1 || change->better_points < 1 ||
            change->worse_points > pathway_measure_maxima[measure] ||
            change->better_points > pathway_measure_maxima[measure] || change->better_percent > 100)
            yaml_check_add(compile->check, key, "points must be 1 to %d and percent at most 100",
                           pathway_measure_maxima[measure]);
        given |= 1U << measure;
        compile->pathway->changes[measure] = (struct pathway_change){
            (int16_t)change->worse_points, (int16_t)change->better_points, (int16_t)change->better_percent};
    }
    for (unsigned measure = 0; measure < MEASURE_COUNT; measure++)
        if (!(given >> measure & 1U))
            yaml_check_add(compile->check, "review.change", "does not say what a change of %s is",
                           pathway_measure_names[measure]);
}

static void review_names_compile(struct pathway_compile *compile, struct pathway_review_table *table)
{
    const char **names = pathway_take(compile, table->rules.count, sizeof *names);
    for (unsigned i = 0; names != NULL && i < table->rules.count; i++) {
        const char *rule = table->rules.rows[i].rule != NULL ? table->rules.rows[i].rule : "";
        size_t bytes = strlen(table->name) + strlen(rule) + 2;
        char *name = pathway_take(compile, bytes, 1);
        if (name != NULL) snprintf(name, bytes, "%s.%s", table->name, rule);
        names[i] = name;
    }
    table->rule_names = names;
}

/* A step needs a place to go: the row's own, or one of the table's step_up rows. */
static void steps_check(struct pathway_compile *compile, const char *key, const struct pathway_review_table *table)
{
    for (unsigned i = 0; i < table->rules.count; i++) {
        const struct table_row *row = &table->rules.rows[i];
        char path[PATHWAY_KEY_BYTES];
        pathway_key(path, "%s.rules[%u]", key, i);
        bool step = row->action == STEPCARE_ACTION_STEP_UP || row->action == STEPCARE_ACTION_STEP_DOWN;
        if (row->action == STEPCARE_ACTION_STEP_DOWN && row->to.tier == STEPCARE_TIER_NONE)
            yaml_check_add(compile->check, path, "steps down, but does not say to which tier");
        if (row->action == STEPCARE_ACTION_STEP_UP && row->to.tier == STEPCARE_TIER_NONE && table->step_up.count == 0)
            yaml_check_add(compile->check, path, "steps up, but neither it nor `step_up` says to which tier");
        if (step ? row->to.tier != STEPCARE_TIER_NONE && row->to.urgency == STEPCARE_URGENCY_NONE
                 : row->to.tier != STEPCARE_TIER_NONE)
            yaml_check_add(compile->check, path, step ? "lacks `urgency`" : "names a tier, but does not step");
    }
}

static void red_flag_rules_compile(struct pathway_compile *compile)
{
    const struct file_review *file = &compile->file->review;
    struct pathway *pathway = compile->pathway;
    pathway->red_flag_rows =
        pathway_compile_rule_mask(compile, "review.red_flag_rules", file->red_flag_rules, file->red_flag_rules_count);
    for (unsigned i = 0; i < pathway->intake.count; i++) {
        const struct table_row *row = &pathway->intake.rows[i];
        bool flags_alone = !row->continues && row->line_count > 0;
        if (!(pathway->red_flag_rows >> i & 1U)) continue;
        for (unsigned line = 0; line < row->line_count; line++) {
            flags_alone &= row->lines[line].choice_count == 0 && row->lines[line].range_count == 0;
            for (unsigned t = 0; t < row->lines[line].tally_count; t++)
                flags_alone &= row->lines[line].tallies[t].set == SET_RED_FLAGS;
        }
        if (!flags_alone)
            yaml_check_add(compile->check, "review.red_flag_rules",
                           "rule %s asks about more than red flags, which is all that a "
                           "review reports",
                           row->rule);
    }
}

void pathway_compile_review(struct pathway_compile *compile)
{
    const struct file_review *file = &compile->file->review;
    struct pathway *pathway = compile->pathway;
    uint32_t tiers = 0;
    char key[PATHWAY_KEY_BYTES], path[PATHWAY_KEY_BYTES];
    changes_compile(compile);
    red_flag_rules_compile(compile);
    pathway_compile_rows(compile, "review.holds", file->holds, file->holds_count, CONTEXT_REVIEW,
                         ROW_RULE | ROW_HOLDS | ROW_CODES, ROW_HOLDS, &pathway->review_holds);
    for (unsigned i = 0; i < file->tables_count; i++) {
        const struct file_review_table *from = &file->tables[i];
        struct pathway_review_table *table = &pathway->reviews[pathway->review_count++];
        pathway_key(key, "review.tables[%u]", i);
        table->name = from->name;
        table->tiers = from->tiers;
        if (tiers & from->tiers) yaml_check_add(compile->check, key, "names a tier that a table above has");
        tiers |= from->tiers;
        pathway_key(path, "%s.rules", key);
        pathway_compile_rows(compile, path, from->rules, from->rules_count, CONTEXT_REVIEW,
                             ROW_RULE | ROW_PLACEMENT | ROW_URGENCY | ROW_ACTION | ROW_CODES | ROW_HOLDS,
                             ROW_RULE | ROW_ACTION, &table->rules);
        pathway_key(path, "%s.step_up", key);
        pathway_compile_rows(compile, path, from->step_up, from->step_up_count, CONTEXT_REVIEW,
                             ROW_PLACEMENT | ROW_URGENCY, ROW_PLACEMENT | ROW_URGENCY, &table->step_up);
        review_names_compile(compile, table);
        steps_check(compile, key, table);
    }
}
