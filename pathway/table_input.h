/* What a rule may ask about: the closed list of inputs, each with its name in the pathway file. Choices are one of a
 * few named values, numbers are whole numbers or blank, sets are the coded lists of a referral.
 * Contexts say in which of the file's tables an input is known: a rule that asks too early is refused when the file is
 * read. */
#ifndef PATHWAY_TABLE_INPUT_H
#define PATHWAY_TABLE_INPUT_H

#include "stepcare/limits.h"

#include <stdint.h>

enum table_context {
    CONTEXT_LEVEL = 1,      /* psychological_level */
    CONTEXT_INTAKE = 2,     /* intake and its `also` */
    CONTEXT_ADJUSTMENT = 4, /* tier, service and urgency are the lead's so far */
    CONTEXT_OVERLAY = 8,    /* parallel and overlays: tier, service and urgency are those after any override */
    CONTEXT_REVIEW = 16,    /* review rules */
    CONTEXT_OFFER = 32,     /* overlays alone: after parallel offers are known */
    CONTEXT_TABLES = CONTEXT_INTAKE | CONTEXT_ADJUSTMENT | CONTEXT_OVERLAY | CONTEXT_OFFER,
    CONTEXT_SCORES = CONTEXT_TABLES | CONTEXT_LEVEL,
    CONTEXT_PLACED = CONTEXT_ADJUSTMENT | CONTEXT_OVERLAY | CONTEXT_OFFER,
};

/* X(NAME, name in the file, contexts, values in order). */
#define TABLE_CHOICES(X)                                                                                               \
    X(PROBLEM, problem, CONTEXT_TABLES, "low_back_pain", "chronic_widespread_pain", "regional_msk_pain")               \
    X(SCREENED, red_flags_screened, CONTEXT_TABLES, "no", "yes")                                                       \
    X(PREGNANT, pregnant, CONTEXT_TABLES, "no", "yes")                                                                 \
    X(START_BACK_SENT, start_back_sent, CONTEXT_TABLES, "no", "yes")                                                   \
    X(START_BACK_9, start_back_9, CONTEXT_TABLES, "none", "low", "medium", "high")                                     \
    X(START_BACK_9_ANSWERS, start_back_9_answers, CONTEXT_TABLES, "none", "complete", "partial", "indeterminate")      \
    X(START_BACK_6, start_back_6, CONTEXT_TABLES, "none", "low", "not_low")                                            \
    X(START_BACK_6_ANSWERS, start_back_6_answers, CONTEXT_TABLES, "none", "complete", "partial", "indeterminate")      \
    X(START_MSK, start_msk, CONTEXT_TABLES, "none", "low", "medium", "high")                                           \
    X(WIDESPREAD, widespread_pain, CONTEXT_TABLES, "none", "fibromyalgia_2016", "cwp_1990")                            \
    X(HLA_B27, hla_b27, CONTEXT_TABLES, "unknown", "negative", "positive")                                             \
    X(LEVEL, psychological_level, CONTEXT_TABLES, "0", "1", "2")                                                       \
    X(PHQ_9_ANSWERS, phq_9_answers, CONTEXT_SCORES, "none", "complete", "imputed", "unscored")                         \
    X(GAD_7_ANSWERS, gad_7_answers, CONTEXT_SCORES, "none", "complete", "imputed", "unscored")                         \
    X(PHQ_9_CASE, phq_9_case, CONTEXT_SCORES, "no", "yes")                                                             \
    X(GAD_7_CASE, gad_7_case, CONTEXT_SCORES, "no", "yes")                                                             \
    X(HADS_SENT, hads_sent, CONTEXT_SCORES, "no", "yes")                                                               \
    X(ITEM_9_BLANK, phq_9_item_9_blank, CONTEXT_SCORES, "no", "yes")                                                   \
    X(TIER, tier, CONTEXT_PLACED | CONTEXT_REVIEW, "gp_advice", "t_cbt", "physio", "hi_cbt", "secondary_care",         \
      "emergency", "manual_review")                                                                                    \
    X(SERVICE, service, CONTEXT_PLACED | CONTEXT_REVIEW, "none", "rheumatology", "spinal", "pain", "suspected_cancer", \
      "paediatrics")                                                                                                   \
    X(URGENCY, urgency, CONTEXT_PLACED, "emergency", "urgent_24h", "urgent_2w", "urgent_3w", "soon", "routine")        \
    X(PSYCHOLOGY_OFFERED, psychology_offered, CONTEXT_OFFER, "no", "yes")                                              \
    X(PHQ_9_CHANGE, phq_9_change, CONTEXT_REVIEW, "not_measured", "same", "better", "worse")                           \
    X(GAD_7_CHANGE, gad_7_change, CONTEXT_REVIEW, "not_measured", "same", "better", "worse")                           \
    X(RMDQ_CHANGE, rmdq_change, CONTEXT_REVIEW, "not_measured", "same", "better", "worse")                             \
    X(NRS_CHANGE, nrs_change, CONTEXT_REVIEW, "not_measured", "same", "better", "worse")                               \
    X(CASE_AT_BASELINE, case_at_baseline, CONTEXT_REVIEW, "not_measured", "no", "yes")                                 \
    X(CASE_NOW, case_now, CONTEXT_REVIEW, "not_measured", "no", "yes")                                                 \
    X(LAST_CONTACT, last_contact, CONTEXT_REVIEW, "no", "yes")                                                         \
    X(START_BACK_NOW, start_back_now, CONTEXT_REVIEW, "not_measured", "low", "medium", "high")                         \
    X(OUTCOME, outcome, CONTEXT_REVIEW, "none", "treated", "plan_physio", "plan_t_cbt", "ongoing")

