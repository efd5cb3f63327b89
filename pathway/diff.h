/* Who would be placed differently by another pathway, and by which rules: both decide the same referrals, and the moves
 * are counted. For a change of the rules before it is signed off. */
#ifndef PATHWAY_DIFF_H
#define PATHWAY_DIFF_H

#include "pathway/pathway.h"

enum { PATHWAY_DIFF_MOVES_MAX = 512 };

/* One kind of move: from and to as decided, with the rules that led. Strings belong to the pathways. */
struct pathway_move {
    struct stepcare_placement from, to;
    const char *from_rule, *to_rule;
    uint64_t count;
    char example[STEPCARE_MESSAGE_ID_BYTES_MAX + 1]; /* the first one's message_id */
};

struct pathway_diff {
    uint64_t referrals, same, moved;
    uint64_t annotated; /* placed alike, but with other codes, holds or offers */
    uint64_t unlisted;  /* moved, beyond the kinds that fit */
    unsigned move_count;
    struct pathway_move moves[PATHWAY_DIFF_MOVES_MAX]; /* sorted by pathway_diff_sort: most first */
};

/* Purpose: where the referrals come from: a file, a store. Gives the next one, borrowed until the next call; false at
 * the end. */
typedef bool (*pathway_referral_next)(void *context, const struct stepcare_referral **out_referral);

/* Purpose: decide every referral by both and count. *diff must be zeros (it is large: not for the stack). */
void pathway_diff_run(const struct pathway *before, const struct pathway *after, pathway_referral_next next,
                      void *context, struct pathway_diff *diff);
void pathway_diff_add(const struct pathway *before, const struct pathway *after,
                      const struct stepcare_referral *referral, struct pathway_diff *diff);
void pathway_diff_sort(struct pathway_diff *diff);

#endif
