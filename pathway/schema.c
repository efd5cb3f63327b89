/* The shape of pathway.yaml for libcyaml and yaml_check: called by file.c. */
#include "pathway/file.h"

#include "stepcare/limits.h"

enum { TEXT_BYTES_MAX = 4000, ROWS_MAX = 64, LINES_MAX = 16 };

#define TEXT(type, key, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, TEXT_BYTES_MAX)
#define MAYBE_TEXT(type, key, member)                                                                                  \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, TEXT_BYTES_MAX)
#define MASK(flags, type, key, member, names) CYAML_FIELD_FLAGS(key, flags, type, member, names, CYAML_ARRAY_LEN(names))
#define NUMBER(type, key, member) CYAML_FIELD_UINT(key, CYAML_FLAG_DEFAULT, type, member)
#define LIST(type, key, member, entry, max) CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER, type, member, &entry, 1, max)
#define MAYBE_LIST(type, key, member, entry, max)                                                                      \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, &entry, 1, max)
#define GROUP(type, key, member, fields) CYAML_FIELD_MAPPING(key, CYAML_FLAG_DEFAULT, type, member, fields)
#define ENTRY(name, type, fields)                                                                                      \
    static const cyaml_schema_value_t name = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)}

#define STRVAL_BIT(number, NAME, name) {name, STEPCARE_BIT(number)},
static const cyaml_strval_t tier_names[] = {STEPCARE_TIERS(STRVAL_BIT)};
static const cyaml_strval_t urgency_names[] = {STEPCARE_URGENCIES(STRVAL_BIT)};
static const cyaml_strval_t hold_names[] = {STEPCARE_HOLDS(STRVAL_BIT)};
#define SET_STRVALS(NAME, contexts, codes, singular, plural)                                                           \
    static const cyaml_strval_t singular##_strvals[] = {codes(STRVAL_BIT)};
TABLE_SETS(SET_STRVALS)

static const cyaml_schema_value_t word_entry = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 64)};

/* --- conditions and rows ------------------------------------------------------------------------------------------ */

#define TALLY_FIELDS(NAME, contexts, codes, singular, plural)                                                          \
    static const cyaml_schema_field_t plural##_tally_fields[] = {                                                      \
        MASK(CYAML_FLAG_DEFAULT, struct file_tally, "of", of, singular##_strvals),                                     \
        TEXT(struct file_tally, "number", number), CYAML_FIELD_END};
TABLE_SETS(TALLY_FIELDS)

