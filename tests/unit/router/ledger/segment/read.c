/* Events by their sequence in segment files: the one that was asked for, or none; and what a reader beside the writer
 * sees. */
#include "router/ledger/block.h"
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

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

static void opens_default(void)
{
    struct segment_options options = fixture_options(directory.path);
    const enum stepcare_error error = fixture_open(&options, NULL, model, &report, &ledger);
    cr_assert_eq(error, STEPCARE_OK, "%s: %s", stepcare_error_name((int)error), report.where);
}

TestSuite(ledger_read, .init = set_up, .fini = tear_down);

/* The bytes of an event can be a whole block with a right hash: a copy of one from this very ledger. */
Test(ledger_read, an_event_that_looks_like_a_block_is_not_taken_for_one)
{
    opens_default();
    cr_assert_eq(fixture_append(ledger, model, 700, 2), STEPCARE_OK);
    uint8_t copy[2048], *room;
    uint64_t sequence;
    char path[512];
    fixture_segment_path(directory.path, 1, path);
    FILE *file = fopen(path, "r");
    cr_assert_eq(fread(copy, 1, sizeof copy, file), sizeof copy);
    fclose(file);
    for (unsigned i = 0; i < 4; i++) { /* events that begin a sector with a header */
        enum { TO_SECTOR = LEDGER_SECTOR_BYTES - LEDGER_HEADER_BYTES - LEDGER_LENGTH_BYTES };
        cr_assert_eq(ledger_stage(ledger, TO_SECTOR + sizeof copy, &room, &sequence), STEPCARE_OK);
        memset(room, 0, TO_SECTOR);
        memcpy(room + TO_SECTOR, copy, sizeof copy);
        cr_assert_eq(ledger_flush(ledger), STEPCARE_OK);
    }
    cr_assert_eq(fixture_stage(ledger, model, 90), STEPCARE_OK);
    cr_assert_eq(ledger_flush(ledger), STEPCARE_OK);
    const struct ledger_mark mark = ledger_tail(ledger);
    for (unsigned round = 0; round < 2; round++) {
        struct ledger_event_view event;
        for (uint64_t n = 7; n >= 1; n--) {
            cr_assert_eq(ledger_read(ledger, n, &event), STEPCARE_OK);
            cr_expect_eq(event.sequence, n);
            cr_expect_eq(event.bytes, n < 3 ? 700 : n < 7 ? 380 + sizeof copy : 90);
        }
        ledger_close(ledger);
        ledger = NULL;
        struct segment_options options = fixture_options(directory.path);
        cr_assert_eq(segment_ledger_open(&options, &mark, NULL, NULL, &report, &ledger), STEPCARE_OK);
    }
}

Test(ledger_read, a_header_that_lies_about_its_sequence_is_damage_and_not_another_event)
{
    opens_default();
    for (unsigned i = 0; i < 6; i++) cr_assert_eq(fixture_append(ledger, model, 100, 1), STEPCARE_OK);
    const struct ledger_mark mark = ledger_tail(ledger);
    fixture_flip(directory.path, 1, 2 * 512 + 16, 1); /* the third block's first sequence */
    struct segment_options options = fixture_options(directory.path);
    ledger_close(ledger);
    ledger = NULL;
    cr_assert_eq(segment_ledger_open(&options, &mark, NULL, NULL, &report, &ledger), STEPCARE_OK);
    struct ledger_event_view event;
    cr_expect_eq(ledger_read(ledger, 3, &event), STEPCARE_DAMAGED);
    cr_expect_eq(ledger_read(ledger, 4, &event), STEPCARE_DAMAGED);
    cr_expect_eq(ledger_read(ledger, 2, &event), STEPCARE_OK);
    cr_expect_eq(event.sequence, 2);
}

Test(ledger_read, a_reader_finds_by_sequence_what_was_appended_after_it_was_opened)
{
    struct segment_options options = fixture_options(directory.path);
    options.read_only = true;
    struct ledger *reader;
    opens_default();
    cr_assert_eq(fixture_append(ledger, model, 8000, 2), STEPCARE_OK);
    cr_assert_eq(segment_ledger_open(&options, NULL, NULL, NULL, &report, &reader), STEPCARE_OK);
    for (unsigned i = 0; i < 60; i++) { /* through several segments */
        struct ledger_event_view event;
        cr_assert_eq(fixture_append(ledger, model, 8000, 1 + i % 8), STEPCARE_OK);
        cr_assert_eq(ledger_read(reader, model->count + 1, &event), STEPCARE_NOT_FOUND);
        for (uint64_t n = model->count; n >= 1; n -= n < 7 ? n : 7) {
            cr_assert_eq(ledger_read(reader, n, &event), STEPCARE_OK, "event %lu of %lu", (unsigned long)n,
                         (unsigned long)model->count);
            cr_assert_eq(event.sequence, n);
            cr_assert(fixture_event_matches(&event));
        }
    }
    cr_assert_gt(ledger_tail(ledger).hint >> 32, 2);
    ledger_close(reader);
}

Test(ledger_read, a_reader_does_not_see_a_block_in_the_making)
{
    struct segment_options options = fixture_options(directory.path);
    options.read_only = true;
    struct ledger *reader;
    struct ledger_event_view event;
    opens_default();
    cr_assert_eq(fixture_append(ledger, model, 100, 1), STEPCARE_OK);
    cr_assert_eq(segment_ledger_open(&options, NULL, NULL, NULL, &report, &reader), STEPCARE_OK);
    cr_assert_eq(fixture_append(ledger, model, 100, 1), STEPCARE_OK);
    fixture_flip(directory.path, 1, 512 + 200, 1); /* its header is there, its events not yet */
    cr_expect_eq(ledger_read(reader, 2, &event), STEPCARE_NOT_FOUND);
    fixture_flip(directory.path, 1, 512 + 200, 1);
    cr_assert_eq(ledger_read(reader, 2, &event), STEPCARE_OK);
    cr_expect(fixture_event_matches(&event));
    ledger_close(reader);
}

Test(ledger_read, a_sequence_that_is_not_there_is_not_found)
{
    opens_default();
    struct ledger_event_view event;
    cr_assert_eq(ledger_read(ledger, 1, &event), STEPCARE_NOT_FOUND);
    cr_assert_eq(fixture_append(ledger, model, 600, 3), STEPCARE_OK);
    cr_assert_eq(ledger_read(ledger, 0, &event), STEPCARE_NOT_FOUND);
    cr_assert_eq(ledger_read(ledger, 4, &event), STEPCARE_NOT_FOUND);
    cr_assert_eq(ledger_read(ledger, UINT64_MAX, &event), STEPCARE_NOT_FOUND);
    cr_assert_eq(fixture_stage(ledger, model, 600), STEPCARE_OK);
    cr_assert_eq(ledger_read(ledger, 4, &event), STEPCARE_OK);
    cr_assert_eq(ledger_read(ledger, 5, &event), STEPCARE_NOT_FOUND);
}
