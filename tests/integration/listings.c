/* Long listings beside everything else, on the real programs: they hold nobody up, they know what was done before
 * them, and nothing that happens meanwhile (a client that hangs up, a reload, an adoption, the end) loses an answer
 * or the router. */
#include "proto/frame.h"
#include "stepcare/client.h"
#include "stepcare/referral_id.h"
#include "tests/support/deadline.h"
#include "tests/support/raw_client.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_LISTINGS = 60, LAST_REQUEST = 1000 };

static struct test_store store;
static struct raw_client raw;
static struct stepcare_client *client;
static struct arena *arena;

static void opens(void)
{
    char endpoint[512];
    test_store_make(&store);
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    const char *slash = strrchr(store.config, '/');
    snprintf(endpoint, sizeof endpoint, "ipc://%.*s/run/client.sock", (int)(slash - store.config), store.config);
    cr_assert_eq(stepcare_client_open(endpoint, "lead", 0, &client), STEPCARE_OK);
    raw_client_open(&raw, store.config, "client.sock", 0);
    cr_assert_eq(arena_open(16 * 1024 * 1024, &arena), STEPCARE_OK);
}

static void closes(void)
{
    stepcare_client_close(&client);
    raw_client_close(&raw);
    arena_close(arena);
    test_store_remove(&store);
}

TestSuite(listings, .init = opens, .fini = closes);

/* `count` referrals from `first`, accepted when this returns; not triaged where no worker runs. */
static void refers(unsigned first, unsigned count, const char *red_flags)
{
    enum { LINE_BYTES_MAX = 400 };
    char *lines = malloc((size_t)count * LINE_BYTES_MAX);
    size_t bytes = 0;
    for (unsigned i = first; i < first + count; i++)
        bytes +=
            (size_t)snprintf(lines + bytes, LINE_BYTES_MAX,
                             "{\"message_id\":\"m%u\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
                             "\"referred_at\":\"2026-11-02T09:30:00Z\",\"patient\":{\"family_name\":\"n%u\","
                             "\"birth_date\":\"1984-05-17\"},\"problem\":\"low_back_pain\",\"duration_weeks\":9,"
                             "\"red_flags\":{\"screened\":%s,\"present\":[]}}\n",
                             i, i, red_flags);
    const char *arguments[] = {"refer", "-", "--no-wait", "--json", NULL};
    int code;
    struct process *command = test_store_command(&store, arguments, lines, bytes, &code);
    cr_assert_eq(code, 0, "%s", process_errors(command));
    process_close(&command);
    free(lines);
}

static struct stepcare_reply *asks(const char *verb, const struct stepcare_record *request)
{
    struct stepcare_record nothing;
    struct stepcare_reply *reply = NULL;
    stepcare_record_init(&nothing);
    cr_assert_eq(stepcare_client_call(client, verb, request == NULL ? &nothing : request, &reply), STEPCARE_OK, "%s",
                 verb);
    return reply;
}

/* One frame: so many listings, and after them one question that needs no listing. */
static void frame_sends(uint8_t listing, unsigned count)
{
    struct buffer buffer = {0};
    struct stepcare_record nothing;
    stepcare_record_init(&nothing);
    wire_frame_begin(&buffer, stepcare_text_of("lead"));
    for (unsigned i = 1; i <= count; i++) wire_frame_add(&buffer, listing, i, &nothing, 0);
    wire_frame_add(&buffer, WIRE_CASELOAD, LAST_REQUEST, &nothing, 0);
    cr_assert_eq(wire_frame_end(&buffer, count + 1), STEPCARE_OK);
    cr_assert(raw_client_send(&raw, buffer.data, buffer.bytes, DEADLINE_MS));
    buffer_close(&buffer);
}

struct answers {
    unsigned count, refused; /* listings answered so far; with an error, of them */
    unsigned before_last;    /* listings answered before the question after them was */
    bool last;
    uint8_t error; /* the last refusal's */
};

/* The next frame of answers. */
static bool receives(struct answers *answers)
{
    struct wire_frame frame;
    struct stepcare_field_errors errors = {0};
    if (!raw_client_receive(&raw, DEADLINE_MS)) return false;
    arena_reset(arena);
    cr_assert_eq(wire_frame_open(raw.frame, raw.frame_bytes, &frame), STEPCARE_OK);
    while (frame.left > 0) {
        struct wire_message message;
        cr_assert_eq(wire_frame_next(&frame, arena, &message, &errors), STEPCARE_OK);
        if (message.request_id == LAST_REQUEST) {
            answers->last = true;
            answers->before_last = answers->count;
            continue;
        }
        answers->count++;
        answers->refused += message.error != STEPCARE_OK;
        if (message.error != STEPCARE_OK) answers->error = message.error;
    }
    return true;
}

static struct answers receives_all(unsigned listings)
{
    struct answers answers = {0};
    while (answers.count < listings || !answers.last) cr_assert(receives(&answers), "%u answers", answers.count);
    return answers;
}

Test(listings, hold_nobody_up_even_behind_them_in_the_same_frame)
{
    refers(0, 4000, "false");
    for (unsigned round = 0; round < 5; round++) {
        frame_sends(WIRE_STUCK, FRAME_LISTINGS);
        const struct answers answers = receives_all(FRAME_LISTINGS);
        cr_assert_eq(answers.before_last, 0, "%u listings came first", answers.before_last);
        cr_assert_eq(answers.refused, 0);
    }
}

