/* Replies on their way out: a client's together in frames within their limit, and never more than is bounded. */
#include "router/outbox.h"

#include <criterion/criterion.h>

Test(outbox, a_large_answer_after_another_gets_a_frame_of_its_own)
{
    static char half[500 * 1024], more[700 * 1024];
    struct outbox outbox;
    const struct peer peer = {{0, 0, 0, 0, 1}};
    struct stepcare_record first, second;
    cr_assert_eq(outbox_init(&outbox), STEPCARE_OK);
    stepcare_record_init(&first);
    stepcare_record_init(&second);
    STEPCARE_SET(&first, referral, ((struct stepcare_text){half, sizeof half}));
    STEPCARE_SET(&second, referral, ((struct stepcare_text){more, sizeof more}));
    cr_assert(outbox_add(&outbox, &peer, WIRE_SHOW, 1, &first, STEPCARE_OK));
    cr_assert(outbox_add(&outbox, &peer, WIRE_SHOW, 2, &second, STEPCARE_OK));
    cr_assert_eq(outbox.used, 2);
    cr_assert_gt(outbox.frames[1].buffer.bytes, sizeof more);
    while (outbox_add(&outbox, &peer, WIRE_SHOW, 3, &first, STEPCARE_OK))
        cr_assert_lt(outbox.bytes, 2 * OUTBOX_BYTES_MAX);
    cr_assert_geq(outbox.bytes, OUTBOX_BYTES_MAX, "it asks to be sent before it grows without bound");
    outbox_close(&outbox);
}

Test(outbox, answers_of_a_client_share_a_frame_in_their_order_and_others_have_their_own)
{
    struct outbox outbox;
    const struct peer peers[] = {{{0, 0, 0, 0, 1}}, {{0, 0, 0, 0, 2}}};
    struct stepcare_record record;
    struct wire_frame frame;
    struct arena *arena;
    cr_assert_eq(outbox_init(&outbox), STEPCARE_OK);
    cr_assert_eq(arena_open(1024 * 1024, &arena), STEPCARE_OK);
    stepcare_record_init(&record);
    for (uint64_t id = 0; id < 10; id++)
        cr_assert(outbox_add(&outbox, &peers[id % 2], WIRE_NOTE, id, &record, STEPCARE_OK));
    cr_assert_eq(outbox.used, 2);
    for (uint64_t of = 0; of < 2; of++) {
        struct outbox_frame *sent = &outbox.frames[of];
        cr_assert_eq(sent->count, 5);
        cr_assert_eq(wire_frame_end(&sent->buffer, sent->count), STEPCARE_OK);
        cr_assert_eq(wire_frame_open(sent->buffer.data, sent->buffer.bytes, &frame), STEPCARE_OK);
        for (uint64_t id = of; frame.left > 0; id += 2) {
            struct wire_message message;
            struct stepcare_field_errors errors = {0};
            cr_assert_eq(wire_frame_next(&frame, arena, &message, &errors), STEPCARE_OK);
            cr_assert_eq(message.request_id, id);
        }
    }
    arena_close(arena);
    outbox_close(&outbox);
}

Test(outbox, an_answer_larger_than_a_message_becomes_a_refusal_that_says_so)
{
    static char much[STEPCARE_FRAME_BYTES_MAX];
    struct outbox outbox;
    const struct peer peer = {{0, 0, 0, 0, 1}};
    struct stepcare_record record;
    cr_assert_eq(outbox_init(&outbox), STEPCARE_OK);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral, ((struct stepcare_text){much, sizeof much}));
    cr_assert(outbox_add(&outbox, &peer, WIRE_SHOW, 1, &record, STEPCARE_OK));
    cr_assert_eq(outbox.frames[0].count, 1);
    cr_assert_lt(outbox.frames[0].buffer.bytes, 1000);
    outbox_close(&outbox);
}
