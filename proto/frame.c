/* Frames taken apart and built: by router, workers and libstepcare. */
#include "proto/frame.h"

#include "base/packer.h"
#include "base/utf8.h"
#include "proto/record_codec.h"

enum { KEY_VERSION = 0, KEY_ACTOR = 1, KEY_MESSAGES = 2 };                         /* of a frame */
enum { KEY_VERB = 0, KEY_REQUEST_ID = 1, KEY_RECORD = 2, KEY_ERROR = 3 };          /* of a message */
enum { MESSAGE_DEPTH = STEPCARE_DEPTH_MAX - 2, RECORD_DEPTH = MESSAGE_DEPTH - 1 }; /* inside frame map and array */

/* A name goes into logs and listings as it is: no line breaks, no terminal escapes. */
static bool actor_presentable(struct stepcare_text actor)
{
    if (actor.bytes > STEPCARE_ACTOR_BYTES_MAX || !utf8_valid(actor)) return false;
    for (uint32_t i = 0; i < actor.bytes; i++) {
        if ((uint8_t)actor.data[i] < 0x20 || actor.data[i] == 0x7f) return false;
    }
    return true;
}

static enum stepcare_error messages_open(struct cursor *cursor, struct wire_frame *frame)
{
    if (!cursor_array(cursor, &frame->left) || frame->left == 0) return STEPCARE_MALFORMED;
    if (frame->left > STEPCARE_BATCH_COUNT_MAX) return STEPCARE_TOO_LARGE;
    frame->at = cursor->at;
    for (uint32_t i = 0; i < frame->left; i++) {
        if (!cursor_skip(cursor, MESSAGE_DEPTH)) return STEPCARE_MALFORMED;
    }
    frame->end = cursor->at;
    return STEPCARE_OK;
}

static enum stepcare_error frame_value_open(struct cursor *cursor, uint64_t key, struct wire_frame *frame)
{
    uint64_t version;
    switch (key) {
    case KEY_VERSION:
        if (!cursor_uint(cursor, &version)) return STEPCARE_MALFORMED;
        return version == WIRE_VERSION ? STEPCARE_OK : STEPCARE_UNSUPPORTED_VERSION;
    case KEY_ACTOR:
        return cursor_text(cursor, &frame->actor) && actor_presentable(frame->actor) ? STEPCARE_OK : STEPCARE_MALFORMED;
    case KEY_MESSAGES: return messages_open(cursor, frame);
    default: return STEPCARE_MALFORMED;
    }
}

enum stepcare_error wire_frame_open(const uint8_t *data, size_t bytes, struct wire_frame *out_frame)
{
    if (bytes > STEPCARE_FRAME_BYTES_MAX) return STEPCARE_TOO_LARGE;
    struct cursor cursor = {data, data + bytes};
    struct wire_frame frame = {0};
    uint32_t count, seen = 0;
    if (!cursor_map(&cursor, &count) || count > KEY_MESSAGES + 1) return STEPCARE_MALFORMED;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t key;
        if (!cursor_uint(&cursor, &key) || key > KEY_MESSAGES || (seen & (1U << key)) != 0) return STEPCARE_MALFORMED;
        seen |= 1U << key;
        enum stepcare_error error = frame_value_open(&cursor, key, &frame);
        if (error != STEPCARE_OK) return error;
    }
    uint32_t needed = 1U << KEY_VERSION | 1U << KEY_MESSAGES;
    if ((seen & needed) != needed || cursor.at != cursor.end) return STEPCARE_MALFORMED;
    *out_frame = frame;
    return STEPCARE_OK;
}

/* The record of a message; the cursor ends after it whatever it held, as the frame's shape has been checked. */
static enum stepcare_error message_record_open(struct cursor *cursor, struct arena *arena, struct wire_message *message,
                                               struct stepcare_field_errors *errors)
{
    struct cursor start = *cursor;
    enum stepcare_error error = record_unpack(cursor, arena, RECORD_DEPTH, &message->record, errors);
    if (error == STEPCARE_OK || error == STEPCARE_INVALID) return error;
    *cursor = start;
    return cursor_skip(cursor, RECORD_DEPTH) ? error : STEPCARE_MALFORMED;
}

static bool cursor_byte(struct cursor *cursor, uint8_t *out_byte)
{
    uint64_t value;
    if (!cursor_uint(cursor, &value) || value > UINT8_MAX) return false;
    *out_byte = (uint8_t)value;
    return true;
}

