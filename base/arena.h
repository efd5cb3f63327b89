/* Memory that is given back all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "stepcare/error.h"

#include <stdbool.h>

#include <stddef.h>
#include <stdint.h>

/* Memory for what a decoded frame points to besides the frame itself (nested records, error lists). Reset between
 * frames; keeps its blocks, so that a steady state allocates nothing. */
struct arena;
enum stepcare_error arena_open(size_t bytes_max, struct arena **out_arena);
void arena_close(struct arena *arena);
void arena_reset(struct arena *arena);
void *arena_take(struct arena *arena, size_t bytes); /* NULL past bytes_max; 16-byte aligned */

#endif
