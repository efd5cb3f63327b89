/* A state that is not what the ledger says is found, whatever table it is in. */
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>

#define WHEN "2026-11-02T08:00:00Z"
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"

static struct virtual_router virtual;

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
    for (unsigned i = 0; i < 3; i++) virtual_referral(&virtual, (const char *[]){"a", "b", "c"}[i], WHEN, MEDIUM);
}

static void closes(void)
{
    virtual_router_close(&virtual);
}

TestSuite(verify, .init = opens, .fini = closes);

static struct state *state(void)
{
    return &virtual.router->store.state;
}

static struct key first_row(enum table table)
{
    struct reader_rows rows;
    struct key key;
    MDB_val at, value;
    cr_assert_eq(reader_rows_open(&virtual.router->store.reader, table, &rows), STEPCARE_OK);
    cr_assert(reader_rows_next(&rows, &at, &value));
    key_init(&key, table);
    key_text(&key, (struct stepcare_text){at.mv_data, (uint32_t)at.mv_size}, 0);
    reader_rows_close(&rows);
    return key;
}

Test(verify, a_state_that_is_the_ledgers_fold_is_well)
{
    cr_assert_eq(virtual_router_verify(&virtual), 0);
}

Test(verify, a_row_too_few_is_found)
{
    const struct key key = first_row(TABLE_WORKLIST);
    cr_assert_eq(state_remove(state(), &key), STEPCARE_OK);
    cr_assert_eq(virtual_router_verify(&virtual), 1);
    cr_assert_eq(state_put(state(), &key, NULL, 0), STEPCARE_OK); /* for the auditor, who looks once more at the end */
}

Test(verify, a_row_too_many_is_found)
{
    struct key key = first_row(TABLE_MESSAGE);
    key_u8(&key, 'z');
    cr_assert_eq(state_put(state(), &key, "more", 4), STEPCARE_OK);
    cr_assert_eq(virtual_router_verify(&virtual), 1);
}

Test(verify, another_value_in_a_row_is_found)
{
    const struct key key = first_row(TABLE_HISTORY);
    const uint64_t other = 99;
    cr_assert_eq(state_put(state(), &key, &other, sizeof other), STEPCARE_OK);
    cr_assert_eq(virtual_router_verify(&virtual), 1);
}

Test(verify, other_rollups_are_found)
{
    state()->counters.emergencies++;
    cr_assert_eq(virtual_router_verify(&virtual), 1);
    state()->counters.emergencies--;
}
