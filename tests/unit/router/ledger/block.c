/* Blocks of the ledger: sealed, opened, and refused after any change. */
#include "router/ledger/block.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 3, EVENT_BYTES = 150, BUFFER_BYTES = 2048 };

static uint8_t buffer[BUFFER_BYTES];
static struct ledger_block sealed;

static void block_make(void)
{
    cr_assert_geq(sodium_init(), 0);
    memset(buffer, 0xee, sizeof buffer); /* what stood there before must not show */
    sealed = (struct ledger_block){.epoch = 3, .first_sequence = 41, .count = EVENTS, .written_ms = 1793000000123};
    for (unsigned i = 0; i < EVENTS; i++) {
        uint8_t *at = buffer + LEDGER_HEADER_BYTES + sealed.bytes;
        ledger_block_length_put(at, EVENT_BYTES);
        memset(at + LEDGER_LENGTH_BYTES, (int)(i + 1), EVENT_BYTES);
        sealed.bytes += LEDGER_LENGTH_BYTES + EVENT_BYTES;
    }
    memset(sealed.before, 0xab, sizeof sealed.before);
    ledger_block_seal(buffer, &sealed);
}

TestSuite(ledger_block, .init = block_make);

Test(ledger_block, what_is_sealed_is_read_back)
{
    struct ledger_block block;
    cr_assert_eq(ledger_block_check(buffer, sizeof buffer, &block), LEDGER_BLOCK_OK);
    cr_assert_eq(memcmp(&block, &sealed, sizeof block), 0);
    uint32_t offset = 0, bytes, count = 0;
    const uint8_t *event;
    while (ledger_block_event(buffer + LEDGER_HEADER_BYTES, block.bytes, &offset, &event, &bytes)) {
        count++;
        cr_assert_eq(bytes, EVENT_BYTES);
        cr_assert_eq(event[0], count);
        cr_assert_eq(event[bytes - 1], count);
    }
    cr_assert_eq(count, EVENTS);
}

Test(ledger_block, the_header_has_the_documented_bytes)
{
    static const uint8_t head[] = {'S',  'C',  'L',  'B',  1,    0, 0, 0, 3, 0, 0, 0, 0,    0, 0, 0,
                                   41,   0,    0,    0,    0,    0, 0, 0, 3, 0, 0, 0, 0xce, 1, 0, 0,
                                   0x7b, 0xca, 0x20, 0x77, 0xa1, 1, 0, 0, 0, 0, 0, 0, 0,    0, 0, 0};
    cr_assert_eq(memcmp(buffer, head, sizeof head), 0);
    cr_assert_eq(memcmp(buffer + 48, sealed.before, 32), 0);
    cr_assert_eq(memcmp(buffer + 80, sealed.hash, 32), 0);
    uint8_t copy[BUFFER_BYTES], hash[32];
    memcpy(copy, buffer, sizeof copy);
    memset(copy + 80, 0, 32);
    crypto_generichash(hash, sizeof hash, copy, LEDGER_HEADER_BYTES + sealed.bytes, NULL, 0);
    cr_assert_eq(memcmp(hash, sealed.hash, 32), 0);
}

Test(ledger_block, every_flipped_bit_is_found)
{
    uint64_t extent = ledger_block_extent(sealed.bytes);
    cr_assert_eq(extent, 1024);
    for (uint64_t at = 0; at < extent; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct ledger_block block;
            buffer[at] ^= (uint8_t)(1 << bit);
            cr_assert_neq(ledger_block_check(buffer, sizeof buffer, &block), LEDGER_BLOCK_OK, "byte %d bit %u", (int)at,
                          bit);
            buffer[at] ^= (uint8_t)(1 << bit);
        }
    }
}

Test(ledger_block, a_block_cut_off_anywhere_is_found)
{
    /* The copy is as long as what is left, so that a sanitizer sees every read past it. */
    for (uint64_t left = 0; left < ledger_block_extent(sealed.bytes); left++) {
        uint8_t *copy = malloc(left + 1);
        memcpy(copy, buffer, left);
        struct ledger_block block;
        cr_assert_neq(ledger_block_check(copy, left, &block), LEDGER_BLOCK_OK);
        free(copy);
    }
}

Test(ledger_block, zeros_are_nothing_and_noise_is_no_block)
{
    struct ledger_block block;
    memset(buffer, 0, sizeof buffer);
    cr_assert_eq(ledger_block_check(buffer, sizeof buffer, &block), LEDGER_BLOCK_EMPTY);
    buffer[LEDGER_SECTOR_BYTES - 1] = 1;
    cr_assert_eq(ledger_block_check(buffer, sizeof buffer, &block), LEDGER_BLOCK_MAGIC);
    memset(buffer, 0xff, sizeof buffer);
    cr_assert_eq(ledger_block_check(buffer, sizeof buffer, &block), LEDGER_BLOCK_MAGIC);
}

Test(ledger_block, lengths_that_lie_are_found_even_under_a_right_hash)
{
    const uint32_t lies[] = {0, EVENT_BYTES - 1, EVENT_BYTES + 1, UINT32_MAX, UINT32_MAX - 3};
    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct ledger_block block, lying = sealed;
        ledger_block_length_put(buffer + LEDGER_HEADER_BYTES + 2 * (LEDGER_LENGTH_BYTES + EVENT_BYTES), lies[i]);
        ledger_block_seal(buffer, &lying);
        cr_assert_eq(ledger_block_check(buffer, sizeof buffer, &block), LEDGER_BLOCK_EVENTS);
    }
}

Test(ledger_block, a_count_that_lies_is_found_even_under_a_right_hash)
{
    for (uint32_t count = 0; count < 200; count++) {
        struct ledger_block block, lying = sealed;
        lying.count = count;
        ledger_block_seal(buffer, &lying);
        cr_assert_eq(ledger_block_check(buffer, sizeof buffer, &block) == LEDGER_BLOCK_OK, count == EVENTS);
    }
}

Test(ledger_block, finds_zeros_and_the_last_used_byte)
{
    static uint8_t bytes[10000];
    cr_assert(ledger_zeros(bytes, 0));
    cr_assert(ledger_zeros(bytes, sizeof bytes));
    cr_assert_eq(ledger_used(bytes, sizeof bytes), 0);
    for (uint64_t at = 0; at < sizeof bytes; at += 77) {
        bytes[at] = 1;
        cr_assert_not(ledger_zeros(bytes, sizeof bytes));
        cr_assert_eq(ledger_used(bytes, sizeof bytes), at + 1);
        bytes[at] = 0;
    }
}
