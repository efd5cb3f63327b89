#include "router/ledger.h"

#include "router/ledger_block.h"
#include "router/ledger_cursor.h"
#include "router/ledger_recover.h"
#include "router/prewriter.h"

#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    SEGMENT_BYTES_MIN = 1024 * 1024,
    SEGMENT_BYTES_MAX = 1024 * 1024 * 1024,
    BLOCK_BYTES_MIN = 1024,
    BUFFER_ALIGNMENT_BYTES = 4096
};

struct ledger {
    const struct ledger_io *io;
    struct segment_set segments;
    struct prewriter *prewriter; /* NULL when read_only */
    bool read_only, unknown;
    uint32_t block_bytes_max;
    struct ledger_mark tail;
    uint64_t epoch;

    int fd; /* of the segment that is written to */
    uint32_t segment_number;
    uint64_t segment_bytes, offset; /* offset: where the staged or next block begins */

    uint8_t *block; /* header room, then the staged events */
    uint32_t staged_bytes, staged_count;
    struct ledger_cursor cursor; /* where the last read was */
};

/* --- opening -------------------------------------------------------------------------------------------------------- */

static bool options_valid(const struct ledger_options *options)
{
    return options->segment_bytes >= SEGMENT_BYTES_MIN && options->segment_bytes <= SEGMENT_BYTES_MAX &&
           options->block_bytes_max >= BLOCK_BYTES_MIN && options->block_bytes_max <= options->segment_bytes / 4;
}

static uint64_t segment_bytes_of(const struct ledger_options *options)
{
    return options->segment_bytes - options->segment_bytes % BUFFER_ALIGNMENT_BYTES;
}

/* No segment at all: a ledger that begins, unless the state says that there was one. */
static enum stepcare_error first_segment_make(struct ledger *ledger, const struct ledger_options *options)
{
    if (ledger->segments.last != 0)
        return STEPCARE_OK;
    if (options->read_only)
        return STEPCARE_NOT_FOUND;
    int fd;
    enum stepcare_error error =
        segment_make(ledger->segments.directory_fd, 1, segment_bytes_of(options), ledger->io, NULL, &fd);
    if (error != STEPCARE_OK)
        return error;
    close(fd);
    ledger->segments.first = ledger->segments.last = 1;
    return STEPCARE_OK;
}

/* The segments after the one in use hold only zeros (recovery saw to it). The next one becomes the spare if it has the size
 * configured now; what cannot be used is removed and made anew. */
static enum stepcare_error spare_find(struct ledger *ledger, uint64_t segment_bytes, int *out_fd)
{
    uint32_t next = ledger->segment_number + 1;
    struct segment spare;
    bool usable = segment_get(&ledger->segments, next, &spare) == STEPCARE_OK && spare.bytes == segment_bytes;
    for (uint32_t number = ledger->segments.last; number >= (usable ? next + 1 : next); number--) {
        enum stepcare_error error = segment_remove(&ledger->segments, number);
        if (error != STEPCARE_OK)
            return error;
    }
    *out_fd = -1;
    return usable ? segment_open_write(ledger->segments.directory_fd, next, out_fd) : STEPCARE_OK;
}

static enum stepcare_error writer_start(struct ledger *ledger, const struct ledger_options *options)
{
    struct segment current;
    int spare_fd = -1;
    ledger->segment_number = ledger_position_segment(ledger->tail.position);
    ledger->offset = ledger_position_offset(ledger->tail.position);
    enum stepcare_error error = segment_get(&ledger->segments, ledger->segment_number, &current);
    if (error == STEPCARE_OK) {
        ledger->segment_bytes = current.bytes;
        error = segment_open_write(ledger->segments.directory_fd, ledger->segment_number, &ledger->fd);
    }
    uint64_t segment_bytes = segment_bytes_of(options);
    if (error == STEPCARE_OK)
        error = spare_find(ledger, segment_bytes, &spare_fd);
    if (error == STEPCARE_OK)
        error = prewriter_open(ledger->segments.directory_fd, ledger->segment_number + 1, segment_bytes, ledger->io, spare_fd,
                               &ledger->prewriter);
    if (error != STEPCARE_OK && spare_fd >= 0)
        close(spare_fd);
    return error;
}

