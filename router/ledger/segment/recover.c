/* The walk to the ledger's end, what a bad end means, and the cut. See recover.h; called when the engine opens. */
#include "router/ledger/segment/recover.h"

#include "base/must.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A place in the files, with what is there. */
struct place {
    struct segment segment;
    uint64_t offset;
    struct ledger_block block;
    enum ledger_block_finding finding;
};

static void where_put(struct ledger_walk *walk, uint32_t segment, uint64_t offset, const char *what)
{
    snprintf(walk->report.where, sizeof walk->report.where, "segment %08" PRIu32 ", byte %" PRIu64 ": %s", segment,
             offset, what);
}

static enum stepcare_error damaged(struct ledger_walk *walk, uint32_t segment, uint64_t offset, const char *what)
{
    where_put(walk, segment, offset, what);
    return STEPCARE_DAMAGED;
}

static bool chains(const struct ledger_walk *walk, const struct ledger_block *block)
{
    return block->first_sequence == walk->mark.sequence + 1 && block->epoch >= walk->epoch && block->epoch > 0 &&
           memcmp(block->before, walk->mark.hash, LEDGER_HASH_BYTES) == 0;
}

static void place_check(const struct ledger_walk *walk, struct place *place)
{
    const struct segment *segment = &place->segment;
    uint64_t left = place->offset < segment->bytes ? segment->bytes - place->offset : 0;
    place->finding = ledger_block_check(left == 0 ? NULL : segment->data + place->offset, left, &place->block);
    if (place->finding == LEDGER_BLOCK_OK && !chains(walk, &place->block)) place->finding = LEDGER_BLOCK_CHAIN;
}

static bool rest_is_zero(const struct place *place, uint64_t offset)
{
    return offset >= place->segment.bytes || ledger_zeros(place->segment.data + offset, place->segment.bytes - offset);
}

/* --- one good block ----------------------------------------------------------------------------------------------- */

static enum stepcare_error block_visit(struct ledger_walk *walk, const struct place *place)
{
    const struct ledger_block *block = &place->block;
    const uint8_t *events = place->segment.data + place->offset + LEDGER_HEADER_BYTES;
    struct ledger_event_view view = {.sequence = block->first_sequence, .epoch = block->epoch};
    for (uint32_t offset = 0; walk->visit != NULL && offset < block->bytes; view.sequence++) {
        if (!ledger_block_event(events, block->bytes, &offset, &view.data, &view.bytes))
            return damaged(walk, place->segment.number, place->offset, ledger_block_finding_text(LEDGER_BLOCK_EVENTS));
        enum stepcare_error error = walk->visit(walk->context, &view);
        if (error != STEPCARE_OK) return error;
    }
    return STEPCARE_OK;
}

static void block_pass(struct ledger_walk *walk, struct place *place)
{
    const struct ledger_block *block = &place->block;
    must(place->offset % LEDGER_SECTOR_BYTES == 0);
    must(block->first_sequence == walk->mark.sequence + 1);
    block_index_note(walk->index, place->segment.number, block->first_sequence, (uint32_t)place->offset);
    walk->last_position = ledger_position(place->segment.number, place->offset);
    walk->last_bytes = ledger_block_extent(block->bytes);
    walk->epoch = block->epoch;
    place->offset += walk->last_bytes;
    walk->mark.hint = ledger_position(place->segment.number, place->offset);
    walk->mark.sequence = block->first_sequence + block->count - 1;
    memcpy(walk->mark.hash, block->hash, LEDGER_HASH_BYTES);
    must(place->offset <= place->segment.bytes);
    walk->report.blocks++;
    walk->report.events += block->count;
    walk->report.bytes += walk->last_bytes;
}

/* --- a bad end ---------------------------------------------------------------------------------------------------- */

/* How far the block that was being written here can have reached: its header says so if it is the one expected;
 * without, the largest block there can be (at most a quarter of a segment). */
