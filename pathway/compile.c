/* pathway.yaml from words to struct pathway, section by section; those that are long have files of their own. Each
 * mistake is one line in the message; nothing stops at the first. Called by file.c. */
#include "pathway/file.h"
#include "pathway/internal.h"

#include "base/yaml_check.h"

#include <stdio.h>

/* --- codes, end codes, reasons, advice, standards --- */

static void codes_read(struct pathway_compile *compile)
{
    const struct pathway_file *file = compile->file;
    struct pathway *pathway = compile->pathway;
    char key[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < file->codes_count; i++) {
        pathway_key(key, "codes[%u].code", i);
        if (strspn(file->codes[i].code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != strlen(file->codes[i].code))
            yaml_check_add(compile->check, key, "may hold A to Z, 0 to 9 and _ alone");
        for (unsigned j = 0; j < i; j++)
            if (strcmp(file->codes[j].code, file->codes[i].code) == 0)
                yaml_check_add(compile->check, key, "`%s` is given a second time", file->codes[i].code);
        pathway->codes[pathway->code_count++] = (struct pathway_code){file->codes[i].code, file->codes[i].meaning};
    }
}

static void words_compile(struct pathway_compile *compile)
{
    const struct pathway_file *file = compile->file;
    struct pathway *pathway = compile->pathway;
    char key[PATHWAY_KEY_BYTES];
    codes_read(compile);
    for (unsigned i = 0; i < file->end_codes_count; i++) {
        const struct file_end_code *code = &file->end_codes[i];
        pathway_key(key, "end_codes[%u].code", i);
        if (pathway_end_code_text(pathway, code->code) != NULL || code->code == 0)
            yaml_check_add(compile->check, key, "%u is %s", code->code,
                           code->code == 0 ? "not an end code" : "given a second time");
        pathway->end_codes[pathway->end_code_count++] =
            (struct pathway_end_code){code->code, code->meaning, code->source};
    }
    for (unsigned i = 0; i < file->reasons_count; i++) {
        const struct file_reason *reason = &file->reasons[i];
        pathway_key(key, "reasons[%u].reason", i);
        if (pathway_reason_known(pathway, stepcare_text_of(reason->reason)))
            yaml_check_add(compile->check, key, "is given a second time");
        pathway->reasons[pathway->reason_count++] =
            (struct pathway_reason){reason->reason, reason->meaning, reason->note};
    }
    for (unsigned i = 0; i < file->advice_count; i++) {
        pathway_key(key, "advice[%u].tier", i);
        pathway->advice[pathway_compile_name(compile, key, &stepcare_tiers, file->advice[i].tier)] =
            file->advice[i].text;
    }
    for (unsigned i = 0; i < file->standards_count; i++)
        pathway->standards[pathway->standard_count++] = (struct pathway_standard){
            file->standards[i].name, file->standards[i].tiers, file->standards[i].percent, file->standards[i].days};
    if (pathway->advice[STEPCARE_TIER_EMERGENCY] == NULL || pathway->advice[STEPCARE_TIER_GP_ADVICE] == NULL)
        yaml_check_add(compile->check, "advice", "needs a text for emergency and one for gp_advice");
    pathway->advice[STEPCARE_TIER_NONE] = NULL;
}

/* --- override --- */

static void override_row(struct pathway_compile *compile, const char *key, const struct file_override_outcome *outcome,
                         struct table_row *row)
{
    pathway_compile_codes(compile, key, outcome->codes, outcome->codes_count, row);
    row->holds = outcome->holds;
}

static void override_compile(struct pathway_compile *compile)
{
    const struct file_override *file = &compile->file->override;
    struct pathway_override *override = &compile->pathway->override;
    const char *urgency = file->accepted.urgency;
    override->tiers = file->tiers;
    override->blocked_urgencies = file->blocked.urgencies;
    override_row(compile, "override.incomplete", &file->incomplete, &override->incomplete);
    override_row(compile, "override.blocked", &file->blocked, &override->blocked);
    override_row(compile, "override.accepted", &file->accepted, &override->accepted);
    if (urgency == NULL)
        yaml_check_add(compile->check, "override.accepted", "lacks `urgency`");
    else
        override->accepted_urgency = (enum stepcare_urgency)pathway_compile_name(compile, "override.accepted.urgency",
                                                                                 &stepcare_urgencies, urgency);
    if (!(file->blocked.urgencies & STEPCARE_BIT(STEPCARE_URGENCY_EMERGENCY)))
        yaml_check_add(compile->check, "override.blocked.urgencies",
                       "must name emergency: nobody overrides an emergency");
    if (file->tiers & (STEPCARE_BIT(STEPCARE_TIER_EMERGENCY) | STEPCARE_BIT(STEPCARE_TIER_MANUAL_REVIEW)))
        yaml_check_add(compile->check, "override.tiers", "emergency and manual_review cannot be chosen by an override");
}

/* --- tables, and all of it in its order --- */

static void tables_compile(struct pathway_compile *compile)
{
    const struct pathway_file *file = compile->file;
    struct pathway *pathway = compile->pathway;
    pathway_compile_rows(compile, "psychological_level", file->psychological_level, file->psychological_level_count,
                         CONTEXT_LEVEL, ROW_LEVEL, ROW_LEVEL, &pathway->level);
    pathway_compile_rows(compile, "intake", file->intake, file->intake_count, CONTEXT_INTAKE,
                         ROW_RULE | ROW_PLACEMENT | ROW_URGENCY | ROW_CONTINUE | ROW_ALSO | ROW_CODES | ROW_HOLDS,
                         ROW_RULE | ROW_PLACEMENT | ROW_URGENCY, &pathway->intake);
    pathway_compile_rows(
        compile, "adjustments", file->adjustments, file->adjustments_count, CONTEXT_INTAKE | CONTEXT_ADJUSTMENT,
        ROW_PLACEMENT | ROW_URGENCY | ROW_AT_LEAST | ROW_CODES | ROW_HOLDS | ROW_RULES, 0, &pathway->adjustments);
    pathway_compile_rows(compile, "parallel", file->parallel, file->parallel_count, CONTEXT_OVERLAY,
                         ROW_OFFER | ROW_CODES | ROW_HOLDS | ROW_RULES, 0, &pathway->parallel);
    pathway_compile_rows(compile, "overlays", file->overlays, file->overlays_count, CONTEXT_OFFER,
                         ROW_CODES | ROW_HOLDS | ROW_RULES, 0, &pathway->overlays);
}

void pathway_compile_all(struct pathway_compile *compile)
{
    struct pathway *pathway = compile->pathway;
    pathway->version = compile->file->version;
    pathway->title = compile->file->title;
    pathway->status = compile->file->status;
    pathway->psychological_tiers = compile->file->psychological_tiers;
    words_compile(compile);
    pathway_compile_instruments(compile);
    tables_compile(compile);
    override_compile(compile);
    pathway_compile_review(compile);
    pathway_compile_limits(compile);
    if (compile->check->problems == 0 && !compile->no_memory) pathway_check_tables(compile);
}
