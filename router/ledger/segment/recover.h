/* Walking the ledger from a mark to its end, and deciding what a bad end means.
 *
 * What is relied on: a block is written only after the one before it is on disk; nothing is ever written past a block
 * that is not on disk; what is cut is zeroed before anything is written there again. So one power cut leaves one torn
 * block at most, with zeros after it. Anything else is damage, and nothing is cut. */
#ifndef ROUTER_LEDGER_SEGMENT_RECOVER_H
#define ROUTER_LEDGER_SEGMENT_RECOVER_H

#include "router/ledger/engine.h"
#include "router/ledger/segment/block_index.h"
#include "router/ledger/segment/position.h"
#include "router/ledger/segment/segment.h"

struct ledger_walk {
    struct segment_set *segments;
    struct block_index *index; /* what is passed is noted */
    const struct ledger_io *io;
    bool read_only;           /* nothing is cut; a writer may be at work meanwhile */
    uint32_t block_bytes_max; /* how far a torn block without a header may reach, at least */
    ledger_visit visit;       /* may be NULL */
    void *context;
    uint64_t sequence_min; /* the state has applied this many: an end before it is damage */

    struct ledger_mark mark; /* in: where to begin; out: the tail */
    uint64_t epoch;          /* of the last block; 0: there is none */
    uint64_t last_position;  /* of the last block's header; 0: there is none */
    uint64_t last_bytes;     /* its extent */
    struct ledger_report report;
};

/* Purpose: find the block before the mark and check that it is the one the mark speaks of (nothing to do at the
 * beginning), then visit every block after it. A torn last block is cut: overwritten with zeros and flushed.
 * Errors: DAMAGED, STORE_VERSION (report.where), SYSTEM, NO_MEMORY, NO_SPACE, or what visit returned. */
enum stepcare_error ledger_recover(struct ledger_walk *walk);

/* Purpose: write the last block again and flush it: a killed process may have left it in the page cache alone.
 * Errors: SYSTEM, NO_SPACE, NO_MEMORY. */
enum stepcare_error ledger_rewrite_last(struct ledger_walk *walk);

#endif
