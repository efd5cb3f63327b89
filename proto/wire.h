/* The envelope: one ZeroMQ frame carries one request or reply, or a batch of them.
 *
 *   request frame  {0: version, 1: actor (str, optional), 2: [command, ...]}
 *   command        {0: verb, 1: request id, 2: record}
 *   reply frame    {0: version, 2: [reply, ...]}
 *   reply          {0: verb, 1: request id, 2: record, 3: error number (left out where ok)}
 *
 * All are msgpack maps with small-int keys. Worker messages use the same frames. Source: proto/PROTOCOL.md. */
#ifndef STEPCARE_WIRE_H
#define STEPCARE_WIRE_H

#include "stepcare/error.h"
#include "stepcare/record.h"

enum { WIRE_VERSION = 1 };

/* X(number, NAME, name): the numbers never change. Required and allowed fields: wire_verbs.c. */
#define WIRE_VERBS(X)                                                                                                 \
    X(1, HELLO, hello) X(2, SUBMIT, submit) X(3, LOOKUP, lookup) X(4, WORKLIST, worklist) X(5, CLAIM, claim)          \
    X(6, RENEW, renew) X(7, ACCEPT, accept) X(8, RELEASE, release) X(9, DECLINE, decline) X(10, CASELOAD, caseload)   \
    X(11, CONTACT, contact) X(12, REVIEW, review) X(13, STEP_UP, step_up) X(14, STEP_DOWN, step_down)                 \
    X(15, DISCHARGE, discharge) X(16, CANCEL, cancel) X(17, INFORM, inform) X(18, SHOW, show)                         \
    X(19, FEEDBACK, feedback) X(20, BACKLOG, backlog) X(21, HOLDS, holds) X(22, HOLD_RELEASE, hold_release)           \
    X(23, ASSIGN, assign) X(24, STUCK, stuck) X(25, RETRY, retry) X(26, PAUSE, pause) X(27, RESUME, resume)           \
    X(28, WAITS, waits) X(29, NOTE, note) X(30, REOPEN, reopen) X(31, DUPLICATES, duplicates)                         \
    X(32, UNCLAIMABLE, unclaimable) X(33, CONFIRM, confirm) X(34, ADOPT, adopt) X(35, JUDGE, judge)                   \
    X(64, WORKER_HELLO, worker_hello) X(65, JOB, job) X(66, RESULT, result) X(67, HEARTBEAT, heartbeat)               \
    X(68, GOODBYE, goodbye)

enum wire_verb {
#define WIRE_VERB_ENUM(number, NAME, name) WIRE_##NAME = number,
    WIRE_VERBS(WIRE_VERB_ENUM)
#undef WIRE_VERB_ENUM
};

/* A growing output buffer, owned by whoever declared it. Failure to grow is recorded: check failed once, at the end. */
struct wire_buffer {
    uint8_t *data;
    size_t bytes, capacity;
    bool failed;
};
void wire_buffer_close(struct wire_buffer *buffer);
/* Purpose: append bytes, growing by doubling. Errors: out of memory sets failed, and nothing more is appended. */
void wire_buffer_append_growing(struct wire_buffer *buffer, const void *data, size_t bytes);
static inline void wire_buffer_append(struct wire_buffer *buffer, const void *data, size_t bytes)
{
    if (buffer->failed || bytes >= buffer->capacity - buffer->bytes) {
        wire_buffer_append_growing(buffer, data, bytes);
        return;
    }
    if (bytes > 0) memcpy(buffer->data + buffer->bytes, data, bytes);
    buffer->bytes += bytes;
}
static inline void wire_buffer_append_text(struct wire_buffer *buffer, const char *string)
{
    wire_buffer_append(buffer, string, strlen(string));
}
static inline void wire_buffer_clear(struct wire_buffer *buffer)
{
    buffer->bytes = 0;
    buffer->failed = false;
}

/* Memory for what a decoded frame points to besides the frame itself (nested records, error lists). Reset between
 * frames; keeps its blocks, so that a steady state allocates nothing. */
struct wire_arena;
enum stepcare_error wire_arena_open(size_t bytes_max, struct wire_arena **out_arena);
void wire_arena_close(struct wire_arena *arena);
void wire_arena_reset(struct wire_arena *arena);
void *wire_arena_take(struct wire_arena *arena, size_t bytes); /* NULL past bytes_max; 16-byte aligned */

/* One command or reply as decoded; record views the frame and the arena. */
struct wire_message {
    uint8_t verb;
    uint8_t error; /* replies; 0 is ok */
    uint64_t request_id;
    struct stepcare_record record;
};

/* Purpose: check a frame's bounds (counts against bytes left, depth, trailing bytes, sizes) without keeping anything.
 * Errors: MALFORMED, TOO_LARGE, UNSUPPORTED_VERSION. Call before wire_frame_next. */
enum stepcare_error wire_frame_check(const uint8_t *data, size_t bytes);

/* A cursor over a checked frame's messages. */
struct wire_frame {
    const uint8_t *at, *end;
    uint32_t left;              /* messages not yet decoded */
    struct stepcare_text actor; /* absent in replies */
};
enum stepcare_error wire_frame_open(const uint8_t *data, size_t bytes, struct wire_frame *out_frame); /* checks, too */

/* Purpose: decode the next message.
 * Errors: MALFORMED (wrong type or unknown key: the frame is worth dropping), INVALID with field errors (a value out of
 * its range: answer the command by its request id, go on with the next); the cursor has moved past the message in both
 * cases where it could. out_message->verb and request_id are set whenever they could be read. */
enum stepcare_error wire_frame_next(struct wire_frame *frame, struct wire_arena *arena,
                                    struct wire_message *out_message, struct stepcare_field_errors *out_errors);

/* Purpose: build a frame: begin (which clears the buffer), add messages, end (which fixes the count). Batch limits are
 * the caller's. Errors (end): TOO_LARGE for a frame over STEPCARE_FRAME_BYTES_MAX or a count over
 * STEPCARE_BATCH_COUNT_MAX; NO_MEMORY. */
void wire_frame_begin(struct wire_buffer *buffer, struct stepcare_text actor);
void wire_frame_add(struct wire_buffer *buffer, uint8_t verb, uint64_t request_id, const struct stepcare_record *record,
                    uint8_t error);
enum stepcare_error wire_frame_end(struct wire_buffer *buffer, uint32_t count);

/* Purpose: a record alone, as msgpack map (used inside ledger events and tests). */
void wire_record_encode(struct wire_buffer *buffer, const struct stepcare_record *record);
enum stepcare_error wire_record_decode(const uint8_t *data, size_t bytes, struct wire_arena *arena,
                                       struct stepcare_record *out_record, struct stepcare_field_errors *out_errors);

/* Purpose: which fields a verb's request must and may have; checked by the router after decoding.
 * Errors: INVALID naming every missing and every unexpected field; UNKNOWN_VERB. */
enum stepcare_error wire_request_check(uint8_t verb, const struct stepcare_record *record,
                                       struct stepcare_field_errors *out_errors);
const char *wire_verb_name(uint8_t verb); /* NULL if unknown */

#endif
