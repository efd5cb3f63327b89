/* Instruments, targets, time limits and words, from the file to struct pathway. */
#include "pathway/file.h"
#include "pathway/internal.h"

#include "base/yaml_check.h"

#include <stdlib.h>

/* --- instruments -------------------------------------------------------------------------------------------------- */

static int number_read(struct pathway_compile *compile, const char *key, const char *text, int least, int most)
{
    struct instrument_range range = {(int16_t)least, (int16_t)least};
    if (text == NULL || !pathway_compile_range(compile, key, text, NULL, least, most, &range)) return least;
    if (range.least != range.most) yaml_check_add(compile->check, key, "must be one number");
    return range.least;
}

static void scale_compile(struct pathway_compile *compile, const char *key, const struct file_scale *file, int items,
                          int most, struct instrument_scale *scale)
{
    char path[PATHWAY_KEY_BYTES];
    pathway_key(path, "%s.maximum", key);
    scale->maximum = (int16_t)number_read(compile, path, file->maximum, 1, most);
    pathway_key(path, "%s.blanks_imputed", key);
    scale->blanks_imputed = (uint8_t)number_read(compile, path, file->blanks_imputed, 0, items);
    for (unsigned i = 0; i < file->cut_offs_count; i++) {
        struct instrument_cut_off *cut_off = &scale->cut_offs[scale->cut_off_count];
        pathway_key(path, "%s.cut_offs[%u].from", key, i);
        cut_off->name = file->cut_offs[i].name;
        cut_off->from = (int16_t)number_read(compile, path, file->cut_offs[i].from, 1, scale->maximum);
        if (i > 0 && cut_off->from <= scale->cut_offs[i - 1].from)
            yaml_check_add(compile->check, path, "must be above the cut-off before it, %d",
                           scale->cut_offs[i - 1].from);
        scale->cut_off_count++;
    }
}

static void case_check(struct pathway_compile *compile, const char *key, const struct instrument_scale *scale)
{
    int16_t from;
    if (!instrument_cut_off_find(scale, "case", 4, &from))
        yaml_check_add(compile->check, key, "needs a cut-off named `case`");
}

void pathway_compile_instruments(struct pathway_compile *compile)
{
    const struct file_instruments *file = &compile->file->instruments;
    struct instrument_rules *rules = &compile->pathway->instruments;
    const char **basis = compile->pathway->instrument_basis;
    char key[PATHWAY_KEY_BYTES];
#define RANGE(instrument, member, least, most)                                                                         \
    pathway_compile_range(compile, "instruments." #instrument "." #member, file->instrument.member, NULL, least, most, \
                          &rules->instrument.member)
    RANGE(start_back_9, item_9_positive, 0, 4);
    RANGE(start_back_9, low_total, 0, 9);
    RANGE(start_back_9, high_subscale, 0, 5);
    RANGE(start_back_6, item_9_positive, 0, 4);
    RANGE(start_back_6, not_low_total, 0, 6);
    rules->start_msk.maximum =
        (int16_t)number_read(compile, "instruments.start_msk.maximum", file->start_msk.maximum, 1, 12);
    RANGE(start_msk, medium, 0, rules->start_msk.maximum);
    RANGE(start_msk, high, 0, rules->start_msk.maximum);
    scale_compile(compile, "instruments.phq_9", &file->phq_9, 9, table_numbers[NUMBER_PHQ_9].most, &rules->phq_9);
    scale_compile(compile, "instruments.gad_7", &file->gad_7, 7, table_numbers[NUMBER_GAD_7].most, &rules->gad_7);
    scale_compile(compile, "instruments.hads", &file->hads, 0, table_numbers[NUMBER_HADS].most, &rules->hads);
    case_check(compile, "instruments.phq_9", &rules->phq_9);
    case_check(compile, "instruments.gad_7", &rules->gad_7);
    RANGE(fibromyalgia_2016, pain_regions, 0, 5);
    RANGE(fibromyalgia_2016, duration_months, 0, 1200);
    RANGE(axial_spa, onset_age, 0, 130);
    RANGE(axial_spa, duration_months, 0, 1200);
    RANGE(axial_spa, young_onset_age, 0, 130);
#undef RANGE
    rules->fibromyalgia_2016.criterion_count = file->fibromyalgia_2016.criteria_count;
    for (unsigned i = 0; i < file->fibromyalgia_2016.criteria_count; i++) {
        const struct file_criterion *criterion = &file->fibromyalgia_2016.criteria[i];
        pathway_key(key, "instruments.fibromyalgia_2016.criteria[%u]", i);
        pathway_compile_range(compile, key, criterion->widespread_pain_index, NULL, 0, 19,
                              &rules->fibromyalgia_2016.criteria[i].widespread_pain_index);
        pathway_compile_range(compile, key, criterion->symptom_severity, NULL, 0, 12,
                              &rules->fibromyalgia_2016.criteria[i].symptom_severity);
    }
    const char *const all[] = {
        file->start_back_9.basis, file->start_back_6.basis, file->start_msk.basis,         file->phq_9.basis,
        file->gad_7.basis,        file->hads.basis,         file->fibromyalgia_2016.basis, file->axial_spa.basis};
    memcpy(basis, all, sizeof all);
}

/* --- targets and limits ------------------------------------------------------------------------------------------- */

