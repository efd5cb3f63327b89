/* The router is killed in the middle of its work, twenty times: what was acknowledged is there, exactly once.
 * When it is killed is a number of answers, not a time: the client has been seen to have that many, and has more lines
 * without an answer, however fast or slow the machine is. */
#include "tests/support/answers.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* LEFT_MIN: many more lines than a terminal holds, so that the client cannot have ended when the kill comes. */
enum { ROUNDS = 20, LINES = 5000, ALL_LINES = ROUNDS * LINES, LEFT_MIN = 500 };

static const char *const refer[] = {"refer", "-", "--no-wait", "--json", "--timeout", "300", NULL};

static struct process *chunk_start(const struct test_store *store, unsigned round)
{
    size_t bytes;
    char *referrals = test_referrals(round * LINES, LINES, 0, &bytes);
    struct process *client = test_store_command_watched(store, refer, referrals, bytes);
    free(referrals);
    return client;
}

static void chunk_end(struct process *client, struct answers *answers, unsigned round)
{
    int code = process_wait(client, STORE_COMMAND_MS);
    cr_assert_eq(code, 0, "round %u: refer ended with %d: %s", round, code, process_errors(client));
    answers_read(answers, process_output(client));
    cr_assert_eq(answers->lines, LINES, "round %u", round);
    cr_assert_eq(answers->accepted + answers->duplicates, LINES, "round %u", round);
    cr_assert_eq(answers->changed + answers->broken, 0, "round %u", round);
    process_close(&client);
}

/* A chunk is submitted; meanwhile the router is killed and started again; the client finds it and goes on. */
static void round_run(struct test_store *store, struct answers *answers, unsigned answers_before_kill, unsigned round)
{
    struct process *client = chunk_start(store, round);
    struct lines_seen seen = {.process = client, .wanted = answers_before_kill};
    cr_assert(process_wait_until(client, STORE_COMMAND_MS, lines_are_seen, &seen), "round %u: %u answers, not %u: %s",
              round, seen.lines, seen.wanted, process_errors(client));
    process_kill(store->router);
    cr_assert_lt(seen.lines, LINES, "round %u: all lines had their answers when the kill came", round);
    cr_assert(test_store_router_start(store), "round %u: the router does not come back: %s%s", round,
              process_output(store->router), process_errors(store->router));
    chunk_end(client, answers, round);
}

static void verify(const struct test_store *store)
{
    static const char *const arguments[] = {"verify", NULL};
    int code;
    struct process *process = test_store_command(store, arguments, NULL, 0, &code);
    cr_assert_eq(code, 0, "verify: %s%s", process_output(process), process_errors(process));
    process_close(&process);
}

static void everything_is_there_once(const struct test_store *store, struct answers *answers)
{
    static const char *const backlog[] = {"backlog", "--json", NULL};
    size_t bytes;
    int code;
    cr_assert_eq(json_object_size(answers->by_message), ALL_LINES);
    cr_assert_eq(answers_referrals(answers), ALL_LINES, "two messages have one referral");
    char *referrals = test_referrals(0, ALL_LINES, 0, &bytes);
    struct process *client = test_store_command(store, refer, referrals, bytes, &code);
    free(referrals);
    answers_read(answers, process_output(client));
    cr_assert_eq(code, 0, "%s", process_errors(client));
    cr_assert_eq(answers->duplicates, ALL_LINES, "%u were accepted again, so they had been lost", answers->accepted);
    cr_assert_eq(answers->changed, 0, "%u have another referral_id than was acknowledged", answers->changed);
    process_close(&client);
    struct process *counts = test_store_command(store, backlog, NULL, 0, &code);
    /* No worker runs: all of them, and no more, wait for triage. */
    cr_assert_eq(json_line_number(process_output(counts), "tier", "triage", "waiting"), ALL_LINES, "%s",
                 process_output(counts));
    process_close(&counts);
}

Test(router_kill, what_was_acknowledged_is_there_once_after_twenty_kills)
{
    struct test_store store;
    struct answers answers;
    struct random random = random_of(seed_of("fault/router_kill", 0), 0, 0); /* other moments every time */
    test_store_make(&store);
    answers_open(&answers);
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    for (unsigned round = 0; round < ROUNDS; round++)
        round_run(&store, &answers, 1 + random_below(&random, LINES - LEFT_MIN), round);
    everything_is_there_once(&store, &answers);
    cr_assert_eq(test_store_router_stop(&store), 0, "%s", process_errors(store.router));
    verify(&store);
    answers_close(&answers);
    test_store_remove(&store);
}
