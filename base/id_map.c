/* A hash table with one place for an id. See id_map.h. */
#include "base/id_map.h"

#include "base/must.h"

enum stepcare_error id_map_init(struct id_map *map, uint32_t count_max)
{
    map->count_max = count_max;
    return hash_table_init(&map->table, count_max);
}

void id_map_close(struct id_map *map)
{
    hash_table_close(&map->table);
}

bool id_map_find(const struct id_map *map, uint64_t id, uint32_t *out_place)
{
    const struct hash_entry *entry = hash_table_next(&map->table, id, NULL);
    if (entry == NULL) return false;
    *out_place = (uint32_t)entry->value;
    return true;
}

void id_map_set(struct id_map *map, uint64_t id, uint32_t place)
{
    struct hash_entry *entry = hash_table_next(&map->table, id, NULL);
    if (entry != NULL) {
        entry->value = place;
        return;
    }
    must(map->table.used < map->count_max);
    hash_table_add(&map->table, id, place);
}

void id_map_remove(struct id_map *map, uint64_t id)
{
    struct hash_entry *entry = hash_table_next(&map->table, id, NULL);
    if (entry != NULL) hash_table_remove(&map->table, entry);
}
