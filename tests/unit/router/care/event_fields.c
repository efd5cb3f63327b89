/* Every type of event has its fields, and an event that lacks one or has another is found out: before it is recorded,
 * and when it is read. That nothing decided breaks the table is held by every other test of decisions: decide() aborts
 * on it. */
#include "router/care/event_fields.h"

#include "proto/record_fields.h"

#include <criterion/criterion.h>

/* An event with every field there is; values are zero, texts empty. */
static struct event event_of_all(enum stepcare_event_type type)
{
    struct event event = {.sequence = 9, .episode_id = 7, .at = 1000, .type = type, .by = {"p", 1}};
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++) stepcare_record_mark(&event.record, key);
    return event;
}

static void field_drop(struct event *event, unsigned key)
{
    event->record.present[key / 64] &= ~(UINT64_C(1) << (key % 64));
}

static unsigned key_of(const char *name)
{
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++)
        if (strcmp(record_fields[key].name, name) == 0) return key;
    cr_assert_fail("%s is no field", name);
    return 0;
}

/* The event of a type that has what it may have and nothing more. */
static struct event event_in_full(enum stepcare_event_type type, bool noted)
{
    struct event event = event_of_all(type);
    if (!noted && type == STEPCARE_EVENT_EPISODE_LINKED) field_drop(&event, STEPCARE_FIELD_to_tier);
    for (const char *name; (name = event_field_surplus(&event)) != NULL;) field_drop(&event, key_of(name));
    return event;
}

static unsigned field_count(const struct event *event)
{
    return (unsigned)(__builtin_popcountll(event->record.present[0]) + __builtin_popcountll(event->record.present[1]));
}

Test(event_fields, every_type_has_a_row_and_takes_few_of_the_fields_there_are)
{
    for (unsigned type = 1; type < STEPCARE_EVENT_COUNT; type++) {
        const struct event event = event_in_full(type, false);
        cr_expect_null(event_field_missing(&event), "%s", stepcare_code_name(&stepcare_events, type));
        cr_expect_lt(field_count(&event), 24, "%s", stepcare_code_name(&stepcare_events, type));
        cr_expect_not(STEPCARE_HAS(&event.record, referral_id), "its id is beside the record");
    }
}

Test(event_fields, each_missing_field_is_named)
{
    unsigned required = 0;
    for (unsigned type = 1; type < STEPCARE_EVENT_COUNT; type++) {
        const struct event full = event_in_full(type, false);
        struct event empty = full;
        stepcare_record_init(&empty.record);
        cr_expect_eq(event_field_missing(&empty) == NULL, type == STEPCARE_EVENT_TRIAGE_RETRIED);
        for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++) {
            struct event event = full;
            field_drop(&event, key);
            const char *missing = event_field_missing(&event);
            if (missing == NULL) continue;
            cr_expect_str_eq(missing, record_fields[key].name, "%s", stepcare_code_name(&stepcare_events, type));
            required++;
        }
    }
    cr_expect_gt(required, 80);
}

Test(event_fields, a_parallel_offer_and_the_note_of_it_on_its_lead_are_two_forms_of_one_type)
{
    struct event noted = event_in_full(STEPCARE_EVENT_EPISODE_LINKED, true);
    cr_expect_eq(field_count(&noted), 2);
    cr_expect_null(event_field_missing(&noted));
    field_drop(&noted, STEPCARE_FIELD_linked_to);
    cr_expect_str_eq(event_field_missing(&noted), "linked_to");
}

Test(event_fields, an_event_that_lacks_a_field_is_damage_when_it_is_read_and_one_with_more_is_not)
{
    struct buffer buffer = {0};
    struct arena *arena = NULL;
    struct event event = {.at = 1000, .episode_id = 7, .type = STEPCARE_EVENT_CLAIM_RENEWED, .by = {"p", 1}},
                 back = {0};
    cr_assert_eq(arena_open(65536, &arena), STEPCARE_OK);
    STEPCARE_SET(&event.record, token, 5);
    event_encode(&buffer, &event);
    cr_expect_eq(event_decode(buffer.data, buffer.bytes, arena, &back), STEPCARE_DAMAGED);
    STEPCARE_SET(&event.record, lease_expires, 2000);
    STEPCARE_SET(&event.record, reason, stepcare_text_of("from a later version"));
    buffer_clear(&buffer);
    event_encode(&buffer, &event);
    cr_expect_eq(event_decode(buffer.data, buffer.bytes, arena, &back), STEPCARE_OK);
    cr_expect_eq(back.record.token, 5);
    cr_expect_str_eq(event_field_surplus(&event), "reason");
    buffer_close(&buffer);
    arena_close(arena);
}
