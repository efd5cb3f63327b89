/* One router a store: the lock says who has it. */
#include "router/store/lock.h"

#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct temp_directory directory;

static void set_up(void)
{
    directory = temp_directory_make();
}

static void tear_down(void)
{
    temp_directory_remove(&directory);
}

TestSuite(store_lock, .init = set_up, .fini = tear_down);

Test(store_lock, the_second_is_told_who_has_it)
{
    struct store_lock *first = NULL, *second = NULL;
    long holder = 0;
    cr_assert_eq(store_lock_open(directory.path, &holder, &first), STEPCARE_OK);
    cr_assert_eq(store_lock_open(directory.path, &holder, &second), STEPCARE_LOCKED);
    cr_assert_eq(holder, getpid());
    cr_assert_null(second);
    store_lock_close(first);
    cr_assert_eq(store_lock_open(directory.path, &holder, &second), STEPCARE_OK);
    store_lock_close(second);
}

Test(store_lock, a_killed_holder_has_it_no_longer)
{
    int ready[2];
    cr_assert_eq(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store_lock *lock;
        long holder;
        char done = store_lock_open(directory.path, &holder, &lock) == STEPCARE_OK;
        _exit(write(ready[1], &done, 1) == 1 && pause());
    }
    char done = 0;
    cr_assert_eq(read(ready[0], &done, 1), 1);
    cr_assert(done);
    struct store_lock *lock = NULL;
    long holder = 0;
    cr_assert_eq(store_lock_open(directory.path, &holder, &lock), STEPCARE_LOCKED);
    cr_assert_eq(holder, child);
    kill(child, SIGKILL);
    cr_assert_eq(waitpid(child, NULL, 0), child);
    cr_assert_eq(store_lock_open(directory.path, &holder, &lock), STEPCARE_OK);
    store_lock_close(lock);
}

Test(store_lock, makes_the_directory_and_names_no_holder_where_none_is_known)
{
    struct store_lock *lock = NULL;
    long holder = 0;
    cr_assert_eq(store_lock_open(temp_path(&directory, "data"), &holder, &lock), STEPCARE_OK);
    cr_assert_eq(access(temp_path(&directory, "data/LOCK"), F_OK), 0);
    cr_assert_eq(truncate(temp_path(&directory, "data/LOCK"), 0), 0);
    struct store_lock *second = NULL;
    cr_assert_eq(store_lock_open(temp_path(&directory, "data"), &holder, &second), STEPCARE_LOCKED);
    cr_assert_eq(holder, 0);
    store_lock_close(lock);
    cr_assert_eq(store_lock_open(temp_path(&directory, "missing/data"), &holder, &second), STEPCARE_SYSTEM);
}
