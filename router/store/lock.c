/* The lock file. See lock.h; the store takes it when it opens, a restore while it lays a ledger down. */
#include "router/store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 + 8, HOLDER_BYTES = 24 };

struct store_lock {
    int fd;
};

static long holder_read(int fd)
{
    char text[HOLDER_BYTES] = {0};
    ssize_t bytes = pread(fd, text, sizeof text - 1, 0);
    long holder = bytes > 0 ? strtol(text, NULL, 10) : 0;
    return holder > 0 ? holder : 0;
}

/* For people, and for the message of the router that comes second; the lock itself is the kernel's. */
static enum stepcare_error holder_write(int fd)
{
    char text[HOLDER_BYTES];
    int bytes = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)bytes, 0) != bytes)
        return errno == ENOSPC || errno == EDQUOT ? STEPCARE_NO_SPACE : STEPCARE_SYSTEM;
    return STEPCARE_OK;
}

enum stepcare_error store_lock_open(const char *directory, long *out_holder, struct store_lock **out_lock)
{
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/LOCK", directory) >= (int)sizeof path ||
        (mkdir(directory, 0700) != 0 && errno != EEXIST))
        return STEPCARE_SYSTEM;
    struct store_lock *lock = malloc(sizeof *lock);
    if (lock == NULL) return STEPCARE_NO_MEMORY;
    enum stepcare_error error = STEPCARE_SYSTEM;
    lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock->fd < 0) goto out;
    if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            *out_holder = holder_read(lock->fd);
            error = STEPCARE_LOCKED;
        }
        goto out;
    }
    error = holder_write(lock->fd);
    /* A full disk must not keep a router from reading what it has: the number is only for people. */
    if (error == STEPCARE_NO_SPACE) error = STEPCARE_OK;
out:
    if (error != STEPCARE_OK)
        store_lock_close(lock);
    else
        *out_lock = lock;
    return error;
}

void store_lock_close(struct store_lock *lock)
{
    if (lock == NULL) return;
    if (lock->fd >= 0) close(lock->fd);
    free(lock);
}
