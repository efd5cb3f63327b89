/* Damaged and torn files: what may be cut is cut, all else is refused with its place, and nothing crashes. */
#include "router/ledger/block.h"
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/random.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 12, EVENT_BYTES = 1300, EXTENT = 1536, USED = BLOCKS * EXTENT };

static struct temp_directory directory;
static struct ledger_model *model;
static struct segment_options options;
static struct ledger_report report;
static uint8_t *image; /* segment 1 as written */

static void image_read(uint8_t *out_image)
{
    char path[512];
    fixture_segment_path(directory.path, 1, path);
    int fd = open(path, O_RDONLY);
    cr_assert_eq(pread(fd, out_image, FIXTURE_SEGMENT_BYTES, 0), FIXTURE_SEGMENT_BYTES);
    close(fd);
}

static void image_restore(void)
{
    fixture_truncate(directory.path, 1, FIXTURE_SEGMENT_BYTES);
    fixture_put(directory.path, 1, 0, image, FIXTURE_SEGMENT_BYTES);
}

static void set_up(void)
{
    directory = temp_directory_make();
    model = ledger_model_make();
    options = fixture_options(directory.path);
    fixture_write(&options, model, BLOCKS, EVENT_BYTES);
    image = malloc(FIXTURE_SEGMENT_BYTES);
    image_read(image);
}

static void tear_down(void)
{
    free(image);
    free(model);
    temp_directory_remove(&directory);
}

TestSuite(ledger_damage, .init = set_up, .fini = tear_down);

/* Open, close, and say what came of it; from->sequence alone: how far the ledger must reach. */
static enum stepcare_error opening(bool read_only, uint64_t sequence_min)
{
    struct ledger *ledger = NULL;
    struct ledger_mark from = {.sequence = sequence_min};
    options.read_only = read_only;
    report = (struct ledger_report){.where = ""};
    enum stepcare_error error = fixture_open(&options, &from, model, &report, &ledger);
    options.read_only = false;
    ledger_close(ledger);
    return error;
}

static void place_named(uint32_t segment, uint64_t byte)
{
    char place[64];
    snprintf(place, sizeof place, "segment %08u, byte %llu: ", segment, (unsigned long long)byte);
    cr_assert_eq(strncmp(report.where, place, strlen(place)), 0, "expected %s, got %s", place, report.where);
}

/* After any cut: appending works, and all of it is there again. */
static void goes_on_from(uint64_t sequence)
{
    struct ledger *ledger;
    model->count = sequence;
    cr_assert_eq(fixture_open(&options, NULL, model, &report, &ledger), STEPCARE_OK, "%s", report.where);
    cr_assert_eq(ledger_tail(ledger).sequence, sequence);
    cr_assert_eq(fixture_append(ledger, model, 90, 2), STEPCARE_OK);
    cr_assert_eq(fixture_append(ledger, model, 900, 2), STEPCARE_OK);
    ledger_close(ledger);
    cr_assert_eq(opening(false, sequence + 4), STEPCARE_OK, "%s", report.where);
    cr_assert_eq(model->replayed, sequence + 4);
    cr_assert_eq(report.cut_blocks, 0);
    model->count = BLOCKS;
    for (unsigned n = 1; n <= BLOCKS; n++) {
        model->lengths[n] = EVENT_BYTES;
    }
}

Test(ledger_damage, every_flipped_byte_is_found_and_placed)
{
    for (uint64_t at = 0; at < USED; at++) {
        fixture_flip(directory.path, 1, at, (uint8_t)(1 << at % 8));
        enum stepcare_error error = opening(true, BLOCKS);
        cr_assert(error == STEPCARE_DAMAGED || error == STEPCARE_STORE_VERSION, "byte %d: %s", (int)at, report.where);
        place_named(1, at / EXTENT * EXTENT);
        fixture_flip(directory.path, 1, at, (uint8_t)(1 << at % 8));
    }
    cr_assert_eq(opening(true, BLOCKS), STEPCARE_OK);
}

Test(ledger_damage, a_damaged_middle_is_refused_and_left_as_it_is)
{
    uint8_t *now = malloc(FIXTURE_SEGMENT_BYTES), *before = malloc(FIXTURE_SEGMENT_BYTES);
    for (uint64_t at = 3; at < USED - EXTENT; at += 97) {
        fixture_flip(directory.path, 1, at, 0x40);
        image_read(before);
        enum stepcare_error error = opening(false, 0);
        cr_assert(error == STEPCARE_DAMAGED || error == STEPCARE_STORE_VERSION, "byte %d: %s", (int)at, report.where);
        place_named(1, at / EXTENT * EXTENT);
        image_read(now);
        cr_assert_eq(memcmp(now, before, FIXTURE_SEGMENT_BYTES), 0);
        fixture_flip(directory.path, 1, at, 0x40);
    }
    free(now);
    free(before);
}