/* X(NAME, name, contexts, least, most): the range that an answer can have; blank is outside it.
 * phq_9 and gad_7 are the total where it is scored, else what the answered items alone reach; hads is the highest
 * subscale. */
#define TABLE_NUMBERS(X)                                                                                               \
    X(AGE, age, CONTEXT_TABLES, 0, 200)                                                                                \
    X(DURATION_WEEKS, duration_weeks, CONTEXT_TABLES, 0, STEPCARE_DURATION_WEEKS_MAX)                                  \
    X(PHQ_9, phq_9, CONTEXT_SCORES, 0, STEPCARE_PHQ_9_MAX)                                                             \
    X(GAD_7, gad_7, CONTEXT_SCORES, 0, STEPCARE_GAD_7_MAX)                                                             \
    X(HADS, hads, CONTEXT_SCORES, 0, 21)                                                                               \
    X(ITEM_9, phq_9_item_9, CONTEXT_SCORES | CONTEXT_REVIEW, 0, STEPCARE_PHQ_9_ITEM_MAX)                               \
    X(AXSPA_FEATURES, axial_spa_features, CONTEXT_TABLES, 0, 9)                                                        \
    X(CONTACT, contact, CONTEXT_REVIEW, 0, STEPCARE_CONTACTS_MAX)                                                      \
    X(WEEK, week, CONTEXT_REVIEW, 0, STEPCARE_DURATION_WEEKS_MAX)

/* X(NAME, contexts, the set's codes, singular, plural): any_red_flag, all_red_flags, no_red_flag, count_red_flags
 * ... */
#define TABLE_SETS(X)                                                                                                  \
    X(RED_FLAGS, CONTEXT_TABLES, STEPCARE_RED_FLAGS, red_flag, red_flags)                                              \
    X(FINDINGS, CONTEXT_TABLES, STEPCARE_FINDINGS, finding, findings)                                                  \
    X(HISTORY, CONTEXT_SCORES, STEPCARE_HISTORIES, history, history)                                                   \
    X(PREFERENCES, CONTEXT_TABLES, STEPCARE_PREFERENCES, preference, preferences)

#define TABLE_CHOICE_ENUM(NAME, name, contexts, ...) CHOICE_##NAME,
enum table_choice { TABLE_CHOICES(TABLE_CHOICE_ENUM) CHOICE_COUNT };
#undef TABLE_CHOICE_ENUM
#define TABLE_NUMBER_ENUM(NAME, name, contexts, least, most) NUMBER_##NAME,
enum table_number { TABLE_NUMBERS(TABLE_NUMBER_ENUM) NUMBER_COUNT };
#undef TABLE_NUMBER_ENUM
#define TABLE_SET_ENUM(NAME, contexts, codes, singular, plural) SET_##NAME,
enum table_set { TABLE_SETS(TABLE_SET_ENUM) SET_COUNT };
#undef TABLE_SET_ENUM

enum { TABLE_VALUES_MAX = 8 };

struct table_choice_info {
    const char *name;
    uint8_t contexts, value_count;
    const char *values[TABLE_VALUES_MAX];
};
struct table_number_info {
    const char *name;
    uint8_t contexts;
    int16_t least, most;
};
struct table_set_info {
    const char *singular, *plural;
    uint8_t contexts;
    uint8_t code_count;
    const char *const *codes; /* by number - 1 */
};

extern const struct table_choice_info table_choices[CHOICE_COUNT];
extern const struct table_number_info table_numbers[NUMBER_COUNT];
extern const struct table_set_info table_sets[SET_COUNT];

#endif
