/* msgpack read with a bound at every step: by the decoders of frames, records, referrals and ledger events. */
#include "base/cursor.h"

/* Takes a big-endian number of 1, 2, 4 or 8 bytes that follows the type byte. */
static bool take_number(struct cursor *cursor, unsigned bytes, uint64_t *out_value)
{
    if (cursor_bytes_left(cursor) < bytes + 1U) return false;
    uint64_t value = 0;
    for (unsigned i = 1; i <= bytes; i++) value = value << 8 | cursor->at[i];
    cursor->at += bytes + 1U;
    *out_value = value;
    return true;
}

static bool take_signed(struct cursor *cursor, unsigned bytes, int64_t *out_value)
{
    uint64_t raw;
    if (!take_number(cursor, bytes, &raw)) return false;
    unsigned shift = 64 - 8 * bytes;
    *out_value = (int64_t)(raw << shift) >> shift;
    return true;
}

bool cursor_int(struct cursor *cursor, int64_t *out_value)
{
    if (cursor->at >= cursor->end) return false;
    uint8_t type = *cursor->at;
    if (type < 0x80 || type >= 0xe0) {
        *out_value = (int8_t)type;
        cursor->at++;
        return true;
    }
    if (type >= 0xd0 && type <= 0xd3) return take_signed(cursor, 1U << (type - 0xd0), out_value);
    uint64_t raw;
    if (type < 0xcc || type > 0xcf || !take_number(cursor, 1U << (type - 0xcc), &raw) || raw > INT64_MAX) return false;
    *out_value = (int64_t)raw;
    return true;
}

bool cursor_uint_long(struct cursor *cursor, uint64_t *out_value)
{
    if (cursor->at >= cursor->end) return false;
    uint8_t type = *cursor->at;
    if (type >= 0xcc && type <= 0xcf) return take_number(cursor, 1U << (type - 0xcc), out_value);
    int64_t value;
    if (!cursor_int(cursor, &value) || value < 0) return false;
    *out_value = (uint64_t)value;
    return true;
}

bool cursor_bool(struct cursor *cursor, bool *out_value)
{
    if (cursor->at >= cursor->end || (*cursor->at & 0xfe) != 0xc2) return false;
    *out_value = *cursor->at++ == 0xc3;
    return true;
}

/* Text and binary in their forms with a length of 1, 2 or 4 bytes: three types in a row from `first`. */
static bool take_run(struct cursor *cursor, uint8_t first, struct stepcare_text *out_run)
{
    uint64_t bytes;
    if (cursor->at >= cursor->end || *cursor->at < first || *cursor->at > first + 2) return false;
    if (!take_number(cursor, 1U << (*cursor->at - first), &bytes) || bytes > cursor_bytes_left(cursor)) return false;
    *out_run = (struct stepcare_text){(const char *)cursor->at, (uint32_t)bytes};
    cursor->at += bytes;
    return true;
}

bool cursor_text_long(struct cursor *cursor, struct stepcare_text *out_text)
{
    return take_run(cursor, 0xd9, out_text);
}

bool cursor_binary(struct cursor *cursor, struct stepcare_text *out_bytes)
{
    return take_run(cursor, 0xc4, out_bytes);
}

/* Arrays and maps: a short form of four bits, then counts of 2 or 4 bytes. */
static bool take_count(struct cursor *cursor, uint8_t small, uint8_t first, unsigned bytes_each, uint32_t *out_count)
{
    uint64_t count;
    if (cursor->at >= cursor->end) return false;
    if ((*cursor->at & 0xf0) == small) {
        count = *cursor->at++ & 0x0fU;
    } else {
        if (*cursor->at != first && *cursor->at != first + 1) return false;
        if (!take_number(cursor, 2U << (*cursor->at - first), &count)) return false;
    }
    if (count > cursor_bytes_left(cursor) / bytes_each) return false;
    *out_count = (uint32_t)count;
    return true;
}

bool cursor_array(struct cursor *cursor, uint32_t *out_count)
{
    return take_count(cursor, 0x90, 0xdc, 1, out_count);
}

bool cursor_map(struct cursor *cursor, uint32_t *out_count)
{
    return take_count(cursor, 0x80, 0xde, 2, out_count);
}

static bool skip_values(struct cursor *cursor, uint32_t count, unsigned depth)
{
    if (depth == 0) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!cursor_skip(cursor, depth - 1)) return false;
    }
    return true;
}

bool cursor_skip(struct cursor *cursor, unsigned depth)
{
    if (cursor->at >= cursor->end) return false;
    uint8_t type = *cursor->at;
    uint64_t number;
    int64_t signed_number;
    struct stepcare_text run;
    uint32_t count;
    if (type < 0x80 || type >= 0xe0 || type == 0xc0 || type == 0xc2 || type == 0xc3) {
        cursor->at++;
        return true;
    }
    if (type < 0x90 || type == 0xde || type == 0xdf) {
        return cursor_map(cursor, &count) && skip_values(cursor, count * 2, depth);
    }
    if (type < 0xa0 || type == 0xdc || type == 0xdd)
        return cursor_array(cursor, &count) && skip_values(cursor, count, depth);
    if (type < 0xc0 || (type >= 0xd9 && type <= 0xdb)) return cursor_text(cursor, &run);
    if (type >= 0xc4 && type <= 0xc6) return cursor_binary(cursor, &run);
    if (type >= 0xcc && type <= 0xcf) return cursor_uint(cursor, &number);
    if (type >= 0xd0 && type <= 0xd3) return cursor_int(cursor, &signed_number);
    return false;
}
