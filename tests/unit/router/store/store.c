/* A store whose ledger another writer has overtaken: what was applied is not acknowledged, and is gone after the next
 * start. */
#include "tests/support/overtaken_engine.h"
#include "tests/support/plain_store.h"

#include <criterion/criterion.h>

static struct plain_store plain;

static void begin(void)
{
    plain_store_make(&plain);
    cr_assert_eq(store_open_on(&plain.store, plain.config, overtaken_engine_make, 0), STEPCARE_OK);
    cr_assert_eq(plain_store_execute(&plain, false), STEPCARE_OK);
    cr_assert_eq(store_flush(&plain.store), STEPCARE_OK);
}

static void end(void)
{
    plain_store_remove(&plain);
}

TestSuite(store, .init = begin, .fini = end);

static void is_fenced_for_good(void)
{
    struct ledger_event_view event;
    cr_assert_eq(plain_store_execute(&plain, true), STEPCARE_OK);
    const unsigned appends = overtaken_by.appends;
    cr_expect_eq(store_flush(&plain.store), STEPCARE_FENCED);
    cr_expect(plain.store.error[0] != '\0', "it does not say why");
    overtaken_by.epochs = overtaken_by.events = 0;
    cr_expect_eq(store_flush(&plain.store), STEPCARE_FENCED);
    cr_expect_eq(overtaken_by.appends, appends + 1, "it was tried again");
    cr_expect_neq(plain_store_execute(&plain, true), STEPCARE_OK);
    cr_expect_eq(ledger_read(plain.store.ledger, 1, &event), STEPCARE_FENCED);
    cr_expect_eq(plain.store.events_flushed, 1);

    store_close(&plain.store, false);
    cr_assert_eq(store_open(&plain.store, plain.config, 0), STEPCARE_OK);
    cr_expect_eq(ledger_tail(plain.store.ledger).sequence, 1);
    cr_expect_eq(plain.store.state.counters.paused_tiers, 0, "what was refused is in the state");
}

Test(store, another_writers_epoch_fences_it_for_good)
{
    overtaken_by.epochs = 1;
    is_fenced_for_good();
}

Test(store, another_writers_head_fences_it_for_good)
{
    overtaken_by.events = 1;
    is_fenced_for_good();
}

Test(store, events_are_read_back_by_sequence_before_and_after_a_flush)
{
    struct event event;
    for (unsigned i = 0; i < 5; i++) {
        cr_assert_eq(plain_store_execute(&plain, true), STEPCARE_OK);
        for (uint64_t sequence = 1; sequence <= i + 2; sequence++) {
            cr_assert_eq(reader_event(&plain.store.reader, sequence, &event), STEPCARE_OK);
            cr_expect_eq(event.sequence, sequence);
            cr_expect_eq(event.type, sequence == 1 ? STEPCARE_EVENT_TIER_RESUMED : STEPCARE_EVENT_TIER_PAUSED);
        }
        if (i % 2 == 0) cr_assert_eq(store_flush(&plain.store), STEPCARE_OK);
    }
}
