/* One block of the ledger: the bytes that a batch's events are written and checked as, the same in every engine. The
 * ledger seals it; an engine checks it. Pure: no files, no clock.
 *
 *     0  magic "SCLB"      8  epoch u64            24  count u32     32  written at ms i64
 *     4  version u32      16  first sequence u64   28  bytes u32     40  reserved u64 = 0
 *    48  hash of the block before, 32 bytes
 *    80  hash of this block, 32 bytes
 *   112  16 zeros
 *   128  events, `bytes` of them: {length u32, bytes} `count` times
 *     .  zeros up to the next multiple of 512
 *
 * Little-endian. hash = BLAKE2b-256 (libsodium) over the header with its hash field zero, then the events: the
 * checksum, and with the hash of the block before the tamper evidence. */
#ifndef ROUTER_LEDGER_BLOCK_H
#define ROUTER_LEDGER_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LEDGER_SECTOR_BYTES = 512,
    LEDGER_HEADER_BYTES = 128,
    LEDGER_HASH_BYTES = 32,
    LEDGER_LENGTH_BYTES = 4,
    LEDGER_FORMAT_VERSION = 1
};

struct ledger_block {
    uint64_t epoch, first_sequence;
    uint32_t count, bytes; /* bytes: the events with their length words, without header and padding */
    int64_t written_ms;
    uint8_t before[LEDGER_HASH_BYTES], hash[LEDGER_HASH_BYTES];
};

/* X(NAME, what it says to people) */
/* clang-format off */
#define LEDGER_BLOCK_FINDINGS(X)                                                                                      \
    X(OK, "the block is whole") X(EMPTY, "nothing is written here")                                                   \
    X(MAGIC, "there is no block header where one must be") X(VERSION, "the block was written by another version")     \
    X(HEADER, "the block header contradicts itself") X(SHORT, "the block reaches past the end of its segment")        \
    X(HASH, "block hash differs") X(EVENTS, "the lengths of the events do not add up")                                \
    X(PADDING, "the padding after the block is not zero") X(CHAIN, "the block does not follow the one before it")
/* clang-format on */

enum ledger_block_finding {
#define LEDGER_BLOCK_FINDING_ENUM(NAME, text) LEDGER_BLOCK_##NAME,
    LEDGER_BLOCK_FINDINGS(LEDGER_BLOCK_FINDING_ENUM)
#undef LEDGER_BLOCK_FINDING_ENUM
        LEDGER_BLOCK_FINDING_COUNT
};
const char *ledger_block_finding_text(enum ledger_block_finding finding);

/* Purpose: header, events and padding together, for a block whose events take `bytes`. */
static inline uint64_t ledger_block_extent(uint64_t bytes)
{
    return (LEDGER_HEADER_BYTES + bytes + LEDGER_SECTOR_BYTES - 1) / LEDGER_SECTOR_BYTES * LEDGER_SECTOR_BYTES;
}

/* Purpose: write the header before the events that stand at buffer + 128, the padding after them, and the hash.
 * Shape: buffer holds ledger_block_extent(block->bytes). block->hash is set. */
void ledger_block_seal(uint8_t *buffer, struct ledger_block *block);

/* Purpose: read the header alone; nothing is believed but its shape.
 * Findings: EMPTY (the whole first sector is zeros, or under one is left), MAGIC, VERSION, HEADER, SHORT (*out_block is
 * set for it), OK. */
enum ledger_block_finding ledger_block_header(const uint8_t *data, uint64_t bytes_left, struct ledger_block *out_block);

/* Purpose: check all of a block but its place in the chain. *out_block is set if the header has the right shape. */
enum ledger_block_finding ledger_block_check(const uint8_t *data, uint64_t bytes_left, struct ledger_block *out_block);

/* Purpose: the event whose length word is at *offset in events; moves *offset past it.
 * Returns false at the end, or where the length reaches past it. */
bool ledger_block_event(const uint8_t *events, uint32_t bytes, uint32_t *offset, const uint8_t **out_data,
                        uint32_t *out_bytes);

/* Purpose: put an event's length word. */
void ledger_block_length_put(uint8_t *at, uint32_t bytes);

/* Purpose: whether all are zero; the offset of the last byte that is not, plus one (0: none). */
bool ledger_zeros(const uint8_t *data, uint64_t bytes);
uint64_t ledger_used(const uint8_t *data, uint64_t bytes);

#endif
