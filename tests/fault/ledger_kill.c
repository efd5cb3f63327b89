/* A process that appends is killed at random moments: every event that it saw flushed is there. */
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/deadline.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 20 };

struct shared {
    atomic_ullong flushed; /* what the appender knows to be on disk */
};

struct target {
    struct shared *shared;
    uint64_t sequence;
};

static void append_for_ever(const struct segment_options *options, struct ledger_model *model, struct shared *shared)
{
    struct ledger_report report;
    struct ledger *ledger;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (fixture_open(options, NULL, model, &report, &ledger) != STEPCARE_OK) _exit(1);
    struct random random = random_of(9, model->count, 0);
    while (fixture_append(ledger, model, random_below(&random, 3000), 1 + random_below(&random, 12)) == STEPCARE_OK)
        atomic_store(&shared->flushed, model->count);
    _exit(2);
}

static bool target_reached(void *context)
{
    struct target *target = context;
    return atomic_load(&target->shared->flushed) >= target->sequence;
}

Test(ledger_kill, every_flushed_event_survives_twenty_kills)
{
    struct temp_directory directory = temp_directory_make();
    struct segment_options options = fixture_options(directory.path);
    struct ledger_model *model = ledger_model_make();
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct random random = random_of(seed_of("fault/ledger_kill", 0), 0, 0);
    uint64_t events = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        pid_t child = fork();
        if (child == 0) append_for_ever(&options, model, shared);
        struct target target = {.shared = shared, .sequence = events + 1 + random_below(&random, 1500)};
        cr_assert(deadline_wait(DEADLINE_MS, target_reached, &target), "the appender does not get on");
        cr_assert_eq(kill(child, SIGKILL), 0);
        int status;
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert(WIFSIGNALED(status));

        struct ledger_report report;
        struct ledger *ledger;
        uint64_t flushed = atomic_load(&shared->flushed);
        cr_assert_eq(fixture_open(&options, NULL, model, &report, &ledger), STEPCARE_OK, "%s", report.where);
        events = ledger_tail(ledger).sequence;
        cr_assert_geq(events, flushed, "round %u: %d were flushed, %d are there", round, (int)flushed, (int)events);
        cr_assert_eq(model->replayed, events);
        model->count = events;
        atomic_store(&shared->flushed, events);
        ledger_close(ledger);
    }
    munmap(shared, sizeof *shared);
    free(model);
    temp_directory_remove(&directory);
}

Test(ledger_kill, a_reader_beside_a_busy_writer_never_sees_damage)
{
    struct temp_directory directory = temp_directory_make();
    struct segment_options options = fixture_options(directory.path);
    struct ledger_model *model = ledger_model_make(), *seen = ledger_model_make();
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) append_for_ever(&options, model, shared);
    struct target first = {.shared = shared, .sequence = 1};
    cr_assert(deadline_wait(DEADLINE_MS, target_reached, &first));
    options.read_only = true;
    struct ledger_mark mark = {.sequence = 0};
    for (unsigned round = 0; round < 3000; round++) {
        struct ledger_report report;
        struct ledger *reader = NULL;
        uint64_t flushed = atomic_load(&shared->flushed);
        enum stepcare_error error = fixture_open(&options, &mark, seen, &report, &reader);
        cr_assert_eq(error, STEPCARE_OK, "round %u: %s", round, report.where);
        seen->count = ledger_tail(reader).sequence;
        cr_assert_geq(seen->count, flushed);
        mark = ledger_tail(reader);
        ledger_close(reader);
        if (seen->count > FIXTURE_EVENTS_MAX / 2) break;
    }
    kill(child, SIGKILL);
    cr_assert_eq(waitpid(child, NULL, 0), child);
    munmap(shared, sizeof *shared);
    free(model);
    free(seen);
    temp_directory_remove(&directory);
}
