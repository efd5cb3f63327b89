/* The pathway that the router decides by, and those it decided by before an adoption: stored decisions and static texts
 * may still view them, so they stay open as long as the router runs. adopt.c changes it; everybody else reads it. */
#ifndef ROUTER_PATHWAYS_H
#define ROUTER_PATHWAYS_H

#include "pathway/pathway.h"

enum { PATHWAYS_BEFORE_MAX = 16 };

struct pathways {
    struct pathway *current;
    struct pathway *before[PATHWAYS_BEFORE_MAX];
    unsigned before_count;
};

/* Purpose: decide by another from now on. Owns: takes *pathway and sets it NULL. Calls: before_count is below its
 * limit. */
void pathways_replace(struct pathways *pathways, struct pathway **pathway);
void pathways_close(struct pathways *pathways);

#endif
