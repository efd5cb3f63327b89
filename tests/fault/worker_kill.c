/* Workers are killed with jobs in hand: every referral is triaged all the same, as the pathway says. */
#include "tests/support/answers.h"
#include "tests/support/deadline.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { KILLS = 5, IN_HAND = 400, LATE = 3000, LINES = KILLS * (IN_HAND + 1) + LATE, BETWEEN_KILLS_MAX = 400 };

static const char *const refer_wait[] = {"refer", "-", "--json", "--timeout", "300", NULL};
static const char *const refer_no_wait[] = {"refer", "-", "--no-wait", "--json", "--timeout", "300", NULL};

static long untriaged(const struct test_store *store)
{
    static const char *const backlog[] = {"backlog", "--json", NULL};
    int code;
    struct process *process = test_store_command(store, backlog, NULL, 0, &code);
    long waiting = json_line_number(process_output(process), "tier", "triage", "waiting");
    process_close(&process);
    return waiting;
}

static bool triage_is_empty(void *context)
{
    return untriaged(context) == 0;
}

static void submit(const struct test_store *store, const char *const *arguments, unsigned first, unsigned count)
{
    size_t bytes;
    int code;
    char *referrals = test_referrals(first, count, 0, &bytes);
    struct process *client = test_store_command(store, arguments, referrals, bytes, &code);
    cr_assert_eq(code, 0, "refer ended with %d: %s", code, process_errors(client));
    free(referrals);
    process_close(&client);
}

/* A worker that has answered once is stopped, gets more jobs than it will ever answer, and is killed. Some of them may
 * have been given up meanwhile where attempts_max is 1. */
static void kill_with_jobs_in_hand(struct test_store *store, unsigned first)
{
    test_store_worker_start(store, "triage");
    submit(store, refer_wait, first, 1);
    cr_assert(deadline_wait(DEADLINE_MS, triage_is_empty, store), "%s", process_errors(store->worker));
    process_signal(store->worker, SIGSTOP);
    submit(store, refer_no_wait, first + 1, IN_HAND);
    /* They are accepted before they are handed out; the loop's answers to later questions come after that. */
    untriaged(store);
    untriaged(store);
    process_kill(store->worker);
}

/* The same decision that the pathway gives offline, for every one. */
static void triaged_as_decided(const struct test_store *store, const char *referrals, size_t bytes)
{
    static const char *const decide[] = {"decide", "intake", "-", NULL};
    struct answers answers;
    int code;
    answers_open(&answers);
    struct process *client = test_store_command(store, refer_wait, referrals, bytes, &code);
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
    struct test_store store;
    struct random random = random_of(seed_of("fault/worker_kill", 0), 1, 0);
    size_t bytes, late_bytes;
    char *referrals = test_referrals(0, LINES, 0, &bytes);
    test_store_make(&store);
    test_store_set(&store, "attempts_max", "20");  /* a job may meet every one of the killed workers */
    test_store_set(&store, "deadline_ms", "2000"); /* twenty of them are longer than any machine needs for one */
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    for (unsigned kill = 0; kill < KILLS; kill++) {
        kill_with_jobs_in_hand(&store, kill * (IN_HAND + 1));
        cr_assert_eq(untriaged(&store), IN_HAND);
    }
    char *late = test_referrals(KILLS * (IN_HAND + 1), LATE, 0, &late_bytes);
    struct process *client = test_store_command_watched(&store, refer_wait, late, late_bytes);
    struct lines_seen seen = {.process = client};
    for (unsigned kill = 0; kill < KILLS; kill++) {
        test_store_worker_start(&store, "triage");
        seen.wanted += 1 + random_below(&random, BETWEEN_KILLS_MAX);
        cr_assert(process_wait_until(client, DEADLINE_MS, lines_are_seen, &seen), "%u answers, not %u: %s", seen.lines,
                  seen.wanted, process_errors(client));
        process_kill(store.worker);
        cr_assert_lt(seen.lines, LATE, "all lines had their answers when the kill came");
    }
    cr_assert_eq(process_wait(client, STORE_COMMAND_MS), 0, "%s", process_errors(client));
    process_close(&client);
    test_store_worker_start(&store, "triage");
    cr_assert(deadline_wait(DEADLINE_MS, triage_is_empty, &store), "%ld referrals are never triaged",
              untriaged(&store));
    triaged_as_decided(&store, referrals, bytes);
    free(late);
    free(referrals);
    test_store_remove(&store);
}

Test(worker_kill, a_job_that_kills_every_worker_goes_to_manual_review)
{
    static const char *const list[] = {"worklist", "manual_review", "--json", "--limit", "500", NULL};
    struct test_store store;
    test_store_make(&store);
    test_store_set(&store, "attempts_max", "1");
    test_store_set(&store, "deadline_ms", "500");
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    kill_with_jobs_in_hand(&store, 0);
    test_store_worker_start(&store, "triage");
    cr_assert(deadline_wait(DEADLINE_MS, triage_is_empty, &store), "%ld referrals are never triaged",
              untriaged(&store));
    int code;
    struct process *process = test_store_command(&store, list, NULL, 0, &code);
    unsigned rows = 0;
    for (const char *at = process_output(process); (at = strchr(at, '\n')) != NULL; at++) rows++;
    cr_assert_geq(rows, IN_HAND, "only %u of %d are with the triage lead: %.400s", rows, (int)IN_HAND,
                  process_output(process));
    process_close(&process);
    test_store_remove(&store);
}
