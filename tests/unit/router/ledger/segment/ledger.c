/* The ledger over real files: order, flush, replay, segments, and what it refuses. */
#include "router/ledger/block.h"
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct temp_directory directory;
static struct ledger_model *model;
static struct ledger *ledger;
static struct ledger_report report;

static void set_up(void)
{
    directory = temp_directory_make();
    model = ledger_model_make();
}

static void tear_down(void)
{
    ledger_close(ledger);
    free(model);
    temp_directory_remove(&directory);
}

static void opens(const struct segment_options *options, const struct ledger_mark *from)
{
    ledger_close(ledger);
    ledger = NULL;
    enum stepcare_error error = fixture_open(options, from, model, &report, &ledger);
    cr_assert_eq(error, STEPCARE_OK, "%s: %s", stepcare_error_name((int)error), report.where);
}

static void opens_default(void)
{
    struct segment_options options = fixture_options(directory.path);
    opens(&options, NULL);
}

static void reads_back(void)
{
    for (uint64_t n = 1; n <= model->count; n++) {
        struct ledger_event_view event;
        cr_assert_eq(ledger_read(ledger, n, &event), STEPCARE_OK);
        cr_assert_eq(event.sequence, n);
        cr_assert_eq(event.bytes, model->lengths[n]);
        cr_assert(fixture_event_matches(&event));
    }
}

TestSuite(ledger, .init = set_up, .fini = tear_down);

Test(ledger, begins_empty_with_epoch_one)
{
    opens_default();
    cr_assert_eq(report.events, 0);
    cr_assert_eq(ledger_epoch(ledger), 1);
    cr_assert_eq(ledger_tail(ledger).sequence, 0);
    cr_assert_eq(ledger_next_sequence(ledger), 1);
}

Test(ledger, what_is_appended_is_read_and_replayed)
{
    opens_default();
    cr_assert_eq(fixture_append(ledger, model, 600, 1), STEPCARE_OK);
    cr_assert_eq(fixture_append(ledger, model, 100, 50), STEPCARE_OK);
    cr_assert_eq(fixture_append(ledger, model, 0, 3), STEPCARE_OK);
    reads_back();
    opens_default();
    cr_assert_eq(model->replayed, 54);
    cr_assert_eq(report.events, 54);
    cr_assert_eq(report.blocks, 3);
    cr_assert_eq(report.cut_blocks, 0);
    reads_back();
}

Test(ledger, staged_events_are_readable_before_they_are_flushed)
{
    opens_default();
    cr_assert_eq(fixture_append(ledger, model, 40, 2), STEPCARE_OK);
    for (unsigned i = 0; i < 5; i++) cr_assert_eq(fixture_stage(ledger, model, 300), STEPCARE_OK);
    model->count = 7;
    cr_assert_eq(ledger_staged_bytes(ledger), 5 * 304);
    reads_back();
    cr_assert_eq(fixture_flush(ledger, model), STEPCARE_OK);
    reads_back();
}

Test(ledger, flushing_nothing_does_nothing)
{
    opens_default();
    struct ledger_mark before = ledger_tail(ledger);
    cr_assert_eq(ledger_flush(ledger), STEPCARE_OK);
    cr_assert_eq(ledger_tail(ledger).hint, before.hint);
}

Test(ledger, every_opening_that_appends_has_the_next_epoch)
{
    for (uint64_t epoch = 1; epoch <= 4; epoch++) {
        opens_default();
        cr_assert_eq(ledger_epoch(ledger), epoch);
        cr_assert_eq(fixture_append(ledger, model, 10, 1), STEPCARE_OK);
        struct ledger_event_view event;
        cr_assert_eq(ledger_read(ledger, epoch, &event), STEPCARE_OK);
        cr_assert_eq(event.epoch, epoch);
    }
}

Test(ledger, a_full_block_says_too_large_and_stages_nothing)
{
    opens_default();
    uint32_t most = FIXTURE_BLOCK_BYTES_MAX - LEDGER_HEADER_BYTES - LEDGER_LENGTH_BYTES;
    cr_assert_eq(fixture_stage(ledger, model, most + 1), STEPCARE_TOO_LARGE);
    cr_assert_eq(ledger_staged_bytes(ledger), 0);
    cr_assert_eq(fixture_stage(ledger, model, most), STEPCARE_OK);
    cr_assert_eq(fixture_stage(ledger, model, 0), STEPCARE_TOO_LARGE);
    cr_assert_eq(fixture_flush(ledger, model), STEPCARE_OK);
    cr_assert_eq(fixture_append(ledger, model, 1, 1), STEPCARE_OK);
    reads_back();
}

