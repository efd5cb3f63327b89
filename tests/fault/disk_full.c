/* The disk fills up: new referrals are refused by name, all else goes on, and space given back is enough to go on. */
#include "tests/support/answers.h"
#include "tests/support/deadline.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DISK_BYTES = 64 * 1024 * 1024, BALLAST_BYTES = 24 * 1024 * 1024, CHUNK = 1000, CHUNKS_MAX = 60 };

static const char *const refer[] = {"refer", "-", "--no-wait", "--json", NULL};
static struct test_store store;
static struct temp_directory disk;
static struct answers answers;

static void store_on_small_disk(void)
{
    test_store_make_in(&disk, &store);
    test_store_set(&store, "segment_bytes", "8MiB");
    test_store_set(&store, "bytes_max", "128KiB");
    test_store_set(&store, "reserve_bytes", "4MiB");
    test_store_set(&store, "map_bytes", "64MiB");
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
    *out_full = strstr(process_output(client), "store_full") != NULL;
    answers_read(&answers, process_output(client));
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
        cr_assert_geq(process_resident_kib(store.router), 1, "the router is gone: %s", process_errors(store.router));
        cr_assert_eq(answers.lines, CHUNK);
        if (full) {
            cr_assert_eq(code, 1, "a refusal is exit code 1, not %d", code);
            return chunk;
        }
        cr_assert_eq(code, 0);
        cr_assert_eq(answers.accepted, CHUNK);
    }
    cr_assert_fail("the disk never fills up");
    return chunk;
}

static void others_go_on(void)
{
    static const char *const backlog[] = {"backlog", "--json", NULL};
    static const char *const list[] = {"worklist", "physio", "--json", NULL};
    static const char *const claim[] = {"claim", "physio", "--count", "3", "--json", NULL};
    test_store_worker_start(&store, "triage"); /* results may use the reserve */
    cr_assert_eq(command_code(backlog), 0);
    cr_assert_eq(command_code(list), 0);
    cr_assert_eq(command_code(claim), 0);
}

Test(disk_full, refusals_are_named_reads_and_claims_go_on_and_space_heals)
{
    if (!temp_directory_make_small(DISK_BYTES, &disk)) cr_skip_test("no tmpfs may be mounted here");
    answers_open(&answers);
    store_on_small_disk();
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    unsigned chunk = fills_up();
    unsigned known = (unsigned)json_object_size(answers.by_message);
    cr_assert_gt(known, CHUNK, "it was full from the beginning");
    others_go_on();
    cr_assert_eq(unlink(temp_path(&disk, "ballast")), 0);
    unsigned next = chunk + 1;
    cr_assert(deadline_wait(30000, accepts_again, &next), "space came back, and referrals are still refused: %s",
              process_errors(store.router));
    /* What was refused is taken now; what was taken is a duplicate with the same id. */
    bool full;
    cr_assert_eq(chunk_submit(chunk, &full), 0);
    cr_assert_eq(answers.accepted + answers.duplicates, CHUNK);
    cr_assert_eq(answers.changed, 0);
    cr_assert_eq(test_store_router_stop(&store), 0, "%s", process_errors(store.router));
    static const char *const verify[] = {"verify", NULL};
    cr_assert_eq(command_code(verify), 0);
    answers_close(&answers);
    store.directory = disk;
    test_store_remove(&store);
}
