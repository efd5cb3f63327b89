/* The index of noted blocks: where to begin to look for a sequence. */
#include "router/ledger/segment/block_index.h"

#include <criterion/criterion.h>

static struct block_index index_of;
static struct block_note note;

static void begin(void)
{
    block_index_init(&index_of, 1000);
}

static void end(void)
{
    block_index_close(&index_of);
}

TestSuite(block_index, .init = begin, .fini = end);

Test(block_index, finds_the_last_noted_block_that_is_not_after)
{
    cr_expect_not(block_index_find(&index_of, 1, 5, &note));
    for (uint32_t i = 0; i < 10; i++) block_index_note(&index_of, 1, 100 * (i + 1), i * BLOCK_INDEX_STRIDE_BYTES);
    block_index_note(&index_of, 2, 5000, 0);
    cr_expect_not(block_index_find(&index_of, 1, 99, &note));
    cr_assert(block_index_find(&index_of, 1, 100, &note));
    cr_expect_eq(note.offset, 0);
    cr_assert(block_index_find(&index_of, 1, 799, &note));
    cr_expect_eq(note.sequence, 700);
    cr_assert(block_index_find(&index_of, 1, UINT64_MAX, &note));
    cr_expect_eq(note.sequence, 1000);
    cr_assert(block_index_first(&index_of, 2, &note));
    cr_expect_eq(note.sequence, 5000);
}

Test(block_index, blocks_close_together_share_a_note)
{
    for (uint32_t i = 0; i < 1024; i++) block_index_note(&index_of, 1, 1 + i, i * 1024);
    cr_expect_eq(index_of.note_count, 1024 * 1024 / BLOCK_INDEX_STRIDE_BYTES);
}

Test(block_index, notes_made_out_of_order_are_found_in_order)
{
    static const uint32_t order[] = {7, 2, 9, 0, 4};
    for (unsigned i = 0; i < 5; i++)
        block_index_note(&index_of, 3, 1 + 10 * order[i], order[i] * BLOCK_INDEX_STRIDE_BYTES);
    for (uint64_t sequence = 1; sequence < 100; sequence++) {
        cr_assert(block_index_find(&index_of, 3, sequence, &note));
        cr_expect_leq(note.sequence, sequence);
        cr_expect_eq(note.offset, (note.sequence - 1) / 10 * BLOCK_INDEX_STRIDE_BYTES);
    }
}

Test(block_index, what_contradicts_a_note_is_not_noted)
{
    block_index_note(&index_of, 1, 500, 4 * BLOCK_INDEX_STRIDE_BYTES);
    block_index_note(&index_of, 1, 900, 0);                            /* later, and before it in the file */
    block_index_note(&index_of, 1, 100, 8 * BLOCK_INDEX_STRIDE_BYTES); /* earlier, and after it */
    block_index_note(&index_of, 1, 500, 6 * BLOCK_INDEX_STRIDE_BYTES);
    cr_expect_eq(index_of.note_count, 1);
}

Test(block_index, is_bounded_and_forgets)
{
    for (uint32_t i = 0; i < 5000; i++)
        block_index_note(&index_of, 1 + i / 50, 1 + i, i % 50 * BLOCK_INDEX_STRIDE_BYTES);
    cr_expect_leq(index_of.note_count, 1000);
    cr_assert(block_index_find(&index_of, 100, 5000, &note));
    cr_expect_eq(note.sequence, 5000);
    block_index_forget(&index_of, 100);
    cr_expect_not(block_index_find(&index_of, 100, 5000, &note));
}
