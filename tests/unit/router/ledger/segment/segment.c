/* Segment files: made whole or not at all, found again in order. */
#include "router/ledger/segment/segment.h"

#include "router/ledger/block.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <unistd.h>

static struct temp_directory directory;
static struct segment_set set;

static void set_up(void)
{
    directory = temp_directory_make();
    cr_assert_eq(segment_set_open(directory.path, true, &set), STEPCARE_OK);
}

static void tear_down(void)
{
    segment_set_close(&set);
    temp_directory_remove(&directory);
}

TestSuite(segment, .init = set_up, .fini = tear_down);

static void make(uint32_t number, uint64_t bytes)
{
    int fd;
    cr_assert_eq(segment_make(set.directory_fd, number, bytes, &ledger_io_system, NULL, &fd), STEPCARE_OK);
    close(fd);
}

static void file_make(const char *name)
{
    close(open(temp_path(&directory, name), O_CREAT | O_WRONLY, 0600));
}

Test(segment, one_that_is_made_is_zeros_of_its_size)
{
    make(1, 300 * 1024);
    struct segment segment;
    cr_assert_eq(segment_get(&set, 1, &segment), STEPCARE_OK);
    cr_assert_eq(segment.bytes, 300 * 1024);
    cr_assert(ledger_zeros(segment.data, segment.bytes));
    cr_assert_eq(access(temp_path(&directory, "00000001.seg"), F_OK), 0);
    cr_assert_neq(access(temp_path(&directory, "00000001.seg.new"), F_OK), 0);
}

Test(segment, the_directory_is_listed_and_other_names_are_passed_over)
{
    const char *names[] = {"00000007.seg", "00000009.seg",     "00000010.seg.new", "LOCK",
                           "0000011.seg",  "00000012.segment", "00000000.seg",     "000000013.seg"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) file_make(names[i]);
    segment_set_close(&set);
    cr_assert_eq(segment_set_open(directory.path, false, &set), STEPCARE_OK);
    cr_assert_eq(set.first, 7);
    cr_assert_eq(set.last, 9);
    cr_assert_eq(access(temp_path(&directory, "00000010.seg.new"), F_OK), 0, "a reader removes nothing");
    segment_set_close(&set);
    cr_assert_eq(segment_set_open(directory.path, true, &set), STEPCARE_OK);
    cr_assert_neq(access(temp_path(&directory, "00000010.seg.new"), F_OK), 0);
}

Test(segment, many_are_found_in_any_order)
{
    const uint32_t order[] = {5, 1, 9, 3, 7, 2, 8, 4, 6, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10};
    const unsigned count = sizeof order / sizeof order[0];
    struct segment segment;
    for (unsigned i = 0; i < count; i++) make(order[i], 512 * order[i]);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < count; i++) {
            cr_assert_eq(segment_get(&set, order[i], &segment), STEPCARE_OK);
            cr_assert_eq(segment.bytes, 512 * order[i]);
        }
    }
    cr_assert_eq(segment_remove(&set, 7), STEPCARE_OK);
    cr_assert_eq(segment_get(&set, 7, &segment), STEPCARE_NOT_FOUND);
    cr_assert_eq(segment_get(&set, 8, &segment), STEPCARE_OK);
    cr_assert_eq(segment.bytes, 512 * 8);
}

Test(segment, an_empty_or_odd_file_has_whole_sectors_only)
{
    struct segment segment;
    file_make("00000001.seg");
    cr_assert_eq(segment_get(&set, 1, &segment), STEPCARE_OK);
    cr_assert_eq(segment.bytes, 0);
    file_make("00000002.seg");
    cr_assert_eq(truncate(temp_path(&directory, "00000002.seg"), 1500), 0);
    cr_assert_eq(segment_get(&set, 2, &segment), STEPCARE_OK);
    cr_assert_eq(segment.bytes, 1024);
}

Test(segment, none_is_left_behind_when_the_disk_fills_up)
{
    struct fault_io fault;
    int fd = -1;
    fault_io_init(&fault);
    atomic_store(&fault.prewrite_room, 600 * 1024);
    cr_assert_eq(segment_make(set.directory_fd, 1, 1024 * 1024, &fault.io, NULL, &fd), STEPCARE_NO_SPACE);
    cr_assert_eq(fd, -1);
    cr_assert_neq(access(temp_path(&directory, "00000001.seg.new"), F_OK), 0);
    cr_assert_neq(access(temp_path(&directory, "00000001.seg"), F_OK), 0);
}

Test(segment, making_gives_up_when_stopped)
{
    atomic_bool stop = true;
    int fd = -1;
    cr_assert_neq(segment_make(set.directory_fd, 1, 1024 * 1024, &ledger_io_system, &stop, &fd), STEPCARE_OK);
    cr_assert_neq(access(temp_path(&directory, "00000001.seg.new"), F_OK), 0);
}
