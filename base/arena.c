/* Memory taken piece by piece and given back at once: for what decoding a frame or reading an event needs. */
#include "base/arena.h"

#include <stdlib.h>

enum { BLOCK_BYTES_MIN = 64 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t used, capacity;
    _Alignas(ALIGNMENT) uint8_t data[];
};

struct arena {
    size_t bytes_max, taken;
    struct block *blocks; /* the newest first; only it is taken from */
};

enum stepcare_error arena_open(size_t bytes_max, struct arena **out_arena)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL) return STEPCARE_NO_MEMORY;
    arena->bytes_max = bytes_max;
    *out_arena = arena;
    return STEPCARE_OK;
}

static void blocks_free(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}

void arena_close(struct arena *arena)
{
    if (arena == NULL) return;
    blocks_free(arena);
    free(arena);
}

static bool block_push(struct arena *arena, size_t capacity)
{
    struct block *block = malloc(sizeof *block + capacity);
    if (block == NULL) return false;
    *block = (struct block){.next = arena->blocks, .capacity = capacity};
    arena->blocks = block;
    return true;
}

/* Several blocks become one that would have held all of it: after the first few frames nothing is allocated. */
void arena_reset(struct arena *arena)
{
    size_t taken = arena->taken;
    arena->taken = 0;
    if (arena->blocks == NULL) return;
    if (arena->blocks->next == NULL) {
        arena->blocks->used = 0;
        return;
    }
    blocks_free(arena);
    block_push(arena, taken); /* out of memory now: the next take tries again */
}

void *arena_take(struct arena *arena, size_t bytes)
{
    if (bytes > arena->bytes_max - arena->taken) return NULL;
    bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct block *block = arena->blocks;
    if (block == NULL || block->capacity - block->used < bytes) {
        if (!block_push(arena, bytes > BLOCK_BYTES_MIN ? bytes : BLOCK_BYTES_MIN)) return NULL;
        block = arena->blocks;
    }
    void *taken = block->data + block->used;
    block->used += bytes;
    arena->taken = bytes > arena->bytes_max - arena->taken ? arena->bytes_max : arena->taken + bytes;
    return taken;
}
