/* Open addressing with backward-shift removal. See id_map.h. */
#include "base/id_map.h"

#include <stdlib.h>

static uint32_t slot_of(const struct id_map *map, uint64_t id)
{
    return (uint32_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & map->mask;
}

enum stepcare_error id_map_open(struct id_map *map, uint32_t count_max)
{
    uint32_t slots = 16;
    while (slots < count_max * 2) slots *= 2; /* at most half full: probes stay short and always end */
    map->ids = calloc(slots, sizeof *map->ids);
    map->places = calloc(slots, sizeof *map->places);
    map->mask = slots - 1;
    return map->ids != NULL && map->places != NULL ? STEPCARE_OK : STEPCARE_NO_MEMORY;
}

void id_map_close(struct id_map *map)
{
    free(map->ids);
    free(map->places);
    map->ids = NULL;
    map->places = NULL;
}

static uint32_t find_slot(const struct id_map *map, uint64_t id)
{
    uint32_t slot = slot_of(map, id);
    while (map->ids[slot] != 0 && map->ids[slot] != id) slot = (slot + 1) & map->mask;
    return slot;
}

bool id_map_find(const struct id_map *map, uint64_t id, uint32_t *out_place)
{
    const uint32_t slot = find_slot(map, id);
    if (map->ids[slot] == 0) return false;
    *out_place = map->places[slot];
    return true;
}

void id_map_set(struct id_map *map, uint64_t id, uint32_t place)
{
    const uint32_t slot = find_slot(map, id);
    map->ids[slot] = id;
    map->places[slot] = place;
}

void id_map_remove(struct id_map *map, uint64_t id)
{
    uint32_t hole = find_slot(map, id);
    if (map->ids[hole] == 0) return;
    map->ids[hole] = 0;
    for (uint32_t at = (hole + 1) & map->mask; map->ids[at] != 0; at = (at + 1) & map->mask) {
        const uint32_t home = slot_of(map, map->ids[at]);
        /* Whoever probed across the hole moves into it. */
        if (((at - home) & map->mask) < ((at - hole) & map->mask)) continue;
        map->ids[hole] = map->ids[at];
        map->places[hole] = map->places[at];
        map->ids[at] = 0;
        hole = at;
    }
}
