/* More work than fits: nothing is lost, nobody is kept waiting by somebody else, and memory stays bounded. */
#include "tests/support/answers.h"
#include "tests/support/deadline.h"
#include "tests/support/raw_client.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const char *const refer_no_wait[] = {"refer", "-", "--no-wait", "--json", NULL};
static const char *const refer_wait[] = {"refer", "-", "--json", NULL};

static struct test_store store;

static void set_up(void)
{
    test_store_make(&store);
}

static void tear_down(void)
{
    test_store_remove(&store);
}

TestSuite(queue_full, .init = set_up, .fini = tear_down);

static void submits(const char *const *arguments, unsigned first, unsigned count)
{
    struct answers answers;
    size_t bytes;
    int code;
    answers_open(&answers);
    char *referrals = test_referrals(first, count, 0, &bytes);
    struct process *client = test_store_command(&store, arguments, referrals, bytes, &code);
    answers_read(&answers, process_output(client));
    cr_assert_eq(code, 0, "refer ended with %d: %s", code, process_errors(client));
    cr_assert_eq(answers.accepted, count, "%s", process_errors(client));
    cr_assert_eq(answers_referrals(&answers), count);
    free(referrals);
    process_close(&client);
    answers_close(&answers);
}

static bool triage_is_empty(void *context)
{
    static const char *const backlog[] = {"backlog", "--json", NULL};
    int code;
    (void)context;
    struct process *process = test_store_command(&store, backlog, NULL, 0, &code);
    long waiting = json_line_number(process_output(process), "tier", "triage", "waiting");
    process_close(&process);
    return code == 0 && waiting == 0;
}

Test(queue_full, a_client_that_never_reads_holds_nobody_up_and_takes_no_memory)
{
    enum { FRAMES = 30000, FRAMES_MIN = 100, RESIDENT_KIB_MORE_MAX = 128 * 1024 };
    struct raw_client deaf;
    struct buffer frame = {0};
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    submits(refer_no_wait, 0, 200);
    long before_kib = process_resident_kib(store.router);
    raw_client_open(&deaf, store.config, "client.sock", 10);
    raw_frame_make(&frame, WIRE_BACKLOG, 7);
    unsigned sent = 0;
    /* The first ones must go out; later, nothing going out for a while means that the router stopped listening. */
    while (sent < FRAMES && raw_client_send(&deaf, frame.data, frame.bytes, sent < FRAMES_MIN ? DEADLINE_MS : 200))
        sent++;
    cr_assert_geq(sent, FRAMES_MIN);
    submits(refer_no_wait, 1000, 500);
    long after_kib = process_resident_kib(store.router);
    cr_assert_gt(after_kib, 0, "the router is gone: %s", process_errors(store.router));
    cr_assert_lt(after_kib - before_kib, RESIDENT_KIB_MORE_MAX, "%ld KiB before, %ld after", before_kib, after_kib);
    raw_client_close(&deaf);
    submits(refer_no_wait, 2000, 500);
    buffer_close(&frame);
}

Test(queue_full, more_waiting_replies_than_may_be_parked_are_all_answered)
{
    test_store_set(&store, "parked_max", "1");
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    submits(refer_wait, 0, 300); /* no worker runs, so that all of them would wait */
}

Test(queue_full, what_came_while_no_worker_ran_is_triaged_by_a_worker_with_credit_one)
{
    test_store_set(&store, "credit_max", "1");
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    submits(refer_no_wait, 0, 2000);
    test_store_worker_start(&store, "triage");
    cr_assert(deadline_wait(DEADLINE_MS, triage_is_empty, NULL), "some referrals are never triaged");
    submits(refer_wait, 5000, 50);
}
