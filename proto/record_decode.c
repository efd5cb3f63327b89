/* Records from msgpack: called by frame.c, and for ledger events and rows of the state. */
#include "base/time_text.h"
#include "base/utf8.h"
#include "proto/record_codec.h"
#include "proto/record_fields.h"
#include "stepcare/referral_id.h"

#include <stdarg.h>
#include <stdio.h>

/* One record being decoded. */
struct decoding {
    struct cursor *cursor;
    struct arena *arena;
    struct stepcare_record *record;
    struct stepcare_field_errors *errors;
    unsigned depth;
};

/* What a value was: of the right shape and range, of the right shape alone, or not this type at all. */
enum taken { TAKEN, OUT_OF_RANGE, WRONG_SHAPE, NO_ROOM };

static void __attribute__((format(printf, 3, 4)))
decoding_blame(struct decoding *decoding, unsigned key, const char *format, ...)
{
    if (decoding->errors == NULL) return;
    char problem[sizeof decoding->errors->items[0].problem];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    stepcare_field_errors_add(decoding->errors, record_fields[key].name, "%s", problem);
}

static enum taken take_code(struct decoding *decoding, unsigned key)
{
    const struct stepcare_codeset *codes = record_fields[key].codes;
    uint64_t value;
    if (!cursor_uint(decoding->cursor, &value)) return WRONG_SHAPE;
    if (value >= codes->count) {
        decoding_blame(decoding, key, "no %s has this number", codes->noun);
        return OUT_OF_RANGE;
    }
    *record_member(decoding->record, key, uint8_t) = (uint8_t)value;
    return TAKEN;
}

static enum taken take_mask(struct decoding *decoding, unsigned key)
{
    const struct stepcare_codeset *codes = record_fields[key].codes;
    uint64_t value;
    if (!cursor_uint(decoding->cursor, &value)) return WRONG_SHAPE;
    if (value >> (codes->count - 1) != 0) {
        decoding_blame(decoding, key, "a bit is set that stands for no %s", codes->noun);
        return OUT_OF_RANGE;
    }
    *record_member(decoding->record, key, uint32_t) = (uint32_t)value;
    return TAKEN;
}

static enum taken take_time(struct decoding *decoding, unsigned key, int64_t *out_ms)
{
    int64_t value;
    if (!cursor_int(decoding->cursor, &value)) return WRONG_SHAPE;
    if (value < TIME_TEXT_MIN_MS || value > TIME_TEXT_MAX_MS) {
        decoding_blame(decoding, key, "not a time between the years 0 and 9999");
        return OUT_OF_RANGE;
    }
    *out_ms = value;
    return TAKEN;
}

static enum taken take_id(struct decoding *decoding, unsigned key)
{
    uint64_t value;
    if (!cursor_uint(decoding->cursor, &value)) return WRONG_SHAPE;
    if (value > STEPCARE_REFERRAL_ID_MAX) {
        decoding_blame(decoding, key, "no referral id is as large as this");
        return OUT_OF_RANGE;
    }
    *record_member(decoding->record, key, uint64_t) = value;
    return TAKEN;
}

static enum taken take_run(struct decoding *decoding, unsigned key)
{
    bool text = record_fields[key].type == RECORD_TEXT;
    uint32_t limit = record_fields[key].limit;
    struct stepcare_text value;
    if (!(text ? cursor_text(decoding->cursor, &value) : cursor_binary(decoding->cursor, &value))) return WRONG_SHAPE;
    if (value.bytes > limit) {
        decoding_blame(decoding, key, "longer than %u bytes", limit);
        return OUT_OF_RANGE;
    }
    if (text && !utf8_valid(value)) {
        decoding_blame(decoding, key, "not valid UTF-8");
        return OUT_OF_RANGE;
    }
    *record_member(decoding->record, key, struct stepcare_text) = value;
    return TAKEN;
}

