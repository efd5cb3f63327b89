/* Ledgers for tests: events that follow from their sequence, a model of them, and files that fail. */
#include "tests/support/ledger_fixture.h"

#include "tests/support/deadline.h"
#include "tests/support/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void must(bool done, const char *what)
{
    if (!done) {
        perror(what);
        abort();
    }
}

struct ledger_model *ledger_model_make(void)
{
    struct ledger_model *model = calloc(1, sizeof *model);
    must(model != NULL, "model");
    return model;
}

void fixture_event_fill(uint8_t *room, uint32_t bytes, uint64_t sequence)
{
    struct random random = random_of(1, sequence, 7);
    for (uint32_t i = 0; i < bytes; i++) room[i] = (uint8_t)random_next(&random);
}

bool fixture_event_matches(const struct ledger_event_view *event)
{
    struct random random = random_of(1, event->sequence, 7);
    for (uint32_t i = 0; i < event->bytes; i++) {
        if (event->data[i] != (uint8_t)random_next(&random)) return false;
    }
    return true;
}

struct segment_options fixture_options(const char *directory)
{
    return (struct segment_options){
        .directory = directory, .segment_bytes = FIXTURE_SEGMENT_BYTES, .block_bytes_max = FIXTURE_BLOCK_BYTES_MAX};
}

static enum stepcare_error model_visit(void *context, const struct ledger_event_view *event)
{
    struct ledger_model *model = context;
    uint64_t n = event->sequence;
    must(n <= FIXTURE_EVENTS_MAX, "more events than the model holds");
    bool known = n <= model->count;
    if (!fixture_event_matches(event) || (known && model->lengths[n] != event->bytes)) return STEPCARE_INVALID;
    model->lengths[n] = event->bytes;
    model->replayed++;
    return STEPCARE_OK;
}

enum stepcare_error fixture_open(const struct segment_options *options, const struct ledger_mark *from,
                                 struct ledger_model *model, struct ledger_report *out_report,
                                 struct ledger **out_ledger)
{
    model->replayed = 0;
    return segment_ledger_open(options, from, model_visit, model, out_report, out_ledger);
}

enum stepcare_error fixture_stage(struct ledger *ledger, struct ledger_model *model, uint32_t bytes)
{
    uint8_t *room;
    uint64_t sequence;
    enum stepcare_error error = ledger_stage(ledger, bytes, &room, &sequence);
    if (error != STEPCARE_OK) return error;
    must(sequence <= FIXTURE_EVENTS_MAX, "more events than the model holds");
    fixture_event_fill(room, bytes, sequence);
    model->lengths[sequence] = bytes;
    return STEPCARE_OK;
}

enum stepcare_error fixture_flush(struct ledger *ledger, struct ledger_model *model)
{
    enum stepcare_error error = ledger_flush(ledger);
    if (error == STEPCARE_OK) model->count = ledger_tail(ledger).sequence;
    return error;
}

enum stepcare_error fixture_append(struct ledger *ledger, struct ledger_model *model, uint32_t bytes, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        enum stepcare_error error = fixture_stage(ledger, model, bytes);
        if (error != STEPCARE_OK) return error;
    }
    return fixture_flush(ledger, model);
}

static bool spare_made(void *ledger)
{
    return ledger_space(ledger).spares > 0;
}

/* Closes only when the pre-writer has its spare ready, so that tests find the same files every time. */
void fixture_write(const struct segment_options *options, struct ledger_model *model, unsigned blocks, uint32_t bytes)
{
    struct ledger_report report;
    struct ledger *ledger;
    must(fixture_open(options, NULL, model, &report, &ledger) == STEPCARE_OK, "open");
    for (unsigned i = 0; i < blocks; i++) must(fixture_append(ledger, model, bytes, 1) == STEPCARE_OK, "append");
    must(deadline_wait(DEADLINE_MS, spare_made, ledger), "a spare segment");
    ledger_close(ledger);
}

void fixture_segment_path(const char *directory, uint32_t segment, char out_path[512])
{
    snprintf(out_path, 512, "%s/%08u.seg", directory, segment);
}

static int segment_fd(const char *directory, uint32_t segment)
{
    char path[512];
    fixture_segment_path(directory, segment, path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    must(fd >= 0, path);
    return fd;
}

void fixture_flip(const char *directory, uint32_t segment, uint64_t offset, uint8_t mask)
{
    int fd = segment_fd(directory, segment);
    uint8_t byte;
    must(pread(fd, &byte, 1, (off_t)offset) == 1, "read");
    byte ^= mask;
    must(pwrite(fd, &byte, 1, (off_t)offset) == 1, "write");
    close(fd);
}

void fixture_put(const char *directory, uint32_t segment, uint64_t offset, const void *data, size_t bytes)
{
    int fd = segment_fd(directory, segment);
    must(pwrite(fd, data, bytes, (off_t)offset) == (ssize_t)bytes, "write");
    close(fd);
}

void fixture_truncate(const char *directory, uint32_t segment, uint64_t bytes)
{
    int fd = segment_fd(directory, segment);
    must(ftruncate(fd, (off_t)bytes) == 0, "truncate");
    close(fd);
}

/* --- files that fail ---------------------------------------------------------------------------------------------- */

static ssize_t fault_write(void *context, int fd, const void *data, size_t bytes, off_t offset)
{
    struct fault_io *fault = context;
    fault->writes++;
    if (fault->fail_write_at > 0 && --fault->fail_write_at == 0) {
        size_t torn = fault->tear_bytes < bytes ? fault->tear_bytes : bytes;
        must(pwrite(fd, data, torn, offset) == (ssize_t)torn, "write");
        errno = fault->error;
        return -1;
    }
    return pwrite(fd, data, bytes, offset);
}

static int fault_sync(void *context, int fd)
{
    struct fault_io *fault = context;
    fault->syncs++;
    if (fault->fail_sync_at > 0 && --fault->fail_sync_at == 0) {
        errno = fault->error;
        return -1;
    }
    return fdatasync(fd);
}

static ssize_t fault_prewrite(void *context, int fd, const void *data, size_t bytes, off_t offset)
{
    struct fault_io *fault = context;
    long room = atomic_load(&fault->prewrite_room);
    if (room >= 0 && room < (long)bytes) {
        atomic_fetch_add(&fault->prewrite_refused, 1);
        errno = ENOSPC;
        return -1;
    }
    if (room >= 0) atomic_fetch_sub(&fault->prewrite_room, (long)bytes);
    return pwrite(fd, data, bytes, offset);
}

void fault_io_init(struct fault_io *fault)
{
    *fault = (struct fault_io){
        .io = {.write = fault_write, .prewrite = fault_prewrite, .sync = fault_sync, .context = fault}, .error = EIO};
    atomic_init(&fault->prewrite_room, -1);
}
