#include "router/ledger/segment/cursor.h"

#include "router/ledger/segment/recover.h"

enum stepcare_error ledger_cursor_read(struct ledger_cursor *cursor, const uint8_t *base, uint64_t header_position,
                                       const struct ledger_block *block, uint64_t position,
                                       struct ledger_event_view *out_event)
{
    uint64_t first = header_position + LEDGER_HEADER_BYTES;
    if (position < first || position - first >= block->bytes) return STEPCARE_NOT_FOUND;
    uint32_t wanted = (uint32_t)(position - first), offset = 0;
    uint64_t sequence = block->first_sequence;
    if (cursor->header_position == header_position && cursor->offset <= wanted) {
        offset = cursor->offset;
        sequence = cursor->sequence;
    }
    struct ledger_event_view view = {.position = position, .epoch = block->epoch};
    for (;; sequence++) {
        uint32_t begin = offset;
        if (begin > wanted ||
            !ledger_block_event(base + LEDGER_HEADER_BYTES, block->bytes, &offset, &view.data, &view.bytes))
            return STEPCARE_NOT_FOUND;
        if (begin != wanted) continue;
        view.sequence = sequence;
        *cursor = (struct ledger_cursor){.header_position = header_position, .offset = begin, .sequence = sequence};
        *out_event = view;
        return STEPCARE_OK;
    }
}

enum stepcare_error ledger_cursor_find(struct ledger_cursor *cursor, const struct segment *segment, uint64_t position,
                                       struct ledger_event_view *out_event)
{
    uint64_t at = ledger_position_offset(position);
    if (at >= segment->bytes) return STEPCARE_NOT_FOUND;
    enum stepcare_error error = STEPCARE_DAMAGED;
    /* The bytes of an event can look like a header; then the walk misses the position, and the search goes on. */
    for (uint64_t header = at - at % LEDGER_SECTOR_BYTES;; header -= LEDGER_SECTOR_BYTES) {
        struct ledger_block block;
        if (ledger_block_header(segment->data + header, segment->bytes - header, &block) == LEDGER_BLOCK_OK &&
            header + LEDGER_HEADER_BYTES + block.bytes > at) {
            error = ledger_cursor_read(cursor, segment->data + header, ledger_position(segment->number, header), &block,
                                       position, out_event);
            if (error == STEPCARE_OK) return error;
        }
        if (header == 0) return error;
    }
}
