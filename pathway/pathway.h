/* The pathway engine: config/pathway.yaml, checked and compiled, and the decisions it makes. Pure: no clock, no I/O
 * after loading, no allocation in a decision. A loaded pathway never changes and may be shared by threads.
 * Source: the default pathway (config/pathway.yaml carries a basis beside every rule). */
#ifndef PATHWAY_PATHWAY_H
#define PATHWAY_PATHWAY_H

#include "stepcare/error.h"
#include "stepcare/referral.h"

struct pathway;

struct stepcare_placement {
    enum stepcare_tier tier;
    enum stepcare_service service;
    enum stepcare_urgency urgency;
};

/* An intake decision. Strings belong to the pathway. */
struct stepcare_decision {
    struct stepcare_placement placement;   /* where the patient goes */
    struct stepcare_placement recommended; /* what the table said; the same unless an override changed it */
    uint16_t target_days;
    const char *rule; /* "21" */
    uint8_t code_count;
    const char *codes[STEPCARE_CODES_MAX]; /* no repeats */
    uint32_t holds;                        /* mask of enum stepcare_hold */
    uint32_t parallel;                     /* mask of enum stepcare_tier */
};

/* A review: scores as baseline and now; STEPCARE_BLANK (-1) where not measured. */
struct stepcare_review {
    enum stepcare_tier tier;
    enum stepcare_service service;
    int16_t contact, max_contacts; /* psychological tiers */
    int16_t week;                  /* physio */
    int16_t phq_9[2], gad_7[2], rmdq[2], nrs[2];
    int8_t phq_9_item_9;
    enum stepcare_risk start_back_now;
    enum stepcare_treatment_outcome outcome; /* secondary care */
    uint32_t red_flags;
};

struct stepcare_recommendation {
    enum stepcare_action action;
    struct stepcare_placement to; /* all NONE unless the action is a step */
    const char *rule;             /* "psychological.8", or the intake rule that a red flag hit */
    uint8_t code_count;
    const char *codes[STEPCARE_CODES_MAX];
    uint32_t holds;
};

/* Time limits that the router enforces; from the pathway file. */
struct stepcare_limits_table {
    uint16_t hold_working_days[STEPCARE_HOLD_COUNT];        /* by hold; 0 is "the same working day" */
    uint16_t handover_working_days[STEPCARE_URGENCY_COUNT]; /* by urgency; 0 is at once or the same day */
    uint16_t contact_attempts, contact_channels, contact_window_working_days, opt_in_days, reentry_weeks,
        non_attendances_to_release, declines_to_triage_lead;
    uint16_t first_contact_days[STEPCARE_TIER_COUNT]; /* after accepting, where the target has passed [D] */
    uint16_t review_every_days[STEPCARE_TIER_COUNT];  /* next review after a contact or review [D] */
    uint16_t max_contacts[STEPCARE_TIER_COUNT];
};

/* Purpose: read, check and compile a pathway file.
 * Errors: CONFIG with "file:line: key: what is wrong" lines in message (up to message_bytes); SYSTEM if unreadable.
 * Owns: pathway_close frees; *out_pathway is untouched on failure. */
enum stepcare_error pathway_open(const char *path, char *message, size_t message_bytes, struct pathway **out_pathway);
/* Purpose: the same from text in memory (name stands for the file in messages), and the copy of config/pathway.yaml
 * that is built into every program; `stepcare init` writes that copy's text (static, NUL-terminated). */
enum stepcare_error pathway_open_text(const char *name, const char *text, size_t bytes, char *message,
                                      size_t message_bytes, struct pathway **out_pathway);
enum stepcare_error pathway_open_default(char *message, size_t message_bytes, struct pathway **out_pathway);
const char *pathway_default_text(size_t *out_bytes);
void pathway_close(struct pathway *pathway);

/* Purpose: which pathway it is. Shape: the version as its authors name it ("2026.11"); the BLAKE2b-256 of the file's
 * bytes in 64 hex digits. Owns: texts belong to the pathway, here and below. */
const char *pathway_version(const struct pathway *pathway);
const char *pathway_hash_hex(const struct pathway *pathway);

/* Purpose: the decisions. Total: every valid referral or review gets one. */
void pathway_decide_intake(const struct pathway *pathway, const struct stepcare_referral *referral,
                           struct stepcare_decision *out_decision);
void pathway_decide_review(const struct pathway *pathway, const struct stepcare_review *review,
                           struct stepcare_recommendation *out_recommendation);

/* Purpose: the target waiting time of a placement in days; 0 is at once, and what a placement that cannot be has. */
uint16_t pathway_target_days(const struct pathway *pathway, struct stepcare_placement placement);

/* Purpose: the limits that the router enforces. */
const struct stepcare_limits_table *pathway_limits(const struct pathway *pathway);

/* Purpose: an end code, a code of a decision, and the advice that a referrer gets with a tier, in words.
 * Errors: NULL where the file has none. */
const char *pathway_end_code_text(const struct pathway *pathway, unsigned end_code);
const char *pathway_code_meaning(const struct pathway *pathway, const char *code);
const char *pathway_advice_text(const struct pathway *pathway, enum stepcare_tier tier);

/* Purpose: the reasons that acting verbs may give; by index, for help and errors: NULL past the last. */
bool pathway_reason_known(const struct pathway *pathway, struct stepcare_text reason);
bool pathway_reason_needs_note(const struct pathway *pathway, struct stepcare_text reason);
const char *pathway_reason_at(const struct pathway *pathway, unsigned index);

/* Purpose: totals by the file's scoring rules, for feedback and review baselines; STEPCARE_BLANK where it cannot be
 * scored. */
int pathway_phq_9_total(const struct pathway *pathway, const struct stepcare_instruments *instruments);
int pathway_gad_7_total(const struct pathway *pathway, const struct stepcare_instruments *instruments);

#endif
