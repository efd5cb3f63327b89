/* A decision in words: the scores with their bands, each rule that was tried and why it did or did not fit, what was
 * added, and what would have changed it. For people; the decision itself is pathway_decide_*'s. Pure. */
#ifndef PATHWAY_EXPLAIN_H
#define PATHWAY_EXPLAIN_H

#include "pathway/pathway.h"
#include "proto/frame.h"

void explain_intake(const struct pathway *pathway, const struct stepcare_referral *referral, struct buffer *output);
void explain_review(const struct pathway *pathway, const struct stepcare_review *review, struct buffer *output);

/* "secondary care, pain, soon": where a decision leads, in plain words. */
void explain_placement(struct stepcare_placement placement, struct buffer *output);

#endif