Test(listings, more_at_once_than_the_queue_holds_are_busy_and_nothing_else_is)
{
    enum { MANY = 255 };
    refers(0, 100, "false");
    frame_sends(WIRE_BACKLOG, MANY);
    const struct answers answers = receives_all(MANY);
    cr_assert_geq(MANY - answers.refused, 64, "64 at once, as PROTOCOL.md says, not %u", MANY - answers.refused);
    cr_assert_gt(answers.refused, 0);
    cr_assert_eq(answers.error, STEPCARE_BUSY);
    frame_sends(WIRE_BACKLOG, 1);
    cr_assert_eq(receives_all(1).refused, 0);
}

static bool lists(const struct stepcare_record *reply, uint64_t id)
{
    for (uint32_t i = 0; i < reply->rows.count; i++)
        if (reply->rows.items[i].referral_id == id) return true;
    return false;
}

Test(listings, a_hold_just_released_is_in_no_list_of_holds_ever_again)
{
    enum { HELD = 200 };
    uint64_t ids[HELD];
    test_store_worker_start(&store, NULL);
    refers(0, HELD, "false");
    struct stepcare_reply *reply = asks("holds", NULL);
    const int64_t until = deadline_now_ms() + DEADLINE_MS;
    while (stepcare_reply_record(reply)->rows.count < HELD) { /* the worker is at it */
        cr_assert_lt(deadline_now_ms(), until);
        stepcare_reply_close(&reply);
        reply = asks("holds", NULL);
    }
    for (unsigned i = 0; i < HELD; i++) ids[i] = stepcare_reply_record(reply)->rows.items[i].referral_id;
    stepcare_reply_close(&reply);
    for (unsigned i = 0; i < HELD; i++) {
        struct stepcare_record release;
        stepcare_record_init(&release);
        STEPCARE_SET(&release, referral_id, ids[i]);
        STEPCARE_SET(&release, hold, STEPCARE_HOLD_RED_FLAGS_UNSCREENED);
        STEPCARE_SET(&release, reason, stepcare_text_of("clinical_judgement"));
        reply = asks("hold_release", &release);
        stepcare_reply_close(&reply);
        reply = asks("holds", NULL);
        cr_assert_not(lists(stepcare_reply_record(reply), ids[i]), "release %u is not seen", i);
        cr_assert_eq(stepcare_reply_record(reply)->rows.count, HELD - 1 - i);
        stepcare_reply_close(&reply);
    }
}

Test(listings, a_backlog_asked_right_after_referring_counts_every_one)
{
    enum { ROUNDS = 20, EACH = 25 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        refers(round * EACH, EACH, "false");
        struct stepcare_reply *reply = asks("backlog", NULL);
        uint64_t waiting = 0;
        for (uint32_t i = 0; i < stepcare_reply_record(reply)->rows.count; i++)
            waiting += stepcare_reply_record(reply)->rows.items[i].waiting;
        cr_assert_eq(waiting, (round + 1) * EACH);
        stepcare_reply_close(&reply);
    }
}

Test(listings, a_client_that_hangs_up_takes_nothing_with_it)
{
    refers(0, 4000, "false");
    for (unsigned round = 0; round < 10; round++) {
        frame_sends(WIRE_STUCK, FRAME_LISTINGS);
        struct answers answers = {0};
        cr_assert(receives(&answers), "they are under way");
        raw_client_close(&raw);
        raw_client_open(&raw, store.config, "client.sock", 0);
    }
    struct stepcare_reply *reply = asks("stuck", NULL);
    stepcare_reply_close(&reply);
    reply = asks("backlog", NULL);
    cr_assert_eq(stepcare_reply_record(reply)->rows.items[1].waiting, 4000);
    stepcare_reply_close(&reply);
}

Test(listings, reloads_and_adoptions_while_they_run_lose_none)
{
    refers(0, 4000, "false");
    for (unsigned round = 0; round < 10; round++) {
        struct answers answers = {0};
        frame_sends(round % 2 == 0 ? WIRE_STUCK : WIRE_WAITS, FRAME_LISTINGS);
        while (answers.count < FRAME_LISTINGS || !answers.last) {
            process_signal(store.router, SIGHUP);
            if (answers.count == 0) stepcare_reply_close(&(struct stepcare_reply *){asks("adopt", NULL)});
            cr_assert(receives(&answers), "%u answers", answers.count);
        }
        cr_assert_eq(answers.refused, 0, "%u", answers.error);
    }
    cr_assert_eq(test_store_router_stop(&store), 0);
    cr_assert_not_null(strstr(process_errors(store.router), "event=reloaded"));
}

Test(listings, the_router_ends_in_order_while_they_run_and_answers_each)
{
    refers(0, 4000, "false");
    struct answers answers = {0};
    frame_sends(WIRE_STUCK, FRAME_LISTINGS);
    while (!answers.last) cr_assert(receives(&answers));
    process_signal(store.router, SIGTERM);
    while (answers.count < FRAME_LISTINGS) cr_assert(receives(&answers), "%u answers", answers.count);
    cr_assert(answers.refused == 0 || answers.error == STEPCARE_STOPPING, "%u", answers.error);
    cr_assert_eq(process_wait(store.router, STORE_COMMAND_MS), 0, "%s", process_errors(store.router));
}
