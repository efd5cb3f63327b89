/* The referral's wire form, built by libstepcare and read by the router. */
#include "base/cursor.h"
#include "base/packer.h"
#include "proto/referral_codec.h"
#include "proto/referral_pack.h"
#include "proto/referral_reader.h"

#include <stdio.h>

enum { REFERRAL_DEPTH = 4 }; /* top, instruments, an instrument, its list */

static void pack_group(struct msgpack_packer *packer, const struct stepcare_referral *referral, unsigned number)
{
    const struct referral_group *group = &referral_groups[number];
    uint32_t present = 0;
    for (unsigned i = 0; i < group->count; i++) {
        present |= (uint32_t)referral_field_present(referral, &group->fields[i]) << i;
    }
    msgpack_pack_map(packer, (size_t)__builtin_popcount(present));
    for (; present != 0; present &= present - 1) {
        unsigned index = (unsigned)__builtin_ctz(present);
        const struct referral_field *field = &group->fields[index];
        msgpack_pack_uint8(packer, (uint8_t)(index + 1));
        if (field->type == REFERRAL_GROUP) {
            pack_group(packer, referral, field->group);
        } else {
            referral_pack_value(packer, referral, field);
        }
    }
}

void referral_wire_encode(struct buffer *buffer, const struct stepcare_referral *referral)
{
    struct msgpack_packer packer = packer_on(buffer);
    pack_group(&packer, referral, REFERRAL_TOP);
}

/* The usual case without a call for each: answers of one byte, in range, from the first one on. Returns how many there
 * were. */
static uint32_t take_plain_answers(struct cursor *cursor, struct referral_reader *reader,
                                   const struct referral_field *field, uint32_t count)
{
    int8_t *answers = referral_member(reader->referral, field, int8_t);
    uint32_t taken = 0;
    for (; taken < count && taken < field->count && cursor->at < cursor->end; taken++) {
        int32_t max = taken + 1 == field->count ? field->last_max : field->max;
        if (*cursor->at > max) break;
        answers[taken] = (int8_t)*cursor->at++;
    }
    return taken;
}

/* One entry of a list of answers. */
static bool take_answer(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field,
                        uint32_t index)
{
    struct cursor start = *cursor;
    int64_t value;
    if (cursor_nil(cursor)) {
        referral_list_null(reader, field, index);
    } else if (cursor_int(cursor, &value)) {
        referral_list_number(reader, field, index, value);
    } else {
        *cursor = start;
        referral_list_refuse(reader, field, index);
        return cursor_skip(cursor, REFERRAL_DEPTH);
    }
    return true;
}

/* The takers of one value: true where it was of the field's type; otherwise the caller goes back and passes it over.
 * *out_whole becomes false where the bytes themselves are broken. */
static bool take_answers(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field,
                         bool *out_whole)
{
    uint32_t count;
    if (!cursor_array(cursor, &count)) return false;
    referral_list_begin(reader, field);
    uint32_t plain = take_plain_answers(cursor, reader, field, count);
    for (uint32_t i = plain; i < count && *out_whole; i++) *out_whole = take_answer(cursor, reader, field, i);
    referral_list_end(reader, field, count);
    return true;
}

static bool take_time(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field)
{
    uint32_t two;
    int64_t ms, offset_min;
    if (!cursor_array(cursor, &two) || two != 2 || !cursor_int(cursor, &ms) || !cursor_int(cursor, &offset_min))
        return false;
    referral_set_time(reader, field, ms, offset_min);
    return true;
}

static bool take_date(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field)
{
    uint64_t number;
    if (!cursor_uint(cursor, &number) || number > 99991231) return false;
    referral_set_date(reader, field, referral_date_of_number((uint32_t)number));
    return true;
}

static bool take_text(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field)
{
    struct stepcare_text text;
    if (!cursor_text(cursor, &text)) return false;
    referral_set_text(reader, field, text);
    return true;
}