static enum stepcare_error ledger_new(const struct ledger_options *options, struct ledger **out_ledger)
{
    if (sodium_init() < 0)
        return STEPCARE_SYSTEM;
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        return STEPCARE_NO_MEMORY;
    ledger->io = options->io != NULL ? options->io : &ledger_io_system;
    ledger->segments.directory_fd = -1;
    ledger->fd = -1;
    ledger->read_only = options->read_only;
    ledger->block_bytes_max = options->block_bytes_max - options->block_bytes_max % LEDGER_SECTOR_BYTES;
    ledger->block = aligned_alloc(BUFFER_ALIGNMENT_BYTES, (ledger->block_bytes_max + BUFFER_ALIGNMENT_BYTES - 1) /
                                                              BUFFER_ALIGNMENT_BYTES * BUFFER_ALIGNMENT_BYTES);
    if (ledger->block == NULL) {
        free(ledger);
        return STEPCARE_NO_MEMORY;
    }
    *out_ledger = ledger;
    return STEPCARE_OK;
}

static enum stepcare_error walk_all(struct ledger *ledger, const struct ledger_mark *from, ledger_visit visit, void *context,
                                    struct ledger_report *report)
{
    struct ledger_walk walk = {.segments = &ledger->segments,
                               .io = ledger->io,
                               .read_only = ledger->read_only,
                               .block_bytes_max = ledger->block_bytes_max,
                               .visit = visit,
                               .context = context};
    if (from != NULL) {
        walk.mark = *from;
        walk.sequence_min = from->sequence;
    }
    enum stepcare_error error = ledger_recover(&walk);
    if (error == STEPCARE_OK && !ledger->read_only)
        error = ledger_rewrite_last(&walk);
    *report = walk.report;
    ledger->tail = walk.mark;
    ledger->epoch = walk.epoch + 1;
    return error;
}

enum stepcare_error ledger_open(const struct ledger_options *options, const struct ledger_mark *from, ledger_visit visit,
                                void *context, struct ledger_report *out_report, struct ledger **out_ledger)
{
    if (!options_valid(options))
        return STEPCARE_CONFIG;
    struct ledger *ledger = NULL;
    struct ledger_report report = {.blocks = 0};
    bool walked = false;
    enum stepcare_error error = ledger_new(options, &ledger);
    if (error == STEPCARE_OK)
        error = segment_set_open(options->directory, !options->read_only, &ledger->segments);
    /* A state that has applied events whose ledger is gone is no beginning: the walk says what is missing. */
    if (error == STEPCARE_OK && (from == NULL || from->sequence == 0))
        error = first_segment_make(ledger, options);
    if (error == STEPCARE_OK) {
        error = walk_all(ledger, from, visit, context, &report);
        walked = true;
    }
    if (error == STEPCARE_OK && !options->read_only)
        error = writer_start(ledger, options);
    if (walked)
        *out_report = report;
    if (error != STEPCARE_OK)
        ledger_close(ledger);
    else
        *out_ledger = ledger;
    return error;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL)
        return;
    prewriter_close(ledger->prewriter);
    if (ledger->fd >= 0)
        close(ledger->fd);
    segment_set_close(&ledger->segments);
    free(ledger->block);
    free(ledger);
}

/* --- appending ------------------------------------------------------------------------------------------------------ */

struct ledger_mark ledger_tail(const struct ledger *ledger)
{
    return ledger->tail;
}

uint64_t ledger_epoch(const struct ledger *ledger)
{
    return ledger->epoch;
}

uint32_t ledger_staged_bytes(const struct ledger *ledger)
{
    return ledger->staged_bytes;
}

uint64_t ledger_next_sequence(const struct ledger *ledger)
{
    return ledger->tail.sequence + ledger->staged_count + 1;
}

/* A position is final when it is given, so the batch's segment is chosen before its size is known. */
static enum stepcare_error batch_begin(struct ledger *ledger)
{
    if (ledger->offset + ledger->block_bytes_max <= ledger->segment_bytes)
        return STEPCARE_OK;
    uint32_t number;
    int fd;
    enum stepcare_error error = prewriter_take(ledger->prewriter, &number, &fd);
    if (error != STEPCARE_OK)
        return error;
    struct segment segment;
    error = segment_get(&ledger->segments, number, &segment);
    if (error != STEPCARE_OK || segment.bytes < ledger->block_bytes_max) {
        close(fd); /* numbers go up only: without its segment this ledger cannot go on */
        ledger->unknown = true;
        return error != STEPCARE_OK ? error : STEPCARE_SYSTEM;
    }
    close(ledger->fd);
    ledger->fd = fd;
    ledger->segment_number = number;
    ledger->segment_bytes = segment.bytes;
    ledger->offset = 0;
    return STEPCARE_OK;
}

