/* What explain.c is made of. */
#ifndef EXPLAIN_PARTS_H
#define EXPLAIN_PARTS_H

#include "pathway_parts.h"
#include "table_words.h"

/* The scores that were sent, with their bands. */
void explain_scores(const struct pathway *pathway, const struct stepcare_referral *referral, const struct table_facts *facts,
                    struct wire_buffer *output);
void explain_review_scores(const struct pathway *pathway, const struct stepcare_review *review, const struct table_facts *facts,
                           struct wire_buffer *output);

/* What would have changed the decision: each small change of an answer, tried by the same rules. */
void explain_changes(const struct pathway *pathway, const struct stepcare_referral *referral,
                     const struct stepcare_decision *decision, struct wire_buffer *output);

#endif
