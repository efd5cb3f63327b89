/* The disk fills up: new referrals are refused by name, all else goes on, and space given back is enough to go on. */
#include "tests/support/answers.h"
#include "tests/support/deadline.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DISK_BYTES = 192 * 1024 * 1024, BALLAST_BYTES = 152 * 1024 * 1024, CHUNK = 1000, CHUNKS_MAX = 60 };

static const char *const refer[] = {"refer", "-", "--no-wait", "--json", NULL};
static struct test_store store;
static struct temp_directory disk;
static struct answers answers;
static char told[2000]; /* what the last refer said beside its answers, and its first refusal */

static void store_on_small_disk(void)
{
    test_store_make_in(&disk, &store);
    test_store_set(&store, "segment_bytes", "8MiB");
    test_store_set(&store, "bytes_max", "128KiB");
    test_store_set(&store, "reserve_bytes", "4MiB");
    test_store_set(&store, "map_bytes", "64MiB");
    test_store_set(&store, "interval_ms", "20"); /* checkpoints that find no space come soon */
    int fd = open(temp_path(&disk, "ballast"), O_WRONLY | O_CREAT, 0600);
    cr_assert_eq(posix_fallocate(fd, 0, BALLAST_BYTES), 0);
    close(fd);
}

/* Submit one chunk; returns the exit code. */
static int chunk_submit(unsigned chunk, bool *out_full)
{
    size_t bytes;
    int code;
    char *referrals = test_referrals(chunk * CHUNK, CHUNK, 0, &bytes);
    struct process *client = test_store_command(&store, refer, referrals, bytes, &code);
    *out_full = strstr(process_output(client), "the store is full") != NULL;
    answers_read(&answers, process_output(client));
    const char *refusal = strstr(process_output(client), "rejected");
    snprintf(told, sizeof told, "%.900s\n...%.900s", process_errors(client), refusal == NULL ? "" : refusal);
    free(referrals);
    process_close(&client);
    return code;
}

static int command_code(const char *const *arguments)
{
    int code;
    struct process *process = test_store_command(&store, arguments, NULL, 0, &code);
    process_close(&process);
    return code;
}

static bool accepts_again(void *context)
{
    bool full;
    return chunk_submit(*(unsigned *)context, &full) == 0 && !full;
}

static unsigned fills_up(void)
{
    unsigned chunk = 0;
    for (; chunk < CHUNKS_MAX; chunk++) {
        bool full;
        int code = chunk_submit(chunk, &full);
        cr_assert_eq(process_wait(store.router, 0), PROCESS_RUNNING, "the router is gone, with %d: %s",
                     process_wait(store.router, 0), process_errors(store.router));
        cr_assert_eq(answers.lines, CHUNK);
        if (full) {
            cr_assert_eq(code, 1, "a refusal is exit code 1, not %d", code);
            return chunk;
        }
        cr_assert_eq(code, 0, "chunk %u: refer ended with %d: %s", chunk, code, told);
        cr_assert_eq(answers.accepted, CHUNK);
    }
    cr_assert_fail("the disk never fills up");
    return chunk;
}

static bool triage_is_empty(void *context)
{
    static const char *const backlog[] = {"backlog", "--json", NULL};
    int code = process_wait(store.router, 0);
    (void)context;
    cr_assert_eq(code, PROCESS_RUNNING, "the router is gone, with %d: %s", code, process_errors(store.router));
    struct process *process = test_store_command(&store, backlog, NULL, 0, &code);
    long waiting = json_line_number(process_output(process), "tier", "triage", "waiting");
    process_close(&process);
    return waiting == 0;
}

static unsigned claimed(const char *count)
{
    const char *arguments[] = {"claim", "physio", "--count", count, "--json", NULL};
    int code;
    struct process *process = test_store_command(&store, arguments, NULL, 0, &code);
    unsigned rows = 0;
    for (const char *at = process_output(process); (at = strstr(at, "\"token\"")) != NULL; at++) rows++;
    cr_assert_eq(code, 0, "claim: %s%s", process_output(process), process_errors(process));
    process_close(&process);
    return rows;
}

static void others_go_on(void)
{
    static const char *const list[] = {"worklist", "physio", "--json", NULL};
    static const char *const show[] = {"caseload", "--json", NULL};
    cr_assert_eq(command_code(list), 0);
    cr_assert_eq(claimed("3"), 3);
    cr_assert_eq(command_code(show), 0);
}

static void set_up(void)
{
    if (!temp_directory_make_small(DISK_BYTES, &disk)) cr_skip_test("no tmpfs may be mounted here");
    answers_open(&answers);
    store_on_small_disk();
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
}

static void tear_down(void)
{
    answers_close(&answers);
    test_store_remove(&store);
}

static void stops_and_verifies(void)
{
    static const char *const verify[] = {"verify", NULL};
    cr_assert_eq(test_store_router_stop(&store), 0, "%s", process_errors(store.router));
    cr_assert_eq(command_code(verify), 0);
}

TestSuite(disk_full, .init = set_up, .fini = tear_down);

Test(disk_full, refusals_are_named_the_rest_goes_on_and_space_heals)
{
    unsigned chunk = fills_up();
    cr_assert_gt(json_object_size(answers.by_message), CHUNK, "it was full from the beginning");
    test_store_worker_start(&store, "triage"); /* results may use the reserve */
    cr_assert(deadline_wait(DEADLINE_MS, triage_is_empty, NULL), "triage stands still: %s",
              process_errors(store.router));
    others_go_on();
    cr_assert_eq(unlink(temp_path(&disk, "ballast")), 0);
    unsigned next = chunk + 1;
    cr_assert(deadline_wait(DEADLINE_MS, accepts_again, &next), "space came back, and referrals are still refused: %s",
              process_errors(store.router));
    /* What was refused is taken now; what was taken is a duplicate with the same id. */
    bool full;
    cr_assert_eq(chunk_submit(chunk, &full), 0);
    cr_assert_eq(answers.accepted + answers.duplicates, CHUNK);
    cr_assert_eq(answers.changed, 0);
    stops_and_verifies();
}

/* The rest of the disk, to the last page. */
static void disk_take_all(void)
{
    static char bytes[4096];
    int fd = open(temp_path(&disk, "more"), O_WRONLY | O_CREAT, 0600);
    while (write(fd, bytes, sizeof bytes) > 0) continue;
    close(fd);
}

static bool submission_is_refused(void *context)
{
    bool full = false;
    chunk_submit((*(unsigned *)context)++, &full); /* new ones each time: a duplicate is answered for ever */
    return full;
}

Test(disk_full, not_one_page_left_is_survived_and_space_heals)
{
    bool full;
    unsigned next = 2;
    test_store_worker_start(&store, "triage");
    cr_assert_eq(chunk_submit(0, &full), 0, "%s", told);
    cr_assert(deadline_wait(DEADLINE_MS, triage_is_empty, NULL));
    disk_take_all();
    cr_assert(deadline_wait(DEADLINE_MS, submission_is_refused, &next), "a full disk takes referrals");
    for (unsigned round = 0; round < 10; round++) others_go_on(); /* from the room that was written beforehand */
    int code = process_wait(store.router, 0); /* checkpoints were due meanwhile, and found no space */
    cr_assert_eq(code, PROCESS_RUNNING, "the router is gone, with %d: %s", code, process_errors(store.router));
    others_go_on();
    cr_assert_eq(unlink(temp_path(&disk, "more")), 0);
    cr_assert(deadline_wait(DEADLINE_MS, accepts_again, &next), "space came back, and referrals are still refused: %s",
              process_errors(store.router));
    others_go_on();
    stops_and_verifies();
}
