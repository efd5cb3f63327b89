/* Instruments and their cut-offs, from the file to struct pathway: called by compile.c. */
#include "pathway/file.h"
#include "pathway/internal.h"

#include "base/yaml_check.h"

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
