/* Two pathways over the same referrals: what moves is counted with the rules on both sides, and nothing else is. */
#include "pathway/diff.h"
#include "tests/support/pathway_case.h"

#include <stdlib.h>

TestSuite(pathway_diff, .init = pathway_begin, .fini = pathway_finish);

struct list {
    struct stepcare_referral referrals[4];
    unsigned count, at;
};

static bool list_next(void *context, const struct stepcare_referral **out_referral)
{
    struct list *list = context;
    if (list->at == list->count) return false;
    *out_referral = &list->referrals[list->at++];
    return true;
}

/* The default with its first `from` changed. */
static struct pathway *pathway_with(const char *from, const char *to)
{
    size_t bytes;
    const char *text = pathway_default_text(&bytes), *at = strstr(text, from);
    char *changed = malloc(bytes + strlen(to) + 1), message[2000] = "";
    struct pathway *other = NULL;
    cr_assert_not_null(at);
    int length = sprintf(changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    cr_assert_eq(pathway_open_text("changed", changed, (size_t)length, message, sizeof message, &other), STEPCARE_OK,
                 "%s", message);
    free(changed);
    return other;
}

Test(pathway_diff, counts_moves_with_the_rules_responsible)
{
    struct pathway *other = pathway_with("high_subscale: at least 4", "high_subscale: at least 3");
    struct pathway_diff *diff = calloc(1, sizeof *diff);
    struct list list = {.count = 4};
    for (unsigned i = 0; i < 4; i++) list.referrals[i] = plain_referral();
    start_back_9_fill(&list.referrals[1], "100011100"); /* medium; high by the other */
    start_back_9_fill(&list.referrals[2], "010011100");
    start_back_9_fill(&list.referrals[3], "000011110"); /* high by both */
    pathway_diff_run(pathway, other, list_next, &list, diff);
    cr_expect_eq(diff->referrals, 4);
    cr_expect_eq(diff->same, 2);
    cr_expect_eq(diff->moved, 2);
    cr_expect_eq(diff->annotated, 0);
    cr_assert_eq(diff->move_count, 1);
    cr_expect_eq(diff->moves[0].count, 2);
    cr_expect_str_eq(diff->moves[0].from_rule, "22");
    cr_expect_str_eq(diff->moves[0].to_rule, "21");
    cr_expect_str_eq(diff->moves[0].example, "case");
    free(diff);
    pathway_close(other);
}

Test(pathway_diff, another_code_on_the_same_placement_is_no_move)
{
    struct pathway *other = pathway_with("codes: [SB9_LOW]", "codes: [MSK_LOW]");
    struct pathway_diff *diff = calloc(1, sizeof *diff);
    struct list list = {.count = 1};
    list.referrals[0] = plain_referral();
    start_back_9_fill(&list.referrals[0], "000000000");
    pathway_diff_run(pathway, other, list_next, &list, diff);
    cr_expect_eq(diff->annotated, 1);
    cr_expect_eq(diff->moved + diff->same, 0);
    free(diff);
    pathway_close(other);
}
