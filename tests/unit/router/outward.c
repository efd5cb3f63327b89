/* A router that another writer has overtaken: what it decided since is answered to nobody, and it goes no further. */
#include "router/outward.h"
#include "tests/support/overtaken_engine.h"
#include "tests/support/plain_store.h"

#include <criterion/criterion.h>

static struct plain_store plain;
static struct outward outward;

static void begin(void)
{
    plain_store_make(&plain);
    cr_assert_eq(store_open_on(&plain.store, plain.config, overtaken_engine_make, 0), STEPCARE_OK);
    cr_assert_eq(outward_init(&outward, &plain.store, NULL, NULL), STEPCARE_OK);
}

static void end(void)
{
    outward_close(&outward);
    plain_store_remove(&plain);
}

TestSuite(outward, .init = begin, .fini = end);

static void is_never_answered(void)
{
    struct stepcare_record record;
    const struct peer peer = {.identity = {0, 1, 2, 3, 4}};
    stepcare_record_init(&record);
    cr_assert_eq(plain_store_execute(&plain, true), STEPCARE_OK);
    outward_reply(&outward, &peer, WIRE_PAUSE, 1, &record, STEPCARE_OK);
    const size_t waiting = outward.outbox.used;
    cr_assert_gt(waiting, 0);
    outward_flush(&outward);
    cr_expect(outward.failed, "it goes on");
    overtaken_by.epochs = overtaken_by.events = 0;
    outward_flush(&outward); /* and not later either */
    cr_expect_eq(outward.outbox.used, waiting, "it was answered");
    cr_expect_eq(outward.replies_dropped, 0);
    cr_expect_eq(plain.store.events_flushed, 0);
}

Test(outward, under_another_writers_epoch_nothing_is_answered_and_the_router_ends)
{
    overtaken_by.epochs = 1;
    is_never_answered();
}

Test(outward, after_another_writers_events_nothing_is_answered_and_the_router_ends)
{
    overtaken_by.events = 3;
    is_never_answered();
}
