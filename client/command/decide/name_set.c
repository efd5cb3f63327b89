/* A trie over the bits of the names' hashes: as fast for a hundred thousand names as for ten, with no table to grow.
 * Used by the reader of review snapshots. */
#include "client/command/decide/name_set.h"

#include <string.h>

enum { BRANCH_BITS = 2, BRANCHES = 1 << BRANCH_BITS };

struct name_node {
    struct name_node *branches[BRANCHES];
    struct stepcare_text name;
    uint32_t object;
};

/* FNV-1a. */
static uint64_t hash_of(uint32_t object, struct stepcare_text name)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ object;
    for (uint32_t i = 0; i < name.bytes; i++) hash = (hash ^ (uint8_t)name.data[i]) * UINT64_C(1099511628211);
    return hash;
}

static bool node_is(const struct name_node *node, uint32_t object, struct stepcare_text name)
{
    return node->object == object && node->name.bytes == name.bytes &&
           memcmp(node->name.data, name.data, name.bytes) == 0;
}

enum name_added name_set_add(struct name_set *set, uint32_t object, struct stepcare_text name)
{
    struct name_node **place = &set->root;
    for (uint64_t hash = hash_of(object, name); *place != NULL; hash >>= BRANCH_BITS) {
        if (node_is(*place, object, name)) return NAME_REPEATED;
        place = &(*place)->branches[hash & (BRANCHES - 1)];
    }
    struct name_node *node = arena_take(set->arena, sizeof *node);
    if (node == NULL) return NAME_NO_MEMORY;
    *node = (struct name_node){.name = name, .object = object};
    *place = node;
    return NAME_NEW;
}