Test(ledger_damage, a_block_wiped_in_the_middle_is_no_end)
{
    static const uint8_t zeros[EXTENT];
    for (unsigned block = 0; block < BLOCKS - 1; block++) {
        fixture_put(directory.path, 1, block * EXTENT, zeros, EXTENT);
        cr_assert_eq(opening(false, 0), STEPCARE_DAMAGED, "block %u", block);
        place_named(1, block * EXTENT);
        image_restore();
    }
}

Test(ledger_damage, a_file_cut_off_at_any_sector_gives_the_blocks_before)
{
    for (uint64_t at = 0; at <= USED; at += LEDGER_SECTOR_BYTES) {
        fixture_truncate(directory.path, 1, at);
        uint64_t whole = at / EXTENT;
        cr_assert_eq(opening(true, 0), STEPCARE_OK, "%s", report.where);
        cr_assert_eq(model->replayed, whole);
        cr_assert_eq(opening(true, BLOCKS), whole == BLOCKS ? STEPCARE_OK : STEPCARE_DAMAGED);
        goes_on_from(whole);
        image_restore();
        char spare[512];
        for (uint32_t number = 2; number < 5; number++) {
            fixture_segment_path(directory.path, number, spare);
            unlink(spare);
        }
    }
}

Test(ledger_damage, a_file_cut_off_at_random_points_gives_the_blocks_before)
{
    struct random random = random_of(5, 0, 0);
    for (unsigned round = 0; round < 200; round++) {
        uint64_t at = random_below(&random, USED + 4096);
        fixture_truncate(directory.path, 1, at);
        uint64_t whole = at < USED ? at / EXTENT : BLOCKS;
        cr_assert_eq(opening(true, 0), STEPCARE_OK, "cut at %d: %s", (int)at, report.where);
        cr_assert_eq(model->replayed, whole);
        image_restore();
    }
}

Test(ledger_damage, a_torn_last_block_is_cut_and_written_over)
{
    enum { LAST = USED - EXTENT, SECTORS = EXTENT / LEDGER_SECTOR_BYTES };
    for (unsigned landed = 0; landed < (1u << SECTORS) - 1; landed++) { /* every set of sectors but the whole */
        for (unsigned sector = 0; sector < SECTORS; sector++) {
            static const uint8_t zeros[LEDGER_SECTOR_BYTES];
            if ((landed >> sector & 1) == 0)
                fixture_put(directory.path, 1, LAST + sector * LEDGER_SECTOR_BYTES, zeros, sizeof zeros);
        }
        cr_assert_eq(opening(true, 0), STEPCARE_OK);
        cr_assert_eq(opening(false, BLOCKS), STEPCARE_DAMAGED);
        cr_assert_eq(opening(false, BLOCKS - 1), STEPCARE_OK, "%s", report.where);
        cr_assert_eq(model->replayed, BLOCKS - 1);
        cr_assert_eq(report.cut_blocks, landed != 0);
        if (landed != 0) place_named(1, LAST);
        uint8_t *now = malloc(FIXTURE_SEGMENT_BYTES);
        image_read(now);
        cr_assert(ledger_zeros(now + LAST, FIXTURE_SEGMENT_BYTES - LAST), "stale bytes are left");
        free(now);
        goes_on_from(BLOCKS - 1);
        image_restore();
    }
}

Test(ledger_damage, a_cut_below_what_the_state_has_applied_is_refused)
{
    fixture_flip(directory.path, 1, USED - 700, 1);
    uint8_t *before = malloc(FIXTURE_SEGMENT_BYTES), *now = malloc(FIXTURE_SEGMENT_BYTES);
    image_read(before);
    cr_assert_eq(opening(false, BLOCKS), STEPCARE_DAMAGED);
    cr_assert_not_null(strstr(report.where, "applied 12"), "%s", report.where);
    place_named(1, USED - EXTENT);
    image_read(now);
    cr_assert_eq(memcmp(before, now, FIXTURE_SEGMENT_BYTES), 0);
    cr_assert_eq(opening(false, BLOCKS - 1), STEPCARE_OK);
    free(before);
    free(now);
}

Test(ledger_damage, a_mark_whose_block_is_gone_is_refused)
{
    struct ledger *ledger = NULL;
    cr_assert_eq(fixture_open(&options, NULL, model, &report, &ledger), STEPCARE_OK);
    struct ledger_mark mark = ledger_tail(ledger);
    ledger_close(ledger);
    ledger = NULL;
    fixture_flip(directory.path, 1, USED - 700, 1);
    cr_assert_eq(fixture_open(&options, &mark, model, &report, &ledger), STEPCARE_DAMAGED);
    place_named(1, USED);
    image_restore();
    mark.hash[0] ^= 1;
    cr_assert_eq(fixture_open(&options, &mark, model, &report, &ledger), STEPCARE_DAMAGED);
    mark.hash[0] ^= 1;
    fixture_truncate(directory.path, 1, USED - EXTENT);
    cr_assert_eq(fixture_open(&options, &mark, model, &report, &ledger), STEPCARE_DAMAGED);
    char path[512];
    fixture_segment_path(directory.path, 1, path);
    cr_assert_eq(unlink(path), 0);
    fixture_segment_path(directory.path, 2, path);
    unlink(path);
    cr_assert_eq(fixture_open(&options, &mark, model, &report, &ledger), STEPCARE_DAMAGED);
    cr_assert_null(ledger);
}

