/* `stepcare pathway diff`: a file of referrals decided by two pathways. */
#ifndef CLIENT_PATHWAY_COMPARE_H
#define CLIENT_PATHWAY_COMPARE_H

#include "stepcare/pathway.h"

/* Purpose: read the referrals of a file ("-": standard input), decide each by both, print the table. Lines that are no valid
 * referral are counted and passed over. Returns the exit code. */
int pathway_compare(const struct pathway *before, const struct pathway *after, const char *path, bool json);

#endif
