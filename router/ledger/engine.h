/* The seam between the ledger and what keeps its blocks: an engine appends sealed blocks in order, durably, and
 * reads events by sequence. The embedded one is segment/ (files on this machine); tests have one that another writer
 * overtakes. ledger.h stands in front of it for everybody else: it builds and seals the blocks, and knows no file.
 *
 * An engine is made by a function of its own (segment_engine_make), with whatever settings it needs; from there on
 * it is this table. Thread: all calls from one. */
#ifndef ROUTER_LEDGER_ENGINE_H
#define ROUTER_LEDGER_ENGINE_H

#include "router/ledger/block.h"
#include "stepcare/error.h"

/* Where a reader stands: everything up to and with `sequence` is known. hint is the engine's own, and nobody else
 * looks into it: where it may begin to read. */
struct ledger_mark {
    uint64_t hint; /* 0: from the very beginning; sequence is then only the least that the ledger must reach */
    uint64_t sequence;
    uint8_t hash[LEDGER_HASH_BYTES]; /* of the block that ends here; zeros at the beginning */
};

struct ledger_event_view { /* dies with the next call on the ledger */
    uint64_t sequence, epoch;
    const uint8_t *data;
    uint32_t bytes;
};

typedef enum stepcare_error (*ledger_visit)(void *context, const struct ledger_event_view *event);

/* What opening found; where is for people: "segment 00000003, byte 8704: block hash differs". */
struct ledger_report {
    uint64_t blocks, events, bytes;
    uint64_t cut_blocks; /* torn blocks cut at the tail: 0 or 1 */
    char where[200];
};

/* Room. spare_ready: more is ready or on its way; false means that the engine found its disk full; it tries again by
 * itself, and the answer changes. */
struct ledger_space {
    uint64_t bytes_left; /* for blocks, before `spares` are begun */
    unsigned spares;     /* ready now */
    bool spare_ready, disk_full;
};

struct ledger_engine {
    uint32_t block_bytes_max; /* header, events and padding; set when it is made */
    bool read_only;           /* beside a writer: nothing is cut, nothing appended */

    /* Purpose: check the blocks after `from` (NULL: all) and call visit (may be NULL) for every event in them; then
     * be ready. *out_tail is the last whole block's, *out_epoch the writer's own: above every epoch before it. What
     * a dead writer left half written at the very end is cut; that and nothing else. out_report is filled in on
     * errors, too.
     * Errors: DAMAGED (report->where), STORE_VERSION, NOT_FOUND (read_only, and there is no ledger), CONFIG,
     * NO_SPACE, NO_MEMORY, SYSTEM, or what visit returned. */
    enum stepcare_error (*open)(struct ledger_engine *engine, const struct ledger_mark *from, ledger_visit visit,
                                void *context, struct ledger_report *out_report, struct ledger_mark *out_tail,
                                uint64_t *out_epoch);

    /* Purpose: make sure that one block of block_bytes_max can be appended. Errors: NO_SPACE (ask again later), SYSTEM,
     * NO_MEMORY, UNKNOWN (append would say so, too). */
    enum stepcare_error (*reserve)(struct ledger_engine *engine);

    /* Purpose: put the sealed block after the head, durably. data holds its ledger_block_extent; *out_hint is for
     * the mark after it. Errors: FENCED (epoch is not the writer's, or expected_head is not the sequence of the last
     * event: another writer was here; nothing was written), UNKNOWN (it may or may not be there). Neither is ever
     * tried again. */
    enum stepcare_error (*append)(struct ledger_engine *engine, uint64_t epoch, uint64_t expected_head,
                                  const struct ledger_block *block, const uint8_t *data, uint64_t *out_hint);

    /* Purpose: the event of this sequence, checked to be that one. Errors: NOT_FOUND (not appended, or not kept),
     * DAMAGED, SYSTEM, NO_MEMORY, UNKNOWN after an append that was. */
    enum stepcare_error (*read)(struct ledger_engine *engine, uint64_t sequence, struct ledger_event_view *out_event);

    struct ledger_space (*space)(struct ledger_engine *engine);

    void (*close)(struct ledger_engine *engine); /* frees it, also where open failed or was never called */
};

#endif
