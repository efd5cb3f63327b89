/* Where blocks begin, by sequence: for some blocks of some segments, about one for each 64 KiB of file, so that an
 * event is found by walking a few headers. A note is only ever made of a block that was reached from a known place:
 * the beginning of a segment, the block before it, or the writer's own append; never of bytes that merely look like
 * a header. Notes can be forgotten at any time, and are made again by walking. Used by segment_engine.c and
 * recover.c. */
#ifndef ROUTER_LEDGER_SEGMENT_BLOCK_INDEX_H
#define ROUTER_LEDGER_SEGMENT_BLOCK_INDEX_H

#include "stepcare/error.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    BLOCK_INDEX_STRIDE_BYTES = 64 * 1024,
    BLOCK_INDEX_NOTES_MAX = 256 * 1024 /* 16 bytes each: 16 GiB of ledger can be known at a time */
};

struct block_note {
    uint64_t sequence; /* the block's first */
    uint32_t offset;   /* of its header in the segment */
};

struct segment_notes {
    uint32_t number; /* of the segment */
    uint32_t count, capacity;
    struct block_note *notes; /* ascending, in sequence and in offset */
};

struct block_index {
    struct segment_notes *segments; /* ascending by number */
    uint32_t count, capacity;
    uint32_t note_count, notes_max;
};

void block_index_init(struct block_index *index, uint32_t notes_max);
void block_index_close(struct block_index *index);

/* Purpose: note a block, unless a note close before or after it will do. A block at offset 0 is always noted. Out of
 * memory, nothing is noted: the walk is then longer. */
void block_index_note(struct block_index *index, uint32_t segment, uint64_t sequence, uint32_t offset);

/* Purpose: the last noted block of the segment that does not begin after sequence; false if there is none. */
bool block_index_find(const struct block_index *index, uint32_t segment, uint64_t sequence,
                      struct block_note *out_note);

/* Purpose: the first note of a segment; false if there is none. */
bool block_index_first(const struct block_index *index, uint32_t segment, struct block_note *out_note);

/* Purpose: a segment is gone: forget what was noted of it. */
void block_index_forget(struct block_index *index, uint32_t segment);

#endif
