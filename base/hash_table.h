/* From 64-bit keys to 64-bit values, several for one key if wanted: open addressing, linear probing, backward-shift
 * removal, at most half full, so that probes stay short and always end. Under id_map.h (the router's jobs and
 * waiting answers) and the store's patients. Keys are ids or hashes; 0 is no key. */
#ifndef BASE_HASH_TABLE_H
#define BASE_HASH_TABLE_H

#include "stepcare/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_entry {
    uint64_t key, value; /* key 0: free */
};

struct hash_table {
    struct hash_entry *entries;
    uint64_t mask; /* slots - 1; slots are a power of two */
    uint64_t used;
    unsigned shift; /* of a key's product, to its slot */
};

/* Purpose: an empty table with room for so many entries before hash_table_reserve first grows it. Errors: NO_MEMORY. */
enum stepcare_error hash_table_init(struct hash_table *table, uint64_t count_expected);
void hash_table_close(struct hash_table *table); /* accepts what is zero */

/* Purpose: make sure that one more fits, by growing. Errors: NO_MEMORY, and nothing has changed. */
enum stepcare_error hash_table_reserve(struct hash_table *table);

/* Purpose: add an entry; there is room for it (hash_table_reserve, or the count that was expected). */
void hash_table_add(struct hash_table *table, uint64_t key, uint64_t value);

/* Purpose: the entries of a key: NULL begins, and the entry last given goes on; NULL ends. The value may be written. */
struct hash_entry *hash_table_next(const struct hash_table *table, uint64_t key, struct hash_entry *last);

/* Purpose: take an entry out that hash_table_next gave. Entries move: the walk over the key is over. */
void hash_table_remove(struct hash_table *table, struct hash_entry *entry);

#endif
