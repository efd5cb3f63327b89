/* What explain.c is made of. */
#ifndef PATHWAY_EXPLAIN_INTERNAL_H
#define PATHWAY_EXPLAIN_INTERNAL_H

#include "pathway/explain.h"
#include "pathway/internal.h"
#include "pathway/table_words.h"

/* Appends words that were gathered, with a blank for each underscore: `secondary_care` is for machines. Closes
 * words. */
void explain_plain(struct buffer *words, struct buffer *output);
/* "  Due         ": what a line is about, in a column of its own. */
void explain_label(const char *label, struct buffer *output);

/* The rules of a table in the order in which they are tried, up to the one that decides, with the reason why each does
 * not. */
void explain_rules(const struct table *table, const struct table_facts *facts, unsigned lead, struct buffer *output);

/* The scores that were sent, with their bands. */
void explain_scores(const struct pathway *pathway, const struct stepcare_referral *referral,
                    const struct table_facts *facts, struct buffer *output);
void explain_review_scores(const struct pathway *pathway, const struct stepcare_review *review,
                           const struct table_facts *facts, struct buffer *output);

/* What would have changed the decision: each small change of an answer, tried by the same rules. */
void explain_changes(const struct pathway *pathway, const struct stepcare_referral *referral,
                     const struct stepcare_decision *decision, struct buffer *output);

#endif
