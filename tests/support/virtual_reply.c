/* The outbox of a virtual router as tests read it. See virtual_reply.h. */
#include "tests/support/virtual_reply.h"

#include <criterion/criterion.h>

unsigned virtual_replies(const struct virtual_router *virtual)
{
    return virtual->router->outward.outbox.used;
}

void virtual_reply_take(struct virtual_router *virtual, struct wire_message *out_reply)
{
    struct wire_frame frame;
    struct stepcare_field_errors errors = {0};
    struct outbox *outbox = &virtual->router->outward.outbox;
    cr_assert_eq(outbox->used, 1, "%u answers wait, not one", outbox->used);
    struct outbox_frame *answer = &outbox->frames[0];
    cr_assert_eq(answer->count, 1);
    cr_assert_eq(wire_frame_end(&answer->buffer, 1), STEPCARE_OK);
    cr_assert_eq(wire_frame_open(answer->buffer.data, answer->buffer.bytes, &frame), STEPCARE_OK);
    arena_reset(virtual->arena);
    cr_assert_eq(wire_frame_next(&frame, virtual->arena, out_reply, &errors), STEPCARE_OK);
    outbox->used = 0;
    outbox->bytes = 0;
}

int virtual_ask(struct virtual_router *virtual, const struct caller *caller, uint8_t verb, const char *fields,
                struct wire_message *out_reply)
{
    static const struct peer peer = {{0, 0, 0, 0, 1}};
    struct record_text text;
    struct buffer sent = {0};
    struct wire_frame frame;
    record_text_read(fields, &text);
    wire_frame_begin(&sent, (struct stepcare_text){NULL, 0});
    wire_frame_add(&sent, verb, 1, &text.record, STEPCARE_OK);
    cr_assert_eq(wire_frame_end(&sent, 1), STEPCARE_OK);
    cr_assert_eq(wire_frame_open(sent.data, sent.bytes, &frame), STEPCARE_OK);
    request_messages(&virtual->router->requests, &peer, caller, &frame, sent.bytes, virtual->decision);
    buffer_close(&sent);
    virtual_reply_take(virtual, out_reply);
    return out_reply->error;
}