static bool take_uint(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field)
{
    uint64_t number;
    if (!cursor_uint(cursor, &number)) return false;
    if (field->type == REFERRAL_CODE) {
        referral_set_code(reader, field, number);
    } else {
        referral_set_mask(reader, field, number);
    }
    return true;
}

static bool take_number(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field)
{
    int64_t number;
    if (!cursor_int(cursor, &number)) return false;
    referral_set_number(reader, field, number);
    return true;
}

static bool take_bool(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field)
{
    bool value;
    if (!cursor_bool(cursor, &value)) return false;
    referral_set_bool(reader, field, value);
    return true;
}

static bool take_group(struct cursor *cursor, struct referral_reader *reader, unsigned number);

static bool take_value(struct cursor *cursor, struct referral_reader *reader, const struct referral_field *field,
                       bool *out_whole)
{
    switch ((enum referral_type)field->type) {
    case REFERRAL_TEXT:
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
    case REFERRAL_LETTER: return take_text(cursor, reader, field);
    case REFERRAL_DATE: return take_date(cursor, reader, field);
    case REFERRAL_TIME: return take_time(cursor, reader, field);
    case REFERRAL_CODE:
    case REFERRAL_MASK: return take_uint(cursor, reader, field);
    case REFERRAL_INT8:
    case REFERRAL_INT16: return take_number(cursor, reader, field);
    case REFERRAL_BOOL: return take_bool(cursor, reader, field);
    case REFERRAL_ANSWERS: return take_answers(cursor, reader, field, out_whole);
    case REFERRAL_GROUP: break;
    }
    struct cursor probe = *cursor;
    uint32_t count;
    if (!cursor_map(&probe, &count)) return false;
    referral_set_group(reader, field);
    *out_whole = take_group(cursor, reader, field->group);
    return true;
}

static void unknown_key(struct referral_reader *reader, unsigned group, uint64_t key)
{
    char name[32];
    snprintf(name, sizeof name, "key_%llu", (unsigned long long)key);
    referral_field_unknown(reader, group, stepcare_text_of(name));
}

/* False where the bytes are broken. */
static bool take_group(struct cursor *cursor, struct referral_reader *reader, unsigned number)
{
    const struct referral_group *group = &referral_groups[number];
    uint32_t count;
    if (!cursor_map(cursor, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t key;
        bool whole = true;
        if (!cursor_uint(cursor, &key)) return false;
        const struct referral_field *field = key >= 1 && key <= group->count ? &group->fields[key - 1] : NULL;
        struct cursor start = *cursor;
        if (field == NULL) unknown_key(reader, number, key);
        bool wanted = field != NULL && referral_field_begin(reader, number, field);
        if (wanted && cursor_nil(cursor)) {
            referral_set_null(reader, field);
            continue;
        }
        if (wanted && take_value(cursor, reader, field, &whole)) {
            if (!whole) return false;
            continue;
        }
        if (wanted) referral_refuse(reader, field);
        *cursor = start;
        if (!cursor_skip(cursor, REFERRAL_DEPTH)) return false;
    }
    return true;
}

enum stepcare_error referral_wire_decode(const uint8_t *data, size_t bytes, struct stepcare_referral *out_referral,
                                         struct stepcare_field_errors *out_errors)
{
    struct cursor cursor = {data, data + bytes};
    struct referral_reader reader = {.referral = out_referral, .errors = out_errors};
    referral_init(out_referral);
    out_errors->count = out_errors->dropped = 0;
    if (!take_group(&cursor, &reader, REFERRAL_TOP) || cursor.at != cursor.end) {
        out_errors->count = out_errors->dropped = 0;
        stepcare_field_errors_add(out_errors, "referral", "is not a referral in the wire form: cut off, or no map");
        return STEPCARE_INVALID;
    }
    referral_reader_finish(&reader);
    return out_errors->count == 0 ? STEPCARE_OK : STEPCARE_INVALID;
}
