/* Finding one event of a block by its sequence: the lengths are walked from the block's first event, or from where
 * the last read in the same block was, so that reading on costs one step an event. Used by the ledger for what is
 * staged and by the segment engine for what is on disk. */
#ifndef ROUTER_LEDGER_CURSOR_H
#define ROUTER_LEDGER_CURSOR_H

#include "router/ledger/engine.h"

struct ledger_cursor {
    uint64_t first_sequence; /* of the block last read from; 0: none */
    uint64_t sequence;       /* of the event last read ... */
    uint32_t offset;         /* ... and where in the block's events it begins */
};

/* Purpose: the event of a sequence that the block's header says it holds. events: what follows the header. The view's
 * lengths are checked against the block, the hash is not.
 * Errors: DAMAGED (the lengths do not lead to it). */
enum stepcare_error ledger_cursor_read(struct ledger_cursor *cursor, const uint8_t *events,
                                       const struct ledger_block *block, uint64_t sequence,
                                       struct ledger_event_view *out_event);

#endif
