/* What the ledger's own files share; nobody else includes it. */
#ifndef ROUTER_LEDGER_SEGMENT_LEDGER_INTERNAL_H
#define ROUTER_LEDGER_SEGMENT_LEDGER_INTERNAL_H

#include "router/ledger/segment/ledger.h"

#include "router/ledger/segment/block.h"
#include "router/ledger/segment/cursor.h"
#include "router/ledger/segment/prewriter.h"
#include "router/ledger/segment/recover.h"

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

#endif
