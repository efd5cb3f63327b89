/* Workers are killed with jobs in hand: every referral is triaged all the same, as the pathway says. */
#include "tests/support/answers.h"
#include "tests/support/deadline.h"
#include "tests/support/random.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KILLS = 6, LINES = 4000, TRIAGED_WITHIN_MS = 60000 };

static bool never(void *context)
{
    (void)context;
    return false;
}

static bool triage_is_empty(void *context)
{
    static const char *const backlog[] = {"backlog", "--json", NULL};
    int code;
    struct process *process = test_store_command(context, backlog, NULL, 0, &code);
    long waiting = json_line_number(process_output(process), "tier", "triage", "waiting");
    process_close(&process);
    return code == 0 && waiting == 0;
}

/* The same decision that the pathway gives offline, for every one. */
static void triaged_as_decided(const struct test_store *store, const char *referrals, size_t bytes)
{
    static const char *const refer[] = {"refer", "-", "--json", NULL};
    static const char *const decide[] = {"decide", "intake", "-", NULL};
    struct answers answers;
    int code;
    answers_open(&answers);
    struct process *client = test_store_command(store, refer, referrals, bytes, &code);
    cr_assert_eq(code, 0, "%s", process_errors(client));
    answers_read(&answers, process_output(client));
    cr_assert_eq(answers.duplicates, LINES);
    process_close(&client);
    struct process *offline = process_start("stepcare", decide, referrals, bytes);
    cr_assert_eq(process_wait(offline, STORE_COMMAND_MS), 0, "%s", process_errors(offline));
    const char *at = process_output(offline);
    for (unsigned i = 0; i < LINES; i++) {
        const char *end = strchr(at, '\n');
        cr_assert_not_null(end);
        json_t *line = json_loadb(at, (size_t)(end - at), 0, NULL);
        const char *message = json_string_value(json_object_get(line, "message_id"));
        const char *tier = json_string_value(json_object_get(line, "tier")),
                   *now = answers_text(&answers, message, "tier");
        cr_assert(tier != NULL && now != NULL && strcmp(tier, now) == 0, "%s: %s offline, %s here", message, tier,
                  now == NULL ? "nothing" : now);
        json_decref(line);
        at = end + 1;
    }
    process_close(&offline);
    answers_close(&answers);
}

Test(worker_kill, every_referral_is_triaged_after_workers_died_with_jobs_in_hand)
{
    static const char *const refer[] = {"refer", "-", "--no-wait", "--json", NULL};
    struct test_store store;
    struct random random = random_of((uint64_t)time(NULL), 1, 0);
    size_t bytes;
    char *referrals = test_referrals(0, LINES, 0, &bytes);
    test_store_make(&store);
    test_store_set(&store, "attempts_max", "20"); /* a job may meet every one of the killed workers */
    test_store_set(&store, "deadline_ms", "500");
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    struct process *client = test_store_command_start(&store, refer, referrals, bytes);
    for (unsigned kill = 0; kill < KILLS; kill++) {
        test_store_worker_start(&store, "triage");
        process_wait_until(store.worker, random_between(&random, 5, 60), never, NULL); /* some moment */
        process_kill(store.worker);
    }
    cr_assert_eq(process_wait(client, STORE_COMMAND_MS), 0, "%s", process_errors(client));
    process_close(&client);
    test_store_worker_start(&store, "triage");
    cr_assert(deadline_wait(TRIAGED_WITHIN_MS, triage_is_empty, &store), "some referrals are never triaged");
    triaged_as_decided(&store, referrals, bytes);
    free(referrals);
    test_store_remove(&store);
}
