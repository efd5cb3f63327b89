/* Bytes that are no stepcare messages: an error reply or a drop with a line in the log; the router goes on, and does
 * not grow. */
#include "tests/support/deadline.h"
#include "tests/support/random.h"
#include "tests/support/raw_client.h"
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { HELLO_MS = DEADLINE_MS, PATIENCE_MS = 2000, RESIDENT_KIB_MORE_MAX = 48 * 1024 };

static struct test_store store;
static struct raw_client client;
static long before_kib;
static uint64_t request_id;

static void set_up(void)
{
    test_store_make(&store);
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    raw_client_open(&client, store.config, "client.sock", 0);
    cr_assert(raw_client_hello(&client, ++request_id, HELLO_MS), "no answer to a good hello");
    before_kib = process_resident_kib(store.router);
}

static void tear_down(void)
{
    raw_client_close(&client);
    test_store_remove(&store);
}

TestSuite(hostile_frames, .init = set_up, .fini = tear_down);

static void sent(const void *data, size_t bytes)
{
    cr_assert(raw_client_send(&client, data, bytes, HELLO_MS));
}

static bool hello_answered(void *context)
{
    (void)context;
    if (raw_client_hello(&client, ++request_id, PATIENCE_MS)) return true;
    raw_client_close(&client);
    raw_client_open(&client, store.config, "client.sock", 0);
    return false;
}

/* It answers a good client still, on the same connection or on a new one, and holds no more memory. */
static void router_is_well(void)
{
    cr_assert(deadline_wait(DEADLINE_MS, hello_answered, NULL), "the router answers no more: %s",
              process_errors(store.router));
    long after_kib = process_resident_kib(store.router);
    cr_assert_gt(after_kib, 0, "the router is gone: %s", process_errors(store.router));
    cr_assert_lt(after_kib - before_kib, RESIDENT_KIB_MORE_MAX, "%ld KiB before, %ld after", before_kib, after_kib);
}

Test(hostile_frames, five_bytes_that_claim_a_quarter_of_a_billion_elements)
{
    static const uint8_t frame[] = {0xdd, 0x10, 0x00, 0x00, 0x00};
    for (unsigned i = 0; i < 1000; i++) sent(frame, sizeof frame);
    router_is_well();
}

Test(hostile_frames, a_mebibyte_of_noise)
{
    uint8_t *noise = malloc(STEPCARE_FRAME_BYTES_MAX);
    struct random random = random_of(21, 0, 0);
    for (unsigned round = 0; round < 40; round++) {
        for (size_t i = 0; i < STEPCARE_FRAME_BYTES_MAX; i++) noise[i] = (uint8_t)random_next(&random);
        sent(noise, STEPCARE_FRAME_BYTES_MAX);
    }
    router_is_well();
    free(noise);
}

Test(hostile_frames, a_frame_over_the_limit)
{
    uint8_t *frame = calloc(1, 2 * STEPCARE_FRAME_BYTES_MAX);
    sent(frame, 2 * STEPCARE_FRAME_BYTES_MAX);
    router_is_well();
    free(frame);
}

Test(hostile_frames, a_good_frame_cut_off_at_every_byte_and_with_every_byte_changed)
{
    struct buffer frame = {0};
    raw_frame_make(&frame, WIRE_BACKLOG, 99);
    for (size_t bytes = 0; bytes < frame.bytes; bytes++) sent(frame.data, bytes);
    for (size_t at = 0; at < frame.bytes; at++) {
        for (unsigned value = 0; value < 256; value++) {
            uint8_t kept = frame.data[at];
            frame.data[at] = (uint8_t)value;
            sent(frame.data, frame.bytes);
            frame.data[at] = kept;
            while (raw_client_receive(&client, 0)) continue;
        }
    }
    buffer_close(&frame);
    router_is_well();
}

Test(hostile_frames, deep_nesting)
{
    static const uint8_t containers[] = {0x91, 0x81, 0xdc, 0xdf};
    uint8_t *frame = malloc(STEPCARE_FRAME_BYTES_MAX);
    for (unsigned i = 0; i < sizeof containers; i++) {
        memset(frame, containers[i], STEPCARE_FRAME_BYTES_MAX);
        sent(frame, STEPCARE_FRAME_BYTES_MAX);
        sent(frame, 155);
        /* The same inside an envelope that begins well: {0: 1, 2: [... */
        frame[0] = 0x82, frame[1] = 0, frame[2] = 1, frame[3] = 2;
        sent(frame, STEPCARE_FRAME_BYTES_MAX);
        sent(frame, 155);
    }
    free(frame);
    router_is_well();
}

Test(hostile_frames, worker_messages_of_somebody_who_never_said_hello)
{
    struct raw_client stranger;
    struct buffer frame = {0};
    const uint8_t verbs[] = {WIRE_RESULT, WIRE_HEARTBEAT, WIRE_GOODBYE, WIRE_JOB, WIRE_WORKER_HELLO, WIRE_SUBMIT, 0,
                             255};
    raw_client_open(&stranger, store.config, "worker.sock", 0);
    for (unsigned round = 0; round < 50; round++) {
        for (unsigned i = 0; i < sizeof verbs; i++) {
            raw_frame_make(&frame, verbs[i], 5);
            cr_assert(raw_client_send(&stranger, frame.data, frame.bytes, HELLO_MS));
            cr_assert(raw_client_send(&client, frame.data, frame.bytes, HELLO_MS));
        }
        cr_assert(raw_client_send(&stranger, "\xdd\x10\x00\x00\x00", 5, HELLO_MS));
    }
    router_is_well();
    raw_client_close(&stranger);
    buffer_close(&frame);
}

/* What the router has logged up to now. */
static size_t log_bytes(void)
{
    process_wait(store.router, 0);
    return strlen(process_errors(store.router)) + process_output_bytes(store.router);
}

static bool answered_or_logged(void *logged)
{
    return raw_client_receive(&client, 0) || log_bytes() > *(size_t *)logged;
}

Test(hostile_frames, a_bad_frame_is_answered_or_leaves_a_line_in_the_log)
{
    static const uint8_t frame[] = {0xdd, 0x10, 0x00, 0x00, 0x00};
    size_t logged = log_bytes();
    sent(frame, sizeof frame);
    cr_assert(deadline_wait(DEADLINE_MS, answered_or_logged, &logged), "it vanished without a word");
    router_is_well();
}
