/* Open addressing with backward-shift removal. See hash_table.h. */
#include "base/hash_table.h"

#include "base/must.h"

#include <stdlib.h>

enum { SLOTS_MIN = 16 };

static uint64_t home_of(const struct hash_table *table, uint64_t key)
{
    return (key * UINT64_C(0x9e3779b97f4a7c15)) >> table->shift;
}

enum stepcare_error hash_table_init(struct hash_table *table, uint64_t count_expected)
{
    uint64_t slots = SLOTS_MIN;
    unsigned bits = 4;
    for (; slots < count_expected * 2; slots *= 2) bits++;
    *table = (struct hash_table){.mask = slots - 1, .shift = 64 - bits};
    table->entries = calloc(slots, sizeof *table->entries);
    return table->entries == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
}

void hash_table_close(struct hash_table *table)
{
    free(table->entries);
    *table = (struct hash_table){.entries = NULL};
}

void hash_table_add(struct hash_table *table, uint64_t key, uint64_t value)
{
    must(key != 0);
    must((table->used + 1) * 2 <= table->mask + 1);
    uint64_t slot = home_of(table, key);
    while (table->entries[slot].key != 0) slot = (slot + 1) & table->mask;
    table->entries[slot] = (struct hash_entry){key, value};
    table->used++;
}

enum stepcare_error hash_table_reserve(struct hash_table *table)
{
    if ((table->used + 1) * 2 <= table->mask + 1) return STEPCARE_OK;
    struct hash_table larger;
    if (hash_table_init(&larger, table->mask + 1) != STEPCARE_OK) return STEPCARE_NO_MEMORY;
    for (uint64_t slot = 0; slot <= table->mask; slot++)
        if (table->entries[slot].key != 0)
            hash_table_add(&larger, table->entries[slot].key, table->entries[slot].value);
    must(larger.used == table->used);
    hash_table_close(table);
    *table = larger;
    return STEPCARE_OK;
}

struct hash_entry *hash_table_next(const struct hash_table *table, uint64_t key, struct hash_entry *last)
{
    uint64_t slot = last == NULL ? home_of(table, key) : ((uint64_t)(last - table->entries) + 1) & table->mask;
    for (; table->entries[slot].key != 0; slot = (slot + 1) & table->mask)
        if (table->entries[slot].key == key) return &table->entries[slot];
    return NULL;
}

void hash_table_remove(struct hash_table *table, struct hash_entry *entry)
{
    must(entry->key != 0);
    must(table->used > 0);
    uint64_t hole = (uint64_t)(entry - table->entries);
    table->entries[hole].key = 0;
    table->used--;
    for (uint64_t at = (hole + 1) & table->mask; table->entries[at].key != 0; at = (at + 1) & table->mask) {
        const uint64_t home = home_of(table, table->entries[at].key);
        /* What was probed for across the hole moves into it. */
        if (((at - home) & table->mask) < ((at - hole) & table->mask)) continue;
        table->entries[hole] = table->entries[at];
        table->entries[at].key = 0;
        hole = at;
    }
}
