#include "base/clock.h"
#include "router/ledger/segment/ledger_internal.h"

#include <unistd.h>

/* --- appending ---------------------------------------------------------------------------------------------------- */

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
    if (ledger->offset + ledger->block_bytes_max <= ledger->segment_bytes) return STEPCARE_OK;
    uint32_t number;
    int fd;
    enum stepcare_error error = prewriter_take(ledger->prewriter, &number, &fd);
    if (error != STEPCARE_OK) return error;
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
    if (ledger->unknown || ledger->read_only) return ledger->unknown ? STEPCARE_UNKNOWN : STEPCARE_SYSTEM;
    uint64_t used = LEDGER_HEADER_BYTES + (uint64_t)ledger->staged_bytes;
    if (used + LEDGER_LENGTH_BYTES + bytes > ledger->block_bytes_max) return STEPCARE_TOO_LARGE;
    enum stepcare_error error = ledger->staged_count == 0 ? batch_begin(ledger) : STEPCARE_OK;
    if (error != STEPCARE_OK) return error;
    ledger_block_length_put(ledger->block + used, bytes);
    *out_room = ledger->block + used + LEDGER_LENGTH_BYTES;
    *out_sequence = ledger_next_sequence(ledger);
    *out_position = ledger_position(ledger->segment_number, ledger->offset + used);
    ledger->staged_bytes += LEDGER_LENGTH_BYTES + bytes;
    ledger->staged_count++;
    return STEPCARE_OK;
}

enum stepcare_error ledger_flush(struct ledger *ledger, uint64_t epoch, uint64_t expected_head)
{
    if (ledger->unknown) return STEPCARE_UNKNOWN;
    if (ledger->staged_count == 0) return STEPCARE_OK;
    if (epoch != ledger->epoch || expected_head != ledger->tail.sequence) return STEPCARE_FENCED;
    struct ledger_block block = {.epoch = epoch,
                                 .first_sequence = ledger->tail.sequence + 1,
                                 .count = ledger->staged_count,
                                 .bytes = ledger->staged_bytes,
                                 .written_ms = clock_wall_ms()};
    memcpy(block.before, ledger->tail.hash, LEDGER_HASH_BYTES);
    ledger_block_seal(ledger->block, &block);
    const struct ledger_io *io = ledger->io;
    uint64_t extent = ledger_block_extent(block.bytes);
    if (ledger_io_write_all(io->write, io->context, ledger->fd, ledger->block, extent, ledger->offset) != STEPCARE_OK ||
        io->sync(io->context, ledger->fd) != 0) {
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

/* --- reading ------------------------------------------------------------------------------------------------------ */

enum stepcare_error ledger_read(struct ledger *ledger, uint64_t position, struct ledger_event_view *out_event)
{
    if (ledger->unknown) return STEPCARE_UNKNOWN;
    uint32_t number = ledger_position_segment(position), offset = ledger_position_offset(position);
    if (ledger->staged_count > 0 && number == ledger->segment_number && offset >= ledger->offset) {
        struct ledger_block staged = {.epoch = ledger->epoch,
                                      .first_sequence = ledger->tail.sequence + 1,
                                      .count = ledger->staged_count,
                                      .bytes = ledger->staged_bytes};
        return ledger_cursor_read(&ledger->cursor, ledger->block, ledger_position(number, ledger->offset), &staged,
                                  position, out_event);
    }
    /* Past the tail there is at most what a writer elsewhere has put since this reader was opened. */
    if (number == 0 || (!ledger->read_only && position >= ledger->tail.position)) return STEPCARE_NOT_FOUND;
    struct segment segment;
    enum stepcare_error error = segment_get(&ledger->segments, number, &segment);
    if (error != STEPCARE_OK) return error;
    return ledger_cursor_find(&ledger->cursor, &segment, position, out_event);
}

struct ledger_space ledger_space(const struct ledger *ledger)
{
    struct ledger_space space = {.bytes_left = ledger->segment_bytes - ledger->offset};
    if (ledger->prewriter != NULL) space.spares = prewriter_ready(ledger->prewriter, &space.disk_full) ? 1 : 0;
    space.spare_ready = space.spares > 0 || (ledger->prewriter != NULL && !space.disk_full);
    uint64_t staged = ledger->staged_count > 0 ? ledger_block_extent(ledger->staged_bytes) : 0;
    space.bytes_left -= staged < space.bytes_left ? staged : space.bytes_left;
    return space;
}
