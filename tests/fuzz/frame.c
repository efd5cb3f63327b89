/* Any bytes as a frame: bounded memory, no crash; what decodes encodes to a frame that decodes to the same. */
#include "proto/frame.h"

#include <stdlib.h>

enum { ARENA_BYTES = 8 * 1024 * 1024 };

static void must(bool holds)
{
    if (!holds) abort();
}

static void message_check(struct arena *arena, const struct wire_message *message)
{
    static struct buffer first, second;
    static struct wire_message again;
    struct stepcare_field_errors errors = {0};
    struct wire_frame frame;
    verb_fields_check(message->verb, &message->record, &errors);
    wire_frame_begin(&first, (struct stepcare_text){0});
    wire_frame_add(&first, message->verb, message->request_id, &message->record, message->error);
    if (wire_frame_end(&first, 1) != STEPCARE_OK) return; /* grew past the limit: shorter forms were used coming in */
    must(wire_frame_open(first.data, first.bytes, &frame) == STEPCARE_OK);
    enum stepcare_error error = wire_frame_next(&frame, arena, &again, &errors);
    if (error == STEPCARE_TOO_LARGE) return; /* both copies together are over the arena */
    must(error == STEPCARE_OK);
    must(memcmp(again.record.present, message->record.present, sizeof(again.record.present)) == 0);
    wire_frame_begin(&second, (struct stepcare_text){0});
    wire_frame_add(&second, again.verb, again.request_id, &again.record, again.error);
    must(wire_frame_end(&second, 1) == STEPCARE_OK);
    must(first.bytes == second.bytes && memcmp(first.data, second.data, first.bytes) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct arena *arena;
    static struct wire_message message;
    struct wire_frame frame;
    if (arena == NULL) must(arena_open(ARENA_BYTES, &arena) == STEPCARE_OK);
    if (wire_frame_open(data, bytes, &frame) != STEPCARE_OK) return 0;
    while (frame.left > 0) {
        struct stepcare_field_errors errors = {0};
        uint32_t left = frame.left;
        arena_reset(arena);
        enum stepcare_error error = wire_frame_next(&frame, arena, &message, &errors);
        must(frame.left == left - 1);
        must(error != STEPCARE_INVALID || errors.count > 0);
        if (error == STEPCARE_OK) message_check(arena, &message);
    }
    must(frame.at == frame.end);
    return 0;
}
