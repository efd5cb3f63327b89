/* The two system calls under an append, as a table, so that tests can fail the n-th one, tear a write or fill the disk.
 * */
#ifndef ROUTER_LEDGER_SEGMENT_IO_H
#define ROUTER_LEDGER_SEGMENT_IO_H

#include "stepcare/error.h"

#include <stdint.h>
#include <sys/types.h>

struct ledger_io {
    /* as pwrite: blocks of events, and the zeros over a cut */
    ssize_t (*write)(void *context, int fd, const void *data, size_t bytes, off_t offset);
    /* as pwrite: the zeros of a segment made ahead of need; called from the pre-writer's thread */
    ssize_t (*prewrite)(void *context, int fd, const void *data, size_t bytes, off_t offset);
    /* as fdatasync, after write */
    int (*sync)(void *context, int fd);
    void *context;
};

/* The operating system's own. */
extern const struct ledger_io ledger_io_system;

typedef ssize_t (*ledger_io_writer)(void *context, int fd, const void *data, size_t bytes, off_t offset);

/* Purpose: write all of it, going on after short writes.
 * Errors: NO_SPACE (disk, quota or file size limit), SYSTEM; errno says which. */
enum stepcare_error ledger_io_write_all(ledger_io_writer writer, void *context, int fd, const void *data, size_t bytes,
                                        uint64_t offset);

#endif