Test(ledger_damage, data_past_a_torn_block_is_no_torn_write)
{
    fixture_flip(directory.path, 1, USED - 700, 1); /* the last block, with its header in place ... */
    fixture_put(directory.path, 1, USED + 4096, "x", 1);
    cr_assert_eq(opening(false, 0), STEPCARE_DAMAGED);
    place_named(1, USED - EXTENT);
    image_restore();
    fixture_flip(directory.path, 1, USED - 700, 1);
    fixture_put(directory.path, 2, 70000, "x", 1); /* ... or in the segment after */
    cr_assert_eq(opening(false, 0), STEPCARE_DAMAGED);
}

Test(ledger_damage, padding_that_changed_does_not_cost_the_last_block)
{
    fixture_flip(directory.path, 1, USED - 1, 1);
    cr_assert_eq(opening(false, 0), STEPCARE_DAMAGED);
    place_named(1, USED - EXTENT);
}

Test(ledger_damage, noise_never_crashes_and_never_invents_events)
{
    struct random random = random_of(7, 0, 0);
    for (unsigned round = 0; round < 400; round++) {
        for (unsigned flips = 1 + random_below(&random, 6); flips > 0; flips--) {
            uint64_t at = random_below(&random, random_percent(&random, 80) ? USED + 2048 : FIXTURE_SEGMENT_BYTES);
            fixture_flip(directory.path, 1, at, (uint8_t)(1 + random_below(&random, 255)));
        }
        enum stepcare_error error = opening(round % 2 == 0, 0); /* the visit compares every event with the model */
        cr_assert(error == STEPCARE_OK || error == STEPCARE_DAMAGED || error == STEPCARE_STORE_VERSION, "%d",
                  (int)error);
        image_restore();
    }
}

/* --- across segments ---------------------------------------------------------------------------------------------- */

/* Fill segment 1 and put `more` blocks after it. *out_before_2: the last event in segment 1; *out_last_in_1: where it
 * ends. */
static uint64_t segments_fill(unsigned more, uint64_t *out_before_2, uint64_t *out_last_in_1)
{
    struct ledger *ledger;
    cr_assert_eq(fixture_open(&options, NULL, model, &report, &ledger), STEPCARE_OK);
    while (ledger_tail(ledger).hint >> 32 < 2) {
        *out_before_2 = model->count;
        *out_last_in_1 = ledger_tail(ledger).hint;
        cr_assert_eq(fixture_append(ledger, model, 30000, 1), STEPCARE_OK);
    }
    for (unsigned i = 1; i < more; i++) cr_assert_eq(fixture_append(ledger, model, 30000, 1), STEPCARE_OK);
    ledger_close(ledger);
    return model->count;
}

Test(ledger_damage, a_torn_first_block_of_a_segment_is_cut)
{
    uint64_t before, last;
    uint64_t count = segments_fill(1, &before, &last);
    cr_assert_eq(count, before + 1);
    fixture_flip(directory.path, 2, 20000, 1);
    cr_assert_eq(opening(false, before), STEPCARE_OK, "%s", report.where);
    cr_assert_eq(model->replayed, before);
    cr_assert_eq(report.cut_blocks, 1);
    place_named(2, 0);
    model->count = before;
    struct ledger *ledger;
    cr_assert_eq(fixture_open(&options, NULL, model, &report, &ledger), STEPCARE_OK);
    cr_assert_eq(fixture_append(ledger, model, 20, 1), STEPCARE_OK);
    ledger_close(ledger);
    cr_assert_eq(opening(false, before + 1), STEPCARE_OK, "%s", report.where);
}

Test(ledger_damage, the_last_block_of_a_segment_wiped_is_no_end)
{
    static const uint8_t zeros[40000];
    uint64_t before, last;
    segments_fill(1, &before, &last); /* one whole block in segment 2 is proof enough */
    uint64_t begin = last - ledger_block_extent(LEDGER_LENGTH_BYTES + 30000);
    fixture_put(directory.path, 1, (uint32_t)begin, zeros, (size_t)(last - begin));
    cr_assert_eq(opening(false, 0), STEPCARE_DAMAGED);
    place_named(2, 0);
}

Test(ledger_damage, a_missing_segment_is_named)
{
    uint64_t before, last;
    char path[512];
    segments_fill(60, &before, &last);
    fixture_segment_path(directory.path, 2, path);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(opening(false, 0), STEPCARE_DAMAGED);
    place_named(2, 0);
    fixture_segment_path(directory.path, 1, path);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(opening(false, 0), STEPCARE_DAMAGED);
    place_named(1, 0);
}
