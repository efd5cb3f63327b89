/* Checking and copying a store, beside a running router or without one. */
#ifndef ROUTER_STORE_VERIFY_H
#define ROUTER_STORE_VERIFY_H

#include "config/config.h"

/* Purpose: read the whole ledger (chain and hashes), fold it anew, and compare with the state as of its last
 * checkpoint, row for row; check of every open episode that it has one owner, one next action, one due date. Prints
 * what it did and found to stdout.
 * Returns the exit code: 0 all is well, 1 something is wrong (named), 2 it could not be read. */
int verify_run(const struct config *config);

/* Purpose: copy the ledger, the configuration and the pathway into a new directory; and lay a store's ledger down
 * from such a copy. The state is not copied: it is the ledger's fold, made anew at the next start. Both end with a
 * check of what was copied. Exit codes as verify. */
int backup_run(const struct config *config, const char *directory);
int restore_run(const struct config *config, const char *directory);

/* Purpose: check a ledger directory's chain. Prints; returns an exit code; *out_events how many. */
int verify_ledger(const char *directory, const struct config *config, uint64_t *out_events);

#endif
