/* From a line of the file to its place in the pipeline. Used by `stepcare refer`. */
#include "client/command/refer/line.h"

#include "proto/referral_codec.h"

#include <stdlib.h>

static void text_keep(struct stepcare_text text, char *out, size_t bytes_max)
{
    size_t bytes = text.bytes < bytes_max ? text.bytes : bytes_max;
    if (bytes > 0) memcpy(out, text.data, bytes);
    out[bytes] = '\0';
}

static struct stepcare_field_errors *errors_keep(const struct stepcare_field_errors *errors)
{
    struct stepcare_field_errors *kept = malloc(sizeof *kept);
    if (kept != NULL) *kept = *errors;
    return kept;
}

static void source_problem(const struct source_item *item, enum source_result result,
                           struct stepcare_field_errors *errors)
{
    if (result == SOURCE_TOO_LONG) {
        stepcare_field_errors_add(errors, "line", "is longer than %d bytes", STEPCARE_LINE_BYTES_MAX);
    } else {
        stepcare_field_errors_add(errors, "line", "%s", item->problem);
    }
}

/* A line that does not read well may still be a message that was taken before: the look-up comes first. */
static bool lookup_possible(const struct stepcare_referral *referral)
{
    return referral->message_id.bytes > 0 && referral->message_id.bytes <= STEPCARE_MESSAGE_ID_BYTES_MAX &&
           referral->organisation.bytes >= STEPCARE_ORGANISATION_BYTES_MIN &&
           referral->organisation.bytes <= STEPCARE_ORGANISATION_BYTES_MAX;
}

enum stepcare_error refer_line_send(struct stepcare_pipeline *pipeline, const struct source_item *item,
                                    enum source_result result, struct arena *arena, struct buffer *buffer,
                                    struct refer_line *line, uint64_t tag)
{
    struct stepcare_field_errors errors;
    struct stepcare_referral referral = {0};
    struct stepcare_record request;
    errors.count = errors.dropped = 0;
    stepcare_record_init(&request);
    arena_reset(arena);
    buffer_clear(buffer);
    enum stepcare_error error = STEPCARE_INVALID;
    if (result == SOURCE_ITEM) {
        error = referral_json_decode(item->text.data, item->text.bytes, arena, &referral, &errors);
    } else {
        source_problem(item, result, &errors);
    }
    text_keep(referral.message_id, line->message_id, STEPCARE_MESSAGE_ID_BYTES_MAX);
    text_keep(referral.reference, line->reference, REFER_REFERENCE_BYTES_MAX);
    if (error == STEPCARE_OK) {
        referral_wire_encode(buffer, &referral);
        if (buffer->failed) return STEPCARE_NO_MEMORY;
        STEPCARE_SET(&request, referral, ((struct stepcare_text){(const char *)buffer->data, (uint32_t)buffer->bytes}));
        if (line->wait_ms > 0) STEPCARE_SET(&request, wait_ms, line->wait_ms);
        return stepcare_pipeline_add(pipeline, "submit", &request, tag);
    }
    if (error != STEPCARE_INVALID) return error;
    line->errors = errors_keep(&errors);
    if (line->errors == NULL) return STEPCARE_NO_MEMORY;
    /* A line that breaks off is no message at all: what its beginning says proves nothing. */
    const bool broken = strcmp(errors.items[0].field, "line") == 0;
    if (broken || !lookup_possible(&referral)) return stepcare_pipeline_pass(pipeline, tag);
    STEPCARE_SET(&request, message_id, referral.message_id);
    STEPCARE_SET(&request, organisation, referral.organisation);
    return stepcare_pipeline_add(pipeline, "lookup", &request, tag);
}
