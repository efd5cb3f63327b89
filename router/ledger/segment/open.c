/* Opening the segment engine: the walk over the blocks, then the segment to write to and its spare. See
 * segment_engine.h. */
#include "router/ledger/segment/recover.h"
#include "router/ledger/segment/segment_engine_internal.h"

#include "base/must.h"

#include <sodium.h>
#include <unistd.h>

/* No segment at all: a ledger that begins, unless the state says that there was one. */
static enum stepcare_error first_segment_make(struct segment_engine *self)
{
    if (self->segments.last != 0) return STEPCARE_OK;
    if (self->engine.read_only) return STEPCARE_NOT_FOUND;
    int fd;
    enum stepcare_error error =
        segment_make(self->segments.directory_fd, 1, self->new_segment_bytes, self->io, NULL, &fd);
    if (error != STEPCARE_OK) return error;
    close(fd);
    self->segments.first = self->segments.last = 1;
    return STEPCARE_OK;
}

/* The segments after the one in use hold only zeros (recovery saw to it). The next one becomes the spare if it has the
 * size configured now; what cannot be used is removed and made anew. */
static enum stepcare_error spare_find(struct segment_engine *self, int *out_fd)
{
    const uint32_t next = self->segment_number + 1;
    struct segment spare;
    const bool usable =
        segment_get(&self->segments, next, &spare) == STEPCARE_OK && spare.bytes == self->new_segment_bytes;
    for (uint32_t number = self->segments.last; number >= (usable ? next + 1 : next); number--) {
        must(number > self->segment_number);
        enum stepcare_error error = segment_remove(&self->segments, number);
        if (error != STEPCARE_OK) return error;
    }
    *out_fd = -1;
    return usable ? segment_open_write(self->segments.directory_fd, next, out_fd) : STEPCARE_OK;
}

static enum stepcare_error writer_start(struct segment_engine *self)
{
    struct segment current;
    int spare_fd = -1;
    enum stepcare_error error = segment_get(&self->segments, self->segment_number, &current);
    if (error == STEPCARE_OK) {
        must(self->offset <= current.bytes);
        self->segment_bytes = current.bytes;
        error = segment_open_write(self->segments.directory_fd, self->segment_number, &self->fd);
    }
    if (error == STEPCARE_OK) error = spare_find(self, &spare_fd);
    if (error == STEPCARE_OK)
        error = prewriter_open(self->segments.directory_fd, self->segment_number + 1, self->new_segment_bytes, self->io,
                               spare_fd, &self->prewriter);
    if (error != STEPCARE_OK && spare_fd >= 0) close(spare_fd);
    return error;
}

static enum stepcare_error walk_all(struct segment_engine *self, const struct ledger_mark *from, ledger_visit visit,
                                    void *context, struct ledger_report *out_report, struct ledger_mark *out_tail)
{
    struct ledger_walk walk = {.segments = &self->segments,
                               .index = &self->index,
                               .io = self->io,
                               .read_only = self->engine.read_only,
                               .block_bytes_max = self->engine.block_bytes_max,
                               .visit = visit,
                               .context = context};
    if (from != NULL) {
        walk.mark = *from;
        walk.sequence_min = from->sequence;
    }
    enum stepcare_error error = ledger_recover(&walk);
    if (error == STEPCARE_OK && !walk.read_only) error = ledger_rewrite_last(&walk);
    *out_report = walk.report;
    if (error != STEPCARE_OK) return error;
    self->segment_number = ledger_position_segment(walk.mark.hint);
    self->offset = self->segment_bytes = ledger_position_offset(walk.mark.hint);
    self->head = walk.mark.sequence;
    self->epoch = walk.epoch + 1;
    *out_tail = walk.mark;
    return STEPCARE_OK;
}

enum stepcare_error segment_engine_open(struct ledger_engine *engine, const struct ledger_mark *from,
                                        ledger_visit visit, void *context, struct ledger_report *out_report,
                                        struct ledger_mark *out_tail, uint64_t *out_epoch)
{
    struct segment_engine *self = (struct segment_engine *)engine;
    must(self->fd < 0);
    if (sodium_init() < 0) return STEPCARE_SYSTEM;
    enum stepcare_error error = segment_set_open(self->directory, !engine->read_only, &self->segments);
    /* A state that has applied events whose ledger is gone is no beginning: the walk says what is missing. */
    if (error == STEPCARE_OK && (from == NULL || from->sequence == 0)) error = first_segment_make(self);
    if (error == STEPCARE_OK) error = walk_all(self, from, visit, context, out_report, out_tail);
    if (error == STEPCARE_OK && !engine->read_only) error = writer_start(self);
    if (error == STEPCARE_OK) *out_epoch = self->epoch;
    return error;
}
