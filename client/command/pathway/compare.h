/* `stepcare pathway diff`: referrals decided by two pathways, and who would be placed differently. */
#ifndef CLIENT_COMMAND_PATHWAY_COMPARE_H
#define CLIENT_COMMAND_PATHWAY_COMPARE_H

#include "client/command/session/session.h"
#include "pathway/diff.h"

/* Where the referrals come from: a file ("-": standard input) or the store of a running router. Exactly one is set. */
struct pathway_compared {
    const char *path;
    struct session *session;
};

/* Purpose: decide each referral by both pathways and print who moves. What is no valid referral is counted and passed over.
 * Returns the exit code; what went wrong has been said. */
int pathway_compare(const struct pathway *before, const struct pathway *after, const struct pathway_compared *compared,
                    bool json);

/* Purpose: every referral of a store into diff, by the ordinary verbs of a client: the mailbox of all senders, page by page, says
 * which there are, and they are read in batches. Memory does not grow with the store. Moves have the referral_id as their example.
 * Returns the exit code; out_unreadable counts what could not be read. */
int pathway_stored_run(struct session *session, const struct pathway *before, const struct pathway *after,
                       struct pathway_diff *diff, uint64_t *out_unreadable);

#endif
