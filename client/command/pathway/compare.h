/* `stepcare pathway diff`: referrals decided by two pathways, and who would be placed differently. */
#ifndef CLIENT_COMMAND_PATHWAY_COMPARE_H
#define CLIENT_COMMAND_PATHWAY_COMPARE_H

#include "client/command/session/session.h"
#include "pathway/pathway.h"

/* Where the referrals come from: a file ("-": standard input) or the store of a running router. Exactly one is set. */
struct pathway_compared {
    const char *path;
    struct session *session;
};

/* Purpose: decide each referral by both pathways and print who moves. What is no valid referral is counted and passed
 * over.
 * Returns the exit code; what went wrong is on stderr. */
int pathway_compare(const struct pathway *before, const struct pathway *after, const struct pathway_compared *compared,
                    bool json);

#endif