static uint64_t torn_end(const struct ledger_walk *walk, const struct place *place, bool *out_header_known)
{
    uint64_t left = place->segment.bytes - place->offset, reach;
    struct ledger_block block;
    enum ledger_block_finding finding = ledger_block_header(place->segment.data + place->offset, left, &block);
    *out_header_known = (finding == LEDGER_BLOCK_OK || finding == LEDGER_BLOCK_SHORT) && chains(walk, &block);
    if (*out_header_known) {
        reach = ledger_block_extent(block.bytes);
    } else {
        reach = place->segment.bytes / 4;
        reach = reach > walk->block_bytes_max ? reach : walk->block_bytes_max;
    }
    return place->offset + (reach < left ? reach : left);
}

/* A whole block with a later sequence, at a sector inside [from, to). */
static bool later_block_within(const struct ledger_walk *walk, const struct place *place, uint64_t from, uint64_t to,
                               uint64_t *out_offset)
{
    struct ledger_block block;
    for (uint64_t offset = from; offset < to; offset += LEDGER_SECTOR_BYTES) {
        const uint8_t *data = place->segment.data + offset;
        if (memcmp(data, "SCLB", 4) == 0 &&
            ledger_block_check(data, place->segment.bytes - offset, &block) == LEDGER_BLOCK_OK &&
            block.first_sequence > walk->mark.sequence) {
            *out_offset = offset;
            return true;
        }
    }
    return false;
}

/* What stands after the bad place and cannot be part of one torn block; its place in *out_segment, *out_offset. */
static enum stepcare_error beyond_find(struct ledger_walk *walk, const struct place *place, uint64_t end,
                                       bool header_known, bool *out_found, uint32_t *out_segment, uint64_t *out_offset)
{
    *out_segment = place->segment.number;
    *out_found = !header_known && later_block_within(walk, place, place->offset + LEDGER_SECTOR_BYTES, end, out_offset);
    if (!*out_found && !rest_is_zero(place, end)) {
        *out_offset = end;
        *out_found = true;
    }
    for (uint32_t number = place->segment.number + 1; !*out_found && number <= walk->segments->last; number++) {
        struct segment later;
        enum stepcare_error error = segment_get(walk->segments, number, &later);
        if (error == STEPCARE_NOT_FOUND) continue;
        if (error != STEPCARE_OK) return error;
        if (later.bytes > 0 && !ledger_zeros(later.data, later.bytes)) {
            *out_segment = number;
            *out_offset = 0;
            *out_found = true;
        }
    }
    return STEPCARE_OK;
}

static enum stepcare_error zeros_put(struct ledger_walk *walk, const struct place *place, uint64_t end)
{
    must(!walk->read_only);
    must(end <= place->segment.bytes);
    static const uint8_t zeros[64 * 1024];
    int fd;
    enum stepcare_error error = segment_open_write(walk->segments->directory_fd, place->segment.number, &fd);
    if (error != STEPCARE_OK) return error;
    for (uint64_t offset = place->offset; error == STEPCARE_OK && offset < end; offset += sizeof zeros) {
        size_t bytes = end - offset < sizeof zeros ? end - offset : sizeof zeros;
        error = ledger_io_write_all(walk->io->write, walk->io->context, fd, zeros, bytes, offset);
    }
    if (error == STEPCARE_OK && walk->io->sync(walk->io->context, fd) != 0) error = STEPCARE_SYSTEM;
    close(fd);
    return error;
}

/* For a reader beside a writer: what stands later was written after this place was finished, so by now the place, or
 * the end of the segment before it, must hold a whole block. */
static bool finished_meanwhile(struct ledger_walk *walk, struct place *place)
{
    struct place tail = {.offset = ledger_position_offset(walk->mark.hint)};
    if (segment_get(walk->segments, ledger_position_segment(walk->mark.hint), &tail.segment) == STEPCARE_OK) {
        place_check(walk, &tail);
        if (tail.finding == LEDGER_BLOCK_OK) *place = tail;
    }
    place_check(walk, place);
    return place->finding == LEDGER_BLOCK_OK;
}

