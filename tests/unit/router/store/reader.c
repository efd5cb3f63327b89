/* The same questions to both kinds of transaction: the open one of the loop, and a snapshot of the last commit. */
#include "router/store/reader.h"
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>

#define WHEN "2026-11-02T08:00:00Z"
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"

static struct virtual_router virtual;
static struct reader snapshot;

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
    cr_assert_eq(reader_init(&snapshot, NULL, virtual.router->store.ledger), STEPCARE_OK);
}

static void closes(void)
{
    reader_close(&snapshot);
    virtual_router_close(&virtual);
}

TestSuite(reader, .init = opens, .fini = closes);

static struct store *store(void)
{
    return &virtual.router->store;
}

static void commits(void)
{
    static int64_t steady = INT64_C(1) << 50; /* each commit long after the one before */
    steady += STORE_CHECKPOINT_APART_MS;
    cr_assert_eq(store_checkpoint_soon(store(), steady), STEPCARE_OK);
    cr_assert_eq(store()->state.events, 0);
}

static void snapshot_begins(void)
{
    cr_assert_eq(reader_snapshot_begin(&snapshot, &store()->state), STEPCARE_OK);
}

static bool count_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)key;
    (void)key_bytes;
    (void)value;
    ++*(unsigned *)context;
    return true;
}

static unsigned rows_of(struct reader *reader, enum table table)
{
    unsigned count = 0;
    struct key all;
    key_init(&all, table);
    cr_assert_eq(reader_walk(reader, &all, NULL, count_visit, &count), STEPCARE_OK);
    return count;
}

Test(reader, the_open_transaction_shows_what_was_just_decided_and_a_snapshot_what_was_committed)
{
    const uint64_t first = virtual_referral(&virtual, "a", WHEN, MEDIUM);
    commits();
    const uint64_t second = virtual_referral(&virtual, "b", WHEN, MEDIUM);
    struct episode episode;
    snapshot_begins();
    cr_assert(reader_episode_get(&snapshot, first, &episode));
    cr_assert_eq(episode.id, first);
    cr_assert_not(reader_episode_get(&snapshot, second, &episode));
    cr_assert(reader_episode_get(&store()->reader, second, &episode));
    cr_assert_eq(rows_of(&snapshot, TABLE_EPISODE), 1);
    cr_assert_eq(rows_of(&store()->reader, TABLE_EPISODE), 2);
    cr_assert_eq(reader_counters(&snapshot)->episodes, 1);
    cr_assert_eq(reader_counters(&store()->reader)->episodes, 2);
    cr_assert_lt(reader_sequence(&snapshot), ledger_next_sequence(store()->ledger) - 1);
    reader_snapshot_end(&snapshot);
    commits();
    snapshot_begins();
    cr_assert(reader_episode_get(&snapshot, second, &episode));
    cr_assert_eq(reader_sequence(&snapshot), ledger_next_sequence(store()->ledger) - 1);
}

Test(reader, a_snapshot_stays_as_it_is_while_the_writer_goes_on_and_commits)
{
    const uint64_t id = virtual_referral(&virtual, "a", WHEN, MEDIUM);
    struct episode episode;
    commits();
    snapshot_begins();
    cr_assert_eq(virtual_take(&virtual, "p", "physio"), id);
    commits();
    cr_assert(reader_episode_get(&snapshot, id, &episode));
    cr_assert_eq(episode.state, STEPCARE_STATE_WAITING);
    cr_assert_eq(rows_of(&snapshot, TABLE_WORKLIST), 1);
    cr_assert(reader_episode_get(&store()->reader, id, &episode));
    cr_assert_eq(episode.state, STEPCARE_STATE_IN_TREATMENT);
    cr_assert_eq(rows_of(&store()->reader, TABLE_WORKLIST), 0);
}

static void story_is_whole(struct reader *reader, uint64_t id)
{
    struct episode episode;
    struct event event;
    cr_assert(reader_episode_get(reader, id, &episode));
    for (uint32_t n = 1; n <= episode.history_count; n++) {
        cr_assert_eq(reader_event_numbered(reader, id, n, &event), STEPCARE_OK);
        cr_assert_eq(event.episode_id, id);
    }
    cr_assert_eq(event.sequence, episode.sequence);
    cr_assert_eq(reader_event_numbered(reader, id, episode.history_count + 1, &event), STEPCARE_DAMAGED);
    cr_assert_eq(reader_event_of_content(reader, &episode, &event), STEPCARE_OK);
    cr_assert_eq(event.type, STEPCARE_EVENT_REFERRAL_RECEIVED);
    cr_assert(stepcare_text_equal(event.record.message_id, stepcare_text_of("a")));
    cr_assert_gt(event.record.referral.bytes, 0);
    cr_assert_eq(reader_message_episode(reader, stepcare_text_of("Y05868"), stepcare_text_of("a")), id);
    cr_assert_eq(reader_message_episode(reader, stepcare_text_of("Y05868"), stepcare_text_of("b")), 0);
}

Test(reader, both_read_events_with_their_texts_in_memory_of_their_own)
{
    const uint64_t id = virtual_referral(&virtual, "a", WHEN, MEDIUM);
    cr_assert_eq(virtual_take(&virtual, "p", "physio"), id);
    commits();
    snapshot_begins();
    story_is_whole(&snapshot, id);
    story_is_whole(&store()->reader, id);
    struct event by_snapshot, other;
    cr_assert_eq(reader_event_numbered(&snapshot, id, 1, &by_snapshot), STEPCARE_OK);
    cr_assert_eq(reader_event_numbered(&store()->reader, id, 2, &other), STEPCARE_OK);
    cr_assert(stepcare_text_equal(by_snapshot.record.message_id, stepcare_text_of("a")));
}

struct stopping {
    atomic_bool *stop;
    unsigned seen;
};

static bool stopping_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct stopping *stopping = context;
    (void)key;
    (void)key_bytes;
    (void)value;
    stopping->seen++;
    atomic_store(stopping->stop, true);
    return true;
}

Test(reader, a_walk_ends_at_the_row_after_it_is_told_to_stop)
{
    atomic_bool stop = false;
    struct stopping stopping = {.stop = &stop};
    struct key all;
    for (unsigned i = 0; i < 3; i++) virtual_referral(&virtual, (const char *[]){"a", "b", "c"}[i], WHEN, MEDIUM);
    commits();
    snapshot.stop = &stop;
    snapshot_begins();
    key_init(&all, TABLE_EPISODE);
    cr_assert_eq(reader_walk(&snapshot, &all, NULL, stopping_visit, &stopping), STEPCARE_STOPPING);
    cr_assert_eq(stopping.seen, 1);
    cr_assert(reader_stopped(&snapshot));
    atomic_store(&stop, false);
    cr_assert_eq(rows_of(&snapshot, TABLE_EPISODE), 3);
}

Test(reader, snapshots_of_one_thread_come_one_after_another_without_end)
{
    enum { MANY = 1000 }; /* far more than LMDB has places for readers */
    virtual_referral(&virtual, "a", WHEN, MEDIUM);
    commits();
    for (unsigned i = 0; i < MANY; i++) {
        snapshot_begins();
        cr_assert_eq(rows_of(&snapshot, TABLE_EPISODE), 1);
        reader_snapshot_end(&snapshot);
    }
    cr_assert_eq(reader_check(&store()->state), 0);
}
