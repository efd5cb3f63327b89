/* A bounded reader over untrusted msgpack bytes. Every call checks against the end, takes one value and moves on; false
 * means that the value is cut off or of another type, and the cursor is then worth nothing.
 * A count is believed only as far as the bytes that are left could hold that many values: five hostile bytes cannot
 * make anybody reserve memory. Source: github.com/msgpack/msgpack/blob/master/spec.md */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "stepcare/text.h"

#include <stddef.h>

struct cursor {
    const uint8_t *at, *end;
};

static inline size_t cursor_bytes_left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

bool cursor_uint_long(struct cursor *cursor, uint64_t *out_value);
bool cursor_int(struct cursor *cursor, int64_t *out_value);
bool cursor_bool(struct cursor *cursor, bool *out_value);
bool cursor_text_long(struct cursor *cursor, struct stepcare_text *out_text);
bool cursor_binary(struct cursor *cursor, struct stepcare_text *out_bytes);
bool cursor_array(struct cursor *cursor, uint32_t *out_count);
bool cursor_map(struct cursor *cursor, uint32_t *out_count); /* count of pairs */

/* Purpose: pass over one value of any type, at most depth containers deep. Extension types and floats are refused: no
 * message has them. */
bool cursor_skip(struct cursor *cursor, unsigned depth);

/* Purpose: take a nil where there is one; false, without moving, where there is something else. */
static inline bool cursor_nil(struct cursor *cursor)
{
    if (cursor->at >= cursor->end || *cursor->at != 0xc0) return false;
    cursor->at++;
    return true;
}

static inline bool cursor_uint(struct cursor *cursor, uint64_t *out_value)
{
    if (cursor->at < cursor->end && *cursor->at < 0x80) {
        *out_value = *cursor->at++;
        return true;
    }
    return cursor_uint_long(cursor, out_value);
}

static inline bool cursor_text(struct cursor *cursor, struct stepcare_text *out_text)
{
    if (cursor->at < cursor->end && (*cursor->at & 0xe0) == 0xa0) {
        uint32_t bytes = *cursor->at & 0x1fU;
        if (bytes >= cursor_bytes_left(cursor)) return false;
        *out_text = (struct stepcare_text){(const char *)cursor->at + 1, bytes};
        cursor->at += 1 + bytes;
        return true;
    }
    return cursor_text_long(cursor, out_text);
}

#endif
