/* Frames: there and back, and what is refused before anything is decoded. */
#include "proto/frame.h"

#include "tests/support/referral_random.h"

#include <criterion/criterion.h>
#include <malloc.h>

enum { ARENA_BYTES = 4 * 1024 * 1024 };

static struct arena *arena_new(void)
{
    struct arena *arena = NULL;
    cr_assert_eq(arena_open(ARENA_BYTES, &arena), STEPCARE_OK);
    return arena;
}

/* A frame of three notes by "anna". */
static void notes_encode(struct buffer *buffer)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, 17);
    STEPCARE_SET(&record, note, stepcare_text_of("rang back"));
    wire_frame_begin(buffer, stepcare_text_of("anna"));
    for (unsigned i = 0; i < 3; i++)
        wire_frame_add(buffer, WIRE_NOTE, 100 + i, &record, i == 2 ? STEPCARE_NOT_FOUND : STEPCARE_OK);
    cr_assert_eq(wire_frame_end(buffer, 3), STEPCARE_OK);
}

Test(wire_frame, keeps_actor_order_ids_and_errors)
{
    struct buffer buffer = {0};
    struct arena *arena = arena_new();
    struct stepcare_field_errors errors = {0};
    struct wire_message message;
    struct wire_frame frame;
    notes_encode(&buffer);
    cr_assert_eq(wire_frame_open(buffer.data, buffer.bytes, &frame), STEPCARE_OK);
    cr_assert(stepcare_text_equal(frame.actor, stepcare_text_of("anna")));
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(wire_frame_next(&frame, arena, &message, &errors), STEPCARE_OK);
        cr_assert_eq(message.verb, WIRE_NOTE);
        cr_assert_eq(message.request_id, 100 + i);
        cr_assert_eq(message.error, i == 2 ? STEPCARE_NOT_FOUND : STEPCARE_OK);
        cr_assert_eq(message.record.referral_id, 17);
    }
    cr_assert_eq(frame.left, 0);
    arena_close(arena);
    buffer_close(&buffer);
}

static enum stepcare_error opened(const uint8_t *data, size_t bytes)
{
    struct wire_frame frame;
    return wire_frame_open(data, bytes, &frame);
}

Test(wire_frame, refuses_every_truncation_and_trailing_bytes)
{
    struct buffer buffer = {0};
    notes_encode(&buffer);
    for (size_t bytes = 0; bytes < buffer.bytes; bytes++) {
        cr_assert_eq(opened(buffer.data, bytes), STEPCARE_MALFORMED, "%zu bytes", bytes);
    }
    cr_assert_eq(opened(buffer.data, buffer.bytes), STEPCARE_OK);
    buffer_append(&buffer, "", 1);
    cr_assert_eq(opened(buffer.data, buffer.bytes), STEPCARE_MALFORMED);
    buffer_close(&buffer);
}

static enum stepcare_error check_bytes(const char *bytes, size_t count)
{
    return opened((const uint8_t *)bytes, count);
}
#define CHECK(literal) check_bytes("" literal, sizeof literal - 1)

Test(wire_frame, refuses_hostile_frames)
{
    cr_assert_eq(CHECK(""), STEPCARE_MALFORMED);
    cr_assert_eq(CHECK("\xdd\x10\x00\x00\x00"), STEPCARE_MALFORMED);
    cr_assert_eq(CHECK("\xdf\xff\xff\xff\xff"), STEPCARE_MALFORMED);
    cr_assert_eq(CHECK("\x82\x00\x01\x02\xdd\x10\x00\x00\x00"), STEPCARE_MALFORMED);
    cr_assert_eq(CHECK("\x82\x00\x01\x02\x90"), STEPCARE_MALFORMED, "no message");
    cr_assert_eq(CHECK("\x82\x00\x01\x00\x01"), STEPCARE_MALFORMED, "a key twice");
    cr_assert_eq(CHECK("\x83\x00\x01\x02\x91\x80\x03\x00"), STEPCARE_MALFORMED, "an unknown key");
    cr_assert_eq(CHECK("\x81\x02\x91\x80"), STEPCARE_MALFORMED, "no version");
    cr_assert_eq(CHECK("\x82\x00\x02\x02\x91\x80"), STEPCARE_UNSUPPORTED_VERSION);
    cr_assert_eq(CHECK("\x83\x00\x01\x01\xa3\x61\x0a\x62\x02\x91\x80"), STEPCARE_MALFORMED, "a line break in a name");
    uint8_t deep[300];
    memset(deep, 0x91, sizeof deep);
    memcpy(deep, "\x82\x00\x01\x02", 4);
    cr_assert_eq(opened(deep, sizeof deep), STEPCARE_MALFORMED);
}

Test(wire_frame, refuses_what_is_over_a_limit)
{
    static uint8_t frame[STEPCARE_FRAME_BYTES_MAX + 1] = {0x82, 0x00, 0x01, 0x02, 0xdc, 0x01, 0x01};
    memset(frame + 7, 0x80, 257);
    cr_assert_eq(opened(frame, 7 + 257), STEPCARE_TOO_LARGE, "257 messages");
    frame[6] = 0;
    cr_assert_eq(opened(frame, 7 + 256), STEPCARE_OK, "256 messages");
    cr_assert_eq(opened(frame, sizeof frame), STEPCARE_TOO_LARGE);
}

