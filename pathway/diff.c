/* Two pathways over the same referrals, counted: for `stepcare pathway diff`. */
#include "pathway/diff.h"

#include <stdlib.h>

static bool same_placement(struct stepcare_placement a, struct stepcare_placement b)
{
    return a.tier == b.tier && a.service == b.service && a.urgency == b.urgency;
}

/* The two pathways have their own strings: names are compared, not pointers. Order does not matter. */
static bool same_codes(const struct stepcare_decision *a, const struct stepcare_decision *b)
{
    if (a->code_count != b->code_count) return false;
    for (unsigned i = 0; i < a->code_count; i++) {
        bool found = false;
        for (unsigned j = 0; j < b->code_count && !found; j++) found = strcmp(a->codes[i], b->codes[j]) == 0;
        if (!found) return false;
    }
    return true;
}

static void move_count(struct pathway_diff *diff, const struct stepcare_referral *referral,
                       const struct stepcare_decision *from, const struct stepcare_decision *to)
{
    struct pathway_move *move = diff->moves;
    uint32_t bytes = referral->message_id.bytes;
    while (move < diff->moves + diff->move_count &&
           !(same_placement(move->from, from->placement) && same_placement(move->to, to->placement) &&
             strcmp(move->from_rule, from->rule) == 0 && strcmp(move->to_rule, to->rule) == 0))
        move++;
    diff->moved++;
    if (move == diff->moves + PATHWAY_DIFF_MOVES_MAX) {
        diff->unlisted++;
        return;
    }
    move->count++;
    if (move < diff->moves + diff->move_count) return;
    diff->move_count++;
    move->from = from->placement;
    move->to = to->placement;
    move->from_rule = from->rule;
    move->to_rule = to->rule;
    if (bytes > STEPCARE_MESSAGE_ID_BYTES_MAX) bytes = STEPCARE_MESSAGE_ID_BYTES_MAX;
    if (bytes > 0) memcpy(move->example, referral->message_id.data, bytes);
}

void pathway_diff_add(const struct pathway *before, const struct pathway *after,
                      const struct stepcare_referral *referral, struct pathway_diff *diff)
{
    struct stepcare_decision from, to;
    pathway_decide_intake(before, referral, &from);
    pathway_decide_intake(after, referral, &to);
    diff->referrals++;
    if (!same_placement(from.placement, to.placement))
        move_count(diff, referral, &from, &to);
    else if (!same_codes(&from, &to) || from.holds != to.holds || from.parallel != to.parallel)
        diff->annotated++;
    else
        diff->same++;
}

static int more_first(const void *a, const void *b)
{
    const struct pathway_move *x = a, *y = b;
    return (x->count < y->count) - (x->count > y->count);
}

void pathway_diff_sort(struct pathway_diff *diff)
{
    qsort(diff->moves, diff->move_count, sizeof diff->moves[0], more_first);
}

void pathway_diff_run(const struct pathway *before, const struct pathway *after, pathway_referral_next next,
                      void *context, struct pathway_diff *diff)
{
    const struct stepcare_referral *referral;
    while (next(context, &referral)) pathway_diff_add(before, after, referral, diff);
    pathway_diff_sort(diff);
}