#define LINE_TEXT(NAME, name, ...) MAYBE_TEXT(struct file_line, #name, name),
#define LINE_SET(NAME, contexts, codes, singular, plural)                                                              \
    MASK(CYAML_FLAG_OPTIONAL, struct file_line, "any_" #singular, any_##singular, singular##_strvals),                 \
        MASK(CYAML_FLAG_OPTIONAL, struct file_line, "all_" #plural, all_##plural, singular##_strvals),                 \
        MASK(CYAML_FLAG_OPTIONAL, struct file_line, "no_" #singular, no_##singular, singular##_strvals),               \
        CYAML_FIELD_MAPPING_PTR("count_" #plural, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_line,          \
                                count_##plural, plural##_tally_fields),
static const cyaml_schema_field_t line_fields[] = {TABLE_CHOICES(LINE_TEXT) TABLE_NUMBERS(LINE_TEXT)
                                                       TABLE_SETS(LINE_SET) CYAML_FIELD_END};
ENTRY(line_entry, struct file_line, line_fields);

#define ROW_FIELDS                                                                                                     \
    MAYBE_TEXT(struct file_row, "rule", rule), MAYBE_TEXT(struct file_row, "title", title),                            \
        MAYBE_LIST(struct file_row, "when", when, line_entry, LINES_MAX), MAYBE_TEXT(struct file_row, "tier", tier),   \
        MAYBE_TEXT(struct file_row, "service", service), MAYBE_TEXT(struct file_row, "urgency", urgency),              \
        MAYBE_TEXT(struct file_row, "urgency_at_least", urgency_at_least),                                             \
        MAYBE_TEXT(struct file_row, "action", action), MAYBE_TEXT(struct file_row, "level", level),                    \
        MAYBE_TEXT(struct file_row, "offer", offer), MAYBE_TEXT(struct file_row, "basis", basis),                      \
        MAYBE_LIST(struct file_row, "codes", codes, word_entry, 4),                                                    \
        MAYBE_LIST(struct file_row, "rules", rules, word_entry, ROWS_MAX),                                             \
        MASK(CYAML_FLAG_OPTIONAL, struct file_row, "holds", holds, hold_names),                                        \
        CYAML_FIELD_BOOL("continue", CYAML_FLAG_OPTIONAL, struct file_row, continues),                                 \
        CYAML_FIELD_BOOL("design", CYAML_FLAG_OPTIONAL, struct file_row, design)

static const cyaml_schema_field_t also_fields[] = {ROW_FIELDS, CYAML_FIELD_END};
ENTRY(also_entry, struct file_row, also_fields);
static const cyaml_schema_field_t row_fields[] = {ROW_FIELDS, MAYBE_LIST(struct file_row, "also", also, also_entry, 16),
                                                  CYAML_FIELD_END};
ENTRY(row_entry, struct file_row, row_fields);

/* --- instruments -------------------------------------------------------------------------------------------------- */

static const cyaml_schema_field_t cut_off_fields[] = {TEXT(struct file_cut_off, "name", name),
                                                      TEXT(struct file_cut_off, "from", from), CYAML_FIELD_END};
ENTRY(cut_off_entry, struct file_cut_off, cut_off_fields);

static const cyaml_schema_field_t scale_fields[] = {
    TEXT(struct file_scale, "basis", basis), TEXT(struct file_scale, "maximum", maximum),
    MAYBE_TEXT(struct file_scale, "blanks_imputed", blanks_imputed),
    LIST(struct file_scale, "cut_offs", cut_offs, cut_off_entry, 8), CYAML_FIELD_END};
static const cyaml_schema_field_t start_back_9_fields[] = {
    TEXT(struct file_start_back_9, "basis", basis), TEXT(struct file_start_back_9, "item_9_positive", item_9_positive),
    TEXT(struct file_start_back_9, "low_total", low_total),
    TEXT(struct file_start_back_9, "high_subscale", high_subscale), CYAML_FIELD_END};
static const cyaml_schema_field_t start_back_6_fields[] = {
    TEXT(struct file_start_back_6, "basis", basis), TEXT(struct file_start_back_6, "item_9_positive", item_9_positive),
    TEXT(struct file_start_back_6, "not_low_total", not_low_total), CYAML_FIELD_END};
static const cyaml_schema_field_t start_msk_fields[] = {
    TEXT(struct file_start_msk, "basis", basis), TEXT(struct file_start_msk, "maximum", maximum),
    TEXT(struct file_start_msk, "medium", medium), TEXT(struct file_start_msk, "high", high), CYAML_FIELD_END};
static const cyaml_schema_field_t criterion_fields[] = {
    TEXT(struct file_criterion, "widespread_pain_index", widespread_pain_index),
    TEXT(struct file_criterion, "symptom_severity", symptom_severity), CYAML_FIELD_END};
ENTRY(criterion_entry, struct file_criterion, criterion_fields);
static const cyaml_schema_field_t fibromyalgia_fields[] = {
    TEXT(struct file_fibromyalgia, "basis", basis),
    LIST(struct file_fibromyalgia, "criteria", criteria, criterion_entry, 4),
    TEXT(struct file_fibromyalgia, "pain_regions", pain_regions),
    TEXT(struct file_fibromyalgia, "duration_months", duration_months), CYAML_FIELD_END};
static const cyaml_schema_field_t axial_spa_fields[] = {
    TEXT(struct file_axial_spa, "basis", basis), TEXT(struct file_axial_spa, "onset_age", onset_age),
    TEXT(struct file_axial_spa, "duration_months", duration_months),
    TEXT(struct file_axial_spa, "young_onset_age", young_onset_age), CYAML_FIELD_END};
static const cyaml_schema_field_t instrument_fields[] = {
    GROUP(struct file_instruments, "start_back_9", start_back_9, start_back_9_fields),
    GROUP(struct file_instruments, "start_back_6", start_back_6, start_back_6_fields),
    GROUP(struct file_instruments, "start_msk", start_msk, start_msk_fields),
    GROUP(struct file_instruments, "phq_9", phq_9, scale_fields),
    GROUP(struct file_instruments, "gad_7", gad_7, scale_fields),
    GROUP(struct file_instruments, "hads", hads, scale_fields),
    GROUP(struct file_instruments, "fibromyalgia_2016", fibromyalgia_2016, fibromyalgia_fields),
    GROUP(struct file_instruments, "axial_spa", axial_spa, axial_spa_fields),
    CYAML_FIELD_END};

/* --- override and review ------------------------------------------------------------------------------------------ */

static const cyaml_schema_field_t outcome_fields[] = {
    MAYBE_TEXT(struct file_override_outcome, "urgency", urgency),
    MAYBE_LIST(struct file_override_outcome, "codes", codes, word_entry, 4),
    MASK(CYAML_FLAG_OPTIONAL, struct file_override_outcome, "urgencies", urgencies, urgency_names),
    MASK(CYAML_FLAG_OPTIONAL, struct file_override_outcome, "holds", holds, hold_names), CYAML_FIELD_END};
static const cyaml_schema_field_t override_fields[] = {
    MASK(CYAML_FLAG_DEFAULT, struct file_override, "tiers", tiers, tier_names),
    GROUP(struct file_override, "incomplete", incomplete, outcome_fields),
    GROUP(struct file_override, "blocked", blocked, outcome_fields),
    GROUP(struct file_override, "accepted", accepted, outcome_fields), CYAML_FIELD_END};
static const cyaml_schema_field_t change_fields[] = {
    TEXT(struct file_change, "measure", measure),
    TEXT(struct file_change, "basis", basis),
    NUMBER(struct file_change, "worse_points", worse_points),
    NUMBER(struct file_change, "better_points", better_points),
    CYAML_FIELD_UINT("better_percent", CYAML_FLAG_OPTIONAL, struct file_change, better_percent),
    CYAML_FIELD_END};
ENTRY(change_entry, struct file_change, change_fields);
static const cyaml_schema_field_t review_table_fields[] = {
    TEXT(struct file_review_table, "name", name),
    MASK(CYAML_FLAG_DEFAULT, struct file_review_table, "tiers", tiers, tier_names),
    LIST(struct file_review_table, "rules", rules, row_entry, ROWS_MAX),
    MAYBE_LIST(struct file_review_table, "step_up", step_up, row_entry, ROWS_MAX), CYAML_FIELD_END};
ENTRY(review_table_entry, struct file_review_table, review_table_fields);
static const cyaml_schema_field_t review_fields[] = {
    LIST(struct file_review, "red_flag_rules", red_flag_rules, word_entry, ROWS_MAX),
    LIST(struct file_review, "change", change, change_entry, 8),
    MAYBE_LIST(struct file_review, "holds", holds, row_entry, ROWS_MAX),
    LIST(struct file_review, "tables", tables, review_table_entry, 4), CYAML_FIELD_END};

/* --- limits and words --------------------------------------------------------------------------------------------- */

static const cyaml_schema_field_t target_fields[] = {
    MAYBE_TEXT(struct file_target, "tier", tier), MAYBE_TEXT(struct file_target, "service", service),
    MAYBE_TEXT(struct file_target, "urgency", urgency), NUMBER(struct file_target, "days", days), CYAML_FIELD_END};
ENTRY(target_entry, struct file_target, target_fields);
static const cyaml_schema_field_t hold_limit_fields[] = {
    TEXT(struct file_hold_limit, "hold", hold), TEXT(struct file_hold_limit, "who", who),
    NUMBER(struct file_hold_limit, "working_days", working_days), CYAML_FIELD_END};
ENTRY(hold_limit_entry, struct file_hold_limit, hold_limit_fields);
static const cyaml_schema_field_t handover_fields[] = {TEXT(struct file_handover, "urgency", urgency),
                                                       NUMBER(struct file_handover, "working_days", working_days),
                                                       CYAML_FIELD_END};
ENTRY(handover_entry, struct file_handover, handover_fields);
static const cyaml_schema_field_t contact_fields[] = {
    NUMBER(struct file_contacts, "attempts", attempts),
    NUMBER(struct file_contacts, "channels", channels),
    NUMBER(struct file_contacts, "window_working_days", window_working_days),
    NUMBER(struct file_contacts, "opt_in_days", opt_in_days),
    NUMBER(struct file_contacts, "non_attendances_to_release", non_attendances_to_release),
    NUMBER(struct file_contacts, "reentry_weeks", reentry_weeks),
    NUMBER(struct file_contacts, "declines_to_triage_lead", declines_to_triage_lead),
    CYAML_FIELD_END};
static const cyaml_schema_field_t treatment_fields[] = {
    TEXT(struct file_treatment, "tier", tier), NUMBER(struct file_treatment, "first_contact_days", first_contact_days),
    NUMBER(struct file_treatment, "review_every_days", review_every_days),
    NUMBER(struct file_treatment, "contacts_max", contacts_max), CYAML_FIELD_END};
ENTRY(treatment_entry, struct file_treatment, treatment_fields);
static const cyaml_schema_field_t standard_fields[] = {
    TEXT(struct file_standard, "name", name),
    MASK(CYAML_FLAG_DEFAULT, struct file_standard, "tiers", tiers, tier_names),
    CYAML_FIELD_UINT("percent", CYAML_FLAG_OPTIONAL, struct file_standard, percent),
    NUMBER(struct file_standard, "days", days), CYAML_FIELD_END};
ENTRY(standard_entry, struct file_standard, standard_fields);
static const cyaml_schema_field_t advice_fields[] = {TEXT(struct file_advice, "tier", tier),
                                                     TEXT(struct file_advice, "text", text), CYAML_FIELD_END};
ENTRY(advice_entry, struct file_advice, advice_fields);
static const cyaml_schema_field_t code_fields[] = {
    CYAML_FIELD_STRING_PTR("code", CYAML_FLAG_POINTER, struct file_code, code, 1, STEPCARE_CODE_BYTES_MAX),
    TEXT(struct file_code, "meaning", meaning), CYAML_FIELD_END};
ENTRY(code_entry, struct file_code, code_fields);
static const cyaml_schema_field_t end_code_fields[] = {NUMBER(struct file_end_code, "code", code),
                                                       CYAML_FIELD_STRING_PTR("meaning", CYAML_FLAG_POINTER,
                                                                              struct file_end_code, meaning, 1,
                                                                              128), /* as long as an event takes */
                                                       TEXT(struct file_end_code, "source", source), CYAML_FIELD_END};
ENTRY(end_code_entry, struct file_end_code, end_code_fields);
static const cyaml_schema_field_t reason_fields[] = {
    TEXT(struct file_reason, "reason", reason), TEXT(struct file_reason, "meaning", meaning),
    CYAML_FIELD_BOOL("note", CYAML_FLAG_OPTIONAL, struct file_reason, note), CYAML_FIELD_END};
ENTRY(reason_entry, struct file_reason, reason_fields);

/* --- the file ----------------------------------------------------------------------------------------------------- */

#define ROWS(name) LIST(struct pathway_file, #name, name, row_entry, ROWS_MAX)
#define WORDS(name, entry, max) LIST(struct pathway_file, #name, name, entry, max)

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_STRING_PTR("version", CYAML_FLAG_POINTER, struct pathway_file, version, 1, 31),
    TEXT(struct pathway_file, "title", title),
    TEXT(struct pathway_file, "status", status),
    GROUP(struct pathway_file, "instruments", instruments, instrument_fields),
    MASK(CYAML_FLAG_DEFAULT, struct pathway_file, "psychological_tiers", psychological_tiers, tier_names),
    ROWS(psychological_level),
    ROWS(intake),
    ROWS(adjustments),
    GROUP(struct pathway_file, "override", override, override_fields),
    ROWS(parallel),
    ROWS(overlays),
    GROUP(struct pathway_file, "review", review, review_fields),
    WORDS(targets, target_entry, 64),
    WORDS(holds, hold_limit_entry, 16),
    WORDS(handovers, handover_entry, 16),
    GROUP(struct pathway_file, "contacts", contacts, contact_fields),
    WORDS(treatment, treatment_entry, 16),
    WORDS(standards, standard_entry, 16),
    WORDS(advice, advice_entry, 16),
    WORDS(codes, code_entry, 128),
    WORDS(end_codes, end_code_entry, 64),
    WORDS(reasons, reason_entry, 64),
    CYAML_FIELD_END};

const cyaml_schema_value_t pathway_file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct pathway_file, file_fields)};
