/* The ledger: an append-only journal of events in pre-written segment files, one block and one fdatasync a batch.
 *
 *   directory/  00000001.seg  00000002.seg  ...  (numbered from 1, each segment_bytes long, zeros written beforehand)
 *
 *   block header, 128 bytes little-endian, at a 512-byte boundary:
 *     0  magic "SCLB"            16 first sequence u64     48 hash of the block before (32 bytes)
 *     4  format version u32 = 1  24 count u32, 28 bytes u32    80 hash of this block (32 bytes)
 *     8  epoch u64               32 written at ms u64, 40 reserved u64 = 0   112 reserved zeros
 *   then `bytes` of events, each {length u32 little-endian, bytes}. The hash is BLAKE2b-256 (libsodium) over the header
 *   with its hash field zero, then the events.
 *
 * A position is (segment number << 32 | byte offset in the segment) of an event's length word, or of a block header.
 * A block never crosses segments. Thread: all calls from one; a thread inside pre-writes the next segment. */
#ifndef ROUTER_LEDGER_SEGMENT_LEDGER_H
#define ROUTER_LEDGER_SEGMENT_LEDGER_H

#include "stepcare/error.h"
#include "stepcare/text.h"

#include <stddef.h>

struct ledger;
struct ledger_io;

struct ledger_options {
    const char *directory;    /* made if missing */
    uint64_t segment_bytes;   /* 1 MiB to 1 GiB; used for new segments */
    uint32_t block_bytes_max; /* header, events and padding; 1 KiB to segment_bytes / 4 */
    /* verify, export: no pre-writing, no cutting, no append; a router may be appending meanwhile */
    bool read_only;
    const struct ledger_io *io; /* NULL: the operating system's; tests put their own (router/ledger_io.h) */
};

/* Where a reader stands: everything up to and with `sequence` is known; the next block is at `position` or, where that
 * is the end of a segment, at the beginning of the next one. */
struct ledger_mark {
    uint64_t position; /* 0: from the very beginning; sequence is then only the least that the ledger must reach */
    uint64_t sequence;
    uint8_t hash[32]; /* of the block before; zeros at the beginning */
};

struct ledger_event_view { /* dies with the next ledger call */
    uint64_t sequence, position, epoch;
    const uint8_t *data;
    uint32_t bytes;
};

typedef enum stepcare_error (*ledger_visit)(void *context, const struct ledger_event_view *event);

/* What recovery found; where is for people: "segment 00000003, byte 8704: block hash differs". */
struct ledger_report {
    uint64_t blocks, events, bytes;
    uint64_t cut_blocks; /* torn blocks cut at the tail: 0 or 1 */
    char where[200];
};

/* Purpose: open a directory and walk its blocks from `from` to the end, checking header, chain and hash and calling
 * visit for every event; then be ready to append with `epoch` = the last block's + 1. A torn last block is cut only if
 * no later block chains on it and it is not below from->sequence. The last block is written again and flushed. With a
 * `from` near the end, what is before its segment is not read; that the block before it is there, with its hash, is
 * checked. from may be NULL (the beginning), visit too. out_report is filled in on DAMAGED and STORE_VERSION as well.
 * Errors: DAMAGED (report->where), STORE_VERSION, NOT_FOUND (read_only and no directory or no segment), CONFIG (sizes
 * outside their bounds), NO_SPACE, NO_MEMORY, SYSTEM, or what visit returned.
 * Owns: ledger_close frees and stops the thread; accepts NULL. */
enum stepcare_error ledger_open(const struct ledger_options *options, const struct ledger_mark *from,
                                ledger_visit visit, void *context, struct ledger_report *out_report,
                                struct ledger **out_ledger);
void ledger_close(struct ledger *ledger);

/* Purpose: the tail after the last flushed block: what a checkpoint stores. */
struct ledger_mark ledger_tail(const struct ledger *ledger);
uint64_t ledger_epoch(const struct ledger *ledger);

/* Purpose: stage one event of the batch being built: room to encode `bytes` of it, its sequence and its position
 * (final).
 * Calls: stage any number, then ledger_flush; the room is the ledger's own block buffer, so nothing is copied.
 * The batch's first event moves to the next segment where the current one has no room for a whole block: a spare in the
 * making is waited for.
 * Errors: TOO_LARGE when the block is full (flush first) or bytes is over what one block holds; NO_SPACE when no
 * pre-written segment is ready and the disk is full; UNKNOWN after a flush that was. Nothing is staged then. */
enum stepcare_error ledger_stage(struct ledger *ledger, uint32_t bytes, uint8_t **out_room, uint64_t *out_sequence,
                                 uint64_t *out_position);
uint32_t ledger_staged_bytes(const struct ledger *ledger);
/* The sequence that the next staged event gets. */
uint64_t ledger_next_sequence(const struct ledger *ledger);

/* Purpose: append(epoch, expected_head, batch): write the staged block and fdatasync once. No-op with nothing staged.
 * expected_head is the sequence of the last flushed event.
 * Errors: FENCED (epoch is not this writer's or expected_head is not the head: nothing was written); UNKNOWN (write or
 * fdatasync failed: it may or may not be on disk; never retried, the caller exits and recovers). */
enum stepcare_error ledger_flush(struct ledger *ledger, uint64_t epoch, uint64_t expected_head);

/* Purpose: read one event, flushed or staged, by its position. Bounds are checked, not the hash (ledger_open does
 * that).
 * Errors: NOT_FOUND (no event begins there), DAMAGED (the block around it cannot be read), UNKNOWN after a flush that
 * was. */
enum stepcare_error ledger_read(struct ledger *ledger, uint64_t position, struct ledger_event_view *out_event);

/* Purpose: room: bytes left in the current segment plus pre-written spares ready now. spare_ready: a spare is ready or
 * on its way; false means that the pre-writer found the disk full; it tries again every second, and the answer changes
 * by itself. */
struct ledger_space {
    uint64_t bytes_left; /* in the current segment */
    unsigned spares;
    bool spare_ready, disk_full;
};
struct ledger_space ledger_space(const struct ledger *ledger);

#endif
