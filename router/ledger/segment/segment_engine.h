/* The embedded ledger engine (router/ledger/engine.h): pre-written segment files in one directory, one fdatasync a
 * block.
 *
 *   directory/  00000001.seg  00000002.seg  ...  (numbered from 1, each segment_bytes long, zeros written beforehand)
 *
 * Blocks (router/ledger/block.h) stand one after another, each at a 512-byte boundary; a block never crosses
 * segments. A position is (segment number << 32 | byte offset in the segment); outside this folder it is seen only
 * as a mark's hint. Made by whoever chooses the engine: the store, and tests. A thread inside pre-writes the next
 * segment. */
#ifndef ROUTER_LEDGER_SEGMENT_SEGMENT_ENGINE_H
#define ROUTER_LEDGER_SEGMENT_SEGMENT_ENGINE_H

#include "router/ledger/ledger.h"

struct ledger_io;

struct segment_options {
    const char *directory;    /* made if missing */
    uint64_t segment_bytes;   /* 1 MiB to 1 GiB; used for new segments */
    uint32_t block_bytes_max; /* header, events and padding; 1 KiB to segment_bytes / 4 */
    /* verify, export: no pre-writing, no cutting, no append; a router may be appending meanwhile */
    bool read_only;
    const struct ledger_io *io; /* NULL: the operating system's; tests put their own (io.h) */
};

/* Purpose: an engine on that directory, yet to be opened. With a `from` near the end, opening reads nothing before
 * its segment but its last block, which must have the mark's hash. The last block is written again and flushed: a
 * killed process may have left it in the page cache alone.
 * Errors: NO_MEMORY, CONFIG (sizes outside their bounds). Owns: *out_engine->close frees it. */
enum stepcare_error segment_engine_make(const struct segment_options *options, struct ledger_engine **out_engine);

/* Purpose: both steps in one: an engine, and a ledger on it. Errors: as segment_engine_make and ledger_open. */
enum stepcare_error segment_ledger_open(const struct segment_options *options, const struct ledger_mark *from,
                                        ledger_visit visit, void *context, struct ledger_report *out_report,
                                        struct ledger **out_ledger);

#endif
