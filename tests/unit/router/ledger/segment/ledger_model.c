/* Random operations on a ledger, against a plain array: stage, flush, read, open again from any mark, with other sizes.
 * */
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/random.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEEDS = 8, STEPS = 6000, MARKS = 64 };

struct run {
    struct random random;
    struct segment_options options;
    struct ledger_model *model;
    struct ledger *ledger;
    struct ledger_mark marks[MARKS];
    unsigned mark_count;
    uint64_t staged;
};

static void step_stage(struct run *run)
{
    uint32_t bytes =
        random_percent(&run->random, 5) ? random_below(&run->random, 20000) : random_below(&run->random, 900);
    enum stepcare_error error = fixture_stage(run->ledger, run->model, bytes);
    cr_assert(error == STEPCARE_OK || (error == STEPCARE_TOO_LARGE && bytes + 132 + ledger_staged_bytes(run->ledger) >
                                                                          run->options.block_bytes_max - 512));
    run->staged += error == STEPCARE_OK;
}

static void step_flush(struct run *run)
{
    uint64_t expected = run->model->count + run->staged;
    cr_assert_eq(fixture_flush(run->ledger, run->model), STEPCARE_OK);
    cr_assert_eq(run->model->count, expected);
    run->staged = 0;
    run->marks[run->mark_count++ % MARKS] = ledger_tail(run->ledger);
}

static void step_read(struct run *run)
{
    uint64_t count = run->model->count + run->staged;
    if (count == 0) return;
    uint64_t n = 1 + random_below(&run->random, (unsigned)count);
    struct ledger_event_view event;
    cr_assert_eq(ledger_read(run->ledger, n, &event), STEPCARE_OK);
    cr_assert_eq(event.sequence, n);
    cr_assert_eq(event.bytes, run->model->lengths[n]);
    cr_assert(fixture_event_matches(&event));
}

static void step_reopen(struct run *run)
{
    struct ledger_report report;
    unsigned known = run->mark_count < MARKS ? run->mark_count : MARKS;
    const struct ledger_mark *from = NULL;
    if (known > 0 && random_percent(&run->random, 70)) from = &run->marks[random_below(&run->random, known)];
    ledger_close(run->ledger); /* what is staged alone is forgotten */
    run->staged = 0;
    run->options.segment_bytes = (1 + random_below(&run->random, 3)) * 1024 * 1024;
    run->options.block_bytes_max = 24 * 1024 + random_below(&run->random, 200) * 1024;
    cr_assert_eq(fixture_open(&run->options, from, run->model, &report, &run->ledger), STEPCARE_OK, "%s", report.where);
    cr_assert_eq(run->model->replayed, run->model->count - (from == NULL ? 0 : from->sequence));
    cr_assert_eq(ledger_tail(run->ledger).sequence, run->model->count);
}

static void run_seed(uint64_t seed)
{
    struct temp_directory directory = temp_directory_make();
    struct run run = {
        .random = random_of(seed, 0, 11), .options = fixture_options(directory.path), .model = ledger_model_make()};
    struct ledger_report report;
    cr_assert_eq(fixture_open(&run.options, NULL, run.model, &report, &run.ledger), STEPCARE_OK);
    for (unsigned i = 0; i < STEPS; i++) {
        unsigned dice = random_below(&run.random, 100);
        if (dice < 60)
            step_stage(&run);
        else if (dice < 80)
            step_flush(&run);
        else if (dice < 99)
            step_read(&run);
        else
            step_reopen(&run);
    }
    ledger_close(run.ledger);
    free(run.model);
    temp_directory_remove(&directory);
}

Test(ledger_model, random_operations_agree_with_a_plain_array)
{
    const char *chosen = getenv("STEPCARE_SEED");
    uint64_t first = chosen == NULL ? 1 : strtoull(chosen, NULL, 10);
    for (uint64_t seed = first; seed < first + (chosen == NULL ? SEEDS : 1); seed++) {
        fprintf(stderr, "repeat this one with STEPCARE_SEED=%llu ctest --preset test -R ledger_model\n",
                (unsigned long long)seed);
        run_seed(seed);
    }
}
