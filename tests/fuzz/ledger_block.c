/* The block decoder on any bytes: it never reads outside, what it accepts adds up, and what was sealed and then changed
 * is not accepted.
 *
 * The first byte chooses: even: the rest is taken for a block as it is; odd: the rest is sealed as events, read back,
 * and then changed by one byte. */
#include "router/ledger/block.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool held)
{
    if (!held) abort();
}

static void accepted_adds_up(const uint8_t *copy, const struct ledger_block *block)
{
    uint32_t offset = 0, count = 0, event_bytes;
    const uint8_t *event;
    while (ledger_block_event(copy + LEDGER_HEADER_BYTES, block->bytes, &offset, &event, &event_bytes)) {
        require(event >= copy + LEDGER_HEADER_BYTES &&
                event + event_bytes <= copy + LEDGER_HEADER_BYTES + block->bytes);
        count++;
    }
    require(offset == block->bytes && count == block->count && count > 0);
}

static void any_bytes(const uint8_t *data, size_t bytes)
{
    uint8_t *copy = malloc(bytes + 1); /* as long as it is, so that the sanitizer sees every read past it */
    struct ledger_block block;
    memcpy(copy, data, bytes);
    if (ledger_block_check(copy, bytes, &block) == LEDGER_BLOCK_OK) accepted_adds_up(copy, &block);
    ledger_used(copy, bytes);
    free(copy);
}

static void sealed_then_changed(const uint8_t *data, size_t bytes)
{
    if (bytes < 8) return;
    struct ledger_block block = {.epoch = 1, .first_sequence = 1, .count = 1}, read;
    uint32_t event_bytes = (uint32_t)bytes - 8;
    block.bytes = LEDGER_LENGTH_BYTES + event_bytes;
    uint64_t extent = ledger_block_extent(block.bytes);
    uint8_t *copy = malloc(extent);
    ledger_block_length_put(copy + LEDGER_HEADER_BYTES, event_bytes);
    memcpy(copy + LEDGER_HEADER_BYTES + LEDGER_LENGTH_BYTES, data + 8, event_bytes);
    ledger_block_seal(copy, &block);
    require(ledger_block_check(copy, extent, &read) == LEDGER_BLOCK_OK);
    accepted_adds_up(copy, &read);
    uint32_t at;
    memcpy(&at, data, sizeof at);
    if (data[4] != 0) {
        copy[at % extent] ^= data[4];
        require(ledger_block_check(copy, extent, &read) != LEDGER_BLOCK_OK);
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static bool ready;
    if (!ready) ready = sodium_init() >= 0;
    if (bytes == 0) return 0;
    if (data[0] % 2 == 0)
        any_bytes(data + 1, bytes - 1);
    else
        sealed_then_changed(data + 1, bytes - 1);
    return 0;
}
