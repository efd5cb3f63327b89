/* The answer to a line that cannot be decided: the same for referrals and reviews. */
#include "client/command/decide/decide.h"

#include "base/json_writer.h"

void decide_errors_append(struct buffer *output, const char *id_name, struct stepcare_text id, bool id_always,
                          const struct stepcare_field_errors *errors)
{
    struct json_writer json = {.buffer = output};

    json_object_begin(&json);
    if (id_always || id.data != NULL) {
        json_name(&json, id_name);
        json_text(&json, id);
    }
    json_name(&json, "errors");
    json_field_errors(&json, errors);
    json_object_end(&json);
    buffer_append_text(output, "\n");
}
