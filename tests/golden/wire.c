/* Bytes that clients in other languages and older versions rely on: a request and a reply of every verb. */
#include "proto/record_fields.h"
#include "tests/support/golden_file.h"
#include "tests/support/golden_messages.h"

#include <criterion/criterion.h>

#define FILE_NAME "tests/golden/wire.txt"
#define AGAIN "STEPCARE_GOLDEN_WRITE=1 writes " FILE_NAME " anew; clients in the field then no longer understand"

Test(golden_wire, every_message_encodes_to_its_golden_bytes)
{
    struct golden_file *file = golden_file_open(FILE_NAME);
    struct buffer frame = {0};
    for (unsigned i = 0; i < golden_message_count; i++) {
        golden_frame(&golden_messages[i], &frame);
        cr_expect(golden_file_agrees(file, golden_messages[i].name, frame.data, frame.bytes), "%s: " AGAIN,
                  golden_messages[i].name);
    }
    cr_assert_eq(golden_file_count(file), golden_message_count, "a message went away");
    buffer_close(&frame);
    golden_file_close(file);
}

/* The other way round: the file's bytes decode, and what they decode to encodes to them. */
Test(golden_wire, every_golden_frame_decodes_to_its_message)
{
    struct golden_file *file = golden_file_open(FILE_NAME);
    struct buffer again = {0};
    struct arena *arena = NULL;
    cr_assert_eq(arena_open(1024 * 1024, &arena), STEPCARE_OK);
    for (unsigned i = 0; i < golden_message_count; i++) {
        const struct golden_message *golden = &golden_messages[i];
        struct stepcare_field_errors errors = {0};
        struct wire_message message;
        struct wire_frame frame;
        size_t bytes = 0;
        const uint8_t *data = golden_file_find(file, golden->name, &bytes);
        cr_assert_not_null(data, "%s", golden->name);
        cr_assert_eq(wire_frame_open(data, bytes, &frame), STEPCARE_OK, "%s", golden->name);
        cr_assert_eq(wire_frame_next(&frame, arena, &message, &errors), STEPCARE_OK, "%s: %s", golden->name,
                     errors.items[0].field);
        cr_assert(message.verb == golden->verb && message.error == golden->error && message.request_id == 7, "%s",
                  golden->name);
        for (unsigned f = 0; f < GOLDEN_FIELDS_MAX && golden->fields[f] != 0; f++) {
            cr_assert(stepcare_record_has(&message.record, golden->fields[f]), "%s: %s", golden->name,
                      record_fields[golden->fields[f]].name);
        }
        wire_frame_begin(&again, frame.actor);
        wire_frame_add(&again, message.verb, message.request_id, &message.record, message.error);
        cr_assert_eq(wire_frame_end(&again, 1), STEPCARE_OK);
        cr_assert(again.bytes == bytes && memcmp(again.data, data, bytes) == 0, "%s", golden->name);
        arena_reset(arena);
    }
    arena_close(arena);
    buffer_close(&again);
    golden_file_close(file);
}

Test(golden_wire, every_request_has_what_its_verb_asks_for_and_nothing_else)
{
    struct golden_file *file = golden_file_open(FILE_NAME);
    struct arena *arena = NULL;
    cr_assert_eq(arena_open(1024 * 1024, &arena), STEPCARE_OK);
    for (unsigned i = 0; i < golden_message_count; i++) {
        const struct golden_message *golden = &golden_messages[i];
        struct stepcare_field_errors errors = {0};
        struct wire_message message;
        struct wire_frame frame;
        size_t bytes = 0;
        bool checked =
            strstr(golden->name, ".request") != NULL || golden->verb == WIRE_JOB || golden->verb == WIRE_RESULT;
        if (!checked) continue;
        const uint8_t *data = golden_file_find(file, golden->name, &bytes);
        cr_assert(data != NULL && wire_frame_open(data, bytes, &frame) == STEPCARE_OK);
        cr_assert_eq(wire_frame_next(&frame, arena, &message, &errors), STEPCARE_OK);
        cr_assert_eq(verb_fields_check(message.verb, &message.record, &errors), STEPCARE_OK, "%s: %s %s", golden->name,
                     errors.items[0].field, errors.items[0].problem);
    }
    arena_close(arena);
    golden_file_close(file);
}

Test(golden_wire, every_verb_is_there)
{
    for (unsigned verb = 0; verb < 256; verb++) {
        unsigned found = 0;
        for (unsigned i = 0; i < golden_message_count; i++) found += golden_messages[i].verb == verb;
        cr_assert(wire_verb_name((uint8_t)verb) == NULL || found > 0, "%s", wire_verb_name((uint8_t)verb));
    }
}
