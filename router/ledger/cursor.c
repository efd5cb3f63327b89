/* An event of a block, by its sequence. See cursor.h. */
#include "router/ledger/cursor.h"

#include "base/must.h"

enum stepcare_error ledger_cursor_read(struct ledger_cursor *cursor, const uint8_t *events,
                                       const struct ledger_block *block, uint64_t sequence,
                                       struct ledger_event_view *out_event)
{
    must(sequence >= block->first_sequence);
    must(sequence - block->first_sequence < block->count);
    uint64_t at = block->first_sequence;
    uint32_t offset = 0;
    if (cursor->first_sequence == block->first_sequence && cursor->sequence <= sequence) {
        at = cursor->sequence;
        offset = cursor->offset;
    }
    struct ledger_event_view view = {.sequence = sequence, .epoch = block->epoch};
    for (;; at++) {
        const uint32_t begin = offset;
        if (!ledger_block_event(events, block->bytes, &offset, &view.data, &view.bytes)) return STEPCARE_DAMAGED;
        if (at < sequence) continue;
        must(at == sequence);
        *cursor = (struct ledger_cursor){block->first_sequence, sequence, begin};
        *out_event = view;
        return STEPCARE_OK;
    }
}
