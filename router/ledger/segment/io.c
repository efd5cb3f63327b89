/* The operating system's own write and sync. See io.h. */
#include "router/ledger/segment/io.h"

#include "base/must.h"

#include <errno.h>
#include <unistd.h>

static ssize_t system_write(void *context, int fd, const void *data, size_t bytes, off_t offset)
{
    (void)context;
    return pwrite(fd, data, bytes, offset);
}

static int system_sync(void *context, int fd)
{
    (void)context;
    return fdatasync(fd);
}

const struct ledger_io ledger_io_system = {.write = system_write, .prewrite = system_write, .sync = system_sync};

enum stepcare_error ledger_io_write_all(ledger_io_writer writer, void *context, int fd, const void *data, size_t bytes,
                                        uint64_t offset)
{
    const uint8_t *at = data;
    while (bytes > 0) {
        ssize_t written = writer(context, fd, at, bytes, (off_t)offset);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? STEPCARE_NO_SPACE : STEPCARE_SYSTEM;
        if (written == 0) {
            errno = ENOSPC; /* a write that moves nothing would be repeated for ever */
            return STEPCARE_NO_SPACE;
        }
        must((size_t)written <= bytes);
        at += written;
        offset += (uint64_t)written;
        bytes -= (size_t)written;
    }
    return STEPCARE_OK;
}
