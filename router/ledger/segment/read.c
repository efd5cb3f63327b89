/* Reading one event by its sequence: which segment, from which known block to walk, which block, which event.
 * Nothing is believed because it looks like a header: the walk begins at a place that is known (block_index.h) and
 * each block must follow the one before. The place of the last read is kept, so reading on costs one step an event.
 * See segment_engine.h. */
#include "router/ledger/segment/segment_engine_internal.h"

#include "base/must.h"

/* The sequence of a segment's first event. Errors: NOT_FOUND (no such segment, or nothing in it yet), DAMAGED, SYSTEM,
 * NO_MEMORY. */
static enum stepcare_error segment_first(struct segment_engine *self, uint32_t number, uint64_t *out_sequence)
{
    struct block_note first;
    if (block_index_first(&self->index, number, &first) && first.offset == 0) {
        *out_sequence = first.sequence;
        return STEPCARE_OK;
    }
    struct segment segment;
    struct ledger_block block;
    const enum stepcare_error error = segment_get(&self->segments, number, &segment);
    if (error != STEPCARE_OK) return error;
    const enum ledger_block_finding finding = ledger_block_header(segment.data, segment.bytes, &block);
    if (finding == LEDGER_BLOCK_EMPTY) return STEPCARE_NOT_FOUND;
    if (finding != LEDGER_BLOCK_OK) return STEPCARE_DAMAGED;
    if (block.first_sequence <= self->head) block_index_note(&self->index, number, block.first_sequence, 0);
    *out_sequence = block.first_sequence;
    return STEPCARE_OK;
}

/* The last segment that does not begin after sequence. Empty ones stand at the end only. */
static enum stepcare_error segment_find(struct segment_engine *self, uint64_t sequence, uint32_t *out_number)
{
    uint32_t low = self->segments.first, high = self->segments.last + 1; /* low: does not begin after it, if any does */
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        uint64_t first;
        const enum stepcare_error error = segment_first(self, middle, &first);
        if (error != STEPCARE_OK && error != STEPCARE_NOT_FOUND) return error;
        if (error == STEPCARE_OK && first <= sequence)
            low = middle;
        else
            high = middle;
    }
    uint64_t first;
    const enum stepcare_error error = segment_first(self, low, &first);
    if (error != STEPCARE_OK) return error;
    if (first > sequence) return STEPCARE_NOT_FOUND;
    *out_number = low;
    return STEPCARE_OK;
}

/* The known block to walk from: it does not begin after sequence. */
static struct block_note walk_start(const struct segment_engine *self, uint32_t number, uint64_t first,
                                    uint64_t sequence)
{
    struct block_note start = {.sequence = first, .offset = 0};
    block_index_find(&self->index, number, sequence, &start);
    const struct block_place *place = &self->place;
    if (place->block.count > 0 && place->segment == number && place->block.first_sequence <= sequence &&
        place->offset > start.offset)
        start = (struct block_note){.sequence = place->block.first_sequence, .offset = place->offset};
    must(start.sequence <= sequence);
    return start;
}

/* The block of the event in a segment that begins with `first`. Past the head (a reader beside a writer) there may
 * be a block in the making, and only the hash says that it is whole.
 * Errors: NOT_FOUND (the blocks of this segment end before it), DAMAGED. */
static enum stepcare_error block_find(struct segment_engine *self, const struct segment *segment, uint64_t first,
                                      uint64_t sequence, struct block_place *out_place)
{
    const struct block_note start = walk_start(self, segment->number, first, sequence);
    uint64_t offset = start.offset, expected = start.sequence;
    for (;;) {
        struct ledger_block block;
        if (offset >= segment->bytes) return STEPCARE_NOT_FOUND;
        const uint8_t *data = segment->data + offset;
        enum ledger_block_finding finding = ledger_block_header(data, segment->bytes - offset, &block);
        if (finding == LEDGER_BLOCK_EMPTY) return STEPCARE_NOT_FOUND;
        const bool known = expected <= self->head;
        if (finding != LEDGER_BLOCK_OK || block.first_sequence != expected)
            return known ? STEPCARE_DAMAGED : STEPCARE_NOT_FOUND;
        if (known) block_index_note(&self->index, segment->number, expected, (uint32_t)offset);
        if (sequence - expected < block.count) {
            if (!known) finding = ledger_block_check(data, segment->bytes - offset, &block);
            if (finding != LEDGER_BLOCK_OK) return STEPCARE_NOT_FOUND;
            *out_place = (struct block_place){block, segment->number, (uint32_t)offset};
            return STEPCARE_OK;
        }
        expected += block.count;
        offset += ledger_block_extent(block.bytes);
    }
}

/* The block of the event. */
static enum stepcare_error place_find(struct segment_engine *self, uint64_t sequence, struct block_place *out_place)
{
    uint32_t number = 0;
    enum stepcare_error error = segment_find(self, sequence, &number);
    while (error == STEPCARE_OK) {
        struct segment segment;
        uint64_t first = 0;
        error = segment_first(self, number, &first);
        if (error == STEPCARE_OK && first > sequence) error = STEPCARE_NOT_FOUND;
        if (error == STEPCARE_OK) error = segment_get(&self->segments, number, &segment);
        if (error != STEPCARE_OK) return error;
        error = block_find(self, &segment, first, sequence, out_place);
        if (error != STEPCARE_NOT_FOUND) return error;
        if (sequence <= self->head) return STEPCARE_DAMAGED;
        number++; /* a writer elsewhere may have begun it meanwhile */
        error = STEPCARE_OK;
    }
    return error;
}

enum stepcare_error segment_engine_read(struct ledger_engine *engine, uint64_t sequence,
                                        struct ledger_event_view *out_event)
{
    struct segment_engine *self = (struct segment_engine *)engine;
    if (self->unknown) return STEPCARE_UNKNOWN;
    if (!engine->read_only && sequence > self->head) return STEPCARE_NOT_FOUND;
    const struct ledger_block *block = &self->place.block;
    if (sequence < block->first_sequence || sequence - block->first_sequence >= block->count) {
        struct block_place place;
        const enum stepcare_error error = place_find(self, sequence, &place);
        if (error != STEPCARE_OK) return error;
        self->place = place;
    }
    struct segment segment;
    const enum stepcare_error error = segment_get(&self->segments, self->place.segment, &segment);
    if (error != STEPCARE_OK) return error;
    must(self->place.offset + ledger_block_extent(block->bytes) <= segment.bytes);
    return ledger_cursor_read(&self->cursor, segment.data + self->place.offset + LEDGER_HEADER_BYTES, block, sequence,
                              out_event);
}
