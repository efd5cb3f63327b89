/* What the files of the segment engine share; nobody else includes it. */
#ifndef ROUTER_LEDGER_SEGMENT_SEGMENT_ENGINE_INTERNAL_H
#define ROUTER_LEDGER_SEGMENT_SEGMENT_ENGINE_INTERNAL_H

#include "router/ledger/cursor.h"
#include "router/ledger/segment/block_index.h"
#include "router/ledger/segment/position.h"
#include "router/ledger/segment/prewriter.h"
#include "router/ledger/segment/segment.h"
#include "router/ledger/segment/segment_engine.h"

/* The block last read from. */
struct block_place {
    struct ledger_block block; /* count 0: none */
    uint32_t segment, offset;
};

struct segment_engine {
    struct ledger_engine engine; /* first: what the rest of the program sees */
    char *directory;
    uint64_t new_segment_bytes;
    const struct ledger_io *io;
    struct segment_set segments;
    struct prewriter *prewriter; /* NULL when read_only */
    bool unknown;
    uint64_t epoch, head; /* head: the sequence of the last event on disk */

    int fd; /* of the segment that is written to */
    uint32_t segment_number;
    uint64_t segment_bytes, offset; /* offset: where the next block begins */

    struct block_index index;
    struct block_place place;
    struct ledger_cursor cursor;
};

/* Purpose: ledger_engine.open and .read. */
enum stepcare_error segment_engine_open(struct ledger_engine *engine, const struct ledger_mark *from,
                                        ledger_visit visit, void *context, struct ledger_report *out_report,
                                        struct ledger_mark *out_tail, uint64_t *out_epoch);
enum stepcare_error segment_engine_read(struct ledger_engine *engine, uint64_t sequence,
                                        struct ledger_event_view *out_event);

#endif
