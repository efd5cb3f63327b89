/* Finding one event by its position: the block around it is looked for backwards, sector by sector, and its events are
 * walked up to the position, which also gives the sequence. The place of the last read is kept, so reading on in the
 * same block costs one step an event. Lengths are checked against the block, hashes are not. */
#ifndef ROUTER_LEDGER_SEGMENT_CURSOR_H
#define ROUTER_LEDGER_SEGMENT_CURSOR_H

#include "router/ledger/segment/block.h"
#include "router/ledger/segment/ledger.h"
#include "router/ledger/segment/segment.h"

struct ledger_cursor {
    uint64_t header_position; /* of the block last read from; 0: none */
    uint32_t offset;          /* in its events: where the event last read begins */
    uint64_t sequence;        /* its sequence */
};

/* Purpose: the event at position in a block whose header is known. base: where the header's bytes are.
 * Errors: NOT_FOUND (no event begins there). */
enum stepcare_error ledger_cursor_read(struct ledger_cursor *cursor, const uint8_t *base, uint64_t header_position,
                                       const struct ledger_block *block, uint64_t position,
                                       struct ledger_event_view *out_event);

/* Purpose: the same, with the block yet to be found. Errors: NOT_FOUND; DAMAGED (there is no block around the
 * position). */
enum stepcare_error ledger_cursor_find(struct ledger_cursor *cursor, const struct segment *segment, uint64_t position,
                                       struct ledger_event_view *out_event);

#endif
