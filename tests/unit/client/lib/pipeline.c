/* Many requests in flight: every answer once and in order, whatever becomes of the router. */
#include "stepcare/client.h"
#include "tests/support/answering_router.h"
#include "tests/support/deadline.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { MANY = 5000, PASS_EVERY = 7 };

static struct answering_router router;
static struct stepcare_client *client;
static struct stepcare_pipeline *pipeline;
static atomic_uint seen;

static struct {
    uint64_t next;  /* the tag that must come next */
    uint64_t wrong; /* places answered out of order, or with another's reply */
} told;

static void take(void *context, const struct stepcare_answer *answer)
{
    (void)context;
    bool passed = answer->tag % PASS_EVERY == 0;
    if (answer->tag != told.next) told.wrong++;
    if (passed != (answer->record == NULL)) told.wrong++;
    if (!passed && (answer->error != STEPCARE_OK || STEPCARE_GET(answer->record, referral_id, 0) != answer->tag))
        told.wrong++;
    told.next++;
}

/* The reply says which one it answers: the number in the message id. */
static enum answer_kind accept(void *context, const struct wire_message *message, struct stepcare_record *out_record,
                               uint8_t *out_error)
{
    (void)context, (void)out_error;
    char text[STEPCARE_MESSAGE_ID_BYTES_MAX + 1];
    snprintf(text, sizeof text, "%.*s", (int)message->record.message_id.bytes, message->record.message_id.data);
    STEPCARE_SET(out_record, referral_id, strtoull(text, NULL, 10));
    return ANSWER_REPLY;
}

static enum answer_kind vanish_sometimes(void *context, const struct wire_message *message,
                                         struct stepcare_record *out_record, uint8_t *out_error)
{
    unsigned count = atomic_fetch_add(&seen, 1) + 1;
    if (count == 300 || count == 2500) return ANSWER_VANISH;
    return accept(context, message, out_record, out_error);
}

static enum answer_kind refuse_sometimes(void *context, const struct wire_message *message,
                                         struct stepcare_record *out_record, uint8_t *out_error)
{
    if (atomic_fetch_add(&seen, 1) % 3 != 0) return accept(context, message, out_record, out_error);
    *out_error = atomic_load(&seen) % 2 == 0 ? STEPCARE_BUSY : STEPCARE_STOPPING;
    return ANSWER_REPLY;
}

static enum answer_kind always_busy(void *context, const struct wire_message *message,
                                    struct stepcare_record *out_record, uint8_t *out_error)
{
    (void)context, (void)message, (void)out_record;
    *out_error = STEPCARE_BUSY;
    return ANSWER_REPLY;
}

static void start(answer_fn answer, uint32_t timeout_ms)
{
    router.answer = answer;
    answering_router_open(&router);
    cr_assert_eq(stepcare_client_open(router.endpoint, "refer", timeout_ms, &client), STEPCARE_OK);
    cr_assert_eq(stepcare_pipeline_open(client, take, NULL, &pipeline), STEPCARE_OK);
}

static void stop(void)
{
    stepcare_pipeline_close(&pipeline);
    stepcare_client_close(&client);
    answering_router_close(&router);
}

static enum stepcare_error add(uint64_t tag)
{
    struct stepcare_record request;
    char message_id[24];
    if (tag % PASS_EVERY == 0) return stepcare_pipeline_pass(pipeline, tag);
    stepcare_record_init(&request);
    snprintf(message_id, sizeof message_id, "%llu", (unsigned long long)tag);
    STEPCARE_SET(&request, message_id, stepcare_text_of(message_id));
    STEPCARE_SET(&request, organisation, stepcare_text_of("Y05868"));
    return stepcare_pipeline_add(pipeline, "lookup", &request, tag);
}

static void send_many(void)
{
    for (uint64_t tag = 0; tag < MANY; tag++) cr_assert_eq(add(tag), STEPCARE_OK);
    cr_assert_eq(stepcare_pipeline_drain(pipeline), STEPCARE_OK);
    cr_expect_eq(told.next, MANY);
    cr_expect_eq(told.wrong, 0);
    cr_expect_eq(stepcare_pipeline_open_count(pipeline), 0);
}

Test(client_pipeline, answers_in_order_though_replies_come_backwards)
{
    router.backwards = true;
    start(accept, DEADLINE_MS);
    send_many();
    cr_expect_geq(atomic_load(&router.commands), MANY - (MANY + PASS_EVERY - 1) / PASS_EVERY);
    stop();
}

Test(client_pipeline, sends_again_what_a_dying_router_left_unanswered)
{
    start(vanish_sometimes, DEADLINE_MS);
    send_many();
    cr_expect_eq(atomic_load(&router.vanished), 2);
    stop();
}

Test(client_pipeline, busy_and_stopping_are_tried_again)
{
    start(refuse_sometimes, DEADLINE_MS);
    send_many();
    stop();
}

Test(client_pipeline, endless_busy_ends_at_the_timeout)
{
    start(always_busy, 3000);
    cr_assert_eq(add(1), STEPCARE_OK);
    cr_expect_eq(stepcare_pipeline_drain(pipeline), STEPCARE_BUSY);
    cr_expect_eq(stepcare_pipeline_open_count(pipeline), 1);
    stop();
}

Test(client_pipeline, absent_router_is_unreachable)
{
    struct temp_directory directory = temp_directory_make();
    char endpoint[300];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/nobody.sock", directory.path);
    cr_assert_eq(stepcare_client_open(endpoint, "refer", 300, &client), STEPCARE_OK);
    cr_assert_eq(stepcare_pipeline_open(client, take, NULL, &pipeline), STEPCARE_OK);
    cr_assert_eq(add(1), STEPCARE_OK);
    cr_expect_eq(stepcare_pipeline_drain(pipeline), STEPCARE_UNREACHABLE);
    stepcare_pipeline_close(&pipeline);
    stepcare_client_close(&client);
    temp_directory_remove(&directory);
}

Test(client_pipeline, only_what_may_be_repeated_goes_in)
{
    struct stepcare_record request;
    stepcare_record_init(&request);
    STEPCARE_SET(&request, referral_id, 17);
    start(accept, DEADLINE_MS);
    cr_expect_eq(stepcare_pipeline_add(pipeline, "accept", &request, 1), STEPCARE_INVALID);
    cr_expect_eq(stepcare_pipeline_open_count(pipeline), 0);
    stop();
}
