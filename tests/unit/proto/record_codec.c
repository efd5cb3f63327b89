/* Records as msgpack: there and back, and values out of their range. */
#include "proto/frame.h"
#include "proto/record_fields.h"

#include "tests/support/referral_random.h"

#include <criterion/criterion.h>

enum { ROUNDS = 3000, ARENA_BYTES = 4 * 1024 * 1024 };

static struct arena *arena_new(void)
{
    struct arena *arena = NULL;
    cr_assert_eq(arena_open(ARENA_BYTES, &arena), STEPCARE_OK);
    return arena;
}

Test(record_codec, any_record_comes_back_and_encodes_to_the_same_bytes)
{
    struct arena *arena = arena_new();
    struct buffer first = {0}, second = {0};
    static struct record_random_room room;
    static struct stepcare_record record, back;
    for (unsigned seed = 0; seed < ROUNDS; seed++) {
        struct random random = random_of(4, seed, 0);
        struct stepcare_field_errors errors = {0};
        record_random(&random, &room, &record);
        buffer_clear(&first);
        buffer_clear(&second);
        arena_reset(arena);
        wire_record_encode(&first, &record);
        cr_assert_eq(wire_record_decode(first.data, first.bytes, arena, &back, &errors), STEPCARE_OK, "seed %u: %s",
                     seed, errors.items[0].field);
        cr_assert_eq(memcmp(record.present, back.present, sizeof back.present), 0, "seed %u", seed);
        wire_record_encode(&second, &back);
        cr_assert(first.bytes == second.bytes && memcmp(first.data, second.data, first.bytes) == 0, "seed %u", seed);
    }
    buffer_close(&first);
    buffer_close(&second);
    arena_close(arena);
}

Test(record_codec, every_truncation_is_refused)
{
    struct arena *arena = arena_new();
    struct buffer buffer = {0};
    static struct record_random_room room;
    static struct stepcare_record record, back;
    struct random random = random_of(5, 1, 0);
    record_random(&random, &room, &record);
    wire_record_encode(&buffer, &record);
    for (size_t bytes = 0; bytes < buffer.bytes; bytes++) {
        struct stepcare_field_errors errors = {0};
        arena_reset(arena);
        cr_assert_eq(wire_record_decode(buffer.data, bytes, arena, &back, &errors), STEPCARE_MALFORMED, "%zu bytes",
                     bytes);
    }
    buffer_close(&buffer);
    arena_close(arena);
}

static enum stepcare_error decode(const char *bytes, size_t count, struct stepcare_field_errors *errors)
{
    struct arena *arena = arena_new();
    static struct stepcare_record record;
    errors->count = errors->dropped = 0;
    enum stepcare_error error = wire_record_decode((const uint8_t *)bytes, count, arena, &record, errors);
    arena_close(arena);
    return error;
}
#define DECODE(literal) decode("" literal, sizeof literal - 1, &errors)

Test(record_codec, ranges_are_kept_from_both_sides)
{
    struct stepcare_field_errors errors;
    cr_assert_eq(DECODE("\x81\x08\x07"), STEPCARE_OK, "tier 7");
    cr_assert_eq(DECODE("\x81\x08\x08"), STEPCARE_INVALID, "tier 8");
    cr_assert_eq(DECODE("\x81\x0e\x0f"), STEPCARE_OK, "four holds");
    cr_assert_eq(DECODE("\x81\x0e\x10"), STEPCARE_INVALID, "a fifth hold");
    cr_assert_eq(DECODE("\x81\x01\xcf\x00\x00\x00\x07\xff\xff\xff\xff"), STEPCARE_OK, "the largest id");
    cr_assert_eq(DECODE("\x81\x01\xcf\x00\x00\x00\x08\x00\x00\x00\x00"), STEPCARE_INVALID, "one more");
    cr_assert_eq(DECODE("\x81\x5e\xaa"
                        "2026-11-02"),
                 STEPCARE_OK, "ten bytes");
    cr_assert_eq(DECODE("\x81\x5e\xab"
                        "2026-11-02x"),
                 STEPCARE_INVALID, "eleven");
    cr_assert_eq(DECODE("\x81\x13\xa2\xc3\xa9"), STEPCARE_OK, "UTF-8");
    cr_assert_eq(DECODE("\x81\x13\xa1\xe9"), STEPCARE_INVALID, "Latin 1");
    cr_assert_str_eq(errors.items[0].field, "reason");
    cr_assert_eq(DECODE("\x81\x34\x94\x01\x02\x03\x04"), STEPCARE_OK, "four times");
    cr_assert_eq(DECODE("\x81\x34\x95\x01\x02\x03\x04\x05"), STEPCARE_INVALID, "five");
    cr_assert_eq(DECODE("\x81\x0b\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), STEPCARE_INVALID, "a time before the year 0");
}

Test(record_codec, wrong_types_are_malformed_and_named)
{
    struct stepcare_field_errors errors;
    cr_assert_eq(DECODE("\x81\x08\xa6physio"), STEPCARE_MALFORMED);
    cr_assert_str_eq(errors.items[0].field, "tier");
    cr_assert_eq(DECODE("\x81\x08\xff"), STEPCARE_MALFORMED, "below zero");
    cr_assert_eq(DECODE("\x81\x28\xa1x"), STEPCARE_MALFORMED, "str where bin is due");
    cr_assert_eq(DECODE("\x81\x57\x01"), STEPCARE_MALFORMED, "a number where a bool is due");
    cr_assert_eq(DECODE("\x81\x08\xc0"), STEPCARE_MALFORMED, "nil: absent fields are left out");
    cr_assert_eq(DECODE("\x81\x00\x01"), STEPCARE_MALFORMED, "key 0");
    cr_assert_eq(DECODE("\x80\x00"), STEPCARE_MALFORMED, "a byte too many");
}

Test(record_codec, nested_lists_end_at_the_depth_limit)
{
    struct stepcare_field_errors errors;
    cr_assert_eq(DECODE("\x81\x60\x91\x81\x60\x91\x81\x60\x91\x80"), STEPCARE_OK, "four records deep");
    cr_assert_eq(DECODE("\x81\x60\x91\x81\x60\x91\x81\x60\x91\x81\x60\x91\x80"), STEPCARE_MALFORMED, "five");
}

/* One byte of frame makes a record of two kilobytes: the arena's limit is what holds. */
Test(record_codec, many_tiny_records_are_too_large_and_take_no_more_than_the_arena)
{
    static uint8_t bytes[60000];
    struct stepcare_field_errors errors = {0};
    static struct stepcare_record record;
    struct arena *arena = arena_new();
    memset(bytes, 0x80, sizeof bytes);
    memcpy(bytes, "\x81\x2e\xdc\xea\x5a", 5); /* history of 59,994 */
    cr_assert_eq(wire_record_decode(bytes, 5 + 59994, arena, &record, &errors), STEPCARE_TOO_LARGE);
    arena_close(arena);
}
