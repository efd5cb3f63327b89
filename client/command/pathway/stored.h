/* The referrals of a running router, decided by two pathways. */
#ifndef CLIENT_COMMAND_PATHWAY_STORED_H
#define CLIENT_COMMAND_PATHWAY_STORED_H

#include "client/command/session/session.h"
#include "pathway/diff.h"

/* Purpose: every referral of a store into diff, by the ordinary verbs of a client: the mailbox of all senders, page by
 * page, says which there are, and they are read in batches. Memory does not grow with the store. Moves have the
 * referral_id as their example.
 * Returns the exit code; out_unreadable counts what could not be read. */
int pathway_stored_run(struct session *session, const struct pathway *before, const struct pathway *after,
                       struct pathway_diff *diff, uint64_t *out_unreadable);

#endif
