/* Notes of where blocks begin. See block_index.h. */
#include "router/ledger/segment/block_index.h"

#include "base/must.h"

#include <stdlib.h>
#include <string.h>

void block_index_init(struct block_index *index, uint32_t notes_max)
{
    *index = (struct block_index){.notes_max = notes_max};
}

void block_index_close(struct block_index *index)
{
    for (uint32_t i = 0; i < index->count; i++) free(index->segments[i].notes);
    free(index->segments);
    *index = (struct block_index){.notes_max = index->notes_max};
}

/* Where the segment is or belongs. */
static uint32_t segment_place(const struct block_index *index, uint32_t number)
{
    uint32_t low = 0, high = index->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (index->segments[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct segment_notes *segment_find(const struct block_index *index, uint32_t number)
{
    const uint32_t place = segment_place(index, number);
    const bool there = place < index->count && index->segments[place].number == number;
    return there ? &index->segments[place] : NULL;
}

static struct segment_notes *segment_add(struct block_index *index, uint32_t number)
{
    if (index->count == index->capacity) {
        const uint32_t capacity = index->capacity == 0 ? 16 : index->capacity * 2;
        struct segment_notes *segments = realloc(index->segments, capacity * sizeof *segments);
        if (segments == NULL) return NULL;
        index->segments = segments;
        index->capacity = capacity;
    }
    const uint32_t place = segment_place(index, number);
    memmove(index->segments + place + 1, index->segments + place, (index->count - place) * sizeof *index->segments);
    index->segments[place] = (struct segment_notes){.number = number};
    index->count++;
    return &index->segments[place];
}

/* How many notes do not begin after sequence. */
static uint32_t notes_until(const struct segment_notes *segment, uint64_t sequence)
{
    uint32_t low = 0, high = segment->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (segment->notes[middle].sequence <= sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Far enough from its neighbours; and in order with them, which on a damaged disk it may not be. */
static bool wanted(const struct segment_notes *segment, uint32_t place, uint64_t sequence, uint32_t offset)
{
    if (place > 0) {
        const struct block_note before = segment->notes[place - 1];
        if (before.sequence == sequence || before.offset >= offset) return false;
        if (offset - before.offset < BLOCK_INDEX_STRIDE_BYTES) return false;
    }
    if (place == segment->count) return true;
    const struct block_note after = segment->notes[place];
    if (after.offset <= offset) return false;
    return offset == 0 || after.offset - offset >= BLOCK_INDEX_STRIDE_BYTES / 2;
}

static bool notes_reserve(struct segment_notes *segment)
{
    if (segment->count < segment->capacity) return true;
    const uint32_t capacity = segment->capacity == 0 ? 8 : segment->capacity * 2;
    struct block_note *notes = realloc(segment->notes, capacity * sizeof *notes);
    if (notes == NULL) return false;
    segment->notes = notes;
    segment->capacity = capacity;
    return true;
}

void block_index_note(struct block_index *index, uint32_t segment, uint64_t sequence, uint32_t offset)
{
    must(sequence > 0);
    struct segment_notes *found = segment_find(index, segment);
    const uint32_t before = found == NULL ? 0 : notes_until(found, sequence);
    if (found != NULL && !wanted(found, before, sequence, offset)) return;
    if (index->note_count >= index->notes_max) {
        block_index_close(index); /* seldom; what is read now is noted again */
        found = NULL;
    }
    if (found == NULL) found = segment_add(index, segment);
    if (found == NULL || !notes_reserve(found)) return;
    const uint32_t place = notes_until(found, sequence);
    memmove(found->notes + place + 1, found->notes + place, (found->count - place) * sizeof *found->notes);
    found->notes[place] = (struct block_note){sequence, offset};
    found->count++;
    index->note_count++;
}

bool block_index_find(const struct block_index *index, uint32_t segment, uint64_t sequence, struct block_note *out_note)
{
    const struct segment_notes *found = segment_find(index, segment);
    const uint32_t until = found == NULL ? 0 : notes_until(found, sequence);
    if (until == 0) return false;
    *out_note = found->notes[until - 1];
    return true;
}

bool block_index_first(const struct block_index *index, uint32_t segment, struct block_note *out_note)
{
    const struct segment_notes *found = segment_find(index, segment);
    if (found == NULL || found->count == 0) return false;
    *out_note = found->notes[0];
    return true;
}

void block_index_forget(struct block_index *index, uint32_t segment)
{
    struct segment_notes *found = segment_find(index, segment);
    if (found == NULL) return;
    must(index->note_count >= found->count);
    index->note_count -= found->count;
    free(found->notes);
    const uint32_t place = (uint32_t)(found - index->segments);
    memmove(found, found + 1, (index->count - place - 1) * sizeof *found);
    index->count--;
}