static bool target_fits(const struct stepcare_placement *target, unsigned tier, unsigned service, unsigned urgency)
{
    return (target->tier == STEPCARE_TIER_NONE || target->tier == tier) &&
           (target->service == STEPCARE_SERVICE_NONE || target->service == service) &&
           (target->urgency == STEPCARE_URGENCY_NONE || target->urgency == urgency);
}

/* Every tier, service and urgency has a target: a decision never lacks a due date. */
static void target_fill(struct pathway_compile *compile, const struct stepcare_placement *targets, unsigned tier,
                        unsigned service, unsigned urgency)
{
    const struct pathway_file *file = compile->file;
    for (unsigned i = 0; i < file->targets_count; i++) {
        if (!target_fits(&targets[i], tier, service, urgency)) continue;
        compile->pathway->target_days[tier][service][urgency] = file->targets[i].days;
        return;
    }
    yaml_check_add(compile->check, "targets", "no line fits %s, %s", stepcare_code_name(&stepcare_tiers, tier),
                   stepcare_code_name(&stepcare_urgencies, urgency));
}

static void targets_compile(struct pathway_compile *compile)
{
    const struct pathway_file *file = compile->file;
    struct stepcare_placement targets[64] = {0};
    char key[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < file->targets_count; i++) {
        const struct file_target *target = &file->targets[i];
        pathway_key(key, "targets[%u]", i);
        if (target->days > 3650) yaml_check_add(compile->check, key, "is over 3650 days");
        if (target->tier != NULL)
            targets[i].tier = (enum stepcare_tier)pathway_compile_name(compile, key, &stepcare_tiers, target->tier);
        if (target->service != NULL)
            targets[i].service =
                (enum stepcare_service)pathway_compile_name(compile, key, &stepcare_services, target->service);
        if (target->urgency != NULL)
            targets[i].urgency =
                (enum stepcare_urgency)pathway_compile_name(compile, key, &stepcare_urgencies, target->urgency);
    }
    for (unsigned tier = 1; tier < STEPCARE_TIER_COUNT; tier++)
        for (unsigned urgency = 1; urgency < STEPCARE_URGENCY_COUNT; urgency++)
            for (unsigned service = 0; service < STEPCARE_SERVICE_COUNT; service++)
                if ((service != 0) == (tier == STEPCARE_TIER_SECONDARY_CARE))
                    target_fill(compile, targets, tier, service, urgency);
}

static void all_given(struct pathway_compile *compile, const char *key, const struct stepcare_codeset *set,
                      uint32_t given)
{
    for (unsigned i = 1; i < set->count; i++)
        if (!(given & STEPCARE_BIT(i))) yaml_check_add(compile->check, key, "has no line for %s", set->names[i]);
}

void pathway_compile_limits(struct pathway_compile *compile)
{
    const struct pathway_file *file = compile->file;
    struct stepcare_limits_table *limits = &compile->pathway->limits;
    uint32_t holds = 0, urgencies = 0, tiers = 0;
    char key[PATHWAY_KEY_BYTES];
    unsigned at;
    targets_compile(compile);
    for (unsigned i = 0; i < file->holds_count; i++) {
        pathway_key(key, "holds[%u].hold", i);
        if ((at = pathway_compile_name(compile, key, &stepcare_holds, file->holds[i].hold)) == 0) continue;
        limits->hold_working_days[at] = file->holds[i].working_days;
        compile->pathway->hold_owners[at] = file->holds[i].who;
        holds |= STEPCARE_BIT(at);
    }
    for (unsigned i = 0; i < file->handovers_count; i++) {
        pathway_key(key, "handovers[%u].urgency", i);
        if ((at = pathway_compile_name(compile, key, &stepcare_urgencies, file->handovers[i].urgency)) == 0) continue;
        limits->handover_working_days[at] = file->handovers[i].working_days;
        urgencies |= STEPCARE_BIT(at);
    }
    for (unsigned i = 0; i < file->treatment_count; i++) {
        pathway_key(key, "treatment[%u].tier", i);
        if ((at = pathway_compile_name(compile, key, &stepcare_tiers, file->treatment[i].tier)) == 0) continue;
        limits->first_contact_days[at] = file->treatment[i].first_contact_days;
        limits->review_every_days[at] = file->treatment[i].review_every_days;
        limits->max_contacts[at] = file->treatment[i].contacts_max;
        tiers |= STEPCARE_BIT(at);
    }
    all_given(compile, "holds", &stepcare_holds, holds);
    all_given(compile, "handovers", &stepcare_urgencies, urgencies);
    all_given(compile, "treatment", &stepcare_tiers, tiers);
    limits->contact_attempts = file->contacts.attempts;
    limits->contact_channels = file->contacts.channels;
    limits->contact_window_working_days = file->contacts.window_working_days;
    limits->opt_in_days = file->contacts.opt_in_days;
    limits->reentry_weeks = file->contacts.reentry_weeks;
    limits->non_attendances_to_release = file->contacts.non_attendances_to_release;
    limits->declines_to_triage_lead = file->contacts.declines_to_triage_lead;
    if (limits->contact_attempts == 0 || limits->contact_channels == 0 ||
        limits->contact_channels > limits->contact_attempts)
        yaml_check_add(compile->check, "contacts", "needs at least one attempt, and no more channels than attempts");
}

/* --- words -------------------------------------------------------------------------------------------------------- */

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

void pathway_compile_words(struct pathway_compile *compile)
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
