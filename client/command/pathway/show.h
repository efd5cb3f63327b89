/* The whole pathway as a page. */
#ifndef CLIENT_COMMAND_PATHWAY_SHOW_H
#define CLIENT_COMMAND_PATHWAY_SHOW_H

#include "client/command/pathway/page.h"
#include "pathway/pathway.h"

/* Purpose: append every part of the pathway, for those who sign it off, to `output`. */
void pathway_page_write(const struct pathway *pathway, enum page_format format, struct buffer *output);

#endif
