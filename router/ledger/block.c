/* Sealing and checking one block. See block.h; called by the ledger (ledger.c) and by engines. */
#include "router/ledger/block.h"

#include "base/must.h"

#include <endian.h>
#include <sodium.h>
#include <string.h>

static const uint8_t magic[4] = {'S', 'C', 'L', 'B'};

enum {
    AT_VERSION = 4,
    AT_EPOCH = 8,
    AT_SEQUENCE = 16,
    AT_COUNT = 24,
    AT_BYTES = 28,
    AT_WRITTEN = 32,
    AT_RESERVED = 40,
    AT_BEFORE = 48,
    AT_HASH = 80,
    AT_ZEROS = 112
};

const char *ledger_block_finding_text(enum ledger_block_finding finding)
{
    static const char *const texts[] = {
#define LEDGER_BLOCK_FINDING_TEXT(NAME, text) text,
        LEDGER_BLOCK_FINDINGS(LEDGER_BLOCK_FINDING_TEXT)
#undef LEDGER_BLOCK_FINDING_TEXT
    };
    return finding < LEDGER_BLOCK_FINDING_COUNT ? texts[finding] : "unknown finding";
}

static void put_u32(uint8_t *at, uint32_t value)
{
    value = htole32(value);
    memcpy(at, &value, sizeof value);
}

static void put_u64(uint8_t *at, uint64_t value)
{
    value = htole64(value);
    memcpy(at, &value, sizeof value);
}

static uint32_t get_u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return le32toh(value);
}

static uint64_t get_u64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return le64toh(value);
}

void ledger_block_length_put(uint8_t *at, uint32_t bytes)
{
    put_u32(at, bytes);
}

bool ledger_zeros(const uint8_t *data, uint64_t bytes)
{
    /* Comparing the run with itself one byte on says that all equal the first, at memcmp's speed. */
    return bytes == 0 || (data[0] == 0 && memcmp(data, data + 1, bytes - 1) == 0);
}

uint64_t ledger_used(const uint8_t *data, uint64_t bytes)
{
    enum { STRIDE_BYTES = 4096 };
    while (bytes > STRIDE_BYTES && ledger_zeros(data + bytes - STRIDE_BYTES, STRIDE_BYTES)) bytes -= STRIDE_BYTES;
    while (bytes > 0 && data[bytes - 1] == 0) bytes--;
    return bytes;
}

void ledger_block_seal(uint8_t *buffer, struct ledger_block *block)
{
    must(block->epoch > 0);
    must(block->first_sequence > 0);
    memset(buffer, 0, LEDGER_HEADER_BYTES);
    memcpy(buffer, magic, sizeof magic);
    put_u32(buffer + AT_VERSION, LEDGER_FORMAT_VERSION);
    put_u64(buffer + AT_EPOCH, block->epoch);
    put_u64(buffer + AT_SEQUENCE, block->first_sequence);
    put_u32(buffer + AT_COUNT, block->count);
    put_u32(buffer + AT_BYTES, block->bytes);
    put_u64(buffer + AT_WRITTEN, (uint64_t)block->written_ms);
    memcpy(buffer + AT_BEFORE, block->before, LEDGER_HASH_BYTES);
    uint64_t used = LEDGER_HEADER_BYTES + (uint64_t)block->bytes;
    memset(buffer + used, 0, ledger_block_extent(block->bytes) - used);
    crypto_generichash(block->hash, LEDGER_HASH_BYTES, buffer, used, NULL, 0);
    memcpy(buffer + AT_HASH, block->hash, LEDGER_HASH_BYTES);
}

