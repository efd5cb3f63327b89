/* The spare segment is ready before it is needed; a full disk is said, and healed. */
#include "router/ledger/segment/prewriter.h"

#include "router/ledger/segment/segment.h"
#include "tests/support/deadline.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <unistd.h>

enum { BYTES = 1024 * 1024 };

static struct temp_directory directory;
static struct segment_set set;
static struct fault_io fault;
static struct prewriter *prewriter;

static void set_up(void)
{
    directory = temp_directory_make();
    fault_io_init(&fault);
    cr_assert_eq(segment_set_open(directory.path, true, &set), STEPCARE_OK);
}

static void tear_down(void)
{
    prewriter_close(prewriter);
    segment_set_close(&set);
    temp_directory_remove(&directory);
}

TestSuite(prewriter, .init = set_up, .fini = tear_down);

static bool is_ready(void *context)
{
    bool full;
    (void)context;
    return prewriter_ready(prewriter, &full);
}

static bool is_full(void *context)
{
    bool full;
    (void)context;
    prewriter_ready(prewriter, &full);
    return full;
}

Test(prewriter, keeps_one_spare_ready_in_ascending_numbers)
{
    cr_assert_eq(prewriter_open(set.directory_fd, 4, BYTES, &fault.io, -1, &prewriter), STEPCARE_OK);
    for (uint32_t expected = 4; expected < 9; expected++) {
        uint32_t number;
        int fd;
        cr_assert_eq(prewriter_take(prewriter, &number, &fd), STEPCARE_OK);
        cr_assert_eq(number, expected);
        cr_assert_eq(lseek(fd, 0, SEEK_END), BYTES);
        close(fd);
        cr_assert(deadline_wait(DEADLINE_MS, is_ready, NULL));
    }
}

Test(prewriter, a_spare_that_is_there_is_given_out_first)
{
    int fd, taken;
    uint32_t number;
    cr_assert_eq(segment_make(set.directory_fd, 2, BYTES, &fault.io, NULL, &fd), STEPCARE_OK);
    cr_assert_eq(prewriter_open(set.directory_fd, 2, BYTES, &fault.io, fd, &prewriter), STEPCARE_OK);
    cr_assert_eq(prewriter_take(prewriter, &number, &taken), STEPCARE_OK);
    cr_assert_eq(taken, fd);
    cr_assert_eq(number, 2);
    close(taken);
    cr_assert_eq(prewriter_take(prewriter, &number, &taken), STEPCARE_OK);
    cr_assert_eq(number, 3);
    close(taken);
}

Test(prewriter, a_full_disk_refuses_until_there_is_room)
{
    uint32_t number = 0;
    int fd = -1;
    atomic_store(&fault.prewrite_room, BYTES / 2);
    cr_assert_eq(prewriter_open(set.directory_fd, 2, BYTES, &fault.io, -1, &prewriter), STEPCARE_OK);
    cr_assert_eq(prewriter_take(prewriter, &number, &fd), STEPCARE_NO_SPACE);
    cr_assert_eq(fd, -1);
    cr_assert(is_full(NULL));
    cr_assert_not(is_ready(NULL));
    atomic_store(&fault.prewrite_room, -1);
    cr_assert(deadline_wait(DEADLINE_MS, is_ready, NULL));
    cr_assert_not(is_full(NULL));
    cr_assert_eq(prewriter_take(prewriter, &number, &fd), STEPCARE_OK);
    close(fd);
}

Test(prewriter, closing_with_a_full_disk_ends)
{
    atomic_store(&fault.prewrite_room, 0);
    cr_assert_eq(prewriter_open(set.directory_fd, 2, BYTES, &fault.io, -1, &prewriter), STEPCARE_OK);
    cr_assert(deadline_wait(DEADLINE_MS, is_full, NULL));
    prewriter_close(prewriter);
    prewriter = NULL;
}