Test(ledger, each_block_begins_on_a_sector_of_its_own)
{
    opens_default();
    for (uint32_t bytes = 1; bytes < 1200; bytes += 37) {
        cr_assert_eq(ledger_tail(ledger).hint % LEDGER_SECTOR_BYTES, 0);
        cr_assert_eq(fixture_append(ledger, model, bytes, 1), STEPCARE_OK);
    }
}

Test(ledger, rolls_through_segments_and_reads_them_all)
{
    opens_default();
    for (unsigned i = 0; i < 120; i++) cr_assert_eq(fixture_append(ledger, model, 7000, 1 + i % 8), STEPCARE_OK);
    cr_assert_gt(ledger_tail(ledger).hint >> 32, 3);
    reads_back();
    opens_default();
    cr_assert_eq(model->replayed, model->count);
    reads_back();
}

Test(ledger, a_mark_near_the_end_leaves_earlier_segments_unread)
{
    opens_default();
    while (ledger_tail(ledger).hint >> 32 < 3) cr_assert_eq(fixture_append(ledger, model, 7000, 8), STEPCARE_OK);
    struct ledger_mark mark = ledger_tail(ledger);
    cr_assert_eq(fixture_append(ledger, model, 70, 8), STEPCARE_OK);
    ledger_close(ledger);
    ledger = NULL;
    char path[512];
    fixture_segment_path(directory.path, 1, path);
    cr_assert_eq(unlink(path), 0);
    struct segment_options options = fixture_options(directory.path);
    opens(&options, &mark);
    cr_assert_eq(model->replayed, 8);
    struct ledger_event_view event;
    cr_assert_eq(ledger_read(ledger, model->count, &event), STEPCARE_OK);
    cr_assert_eq(ledger_read(ledger, 1, &event), STEPCARE_NOT_FOUND);
}

Test(ledger, every_tail_is_a_mark_to_go_on_from)
{
    enum { BLOCKS = 40 };
    struct ledger_mark marks[BLOCKS];
    struct segment_options options = fixture_options(directory.path);
    opens_default();
    for (unsigned i = 0; i < BLOCKS; i++) {
        marks[i] = ledger_tail(ledger);
        cr_assert_eq(fixture_append(ledger, model, 6000, 1 + i % 9), STEPCARE_OK);
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        opens(&options, &marks[i]);
        cr_assert_eq(model->replayed, model->count - marks[i].sequence);
        cr_assert_eq(ledger_tail(ledger).sequence, model->count);
    }
}

Test(ledger, segments_of_another_size_are_read_and_left)
{
    struct segment_options options = fixture_options(directory.path);
    const uint64_t sizes[] = {1024 * 1024, 3 * 1024 * 1024, 2 * 1024 * 1024, 5 * 1024 * 1024 + 8192};
    for (unsigned i = 0; i < 4; i++) {
        options.segment_bytes = sizes[i];
        options.block_bytes_max = i % 2 == 0 ? 16 * 1024 : 250 * 1024;
        opens(&options, NULL);
        cr_assert_eq(model->replayed, model->count);
        uint32_t segment = (uint32_t)(ledger_tail(ledger).hint >> 32);
        while (ledger_tail(ledger).hint >> 32 < segment + 2)
            cr_assert_eq(fixture_append(ledger, model, 5000, 3), STEPCARE_OK);
        reads_back();
    }
    opens(&options, NULL);
    cr_assert_eq(model->replayed, model->count);
}

Test(ledger, leftovers_of_a_killed_pre_writer_are_removed)
{
    fixture_write(&(struct segment_options){.directory = directory.path,
                                            .segment_bytes = FIXTURE_SEGMENT_BYTES,
                                            .block_bytes_max = FIXTURE_BLOCK_BYTES_MAX},
                  model, 3, 100);
    const char *part = temp_path(&directory, "00000009.seg.new");
    int fd = open(part, O_WRONLY | O_CREAT, 0600);
    cr_assert_eq(write(fd, "half", 4), 4);
    close(fd);
    opens_default();
    cr_assert_eq(model->replayed, 3);
    cr_assert_neq(access(part, F_OK), 0);
}

Test(ledger, an_unused_spare_is_used_after_opening_again)
{
    opens_default();
    cr_assert_eq(fixture_append(ledger, model, 100, 1), STEPCARE_OK);
    opens_default();
    opens_default();
    while (ledger_tail(ledger).hint >> 32 < 3) cr_assert_eq(fixture_append(ledger, model, 7000, 8), STEPCARE_OK);
    opens_default();
    reads_back();
}

