/* From a 64-bit id to the place of an entry in a dense array, sized once: the router's jobs, and answers that wait.
 * 0 is no id. */
#ifndef BASE_ID_MAP_H
#define BASE_ID_MAP_H

#include "base/hash_table.h"

struct id_map {
    struct hash_table table;
    uint32_t count_max;
};

/* Purpose: room for count_max ids. Errors: NO_MEMORY. Owns: id_map_close. */
enum stepcare_error id_map_init(struct id_map *map, uint32_t count_max);
void id_map_close(struct id_map *map);
bool id_map_find(const struct id_map *map, uint64_t id, uint32_t *out_place);
void id_map_set(struct id_map *map, uint64_t id, uint32_t place); /* adds or moves; never past count_max (must) */
void id_map_remove(struct id_map *map, uint64_t id);

#endif