/* Reads every key that can be read, and gives the first thing that was wrong. */
static enum stepcare_error message_open(struct cursor *cursor, struct arena *arena, struct wire_message *message,
                                        struct stepcare_field_errors *errors)
{
    enum stepcare_error first = STEPCARE_OK;
    uint32_t count, seen = 0;
    if (!cursor_map(cursor, &count)) return STEPCARE_MALFORMED;
    for (uint32_t i = 0; i < count; i++) {
        enum stepcare_error error = STEPCARE_OK;
        uint64_t key;
        if (!cursor_uint(cursor, &key) || key > KEY_ERROR || (seen & (1U << key)) != 0) return STEPCARE_MALFORMED;
        seen |= 1U << key;
        if (key == KEY_RECORD) {
            error = message_record_open(cursor, arena, message, errors);
        } else if (key == KEY_REQUEST_ID ? !cursor_uint(cursor, &message->request_id)
                                         : !cursor_byte(cursor, key == KEY_VERB ? &message->verb : &message->error)) {
            return STEPCARE_MALFORMED;
        }
        if (first == STEPCARE_OK || error == STEPCARE_MALFORMED) first = error;
    }
    return (seen & (1U << KEY_VERB)) == 0 ? STEPCARE_MALFORMED : first;
}

enum stepcare_error wire_frame_next(struct wire_frame *frame, struct arena *arena, struct wire_message *out_message,
                                    struct stepcare_field_errors *out_errors)
{
    if (frame->left == 0) return STEPCARE_MALFORMED;
    struct cursor cursor = {frame->at, frame->end}, after = cursor;
    out_message->verb = out_message->error = 0;
    out_message->request_id = 0;
    stepcare_record_init(&out_message->record);
    enum stepcare_error error = message_open(&cursor, arena, out_message, out_errors);
    frame->left--;
    if (error == STEPCARE_MALFORMED && cursor_skip(&after, MESSAGE_DEPTH)) cursor = after;
    frame->at = cursor.at;
    return error;
}

/* 82 00 01 02 dc CC CC, or with an actor 83 00 01 01 <str> 02 dc CC CC. The count of messages is put in by the end. */
void wire_frame_begin(struct buffer *buffer, struct stepcare_text actor)
{
    static const uint8_t count_room[] = {KEY_MESSAGES, 0xdc, 0, 0};
    buffer_clear(buffer);
    struct msgpack_packer packer = packer_on(buffer);
    msgpack_pack_map(&packer, actor.data == NULL ? 2 : 3);
    msgpack_pack_uint8(&packer, KEY_VERSION);
    msgpack_pack_uint8(&packer, WIRE_VERSION);
    if (actor.data != NULL) {
        msgpack_pack_uint8(&packer, KEY_ACTOR);
        pack_text(&packer, actor);
    }
    buffer_append(buffer, count_room, sizeof count_room);
}

void wire_frame_add(struct buffer *buffer, uint8_t verb, uint64_t request_id, const struct stepcare_record *record,
                    uint8_t error)
{
    struct msgpack_packer packer = packer_on(buffer);
    msgpack_pack_map(&packer, error == STEPCARE_OK ? 3 : 4);
    msgpack_pack_uint8(&packer, KEY_VERB);
    msgpack_pack_uint8(&packer, verb);
    msgpack_pack_uint8(&packer, KEY_REQUEST_ID);
    msgpack_pack_uint64(&packer, request_id);
    msgpack_pack_uint8(&packer, KEY_RECORD);
    record_pack(&packer, record);
    if (error == STEPCARE_OK) return;
    msgpack_pack_uint8(&packer, KEY_ERROR);
    msgpack_pack_uint8(&packer, error);
}

enum stepcare_error wire_frame_end(struct buffer *buffer, uint32_t count)
{
    struct cursor cursor = {buffer->data, buffer->data + buffer->bytes};
    struct stepcare_text actor;
    uint32_t pairs;
    uint64_t number;
    if (buffer->failed) return STEPCARE_NO_MEMORY;
    if (buffer->bytes > STEPCARE_FRAME_BYTES_MAX || count > STEPCARE_BATCH_COUNT_MAX) return STEPCARE_TOO_LARGE;
    bool begun = cursor_map(&cursor, &pairs) && cursor_uint(&cursor, &number) && cursor_uint(&cursor, &number);
    if (begun && pairs == 3) begun = cursor_uint(&cursor, &number) && cursor_text(&cursor, &actor);
    if (!begun || cursor_bytes_left(&cursor) < 4) return STEPCARE_MALFORMED;
    size_t at = (size_t)(cursor.at - buffer->data) + 2;
    buffer->data[at] = (uint8_t)(count >> 8);
    buffer->data[at + 1] = (uint8_t)count;
    return STEPCARE_OK;
}
