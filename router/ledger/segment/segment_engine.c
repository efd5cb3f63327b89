/* Appending to segment files, and the engine's other small parts. See segment_engine.h. */
#include "router/ledger/segment/segment_engine_internal.h"

#include "base/must.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SEGMENT_BYTES_MIN = 1024 * 1024,
    SEGMENT_BYTES_MAX = 1024 * 1024 * 1024,
    BLOCK_BYTES_MIN = 1024,
    SEGMENT_ALIGNMENT_BYTES = 4096
};

/* --- appending ---------------------------------------------------------------------------------------------------- */

/* The segment in use has no room for a whole block: the spare becomes the one that is written to. */
static enum stepcare_error spare_begin(struct segment_engine *self)
{
    uint32_t number;
    int fd;
    enum stepcare_error error = prewriter_take(self->prewriter, &number, &fd);
    if (error != STEPCARE_OK) return error;
    must(number == self->segment_number + 1);
    struct segment segment;
    error = segment_get(&self->segments, number, &segment);
    if (error != STEPCARE_OK || segment.bytes < self->engine.block_bytes_max) {
        close(fd); /* numbers go up only: without its segment this ledger cannot go on */
        self->unknown = true;
        return STEPCARE_UNKNOWN;
    }
    close(self->fd);
    self->fd = fd;
    self->segment_number = number;
    self->segment_bytes = segment.bytes;
    self->offset = 0;
    return STEPCARE_OK;
}

static enum stepcare_error segment_engine_reserve(struct ledger_engine *engine)
{
    struct segment_engine *self = (struct segment_engine *)engine;
    if (self->unknown) return STEPCARE_UNKNOWN;
    must(!engine->read_only);
    if (self->offset + engine->block_bytes_max <= self->segment_bytes) return STEPCARE_OK;
    return spare_begin(self);
}

static enum stepcare_error segment_engine_append(struct ledger_engine *engine, uint64_t epoch, uint64_t expected_head,
                                                 const struct ledger_block *block, const uint8_t *data,
                                                 uint64_t *out_hint)
{
    struct segment_engine *self = (struct segment_engine *)engine;
    if (self->unknown) return STEPCARE_UNKNOWN;
    if (epoch != self->epoch || expected_head != self->head) return STEPCARE_FENCED;
    const uint64_t extent = ledger_block_extent(block->bytes);
    must(!engine->read_only);
    must(block->epoch == epoch);
    must(block->first_sequence == expected_head + 1);
    must(extent <= engine->block_bytes_max);
    must(self->offset % LEDGER_SECTOR_BYTES == 0);
    must(self->offset + extent <= self->segment_bytes);
    const struct ledger_io *io = self->io;
    if (ledger_io_write_all(io->write, io->context, self->fd, data, extent, self->offset) != STEPCARE_OK ||
        io->sync(io->context, self->fd) != 0) {
        self->unknown = true;
        return STEPCARE_UNKNOWN;
    }
    block_index_note(&self->index, self->segment_number, block->first_sequence, (uint32_t)self->offset);
    self->offset += extent;
    self->head += block->count;
    *out_hint = ledger_position(self->segment_number, self->offset);
    return STEPCARE_OK;
}

static struct ledger_space segment_engine_space(struct ledger_engine *engine)
{
    struct segment_engine *self = (struct segment_engine *)engine;
    must(self->offset <= self->segment_bytes);
    struct ledger_space space = {.bytes_left = self->segment_bytes - self->offset};
    if (self->prewriter != NULL) space.spares = prewriter_ready(self->prewriter, &space.disk_full) ? 1 : 0;
    space.spare_ready = space.spares > 0 || (self->prewriter != NULL && !space.disk_full);
    return space;
}

/* --- making and closing ------------------------------------------------------------------------------------------- */

static void segment_engine_close(struct ledger_engine *engine)
{
    struct segment_engine *self = (struct segment_engine *)engine;
    prewriter_close(self->prewriter);
    if (self->fd >= 0) close(self->fd);
    segment_set_close(&self->segments);
    block_index_close(&self->index);
    free(self->directory);
    free(self);
}

static bool options_valid(const struct segment_options *options)
{
    return options->segment_bytes >= SEGMENT_BYTES_MIN && options->segment_bytes <= SEGMENT_BYTES_MAX &&
           options->block_bytes_max >= BLOCK_BYTES_MIN && options->block_bytes_max <= options->segment_bytes / 4;
}

enum stepcare_error segment_engine_make(const struct segment_options *options, struct ledger_engine **out_engine)
{
    if (!options_valid(options)) return STEPCARE_CONFIG;
    struct segment_engine *self = calloc(1, sizeof *self);
    char *directory = strdup(options->directory);
    if (self == NULL || directory == NULL) {
        free(self);
        free(directory);
        return STEPCARE_NO_MEMORY;
    }
    self->engine = (struct ledger_engine){
        .block_bytes_max = options->block_bytes_max - options->block_bytes_max % LEDGER_SECTOR_BYTES,
        .read_only = options->read_only,
        .open = segment_engine_open,
        .reserve = segment_engine_reserve,
        .append = segment_engine_append,
        .read = segment_engine_read,
        .space = segment_engine_space,
        .close = segment_engine_close,
    };
    self->directory = directory;
    self->new_segment_bytes = options->segment_bytes - options->segment_bytes % SEGMENT_ALIGNMENT_BYTES;
    self->io = options->io != NULL ? options->io : &ledger_io_system;
    self->segments.directory_fd = -1;
    self->fd = -1;
    block_index_init(&self->index, BLOCK_INDEX_NOTES_MAX);
    *out_engine = &self->engine;
    return STEPCARE_OK;
}

enum stepcare_error segment_ledger_open(const struct segment_options *options, const struct ledger_mark *from,
                                        ledger_visit visit, void *context, struct ledger_report *out_report,
                                        struct ledger **out_ledger)
{
    struct ledger_engine *engine = NULL;
    const enum stepcare_error error = segment_engine_make(options, &engine);
    return error == STEPCARE_OK ? ledger_open(engine, from, visit, context, out_report, out_ledger) : error;
}
