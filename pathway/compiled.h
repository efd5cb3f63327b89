/* A pathway as it is used: compiled from the file, flat, never changed after loading. For the engine's own files and
 * for printing all of it (client/command/pathway); whoever asks a pathway something uses pathway/pathway.h. */
#ifndef PATHWAY_COMPILED_H
#define PATHWAY_COMPILED_H

#include "pathway/instruments.h"
#include "pathway/table.h"

enum { PATHWAY_REVIEW_TABLES_MAX = 4, PATHWAY_STANDARDS_MAX = 16 };

enum measure { MEASURE_PHQ_9, MEASURE_GAD_7, MEASURE_RMDQ, MEASURE_NRS, MEASURE_COUNT };
extern const char *const pathway_measure_names[MEASURE_COUNT];
extern const int16_t pathway_measure_maxima[MEASURE_COUNT];

struct pathway_change {
    int16_t worse_points, better_points, better_percent;
};

struct pathway_review_table {
    const char *name;
    uint32_t tiers;
    struct table rules, step_up;
    const char **rule_names; /* "psychological.8", a name a row */
};

struct pathway_override {
    uint32_t tiers; /* that an override may name */
    uint32_t blocked_urgencies;
    enum stepcare_urgency accepted_urgency;
    struct table_row incomplete, blocked, accepted; /* codes and holds */
};

struct pathway_code {
    const char *name, *meaning;
};
struct pathway_end_code {
    uint16_t code;
    const char *meaning, *source;
};
struct pathway_reason {
    const char *name, *meaning;
    bool needs_note;
};
struct pathway_standard {
    const char *name;
    uint32_t tiers;
    uint16_t percent, days; /* percent 0: all */
};

struct pathway {
    const char *version, *title, *status;
    char hash_hex[65];
    struct instrument_rules instruments;
    struct table level, intake, adjustments, parallel, overlays, review_holds;
    uint64_t red_flag_rows; /* of intake, re-run at reviews */
    struct pathway_override override;
    struct pathway_change changes[MEASURE_COUNT];
    struct pathway_review_table reviews[PATHWAY_REVIEW_TABLES_MAX];
    unsigned review_count, code_count, end_code_count, reason_count, standard_count;
    uint32_t psychological_tiers;
    uint16_t target_days[STEPCARE_TIER_COUNT][STEPCARE_SERVICE_COUNT][STEPCARE_URGENCY_COUNT];
    struct stepcare_limits_table limits;
    struct pathway_code codes[TABLE_CODES_MAX];
    struct pathway_end_code end_codes[64];
    struct pathway_reason reasons[64];
    struct pathway_standard standards[PATHWAY_STANDARDS_MAX];
    const char *advice[STEPCARE_TIER_COUNT];
    const char *hold_owners[STEPCARE_HOLD_COUNT];
    const char *instrument_basis[8]; /* in the file's order */
    struct pathway_file *file;       /* owns every string */
    void **blocks;                   /* owned: rows, lines, names */
    unsigned block_count;
};

#endif
