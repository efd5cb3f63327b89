/* A running router is told by SIGHUP that stepcare.yaml has changed: it takes over what it can, and names the rest. */
#include "tests/support/raw_client.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

enum { WAIT_MS = 60000 };

static struct test_store store;
static struct raw_client client;

static void set_up(void)
{
    test_store_make(&store);
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    raw_client_open(&client, store.config, "client.sock", 0);
    cr_assert(raw_client_hello(&client, 1, DEADLINE_MS), "no answer to a good hello");
}

static void tear_down(void)
{
    raw_client_close(&client);
    test_store_remove(&store);
}

TestSuite(reload, .init = set_up, .fini = tear_down);

static bool logged(void *word)
{
    return strstr(process_errors(store.router), word) != NULL;
}

static void reloads(void)
{
    static char reloaded[] = "event=reloaded";
    process_signal(store.router, SIGHUP);
    cr_assert(process_wait_until(store.router, DEADLINE_MS, logged, reloaded), "%s", process_errors(store.router));
}

/* Asks for news of an organisation that has none, ready to wait for a minute. */
static void news_asked(uint64_t request_id, const char *organisation)
{
    struct stepcare_record record;
    struct buffer frame = {0};
    stepcare_record_init(&record);
    STEPCARE_SET(&record, organisation, stepcare_text_of(organisation));
    STEPCARE_SET(&record, wait_ms, WAIT_MS);
    wire_frame_begin(&frame, stepcare_text_of("referrer"));
    wire_frame_add(&frame, WIRE_FEEDBACK, request_id, &record, STEPCARE_OK);
    cr_assert_eq(wire_frame_end(&frame, 1), STEPCARE_OK);
    cr_assert(raw_client_send(&client, frame.data, frame.bytes, DEADLINE_MS));
    buffer_close(&frame);
}

/* The request id of the first message that comes. */
static uint64_t answered(void)
{
    struct wire_frame frame;
    struct wire_message message;
    struct stepcare_field_errors errors = {0};
    struct arena *arena;
    cr_assert_eq(arena_open(1024 * 1024, &arena), STEPCARE_OK);
    cr_assert(raw_client_receive(&client, DEADLINE_MS), "no answer");
    cr_assert_eq(wire_frame_open(client.frame, client.frame_bytes, &frame), STEPCARE_OK);
    cr_assert_eq(wire_frame_next(&frame, arena, &message, &errors), STEPCARE_OK);
    arena_close(arena);
    return message.request_id;
}

Test(reload, a_lower_parked_max_holds_at_once_and_a_changed_map_is_named_for_the_next_start)
{
    test_store_set(&store, "parked_max", "1");
    test_store_set(&store, "map_bytes", "32GiB");
    reloads();
    cr_assert_not_null(strstr(process_errors(store.router), "event=restart_needed keys=\"state.map_bytes\""), "%s",
                       process_errors(store.router));
    news_asked(11, "Y00001"); /* it waits: there is room for one */
    news_asked(12, "Y00002"); /* there is none for this: answered at once */
    cr_assert_eq(answered(), 12);
}

Test(reload, a_file_with_an_error_changes_nothing_and_the_log_says_where)
{
    static char refused[] = "event=reload_refused";
    test_store_set(&store, "parked_max", "none");
    process_signal(store.router, SIGHUP);
    cr_assert(process_wait_until(store.router, DEADLINE_MS, logged, refused), "%s", process_errors(store.router));
    cr_assert_not_null(strstr(process_errors(store.router), "parked_max"));
    cr_assert(raw_client_hello(&client, 2, DEADLINE_MS));
}
