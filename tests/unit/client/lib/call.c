/* One call of the client library: answered, refused, tried again, or its loss said. */
#include "stepcare/client.h"
#include "tests/support/answering_router.h"
#include "tests/support/deadline.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct answering_router router;
static struct stepcare_client *client;
static struct stepcare_reply *reply;
static atomic_uint left; /* how often the unusual thing is still done */

static void start(answer_fn answer, uint32_t timeout_ms)
{
    router.answer = answer;
    answering_router_open(&router);
    cr_assert_eq(stepcare_client_open(router.endpoint, "dr.jones", timeout_ms, &client), STEPCARE_OK);
}

static void stop(void)
{
    stepcare_reply_close(&reply);
    stepcare_client_close(&client);
    answering_router_close(&router);
}

static enum answer_kind echo(void *context, const struct wire_message *message, struct stepcare_record *out_record,
                             uint8_t *out_error)
{
    (void)context, (void)out_error;
    *out_record = message->record;
    return ANSWER_REPLY;
}

static enum answer_kind refuse(void *context, const struct wire_message *message, struct stepcare_record *out_record,
                               uint8_t *out_error)
{
    (void)context, (void)message;
    STEPCARE_SET(out_record, problem, stepcare_text_of("somebody else holds it"));
    *out_error = STEPCARE_NOT_HOLDER;
    return ANSWER_REPLY;
}

static enum answer_kind busy_at_first(void *context, const struct wire_message *message,
                                      struct stepcare_record *out_record, uint8_t *out_error)
{
    if (atomic_load(&left) == 0) return echo(context, message, out_record, out_error);
    atomic_fetch_sub(&left, 1);
    *out_error = STEPCARE_BUSY;
    return ANSWER_REPLY;
}

static enum answer_kind vanish_at_first(void *context, const struct wire_message *message,
                                        struct stepcare_record *out_record, uint8_t *out_error)
{
    if (atomic_load(&left) == 0) return echo(context, message, out_record, out_error);
    atomic_fetch_sub(&left, 1);
    return ANSWER_VANISH;
}

static struct stepcare_record request_of(uint64_t id)
{
    struct stepcare_record request;
    stepcare_record_init(&request);
    STEPCARE_SET(&request, referral_id, id);
    return request;
}

Test(client_call, gives_back_the_reply)
{
    struct stepcare_record request = request_of(17);
    start(echo, DEADLINE_MS);
    STEPCARE_SET(&request, reason, stepcare_text_of("no_capacity"));
    cr_assert_eq(stepcare_client_call(client, "release", &request, &reply), STEPCARE_OK);
    const struct stepcare_record *record = stepcare_reply_record(reply);
    cr_expect_eq(STEPCARE_GET(record, referral_id, 0), 17);
    cr_expect(STEPCARE_HAS(record, reason) && stepcare_text_equal(record->reason, stepcare_text_of("no_capacity")));
    stop();
}

Test(client_call, refusal_comes_with_its_record)
{
    struct stepcare_record request = request_of(17);
    start(refuse, DEADLINE_MS);
    cr_assert_eq(stepcare_client_call(client, "accept", &request, &reply), STEPCARE_NOT_HOLDER);
    cr_assert_not_null(reply);
    cr_expect(STEPCARE_HAS(stepcare_reply_record(reply), problem));
    stop();
}

Test(client_call, busy_is_tried_again)
{
    struct stepcare_record request = request_of(17);
    atomic_store(&left, 3);
    start(busy_at_first, DEADLINE_MS);
    cr_assert_eq(stepcare_client_call(client, "accept", &request, &reply), STEPCARE_OK);
    cr_expect_eq(atomic_load(&router.commands), 4);
    stop();
}

Test(client_call, read_is_sent_again_after_a_restart)
{
    struct stepcare_record request = request_of(17);
    atomic_store(&left, 1);
    start(vanish_at_first, DEADLINE_MS);
    cr_assert_eq(stepcare_client_call(client, "show", &request, &reply), STEPCARE_OK);
    cr_expect_eq(atomic_load(&router.vanished), 1);
    cr_expect_geq(atomic_load(&router.commands), 2);
    stop();
}

Test(client_call, acting_command_is_sent_once_and_its_loss_is_said)
{
    struct stepcare_record request = request_of(17);
    atomic_store(&left, 1);
    start(vanish_at_first, DEADLINE_MS);
    int64_t before_ms = deadline_now_ms();
    cr_assert_eq(stepcare_client_call(client, "accept", &request, &reply), STEPCARE_OUTCOME_UNKNOWN);
    cr_expect_null(reply);
    cr_expect_eq(atomic_load(&router.commands), 1, "an acting command must never be repeated");
    cr_expect_lt(deadline_now_ms() - before_ms, DEADLINE_MS, "a seen restart is told before the timeout");
    stop();
}

Test(client_call, claim_with_a_key_is_sent_again_and_without_one_is_not)
{
    struct stepcare_record request;
    char key[STEPCARE_REQUEST_KEY_BYTES + 1];
    stepcare_record_init(&request);
    STEPCARE_SET(&request, tier, STEPCARE_TIER_PHYSIO);
    atomic_store(&left, 1);
    start(vanish_at_first, DEADLINE_MS);
    cr_expect_eq(stepcare_client_call(client, "claim", &request, &reply), STEPCARE_OUTCOME_UNKNOWN);
    atomic_store(&left, 1);
    cr_assert_eq(stepcare_request_key_make(key), STEPCARE_OK);
    STEPCARE_SET(&request, request_key, stepcare_text_of(key));
    cr_expect_eq(stepcare_client_call(client, "claim", &request, &reply), STEPCARE_OK);
    stop();
}

Test(client_call, absent_router_is_unreachable_whatever_the_verb)
{
    struct stepcare_record request = request_of(17);
    struct temp_directory directory = temp_directory_make();
    char endpoint[300];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/nobody.sock", directory.path);
    cr_assert_eq(stepcare_client_open(endpoint, "dr.jones", 300, &client), STEPCARE_OK);
    cr_expect_eq(stepcare_client_call(client, "accept", &request, &reply), STEPCARE_UNREACHABLE);
    cr_expect_eq(stepcare_client_call(client, "show", &request, &reply), STEPCARE_UNREACHABLE);
    cr_expect_null(reply);
    stepcare_client_close(&client);
    temp_directory_remove(&directory);
}

Test(client_call, unknown_verb_and_bad_arguments_are_refused_here)
{
    struct stepcare_client *none = NULL;
    cr_expect_eq(stepcare_client_open("ipc:///tmp/x", "", 0, &none), STEPCARE_INVALID);
    cr_expect_eq(stepcare_client_open("no endpoint", "dr.jones", 0, &none), STEPCARE_INVALID);
    cr_expect_null(none);
    start(echo, DEADLINE_MS);
    cr_expect_eq(stepcare_client_call(client, "cure", NULL, &reply), STEPCARE_UNKNOWN_VERB);
    stop();
}
