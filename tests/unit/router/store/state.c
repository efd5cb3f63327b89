/* The state's format: an older one is made anew from the ledger, a newer one is left alone. */
#include "tests/support/plain_store.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static struct plain_store plain;

static enum stepcare_error opening(void)
{
    store_close(&plain.store, false);
    return store_open(&plain.store, plain.config, 0);
}

/* Three events, checkpointed; the last leaves the tier paused. */
static void begin(void)
{
    plain_store_make(&plain);
    cr_assert_eq(opening(), STEPCARE_OK);
    for (unsigned i = 0; i < 3; i++) cr_assert_eq(plain_store_execute(&plain, i % 2 == 0), STEPCARE_OK);
    cr_assert_eq(store_flush(&plain.store), STEPCARE_OK);
    const struct ledger_mark mark = ledger_tail(plain.store.ledger);
    cr_assert_eq(state_checkpoint(&plain.store.state, &mark), STEPCARE_OK);
}

static void end(void)
{
    plain_store_remove(&plain);
}

TestSuite(state, .init = begin, .fini = end);

/* Another format, and a row that today's would not have: as if that version had written it. */
static void format_put(uint32_t version)
{
    struct state *state = &plain.store.state;
    struct key key;
    key_init(&key, TABLE_META);
    key_text(&key, stepcare_text_of("format_version"), 0);
    cr_assert_eq(state_put(state, &key, &version, sizeof version), STEPCARE_OK);
    key_init(&key, TABLE_HISTORY);
    key_u64(&key, 1);
    cr_assert_eq(state_put(state, &key, &version, sizeof version), STEPCARE_OK);
    cr_assert_eq(mdb_txn_commit(state->txn), 0);
    state->txn = NULL;
}

static bool has_old_row(void)
{
    struct key all;
    key_init(&all, TABLE_HISTORY);
    return state_any(&plain.store.state, &all, NULL);
}

Test(state, what_is_checkpointed_is_not_replayed)
{
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_expect_eq(plain.store.state.applied.sequence, 3);
    cr_expect_eq(plain.store.state.events, 0);
    cr_expect_eq(plain.store.state.older_format, 0);
}

Test(state, an_older_format_is_made_anew_from_the_whole_ledger)
{
    format_put(1);
    cr_assert_eq(opening(), STEPCARE_OK, "%s", plain.store.error);
    cr_expect_eq(plain.store.state.older_format, 1);
    cr_expect_eq(plain.store.state.events, 3, "not the whole ledger was replayed");
    cr_expect_eq(plain.store.state.counters.paused_tiers, STEPCARE_BIT(STEPCARE_TIER_PHYSIO));
    cr_expect_not(has_old_row());
}

Test(state, an_older_format_does_not_hide_that_the_ledger_lost_something)
{
    format_put(1);
    store_close(&plain.store, false);
    cr_assert_eq(truncate(temp_path(&plain.directory, "data/ledger/00000001.seg"), 0), 0);
    for (unsigned i = 0; i < 3; i++) {
        cr_expect_eq(opening(), STEPCARE_DAMAGED, "opening %u", i);
        cr_expect_not_null(strstr(plain.store.error, "the state has applied 3"), "%s", plain.store.error);
    }
}

static uint64_t snapshot_sequence(void)
{
    struct state snapshot;
    cr_assert_eq(state_snapshot_begin(&snapshot, &plain.store.state), STEPCARE_OK);
    const uint64_t sequence = snapshot.applied.sequence;
    state_snapshot_end(&snapshot);
    return sequence;
}

Test(state, what_is_made_anew_counts_as_committed_only_when_it_is)
{
    format_put(1);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(opening(), STEPCARE_OK, "%s", plain.store.error);
        cr_expect_eq(plain.store.state.applied.sequence, snapshot_sequence());
        cr_expect_eq(plain.store.state.older_format, 1);
        cr_expect_eq(plain.store.state.events, 3);
    }
    const struct ledger_mark mark = ledger_tail(plain.store.ledger);
    cr_assert_eq(state_checkpoint(&plain.store.state, &mark), STEPCARE_OK);
    cr_expect_eq(plain.store.state.applied.sequence, 3);
    cr_expect_eq(snapshot_sequence(), 3);
    cr_assert_eq(opening(), STEPCARE_OK);
    cr_expect_eq(plain.store.state.older_format, 0);
    cr_expect_eq(plain.store.state.events, 0);
}

Test(state, a_newer_format_is_refused_in_words_and_left_as_it_is)
{
    format_put(STATE_FORMAT_VERSION + 1);
    for (unsigned i = 0; i < 2; i++) {
        cr_expect_eq(opening(), STEPCARE_STORE_VERSION);
        cr_expect_not_null(strstr(plain.store.error, "the state has format 3"), "%s", plain.store.error);
        cr_expect_not_null(strstr(plain.store.error, "newer version"), "%s", plain.store.error);
    }
}
