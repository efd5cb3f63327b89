/* The envelope: one ZeroMQ frame carries one request or reply, or a batch of them.
 *
 *   request frame  {0: version, 1: actor (str, optional), 2: [command, ...]}
 *   command        {0: verb, 1: request id, 2: record}
 *   reply frame    {0: version, 2: [reply, ...]}
 *   reply          {0: verb, 1: request id, 2: record, 3: error number (left out where ok)}
 *
 * All are msgpack maps with small-int keys. Worker messages use the same frames. Source: proto/PROTOCOL.md. */
#ifndef PROTO_FRAME_H
#define PROTO_FRAME_H

#include "base/arena.h"
#include "base/buffer.h"
#include "proto/verbs.h"
#include "stepcare/error.h"
#include "stepcare/record.h"

enum { WIRE_VERSION = 1 };

/* One command or reply as decoded; record views the frame and the arena. */
struct wire_message {
    uint8_t verb;
    uint8_t error; /* replies; 0 is ok */
    uint64_t request_id;
    struct stepcare_record record;
};

/* A cursor over a checked frame's messages. */
struct wire_frame {
    const uint8_t *at, *end;
    uint32_t left;              /* messages not yet decoded */
    struct stepcare_text actor; /* absent in replies */
};

/* Purpose: check a frame's bounds (counts against bytes left, depth, trailing bytes, sizes) and stand before its first
 * message. Owns: out_frame views data; nothing is to be closed.
 * Errors: MALFORMED, TOO_LARGE, UNSUPPORTED_VERSION. */
enum stepcare_error wire_frame_open(const uint8_t *data, size_t bytes, struct wire_frame *out_frame);

/* Purpose: decode the next message.
 * Errors: MALFORMED (wrong type or unknown key: the frame is worth dropping), INVALID with field errors (a value out of
 * its range: answer the command by its request id, go on with the next); the cursor has moved past the message in both
 * cases where it could. out_message->verb and request_id are set whenever they could be read. */
enum stepcare_error wire_frame_next(struct wire_frame *frame, struct arena *arena, struct wire_message *out_message,
                                    struct stepcare_field_errors *out_errors);

/* Purpose: build a frame: begin (which clears the buffer), add messages, end (which fixes the count). Batch limits are
 * the caller's. Errors (end): TOO_LARGE for a frame over STEPCARE_FRAME_BYTES_MAX or a count over
 * STEPCARE_BATCH_COUNT_MAX; NO_MEMORY. */
void wire_frame_begin(struct buffer *buffer, struct stepcare_text actor);
void wire_frame_add(struct buffer *buffer, uint8_t verb, uint64_t request_id, const struct stepcare_record *record,
                    uint8_t error);
enum stepcare_error wire_frame_end(struct buffer *buffer, uint32_t count);

/* Purpose: a record alone, as msgpack map (used inside ledger events and tests). */
void wire_record_encode(struct buffer *buffer, const struct stepcare_record *record);
enum stepcare_error wire_record_decode(const uint8_t *data, size_t bytes, struct arena *arena,
                                       struct stepcare_record *out_record, struct stepcare_field_errors *out_errors);

#endif
