/* Which pathway is decided by; changed by adopt.c, closed by main. See pathways.h. */
#include "router/pathways.h"

#include "base/must.h"

void pathways_replace(struct pathways *pathways, struct pathway **pathway)
{
    must(*pathway != NULL);
    must(pathways->before_count < PATHWAYS_BEFORE_MAX);
    pathways->before[pathways->before_count++] = pathways->current;
    pathways->current = *pathway;
    *pathway = NULL;
}

void pathways_close(struct pathways *pathways)
{
    for (unsigned i = 0; i < pathways->before_count; i++) pathway_close(pathways->before[i]);
    pathway_close(pathways->current);
    *pathways = (struct pathways){0};
}