Test(wire_frame, noise_is_refused_in_flat_memory)
{
    static uint8_t noise[STEPCARE_FRAME_BYTES_MAX];
    struct arena *arena = arena_new();
    struct stepcare_field_errors errors;
    struct wire_message message;
    size_t before = mallinfo2().uordblks;
    for (unsigned seed = 0; seed < 40; seed++) {
        struct random random = random_of(3, seed, 0);
        struct wire_frame frame;
        for (size_t at = 0; at < sizeof noise; at += 8) {
            uint64_t word = random_next(&random);
            memcpy(noise + at, &word, 8);
        }
        if (seed % 2 == 1)
            memcpy(noise, "\x82\x00\x01\x02\x9f\x83\x00\x04\x01\x01\x02", 11); /* the beginning of a frame */
        cr_assert_neq(wire_frame_open(noise, sizeof noise, &frame), STEPCARE_OK);
        frame = (struct wire_frame){noise, noise + sizeof noise, 4, {0}};
        for (unsigned i = 0; i < 4; i++) {
            errors.count = errors.dropped = 0;
            wire_frame_next(&frame, arena, &message, &errors);
        }
        arena_reset(arena);
    }
    cr_assert_leq(mallinfo2().uordblks, before + ARENA_BYTES);
    arena_close(arena);
}

static enum stepcare_error next_of(const char *bytes, size_t count, struct wire_message *out_message,
                                   struct stepcare_field_errors *out_errors, struct wire_frame *frame)
{
    struct arena *arena = arena_new();
    cr_assert_eq(wire_frame_open((const uint8_t *)bytes, count, frame), STEPCARE_OK);
    enum stepcare_error error = wire_frame_next(frame, arena, out_message, out_errors);
    arena_close(arena);
    return error;
}
#define NEXT(literal) next_of("\x82\x00\x01\x02" literal, sizeof literal - 1 + 4, &message, &errors, &frame)

Test(wire_frame, takes_keys_in_any_order)
{
    struct wire_message message;
    struct stepcare_field_errors errors = {0};
    struct wire_frame frame;
    cr_assert_eq(NEXT("\x91\x83\x02\x82\x14\xa1n\x01\x05\x01\x07\x00\x1d"), STEPCARE_OK);
    cr_assert(message.verb == WIRE_NOTE && message.request_id == 7 && message.record.referral_id == 5);
}

Test(wire_frame, names_unknown_and_repeated_keys_and_goes_on_behind_them)
{
    struct wire_message message;
    struct stepcare_field_errors errors = {0};
    struct wire_frame frame;
    cr_assert_eq(NEXT("\x92\x83\x02\x81\x7f\x05\x00\x1d\x01\x07\x82\x00\x14\x01\x09"), STEPCARE_MALFORMED);
    cr_assert(message.verb == WIRE_NOTE && message.request_id == 7, "still known, so that it can be answered");
    cr_assert_str_eq(errors.items[0].field, "key 127");
    cr_assert_eq(wire_frame_next(&frame, NULL, &message, &errors), STEPCARE_OK);
    cr_assert(message.verb == WIRE_BACKLOG && message.request_id == 9);
    errors.count = 0;
    cr_assert_eq(NEXT("\x91\x83\x00\x1d\x01\x07\x02\x82\x01\x05\x01\x06"), STEPCARE_MALFORMED);
    cr_assert_str_eq(errors.items[0].field, "referral_id");
}

Test(wire_frame, a_value_out_of_range_spoils_its_own_message_alone)
{
    struct wire_message message;
    struct stepcare_field_errors errors = {0};
    struct wire_frame frame;
    cr_assert_eq(NEXT("\x92\x83\x00\x1d\x01\x07\x02\x83\x08\x63\x09\x63\x01\x05\x82\x00\x14\x01\x09"),
                 STEPCARE_INVALID);
    cr_assert_eq(errors.count, 2);
    cr_assert_str_eq(errors.items[0].field, "tier");
    cr_assert_str_eq(errors.items[1].field, "service");
    cr_assert(message.record.referral_id == 5 && !STEPCARE_HAS(&message.record, tier));
    cr_assert_eq(wire_frame_next(&frame, NULL, &message, &errors), STEPCARE_OK);
    cr_assert_eq(message.request_id, 9);
}

Test(wire_frame, too_large_a_frame_is_refused_at_its_end)
{
    struct buffer buffer = {0};
    struct stepcare_record record;
    static char bytes[131072];
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral, ((struct stepcare_text){bytes, sizeof bytes}));
    wire_frame_begin(&buffer, (struct stepcare_text){0});
    for (unsigned i = 0; i < 8; i++) wire_frame_add(&buffer, WIRE_SUBMIT, i, &record, STEPCARE_OK);
    cr_assert_eq(wire_frame_end(&buffer, 8), STEPCARE_TOO_LARGE);
    buffer_close(&buffer);
}

Test(arena, gives_room_to_its_limit_and_then_none)
{
    struct arena *arena = NULL;
    cr_assert_eq(arena_open(1000, &arena), STEPCARE_OK);
    void *first = arena_take(arena, 900);
    cr_assert_not_null(first);
    cr_assert_eq((uintptr_t)first % 16, 0);
    cr_assert_null(arena_take(arena, 200));
    arena_reset(arena);
    cr_assert_not_null(arena_take(arena, 1000));
    cr_assert_null(arena_take(arena, 1));
    arena_close(arena);
    arena_close(NULL);
}

Test(arena, allocates_nothing_once_it_has_seen_its_load)
{
    struct arena *arena = arena_new();
    size_t after_second = 0;
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < 30; i++) memset(arena_take(arena, 50000), 1, 50000);
        arena_reset(arena);
        if (round == 1) after_second = mallinfo2().uordblks;
    }
    cr_assert_eq(mallinfo2().uordblks, after_second);
    arena_close(arena);
}