/* The count of a list; past its limit the list is passed over, so that decoding can go on after it. */
static enum taken take_count(struct decoding *decoding, unsigned key, uint32_t *out_count)
{
    struct cursor start = *decoding->cursor;
    uint32_t count;
    if (!cursor_array(decoding->cursor, &count)) return WRONG_SHAPE;
    if (count > record_fields[key].limit) {
        *decoding->cursor = start;
        if (!cursor_skip(decoding->cursor, decoding->depth)) return WRONG_SHAPE;
        decoding_blame(decoding, key, "more than %u entries", record_fields[key].limit);
        return OUT_OF_RANGE;
    }
    *out_count = count;
    return TAKEN;
}

static enum taken take_codes(struct decoding *decoding, unsigned key)
{
    struct stepcare_code_list *list = record_member(decoding->record, key, struct stepcare_code_list);
    uint32_t count;
    enum taken taken = take_count(decoding, key, &count);
    if (taken != TAKEN) return taken;
    for (uint32_t i = 0; i < count; i++) {
        if (!cursor_text(decoding->cursor, &list->items[i])) return WRONG_SHAPE;
        if (list->items[i].bytes <= STEPCARE_CODE_BYTES_MAX && utf8_valid(list->items[i])) continue;
        if (taken == TAKEN)
            decoding_blame(decoding, key, "a code is not UTF-8 of at most %u bytes", STEPCARE_CODE_BYTES_MAX);
        taken = OUT_OF_RANGE;
    }
    list->count = (uint8_t)count;
    return taken;
}

static enum taken take_times(struct decoding *decoding, unsigned key)
{
    struct stepcare_time_list *list = record_member(decoding->record, key, struct stepcare_time_list);
    uint32_t count;
    enum taken all = take_count(decoding, key, &count);
    if (all != TAKEN) return all;
    for (uint32_t i = 0; i < count; i++) {
        enum taken taken = take_time(decoding, key, &list->items[i]);
        if (taken == WRONG_SHAPE) return taken;
        if (taken != TAKEN) all = taken;
    }
    list->count = (uint8_t)count;
    return all;
}

/* Fits text into a fixed array, cut where it is longer; a character cut in two goes altogether. */
static void copy_cut(char *target, size_t target_bytes, struct stepcare_text text)
{
    size_t bytes = text.bytes < target_bytes ? text.bytes : target_bytes - 1;
    while (bytes > 0 && bytes < text.bytes && ((uint8_t)text.data[bytes] & 0xc0) == 0x80) bytes--;
    if (bytes > 0) memcpy(target, text.data, bytes);
    target[bytes] = '\0';
}

static enum taken take_errors(struct decoding *decoding, unsigned key)
{
    uint32_t count, two;
    enum taken taken = take_count(decoding, key, &count);
    if (taken != TAKEN) return taken;
    struct stepcare_field_errors *list = arena_take(decoding->arena, sizeof *list);
    if (list == NULL) return NO_ROOM;
    list->count = count;
    list->dropped = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct stepcare_text field, problem;
        struct stepcare_field_error *item = &list->items[i];
        if (!cursor_array(decoding->cursor, &two) || two != 2) return WRONG_SHAPE;
        if (!cursor_text(decoding->cursor, &field) || !cursor_text(decoding->cursor, &problem)) return WRONG_SHAPE;
        copy_cut(item->field, sizeof item->field, field);
        copy_cut(item->problem, sizeof item->problem, problem);
    }
    record_member(decoding->record, key, struct stepcare_errors_view)->list = list;
    return TAKEN;
}

static enum taken take_records(struct decoding *decoding, unsigned key)
{
    uint32_t count;
    if (decoding->depth < 2) return WRONG_SHAPE;
    enum taken all = take_count(decoding, key, &count);
    if (all != TAKEN) return all;
    struct stepcare_record *items = arena_take(decoding->arena, count * sizeof *items);
    if (items == NULL) return NO_ROOM;
    for (uint32_t i = 0; i < count; i++) {
        enum stepcare_error error =
            record_unpack(decoding->cursor, decoding->arena, decoding->depth - 2, &items[i], decoding->errors);
        if (error == STEPCARE_MALFORMED) return WRONG_SHAPE;
        if (error == STEPCARE_TOO_LARGE) return NO_ROOM;
        if (error != STEPCARE_OK) all = OUT_OF_RANGE;
    }
    *record_member(decoding->record, key, struct stepcare_records) = (struct stepcare_records){count, items};
    return all;
}

