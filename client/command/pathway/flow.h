/* The intake table as a drawing. */
#ifndef CLIENT_COMMAND_PATHWAY_FLOW_H
#define CLIENT_COMMAND_PATHWAY_FLOW_H

#include "client/command/pathway/page.h"
#include "pathway/pathway.h"

/* Purpose: the intake table drawn as a flow of questions: SVG in an HTML page, nothing in the other forms. */
void pathway_flow_draw(struct page *page, const struct pathway *pathway);

#endif
