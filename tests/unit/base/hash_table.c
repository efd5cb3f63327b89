/* The open-addressing table against what was put in: found while it is there, whatever goes before and after. */
#include "base/hash_table.h"

#include "tests/support/random.h"

#include <criterion/criterion.h>

static struct hash_table table;

static void begin(void)
{
    cr_assert_eq(hash_table_init(&table, 0), STEPCARE_OK);
}

static void end(void)
{
    hash_table_close(&table);
}

TestSuite(hash_table, .init = begin, .fini = end);

static unsigned count_of(uint64_t key)
{
    unsigned count = 0;
    for (struct hash_entry *entry = NULL; (entry = hash_table_next(&table, key, entry)) != NULL;) count++;
    return count;
}

Test(hash_table, keeps_several_values_of_one_key)
{
    for (uint64_t value = 1; value <= 3; value++) hash_table_add(&table, 7, value);
    hash_table_add(&table, 8, 9);
    cr_expect_eq(count_of(7), 3);
    hash_table_remove(&table, hash_table_next(&table, 7, NULL));
    cr_expect_eq(count_of(7), 2);
    cr_expect_eq(count_of(8), 1);
    cr_expect_eq(count_of(9), 0);
}

Test(hash_table, agrees_with_plain_counts_while_it_grows_and_shrinks)
{
    enum { KEYS = 300, STEPS = 40000 };
    static unsigned counts[KEYS + 1];
    struct random random = random_of(5, 0, 0);
    uint64_t used = 0;
    for (unsigned i = 0; i < STEPS; i++) {
        const uint64_t key = 1 + random_below(&random, KEYS);
        struct hash_entry *entry = hash_table_next(&table, key << 40, NULL);
        if (entry != NULL && random_percent(&random, i < STEPS / 2 ? 40 : 60)) {
            cr_assert_eq(entry->value, key);
            hash_table_remove(&table, entry);
            counts[key]--;
            used--;
        } else {
            cr_assert_eq(hash_table_reserve(&table), STEPCARE_OK);
            hash_table_add(&table, key << 40, key);
            counts[key]++;
            used++;
        }
        cr_assert_eq(table.used, used);
        const uint64_t other = 1 + random_below(&random, KEYS);
        cr_assert_eq(count_of(other << 40), counts[other]);
    }
}
