/* Disks that fail and disks that fill up. */
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/deadline.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct temp_directory directory;
static struct ledger_model *model;
static struct segment_options options;
static struct ledger_report report;
static struct ledger *ledger;
static struct fault_io fault;

static void set_up(void)
{
    directory = temp_directory_make();
    model = ledger_model_make();
    fault_io_init(&fault);
    options = fixture_options(directory.path);
    options.io = &fault.io;
}

static void tear_down(void)
{
    ledger_close(ledger);
    free(model);
    temp_directory_remove(&directory);
}

TestSuite(ledger_disk, .init = set_up, .fini = tear_down);

static enum stepcare_error opening(void)
{
    ledger_close(ledger);
    ledger = NULL;
    return fixture_open(&options, NULL, model, &report, &ledger);
}

static void everything_says_unknown(void)
{
    uint8_t *room;
    uint64_t sequence;
    struct ledger_event_view event;
    unsigned writes = fault.writes, syncs = fault.syncs;
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(fixture_flush(ledger, model), STEPCARE_UNKNOWN);
        cr_assert_eq(ledger_stage(ledger, 10, &room, &sequence), STEPCARE_UNKNOWN);
        cr_assert_eq(ledger_read(ledger, 1, &event), STEPCARE_UNKNOWN);
    }
    cr_assert_eq(fault.writes, writes, "it was tried again");
    cr_assert_eq(fault.syncs, syncs, "it was tried again");
}

Test(ledger_disk, a_failed_flush_is_unknown_and_never_tried_again)
{
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_assert_eq(fixture_append(ledger, model, 500, 3), STEPCARE_OK);
    cr_assert_eq(fixture_stage(ledger, model, 500), STEPCARE_OK);
    fault.fail_sync_at = 1;
    cr_assert_eq(fixture_flush(ledger, model), STEPCARE_UNKNOWN);
    everything_says_unknown();
    /* It may be on disk or not; here the page cache has it, and recovery makes it so. */
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_assert_eq(ledger_tail(ledger).sequence, 4);
}

Test(ledger_disk, a_failed_write_is_unknown_wherever_it_tore)
{
    for (size_t torn = 0; torn <= 2048; torn += 512) {
        cr_assert_eq(opening(), STEPCARE_OK);
        uint64_t count = ledger_tail(ledger).sequence;
        model->count = count;
        cr_assert_eq(fixture_stage(ledger, model, 1800), STEPCARE_OK);
        fault.fail_write_at = 1;
        fault.tear_bytes = torn;
        cr_assert_eq(fixture_flush(ledger, model), STEPCARE_UNKNOWN);
        everything_says_unknown();
        cr_assert_eq(opening(), STEPCARE_OK);
        cr_assert_eq(ledger_tail(ledger).sequence, torn == 2048 ? count + 1 : count);
        cr_assert_eq(report.cut_blocks, torn > 0 && torn < 2048);
    }
}

Test(ledger_disk, the_last_block_is_written_and_flushed_again_at_opening)
{
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_assert_eq(fault.writes + fault.syncs, 0, "nothing is there to write again");
    cr_assert_eq(fixture_append(ledger, model, 500, 3), STEPCARE_OK);
    cr_assert_eq(fault.writes, 1);
    cr_assert_eq(fault.syncs, 1);
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_assert_eq(fault.writes, 2);
    cr_assert_eq(fault.syncs, 2);
    fault.fail_write_at = 1;
    cr_assert_eq(opening(), STEPCARE_SYSTEM);
    fault.fail_sync_at = 1;
    cr_assert_eq(opening(), STEPCARE_SYSTEM);
    cr_assert_eq(opening(), STEPCARE_OK);
}

Test(ledger_disk, a_cut_that_cannot_be_written_is_an_error)
{
    fixture_write(&options, model, 3, 900);
    fixture_flip(directory.path, 1, 2 * 1536 + 600, 1);
    fault.fail_write_at = 1;
    fault.error = ENOSPC;
    cr_assert_eq(opening(), STEPCARE_NO_SPACE);
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_assert_eq(report.cut_blocks, 1);
}

Test(ledger_disk, no_room_for_the_first_segment_is_no_space)
{
    atomic_store(&fault.prewrite_room, FIXTURE_SEGMENT_BYTES / 2);
    cr_assert_eq(opening(), STEPCARE_NO_SPACE);
    cr_assert_neq(access(temp_path(&directory, "00000001.seg.new"), F_OK), 0, "half a segment is left");
    atomic_store(&fault.prewrite_room, -1);
    cr_assert_eq(opening(), STEPCARE_OK);
}

static bool disk_is_full(void *context)
{
    (void)context;
    return ledger_space(ledger).disk_full;
}

static bool spare_is_there(void *context)
{
    (void)context;
    return ledger_space(ledger).spares == 1;
}

static void fills_up_and_heals(void (*room_make)(void))
{
    cr_assert(deadline_wait(DEADLINE_MS, disk_is_full, NULL));
    cr_assert_eq(ledger_space(ledger).spare_ready, false);
    enum stepcare_error error;
    while ((error = fixture_append(ledger, model, 3000, 1)) == STEPCARE_OK) continue;
    cr_assert_eq(error, STEPCARE_NO_SPACE);
    uint64_t count = model->count;
    cr_assert_gt(count, 200);
    struct ledger_event_view event; /* reading goes on */
    for (uint64_t n = 1; n <= count; n++) {
        cr_assert_eq(ledger_read(ledger, n, &event), STEPCARE_OK);
        cr_assert(fixture_event_matches(&event));
    }
    room_make();
    cr_assert(deadline_wait(DEADLINE_MS, spare_is_there, NULL), "space came back, and no spare was made");
    cr_assert_eq(fixture_append(ledger, model, 3000, 4), STEPCARE_OK);
    cr_assert_eq(ledger_tail(ledger).sequence, count + 4);
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_assert_eq(model->replayed, count + 4);
}

static void injected_room(void)
{
    cr_assert_gt(atomic_load(&fault.prewrite_refused), 0);
    atomic_store(&fault.prewrite_room, -1);
}

Test(ledger_disk, a_full_disk_refuses_and_space_returned_heals)
{
    atomic_store(&fault.prewrite_room, FIXTURE_SEGMENT_BYTES + 5000);
    cr_assert_eq(opening(), STEPCARE_OK);
    fills_up_and_heals(injected_room);
}

static void ballast_remove(void)
{
    cr_assert_eq(unlink(temp_path(&directory, "../ballast")), 0);
}

Test(ledger_disk, a_really_full_disk_refuses_and_space_returned_heals)
{
    static struct temp_directory disk;
    if (!temp_directory_make_small(4 * 1024 * 1024, &disk)) cr_skip_test("no tmpfs may be mounted here");
    temp_directory_remove(&directory);
    snprintf(directory.path, sizeof directory.path, "%s", temp_path(&disk, "ledger"));
    options.io = NULL;
    /* Room for the first segment, and not for a spare. */
    int fd = open(temp_path(&disk, "ballast"), O_WRONLY | O_CREAT, 0600);
    cr_assert_eq(posix_fallocate(fd, 0, 5 * 512 * 1024), 0);
    close(fd);
    cr_assert_eq(opening(), STEPCARE_OK);
    fills_up_and_heals(ballast_remove);
    ledger_close(ledger);
    ledger = NULL;
    temp_directory_remove(&disk);
}
