/* What deciding a line needs, for both kinds of `stepcare decide`, and the answer to a line that is wrong. */
#ifndef CLIENT_COMMAND_DECIDE_DECIDE_H
#define CLIENT_COMMAND_DECIDE_DECIDE_H

#include "pathway/pathway.h"
#include "proto/frame.h"

struct decide {
    const struct pathway *pathway;
    bool explain;
    struct arena *arena;   /* reset by the caller for every line */
    struct buffer *output; /* gets the line, newline included */
};

/* Purpose: {"<id_name>":…,"errors":[{"field","problem"}]} and a newline; the name is left out where id is absent and
 * optional. */
void decide_errors_append(struct buffer *output, const char *id_name, struct stepcare_text id, bool id_always,
                          const struct stepcare_field_errors *errors);

#endif
