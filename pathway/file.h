/* config/pathway.yaml as libcyaml loads it: the shape alone, every phrase still text. The strings live as long as the
 * pathway, which points to them. */
#ifndef PATHWAY_FILE_H
#define PATHWAY_FILE_H

#include "pathway/table_input.h"

#include "stepcare/codes.h"

#include <cyaml/cyaml.h>
#include <stdbool.h>

struct file_tally {
    uint32_t of;
    char *number;
};

struct file_line { /* one line of `when` */
#define FILE_TEXT(NAME, name, ...) char *name;
    TABLE_CHOICES(FILE_TEXT)
    TABLE_NUMBERS(FILE_TEXT)
#undef FILE_TEXT
#define FILE_SET(NAME, contexts, codes, singular, plural)                                                              \
    uint32_t any_##singular, all_##plural, no_##singular;                                                              \
    struct file_tally *count_##plural;
    TABLE_SETS(FILE_SET)
#undef FILE_SET
};

struct file_row {
    char *rule, *title, *basis, *tier, *service, *urgency, *urgency_at_least, *action, *level, *offer;
    struct file_line *when;
    struct file_row *also;
    char **codes, **rules;
    uint32_t holds;
    unsigned when_count, also_count, codes_count, rules_count;
    bool continues, design;
};

struct file_cut_off {
    char *name, *from;
};

struct file_scale {
    char *basis, *maximum, *blanks_imputed;
    struct file_cut_off *cut_offs;
    unsigned cut_offs_count;
};

struct file_criterion {
    char *widespread_pain_index, *symptom_severity;
};

struct file_start_back_9 {
    char *basis, *item_9_positive, *low_total, *high_subscale;
};
struct file_start_back_6 {
    char *basis, *item_9_positive, *not_low_total;
};
struct file_start_msk {
    char *basis, *maximum, *medium, *high;
};
struct file_fibromyalgia {
    char *basis, *pain_regions, *duration_months;
    struct file_criterion *criteria;
    unsigned criteria_count;
};
struct file_axial_spa {
    char *basis, *onset_age, *duration_months, *young_onset_age;
};

struct file_instruments {
    struct file_start_back_9 start_back_9;
    struct file_start_back_6 start_back_6;
    struct file_start_msk start_msk;
    struct file_scale phq_9, gad_7, hads;
    struct file_fibromyalgia fibromyalgia_2016;
    struct file_axial_spa axial_spa;
};

struct file_override_outcome {
    char *urgency;
    char **codes;
    uint32_t urgencies, holds;
    unsigned codes_count;
};
struct file_override {
    uint32_t tiers;
    struct file_override_outcome incomplete, blocked, accepted;
};

struct file_change {
    char *measure, *basis;
    uint16_t worse_points, better_points, better_percent;
};

struct file_review_table {
    char *name;
    uint32_t tiers;
    struct file_row *rules, *step_up;
    unsigned rules_count, step_up_count;
};

struct file_review {
    char **red_flag_rules;
    struct file_change *change;
    struct file_row *holds;
    struct file_review_table *tables;
    unsigned red_flag_rules_count, change_count, holds_count, tables_count;
};

struct file_target {
    char *tier, *service, *urgency;
    uint16_t days;
};
struct file_hold_limit {
    char *hold, *who;
    uint16_t working_days;
};
struct file_handover {
    char *urgency;
    uint16_t working_days;
};
struct file_contacts {
    uint16_t attempts, channels, window_working_days, opt_in_days, non_attendances_to_release, reentry_weeks,
        declines_to_triage_lead;
};
struct file_treatment {
    char *tier;
    uint16_t first_contact_days, review_every_days, contacts_max;
};
struct file_standard {
    char *name;
    uint32_t tiers;
    uint16_t percent, days;
};
struct file_advice {
    char *tier, *text;
};
struct file_code {
    char *code, *meaning;
};
struct file_end_code {
    char *meaning, *source;
    uint16_t code;
};
struct file_reason {
    char *reason, *meaning;
    bool note;
};

struct pathway_file {
    char *version, *title, *status;
    struct file_instruments instruments;
    uint32_t psychological_tiers;
    struct file_override override;
    struct file_review review;
    struct file_contacts contacts;
    struct file_row *psychological_level, *intake, *adjustments, *parallel, *overlays;
    struct file_target *targets;
    struct file_hold_limit *holds;
    struct file_handover *handovers;
    struct file_treatment *treatment;
    struct file_standard *standards;
    struct file_advice *advice;
    struct file_code *codes;
    struct file_end_code *end_codes;
    struct file_reason *reasons;
    unsigned psychological_level_count, intake_count, adjustments_count, parallel_count, overlays_count, targets_count,
        holds_count, handovers_count, treatment_count, standards_count, advice_count, codes_count, end_codes_count,
        reasons_count;
};

extern const cyaml_schema_value_t pathway_file_schema;

#endif
