/* Ids found, moved and removed, however they collide. */
#include "base/id_map.h"

#include "tests/support/random.h"

#include <criterion/criterion.h>
#include <string.h>

enum { IDS = 200, COUNT_MAX = 64, STEPS = 200000 };

Test(id_map, agrees_with_a_plain_array_whatever_comes_and_goes)
{
    struct id_map map;
    struct random random = random_of(1, 2, 3);
    uint32_t places[IDS], count = 0, place;
    memset(places, 0xff, sizeof places);
    cr_assert_eq(id_map_init(&map, COUNT_MAX), STEPCARE_OK);
    for (unsigned i = 0; i < STEPS; i++) {
        const unsigned at = random_below(&random, IDS);
        const uint64_t id = (uint64_t)(at + 1) << (at % 3 * 20); /* ids of very different sizes */
        if (places[at] != UINT32_MAX && random_percent(&random, 60)) {
            id_map_remove(&map, id);
            places[at] = UINT32_MAX;
            count--;
        } else if (places[at] != UINT32_MAX || count < COUNT_MAX) {
            count += places[at] == UINT32_MAX;
            places[at] = random_below(&random, 1000000);
            id_map_set(&map, id, places[at]);
        }
        const unsigned other = random_below(&random, IDS);
        const bool found = id_map_find(&map, (uint64_t)(other + 1) << (other % 3 * 20), &place);
        cr_assert_eq(found, places[other] != UINT32_MAX);
        cr_assert(!found || place == places[other]);
    }
    id_map_close(&map);
}

Test(id_map, removing_what_is_not_there_changes_nothing)
{
    struct id_map map;
    uint32_t place;
    cr_assert_eq(id_map_init(&map, 4), STEPCARE_OK);
    id_map_set(&map, 5, 50);
    id_map_remove(&map, 6);
    cr_assert(id_map_find(&map, 5, &place) && place == 50);
    id_map_set(&map, 5, 51);
    cr_assert(id_map_find(&map, 5, &place) && place == 51);
    id_map_close(&map);
}