/* The place holds something that is no good block. *out_again: a writer has finished it meanwhile, so it is worth
 * another look. */
static enum stepcare_error bad_end(struct ledger_walk *walk, struct place *place, bool *out_again)
{
    enum ledger_block_finding finding = place->finding;
    const char *what =
        finding == LEDGER_BLOCK_EMPTY ? "a block's beginning is missing" : ledger_block_finding_text(finding);
    uint32_t segment = place->segment.number, beyond_segment;
    uint64_t offset = place->offset, beyond_offset = 0;
    bool header_known, found;
    where_put(walk, segment, offset, what);
    if (finding == LEDGER_BLOCK_VERSION) return STEPCARE_STORE_VERSION;
    uint64_t end = torn_end(walk, place, &header_known);
    must(end > place->offset);
    enum stepcare_error error = beyond_find(walk, place, end, header_known, &found, &beyond_segment, &beyond_offset);
    if (error != STEPCARE_OK) return error;
    /* With its hash right, the block was written whole: what is wrong with it is no torn write. */
    bool whole = finding == LEDGER_BLOCK_CHAIN || finding == LEDGER_BLOCK_EVENTS || finding == LEDGER_BLOCK_PADDING;
    if (walk->read_only && finished_meanwhile(walk, place)) {
        walk->report.where[0] = '\0';
        *out_again = true;
        return STEPCARE_OK;
    }
    if (found) {
        char text[160];
        snprintf(text, sizeof text, "%s, and more follows in segment %08" PRIu32 " from byte %" PRIu64, what,
                 beyond_segment, beyond_offset);
        return damaged(walk, segment, offset, text);
    }
    if (whole) return STEPCARE_DAMAGED;
    if (walk->read_only) return STEPCARE_OK; /* the end, for now: it may be in the making */
    walk->report.cut_blocks = 1;
    if (walk->mark.sequence < walk->sequence_min) return STEPCARE_OK; /* ledger_recover refuses */
    return zeros_put(walk, place, offset + ledger_used(place->segment.data + offset, end - offset));
}

/* --- the walk ----------------------------------------------------------------------------------------------------- */

/* Nothing more in this segment: go to the next one if it is there. */
static enum stepcare_error segment_next(struct ledger_walk *walk, struct place *place, bool *out_end)
{
    must(place->segment.number > 0);
    uint32_t number = place->segment.number + 1;
    enum stepcare_error error = segment_get(walk->segments, number, &place->segment);
    if (error == STEPCARE_NOT_FOUND) {
        if (walk->segments->last > number) return damaged(walk, number, 0, "the file is missing");
        *out_end = true;
        return STEPCARE_OK;
    }
    place->offset = 0;
    return error;
}

static enum stepcare_error walk_on(struct ledger_walk *walk, struct place *place)
{
    for (bool end = false; !end;) {
        place_check(walk, place);
        enum stepcare_error error = STEPCARE_OK;
        bool again = place->finding == LEDGER_BLOCK_OK;
        if (!again && place->finding == LEDGER_BLOCK_EMPTY && rest_is_zero(place, place->offset)) {
            error = segment_next(walk, place, &end);
        } else if (!again) {
            error = bad_end(walk, place, &again);
            end = !again;
        }
        if (error == STEPCARE_OK && again) {
            error = block_visit(walk, place);
            if (error == STEPCARE_OK) block_pass(walk, place);
        }
        if (error != STEPCARE_OK) return error;
    }
    return STEPCARE_OK;
}