/* The engine itself, asked by a writer that knows less than it. */
Test(ledger, an_append_under_another_epoch_or_head_is_fenced_and_writes_nothing)
{
    struct segment_options options = fixture_options(directory.path);
    struct fault_io io;
    fault_io_init(&io);
    options.io = &io.io;
    struct ledger_engine *engine;
    struct ledger_mark tail;
    uint64_t epoch, hint = 0;
    cr_assert_eq(segment_engine_make(&options, &engine), STEPCARE_OK);
    cr_assert_eq(engine->open(engine, NULL, NULL, NULL, &report, &tail, &epoch), STEPCARE_OK);
    cr_assert_eq(epoch, 1);
    static uint8_t data[1024];
    struct ledger_block block = {.epoch = 1, .first_sequence = 1, .count = 1, .bytes = LEDGER_LENGTH_BYTES};
    ledger_block_seal(data, &block);
    cr_expect_eq(engine->append(engine, 2, 0, &block, data, &hint), STEPCARE_FENCED);
    cr_expect_eq(engine->append(engine, 0, 0, &block, data, &hint), STEPCARE_FENCED);
    cr_expect_eq(engine->append(engine, 1, 1, &block, data, &hint), STEPCARE_FENCED);
    cr_expect_eq(io.writes + io.syncs, 0);
    cr_expect_eq(hint, 0);
    cr_assert_eq(engine->append(engine, 1, 0, &block, data, &hint), STEPCARE_OK);
    cr_expect_eq(engine->append(engine, 1, 0, &block, data, &hint), STEPCARE_FENCED, "the same again");
    cr_expect_eq(io.writes, 1);
    engine->close(engine);
}

Test(ledger, space_counts_what_is_left)
{
    opens_default();
    struct ledger_space before = ledger_space(ledger);
    cr_assert_eq(before.bytes_left, FIXTURE_SEGMENT_BYTES);
    cr_assert(before.spare_ready && !before.disk_full);
    cr_assert_eq(fixture_append(ledger, model, 100, 1), STEPCARE_OK);
    cr_assert_eq(ledger_space(ledger).bytes_left, FIXTURE_SEGMENT_BYTES - 512);
    cr_assert_eq(fixture_stage(ledger, model, 600), STEPCARE_OK);
    cr_assert_eq(ledger_space(ledger).bytes_left, FIXTURE_SEGMENT_BYTES - 512 - 1024);
}

Test(ledger, a_reader_beside_the_writer_sees_what_is_flushed)
{
    struct segment_options options = fixture_options(directory.path);
    options.read_only = true;
    struct ledger *reader;
    struct ledger_model *seen = ledger_model_make();
    cr_assert_eq(fixture_open(&options, NULL, seen, &report, &reader), STEPCARE_NOT_FOUND);
    opens_default();
    for (unsigned i = 0; i < 30; i++) {
        cr_assert_eq(fixture_append(ledger, model, 8000, 1 + i % 8), STEPCARE_OK);
        cr_assert_eq(fixture_stage(ledger, model, 50), STEPCARE_OK);
        cr_assert_eq(fixture_open(&options, NULL, seen, &report, &reader), STEPCARE_OK);
        cr_assert_eq(seen->replayed, model->count);
        uint8_t *room;
        uint64_t sequence;
        cr_assert_neq(ledger_stage(reader, 1, &room, &sequence), STEPCARE_OK);
        ledger_close(reader);
    }
    free(seen);
}

Test(ledger, sizes_outside_their_bounds_are_refused)
{
    struct ledger *none;
    struct segment_options options = fixture_options(directory.path);
    options.segment_bytes = 1024 * 1024 - 1;
    cr_assert_eq(segment_ledger_open(&options, NULL, NULL, NULL, &report, &none), STEPCARE_CONFIG);
    options = fixture_options(directory.path);
    options.block_bytes_max = FIXTURE_SEGMENT_BYTES / 4 + 1;
    cr_assert_eq(segment_ledger_open(&options, NULL, NULL, NULL, &report, &none), STEPCARE_CONFIG);
}

static enum stepcare_error third_refused(void *context, const struct ledger_event_view *event)
{
    (void)context;
    return event->sequence == 3 ? STEPCARE_NO_MEMORY : STEPCARE_OK;
}

Test(ledger, what_visit_returns_ends_the_opening)
{
    struct segment_options options = fixture_options(directory.path);
    fixture_write(&options, model, 5, 10);
    cr_assert_eq(segment_ledger_open(&options, NULL, third_refused, NULL, &report, &ledger), STEPCARE_NO_MEMORY);
    cr_assert_null(ledger);
}