static enum taken take_field(struct decoding *decoding, unsigned key)
{
    struct stepcare_record *record = decoding->record;
    switch ((enum record_type)record_fields[key].type) {
    case RECORD_ID: return take_id(decoding, key);
    case RECORD_UINT: return cursor_uint(decoding->cursor, record_member(record, key, uint64_t)) ? TAKEN : WRONG_SHAPE;
    case RECORD_INT: return cursor_int(decoding->cursor, record_member(record, key, int64_t)) ? TAKEN : WRONG_SHAPE;
    case RECORD_TIME: return take_time(decoding, key, record_member(record, key, int64_t));
    case RECORD_BOOL: return cursor_bool(decoding->cursor, record_member(record, key, bool)) ? TAKEN : WRONG_SHAPE;
    case RECORD_TEXT:
    case RECORD_BYTES: return take_run(decoding, key);
    case RECORD_CODE: return take_code(decoding, key);
    case RECORD_MASK: return take_mask(decoding, key);
    case RECORD_CODES: return take_codes(decoding, key);
    case RECORD_TIMES: return take_times(decoding, key);
    case RECORD_ERRORS: return take_errors(decoding, key);
    case RECORD_RECORDS: return take_records(decoding, key);
    case RECORD_TYPE_COUNT: break;
    }
    return WRONG_SHAPE;
}

/* The key of the next pair; 0 where it is none, and then it has been named. */
static unsigned take_key(struct decoding *decoding)
{
    uint64_t key;
    char path[24] = "key";
    if (!cursor_uint(decoding->cursor, &key)) {
        if (decoding->errors != NULL) stepcare_field_errors_add(decoding->errors, path, "a key is not a small number");
        return 0;
    }
    if (key == 0 || key >= STEPCARE_FIELD_COUNT) {
        snprintf(path, sizeof path, "key %llu", (unsigned long long)key);
        if (decoding->errors != NULL) stepcare_field_errors_add(decoding->errors, path, "no field has this key");
        return 0;
    }
    if (stepcare_record_has(decoding->record, (unsigned)key)) {
        decoding_blame(decoding, (unsigned)key, "given more than once");
        return 0;
    }
    return (unsigned)key;
}

enum stepcare_error record_unpack(struct cursor *cursor, struct arena *arena, unsigned depth,
                                  struct stepcare_record *out_record, struct stepcare_field_errors *errors)
{
    struct decoding decoding = {cursor, arena, out_record, errors, depth};
    uint64_t out_of_range[2] = {0, 0};
    uint32_t count;
    stepcare_record_init(out_record);
    if (depth == 0 || !cursor_map(cursor, &count)) return STEPCARE_MALFORMED;
    for (uint32_t i = 0; i < count; i++) {
        unsigned key = take_key(&decoding);
        if (key == 0) return STEPCARE_MALFORMED;
        enum taken taken = take_field(&decoding, key);
        if (taken == NO_ROOM) return STEPCARE_TOO_LARGE;
        if (taken == WRONG_SHAPE) {
            decoding_blame(&decoding, key, "cut off or of another type");
            return STEPCARE_MALFORMED;
        }
        if (taken == OUT_OF_RANGE) out_of_range[key / 64] |= UINT64_C(1) << (key % 64);
        stepcare_record_mark(out_record, key); /* even if out of range, so that a repeated key is noticed */
    }
    out_record->present[0] &= ~out_of_range[0];
    out_record->present[1] &= ~out_of_range[1];
    return (out_of_range[0] | out_of_range[1]) == 0 ? STEPCARE_OK : STEPCARE_INVALID;
}

enum stepcare_error wire_record_decode(const uint8_t *data, size_t bytes, struct arena *arena,
                                       struct stepcare_record *out_record, struct stepcare_field_errors *out_errors)
{
    struct cursor cursor = {data, data + bytes};
    enum stepcare_error error = record_unpack(&cursor, arena, STEPCARE_DEPTH_MAX, out_record, out_errors);
    bool readable = error == STEPCARE_OK || error == STEPCARE_INVALID;
    return readable && cursor.at != cursor.end ? STEPCARE_MALFORMED : error;
}