enum ledger_block_finding ledger_block_header(const uint8_t *data, uint64_t bytes_left, struct ledger_block *out_block)
{
    if (bytes_left < LEDGER_SECTOR_BYTES) return LEDGER_BLOCK_EMPTY;
    if (memcmp(data, magic, sizeof magic) != 0)
        return ledger_zeros(data, LEDGER_SECTOR_BYTES) ? LEDGER_BLOCK_EMPTY : LEDGER_BLOCK_MAGIC;
    uint32_t version = get_u32(data + AT_VERSION);
    if (version > LEDGER_FORMAT_VERSION) return LEDGER_BLOCK_VERSION;
    struct ledger_block block = {.epoch = get_u64(data + AT_EPOCH),
                                 .first_sequence = get_u64(data + AT_SEQUENCE),
                                 .count = get_u32(data + AT_COUNT),
                                 .bytes = get_u32(data + AT_BYTES),
                                 .written_ms = (int64_t)get_u64(data + AT_WRITTEN)};
    memcpy(block.before, data + AT_BEFORE, LEDGER_HASH_BYTES);
    memcpy(block.hash, data + AT_HASH, LEDGER_HASH_BYTES);
    bool whole = version == LEDGER_FORMAT_VERSION && get_u64(data + AT_RESERVED) == 0 &&
                 ledger_zeros(data + AT_ZEROS, LEDGER_HEADER_BYTES - AT_ZEROS) && block.count > 0 &&
                 block.first_sequence > 0 && block.first_sequence <= UINT64_MAX - block.count &&
                 block.bytes / LEDGER_LENGTH_BYTES >= block.count;
    if (!whole) return LEDGER_BLOCK_HEADER;
    *out_block = block;
    return ledger_block_extent(block.bytes) > bytes_left ? LEDGER_BLOCK_SHORT : LEDGER_BLOCK_OK;
}

bool ledger_block_event(const uint8_t *events, uint32_t bytes, uint32_t *offset, const uint8_t **out_data,
                        uint32_t *out_bytes)
{
    uint32_t at = *offset;
    if (at > bytes || bytes - at < LEDGER_LENGTH_BYTES) return false;
    uint32_t length = get_u32(events + at);
    at += LEDGER_LENGTH_BYTES;
    if (length > bytes - at) return false;
    *out_data = events + at;
    *out_bytes = length;
    *offset = at + length;
    return true;
}

static bool hash_equal(const uint8_t *data, const struct ledger_block *block)
{
    uint8_t header[LEDGER_HEADER_BYTES], hash[LEDGER_HASH_BYTES];
    memcpy(header, data, sizeof header);
    memset(header + AT_HASH, 0, LEDGER_HASH_BYTES);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, LEDGER_HASH_BYTES);
    crypto_generichash_update(&state, header, sizeof header);
    crypto_generichash_update(&state, data + LEDGER_HEADER_BYTES, block->bytes);
    crypto_generichash_final(&state, hash, LEDGER_HASH_BYTES);
    return memcmp(hash, block->hash, LEDGER_HASH_BYTES) == 0;
}

static bool events_add_up(const uint8_t *events, const struct ledger_block *block)
{
    uint32_t offset = 0, count = 0, event_bytes;
    const uint8_t *event;
    while (ledger_block_event(events, block->bytes, &offset, &event, &event_bytes)) count++;
    return offset == block->bytes && count == block->count;
}

enum ledger_block_finding ledger_block_check(const uint8_t *data, uint64_t bytes_left, struct ledger_block *out_block)
{
    enum ledger_block_finding finding = ledger_block_header(data, bytes_left, out_block);
    if (finding != LEDGER_BLOCK_OK) return finding;
    if (!hash_equal(data, out_block)) return LEDGER_BLOCK_HASH;
    if (!events_add_up(data + LEDGER_HEADER_BYTES, out_block)) return LEDGER_BLOCK_EVENTS;
    uint64_t used = LEDGER_HEADER_BYTES + (uint64_t)out_block->bytes;
    if (!ledger_zeros(data + used, ledger_block_extent(out_block->bytes) - used)) return LEDGER_BLOCK_PADDING;
    return LEDGER_BLOCK_OK;
}