/* The block that ends where the mark stands, looked for backwards. */
static enum stepcare_error block_before_find(struct ledger_walk *walk, const struct place *place)
{
    struct ledger_block block;
    for (uint64_t offset = place->offset; offset >= LEDGER_SECTOR_BYTES;) {
        offset -= LEDGER_SECTOR_BYTES;
        const uint8_t *data = place->segment.data + offset;
        if (ledger_block_header(data, place->offset - offset, &block) != LEDGER_BLOCK_OK ||
            offset + ledger_block_extent(block.bytes) != place->offset ||
            memcmp(block.hash, walk->mark.hash, LEDGER_HASH_BYTES) != 0)
            continue;
        if (ledger_block_check(data, place->offset - offset, &block) != LEDGER_BLOCK_OK ||
            block.first_sequence + block.count - 1 != walk->mark.sequence)
            break;
        block_index_note(walk->index, place->segment.number, block.first_sequence, (uint32_t)offset);
        walk->epoch = block.epoch;
        walk->last_position = ledger_position(place->segment.number, offset);
        walk->last_bytes = place->offset - offset;
        return STEPCARE_OK;
    }
    return damaged(walk, place->segment.number, place->offset,
                   "the state was written up to here, but the block before is missing or damaged");
}

static enum stepcare_error walk_begin(struct ledger_walk *walk, struct place *place)
{
    if (walk->mark.hint == 0) {
        walk->mark = (struct ledger_mark){.hint = ledger_position(1, 0)};
    }
    must(walk->segments != NULL);
    must(walk->index != NULL);
    uint32_t number = ledger_position_segment(walk->mark.hint);
    place->offset = ledger_position_offset(walk->mark.hint);
    enum stepcare_error error = segment_get(walk->segments, number, &place->segment);
    if (error == STEPCARE_NOT_FOUND) return damaged(walk, number, 0, "the file is missing");
    if (error != STEPCARE_OK) return error;
    if (place->offset > place->segment.bytes || place->offset % LEDGER_SECTOR_BYTES != 0)
        return damaged(walk, number, place->offset, "the state was written up to here, but the file ends before");
    return walk->mark.sequence == 0 ? STEPCARE_OK : block_before_find(walk, place);
}

enum stepcare_error ledger_recover(struct ledger_walk *walk)
{
    struct place place = {.offset = 0};
    enum stepcare_error error = walk_begin(walk, &place);
    if (error == STEPCARE_OK) error = walk_on(walk, &place);
    if (error != STEPCARE_OK) return error;
    if (walk->mark.sequence < walk->sequence_min) {
        char text[160];
        snprintf(text, sizeof text, "the ledger ends at sequence %" PRIu64 ", but the state has applied %" PRIu64 "%s",
                 walk->mark.sequence, walk->sequence_min,
                 walk->report.cut_blocks > 0 ? "; the block here is torn or damaged" : "");
        return damaged(walk, ledger_position_segment(walk->mark.hint), ledger_position_offset(walk->mark.hint), text);
    }
    return STEPCARE_OK;
}

enum stepcare_error ledger_rewrite_last(struct ledger_walk *walk)
{
    must(!walk->read_only);
    if (walk->last_position == 0) return STEPCARE_OK;
    struct segment segment;
    uint32_t offset = ledger_position_offset(walk->last_position);
    uint8_t *copy = malloc(walk->last_bytes);
    int fd = -1;
    enum stepcare_error error = copy == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
    if (error == STEPCARE_OK)
        error = segment_get(walk->segments, ledger_position_segment(walk->last_position), &segment);
    if (error == STEPCARE_OK) error = segment_open_write(walk->segments->directory_fd, segment.number, &fd);
    if (error == STEPCARE_OK) {
        memcpy(copy, segment.data + offset, walk->last_bytes);
        error = ledger_io_write_all(walk->io->write, walk->io->context, fd, copy, walk->last_bytes, offset);
    }
    if (error == STEPCARE_OK && walk->io->sync(walk->io->context, fd) != 0) error = STEPCARE_SYSTEM;
    if (fd >= 0) close(fd);
    free(copy);
    return error;
}