enum stepcare_error ledger_stage(struct ledger *ledger, uint32_t bytes, uint8_t **out_room, uint64_t *out_sequence,
                                 uint64_t *out_position)
{
    if (ledger->unknown || ledger->read_only)
        return ledger->unknown ? STEPCARE_UNKNOWN : STEPCARE_SYSTEM;
    uint64_t used = LEDGER_HEADER_BYTES + (uint64_t)ledger->staged_bytes;
    if (used + LEDGER_LENGTH_BYTES + bytes > ledger->block_bytes_max)
        return STEPCARE_TOO_LARGE;
    enum stepcare_error error = ledger->staged_count == 0 ? batch_begin(ledger) : STEPCARE_OK;
    if (error != STEPCARE_OK)
        return error;
    ledger_block_length_put(ledger->block + used, bytes);
    *out_room = ledger->block + used + LEDGER_LENGTH_BYTES;
    *out_sequence = ledger_next_sequence(ledger);
    *out_position = ledger_position(ledger->segment_number, ledger->offset + used);
    ledger->staged_bytes += LEDGER_LENGTH_BYTES + bytes;
    ledger->staged_count++;
    return STEPCARE_OK;
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum stepcare_error ledger_flush(struct ledger *ledger, uint64_t epoch, uint64_t expected_head)
{
    if (ledger->unknown)
        return STEPCARE_UNKNOWN;
    if (ledger->staged_count == 0)
        return STEPCARE_OK;
    if (epoch != ledger->epoch || expected_head != ledger->tail.sequence)
        return STEPCARE_FENCED;
    struct ledger_block block = {.epoch = epoch,
                                 .first_sequence = ledger->tail.sequence + 1,
                                 .count = ledger->staged_count,
                                 .bytes = ledger->staged_bytes,
                                 .written_ms = clock_ms()};
    memcpy(block.before, ledger->tail.hash, LEDGER_HASH_BYTES);
    ledger_block_seal(ledger->block, &block);
    uint64_t extent = ledger_block_extent(block.bytes);
    if (ledger_io_write_all(ledger->io->write, ledger->io->context, ledger->fd, ledger->block, extent, ledger->offset) !=
            STEPCARE_OK ||
        ledger->io->sync(ledger->io->context, ledger->fd) != 0) {
        ledger->unknown = true;
        return STEPCARE_UNKNOWN;
    }
    ledger->offset += extent;
    ledger->tail.position = ledger_position(ledger->segment_number, ledger->offset);
    ledger->tail.sequence += block.count;
    memcpy(ledger->tail.hash, block.hash, LEDGER_HASH_BYTES);
    ledger->staged_bytes = 0;
    ledger->staged_count = 0;
    return STEPCARE_OK;
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

enum stepcare_error ledger_read(struct ledger *ledger, uint64_t position, struct ledger_event_view *out_event)
{
    if (ledger->unknown)
        return STEPCARE_UNKNOWN;
    uint32_t number = ledger_position_segment(position), offset = ledger_position_offset(position);
    if (ledger->staged_count > 0 && number == ledger->segment_number && offset >= ledger->offset) {
        struct ledger_block staged = {.epoch = ledger->epoch,
                                      .first_sequence = ledger->tail.sequence + 1,
                                      .count = ledger->staged_count,
                                      .bytes = ledger->staged_bytes};
        return ledger_cursor_read(&ledger->cursor, ledger->block, ledger_position(number, ledger->offset), &staged, position,
                                  out_event);
    }
    /* Past the tail there is at most what a writer elsewhere has put since this reader was opened. */
    if (number == 0 || (!ledger->read_only && position >= ledger->tail.position))
        return STEPCARE_NOT_FOUND;
    struct segment segment;
    enum stepcare_error error = segment_get(&ledger->segments, number, &segment);
    if (error != STEPCARE_OK)
        return error;
    return ledger_cursor_find(&ledger->cursor, &segment, position, out_event);
}

struct ledger_space ledger_space(const struct ledger *ledger)
{
    struct ledger_space space = {.bytes_left = ledger->segment_bytes - ledger->offset};
    if (ledger->prewriter != NULL)
        space.spares = prewriter_ready(ledger->prewriter, &space.disk_full) ? 1 : 0;
    space.spare_ready = space.spares > 0 || (ledger->prewriter != NULL && !space.disk_full);
    uint64_t staged = ledger->staged_count > 0 ? ledger_block_extent(ledger->staged_bytes) : 0;
    space.bytes_left -= staged < space.bytes_left ? staged : space.bytes_left;
    return space;
}
