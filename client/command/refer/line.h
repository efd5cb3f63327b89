/* A line under way: what is remembered of it between its sending and its answer. */
#ifndef CLIENT_COMMAND_REFER_LINE_H
#define CLIENT_COMMAND_REFER_LINE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "client/command/input/source.h"
#include "stepcare/client.h"
#include "stepcare/referral.h"

enum { REFER_REFERENCE_BYTES_MAX = 256 };

/* errors is owned, NULL where the line read well. */
struct refer_line {
    uint64_t number;
    char message_id[STEPCARE_MESSAGE_ID_BYTES_MAX + 1];
    char reference[REFER_REFERENCE_BYTES_MAX + 1];
    uint32_t wait_ms; /* for triage, at most */
    struct stepcare_field_errors *errors;
};

/* Purpose: read one item and give it to the pipeline, with this tag: to be submitted; looked up, where it did not
 * read well but may have been sent before; or passed, for its place alone.
 * Shape: line has its number and wait_ms; arena and buffer are the caller's, for this call.
 * Errors: the pipeline's, and NO_MEMORY. What is wrong with the line itself goes to line->errors. */
enum stepcare_error refer_line_send(struct stepcare_pipeline *pipeline, const struct source_item *item,
                                    enum source_result result, struct arena *arena, struct buffer *buffer,
                                    struct refer_line *line, uint64_t tag);

#endif
