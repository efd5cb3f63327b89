/* What the engine's own files share: compiling, checking, and the facts that decisions and explanations go by. */
#ifndef PATHWAY_INTERNAL_H
#define PATHWAY_INTERNAL_H

#include "pathway/compiled.h"

/* --- from the file: compile*.c ------------------------------------------------------------------------------- */

struct yaml_check;

struct pathway_compile {
    struct yaml_check *check;
    struct pathway *pathway;
    const struct pathway_file *file;
    bool no_memory;
};

/* The path of a key in the file, printf-like ("intake[3].when[0]"); cut where it is too long. */
enum { PATHWAY_KEY_BYTES = 160 };
void pathway_key(char out_key[PATHWAY_KEY_BYTES], const char *format, ...) __attribute__((format(printf, 2, 3)));

void pathway_compile_all(struct pathway_compile *compile);
void pathway_compile_instruments(struct pathway_compile *compile);
void pathway_compile_limits(struct pathway_compile *compile); /* targets, holds, hand-overs, contacts, treatment */
void pathway_compile_review(struct pathway_compile *compile);
void *pathway_take(struct pathway_compile *compile, size_t count, size_t bytes); /* zeros, owned by the pathway */

/* What rows of a table may say. */
enum row_key {
    ROW_RULE = 1,
    ROW_PLACEMENT = 2,
    ROW_CONTINUE = 4,
    ROW_ALSO = 8,
    ROW_AT_LEAST = 16,
    ROW_ACTION = 32,
    ROW_LEVEL = 64,
    ROW_OFFER = 128,
    ROW_RULES = 256,
    ROW_CODES = 512,
    ROW_HOLDS = 1024,
    ROW_URGENCY = 2048,
};
struct file_row;
/* Purpose: one table; key is its path ("intake"); every row may say what `may` has and must say what `must` has. */
void pathway_compile_rows(struct pathway_compile *compile, const char *key, const struct file_row *rows, unsigned count,
                          unsigned context, unsigned may, unsigned must, struct table *out_table);
void pathway_compile_codes(struct pathway_compile *compile, const char *key, char *const *codes, unsigned count,
                           struct table_row *row);
uint64_t pathway_compile_rule_mask(struct pathway_compile *compile, const char *key, char *const *rules,
                                   unsigned count);
/* One name of a set. 0 and a line in the message where there is no such name. */
unsigned pathway_compile_name(struct pathway_compile *compile, const char *key, const struct stepcare_codeset *set,
                              const char *name);
/* A phrase such as "at least 10, under case" within least..most. Errors: false and a line in the message. */
bool pathway_compile_range(struct pathway_compile *compile, const char *key, const char *phrase,
                           const struct instrument_scale *scale, int least, int most,
                           struct instrument_range *out_range);

/* --- after compiling: check.c -------------------------------------------------------------------------------- */

/* Purpose: rows that can never lead, and inputs that no row covers, by an exact search. */
void pathway_check_tables(struct pathway_compile *compile);

/* --- shared by decisions and explanations ------------------------------------------------------------------------- */

void pathway_facts_intake(const struct pathway *pathway, const struct stepcare_referral *referral,
                          struct table_facts *out_facts);
void pathway_facts_place(struct table_facts *facts, struct stepcare_placement placement);
void pathway_facts_review(const struct pathway *pathway, const struct stepcare_review *review,
                          struct table_facts *out_facts);
const struct pathway_review_table *pathway_review_table_of(const struct pathway *pathway, enum stepcare_tier tier);

/* What led and what was added, a bit a row: for people who ask why. */
struct pathway_trace {
    unsigned lead; /* row of the intake table */
    uint64_t adjustments, parallel, overlays;
    struct table_facts facts; /* as the overlays saw them */
};
void pathway_decide_traced(const struct pathway *pathway, const struct stepcare_referral *referral,
                           struct stepcare_decision *out_decision, struct pathway_trace *out_trace);

#endif
