/* Keys of the state: their bytes sort as the lists must, and hold what was put in. */
#include "router/store/keys.h"

#include "tests/support/random.h"

#include <criterion/criterion.h>

static int key_compare(const struct key *a, const struct key *b)
{
    const int order = memcmp(a->data, b->data, a->bytes < b->bytes ? a->bytes : b->bytes);
    return order != 0 ? order : (int)a->bytes - (int)b->bytes;
}

static struct key worklist_key_of(const struct episode *episode)
{
    struct key keys[KEYS_PER_EPISODE_MAX];
    const unsigned count = keys_of_episode(episode, keys);
    for (unsigned i = 0; i < count; i++)
        if (keys[i].table == TABLE_WORKLIST) return keys[i];
    cr_assert_fail("no worklist key");
    return keys[0];
}

/* The order that people are promised, said without bytes. */
static int place_compare(const struct episode *a, const struct episode *b)
{
    if (a->urgency != b->urgency) return a->urgency < b->urgency ? -1 : 1;
    if (a->due != b->due) return a->due < b->due ? -1 : 1;
    if (a->referred_at != b->referred_at) return a->referred_at < b->referred_at ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

Test(keys, byte_order_is_claim_order)
{
    struct random random = random_of(4, 5, 6);
    const int64_t times[] = {-5, -1, 0, 1, 255, 256, 65536, INT64_C(1793577600000), INT64_MAX, INT64_MIN};
    for (unsigned i = 0; i < 20000; i++) {
        struct episode two[2];
        for (unsigned j = 0; j < 2; j++) {
            episode_init(&two[j]);
            two[j].state = STEPCARE_STATE_WAITING;
            two[j].tier = STEPCARE_TIER_PHYSIO;
            two[j].urgency = (uint8_t)random_between(&random, 1, 6);
            two[j].due = RANDOM_PICK(&random, times);
            two[j].referred_at = RANDOM_PICK(&random, times);
            two[j].id = 1 + random_below(&random, 70000);
        }
        const struct key a = worklist_key_of(&two[0]), b = worklist_key_of(&two[1]);
        const int bytes = key_compare(&a, &b), promised = place_compare(&two[0], &two[1]);
        cr_assert((bytes < 0) == (promised < 0) && (bytes > 0) == (promised > 0));
    }
}

Test(keys, numbers_and_times_go_there_and_back)
{
    const int64_t times[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    struct key before, key;
    for (unsigned i = 0; i < 5; i++) {
        key_init(&key, TABLE_TIMER);
        key_time(&key, times[i]);
        cr_assert_eq(key_read_time(key.data), times[i]);
        cr_assert(i == 0 || key_compare(&before, &key) < 0);
        before = key;
    }
    key_init(&key, TABLE_EPISODE);
    key_u64(&key, UINT64_C(0x0102030405060708));
    cr_assert_eq(key_read_u64(key.data), UINT64_C(0x0102030405060708));
}

Test(keys, a_padded_name_is_no_prefix_of_a_longer_one)
{
    struct key a, b;
    key_init(&a, TABLE_FEEDBACK);
    key_text(&a, stepcare_text_of("Y05"), 10);
    key_init(&b, TABLE_FEEDBACK);
    key_text(&b, stepcare_text_of("Y0586"), 10);
    cr_assert(a.bytes == 10 && b.bytes == 10);
    cr_assert_lt(key_compare(&a, &b), 0);
}

Test(keys, what_is_closed_is_in_no_list)
{
    struct key keys[KEYS_PER_EPISODE_MAX];
    struct episode episode;
    episode_init(&episode);
    cr_assert_eq(keys_of_episode(&episode, keys), 0);
    episode.state = STEPCARE_STATE_CLOSED;
    episode.duplicate_of = 3;
    episode.holds = 15;
    cr_assert_eq(keys_of_episode(&episode, keys), 0);
}

/* As many entries as one episode can have at once: the bound is asserted where keys are made. */
Test(keys, the_busiest_episode_stays_within_the_bound)
{
    struct key keys[KEYS_PER_EPISODE_MAX];
    struct episode episode;
    episode_init(&episode);
    episode.id = 9;
    episode.state = STEPCARE_STATE_IN_TREATMENT;
    episode_text_set(&episode.owner, stepcare_text_of("tom"));
    episode_text_set(&episode.holder, stepcare_text_of("eve"));
    episode.token = 5;
    episode.lease_expires = episode.handover_due = episode.opt_in_due = episode.next_due = 7;
    episode.next_action = STEPCARE_NEXT_REVIEW;
    episode.handover = STEPCARE_HANDOVER_OVERDUE;
    episode.holds = 15;
    episode.duplicate_of = 3;
    episode.review_pending = STEPCARE_KIND_PHYSIO;
    const unsigned leased = keys_of_episode(&episode, keys);
    episode.token = 0;
    const unsigned offered = keys_of_episode(&episode, keys);
    cr_assert(leased <= KEYS_PER_EPISODE_MAX && offered <= KEYS_PER_EPISODE_MAX);
    cr_assert(leased >= 7 && offered >= 6);
}
