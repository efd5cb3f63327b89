/* The thread of long listings beside a store that goes on: fresh answers, in order, each once, whatever is paused,
 * closed and opened. */
#include "router/listing.h"
#include "base/clock.h"
#include "tests/support/deadline.h"
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>

#define WHEN "2026-11-02T08:00:00Z"
#define HELD ",\"red_flags\":{\"screened\":false,\"present\":[]}"

enum { ANSWER_MS = DEADLINE_MS };

static struct virtual_router virtual;
static struct listing *listing;
static struct arena *arena;
static struct stepcare_record nothing;
static uint64_t next_request;

static struct store *store(void)
{
    return &virtual.router->store;
}

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
    cr_assert_eq(listing_open(&store()->state, virtual.router->config, &listing), STEPCARE_OK);
    cr_assert_eq(arena_open(32 * 1024 * 1024, &arena), STEPCARE_OK);
    stepcare_record_init(&nothing);
}

static void closes(void)
{
    listing_close(listing);
    arena_close(arena);
    virtual_router_close(&virtual);
}

TestSuite(listing, .init = opens, .fini = closes);

static uint64_t decided(void)
{
    return ledger_next_sequence(store()->ledger) - 1;
}

static bool asks(uint8_t verb)
{
    const struct listing_question question = {.verb = verb,
                                              .request_id = ++next_request,
                                              .asked = &nothing,
                                              .actor = stepcare_text_of("lead"),
                                              .now = virtual.now,
                                              .sequence = decided()};
    return listing_ask(listing, &question);
}

static void turns(bool full)
{
    listing_turn(listing, store()->state.applied.sequence, full, clock_steady_ms());
}

static void commits(void)
{
    static int64_t steady = INT64_C(1) << 50; /* each commit long after the one before */
    steady += STORE_CHECKPOINT_APART_MS;
    cr_assert_eq(store_checkpoint_soon(store(), steady), STEPCARE_OK);
    cr_assert_eq(store()->state.events, 0);
}

/* The next answer; what it says lives until the next one. */
static struct wire_message answer(void)
{
    static struct buffer buffer;
    struct listing_answer answered;
    struct wire_frame frame;
    struct wire_message message;
    struct stepcare_field_errors errors = {0};
    struct pollfd wakes = {.fd = listing_descriptor(listing), .events = POLLIN};
    const int64_t until = deadline_now_ms() + ANSWER_MS;
    while (!listing_next(listing, &answered)) {
        cr_assert_lt(deadline_now_ms(), until, "no answer");
        poll(&wakes, 1, (int)(until - deadline_now_ms()));
    }
    wire_frame_begin(&buffer, (struct stepcare_text){NULL, 0});
    buffer_append(&buffer, answered.message.data, answered.message.bytes);
    cr_assert_eq(wire_frame_end(&buffer, 1), STEPCARE_OK);
    cr_assert_eq(wire_frame_open(buffer.data, buffer.bytes, &frame), STEPCARE_OK);
    arena_reset(arena);
    cr_assert_eq(wire_frame_next(&frame, arena, &message, &errors), STEPCARE_OK);
    cr_assert_eq(message.verb, answered.verb);
    cr_assert_eq(message.request_id, answered.request_id);
    listing_answered(listing);
    return message;
}

static void submits(unsigned first, unsigned count, const char *more)
{
    for (unsigned i = first; i < first + count; i++) {
        char json[1024];
        const int bytes =
            snprintf(json, sizeof json,
                     "{\"message_id\":\"m%u\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
                     "\"referred_at\":\"" WHEN "\",\"patient\":{\"family_name\":\"n%u\",\"birth_date\":"
                     "\"1984-05-17\"},\"problem\":\"low_back_pain\",\"duration_weeks\":9%s}",
                     i, i, more);
        cr_assert_neq(virtual_submit(&virtual, json, (size_t)bytes), 0);
    }
}

Test(listing, an_answer_waits_until_everything_decided_before_it_is_committed)
{
    for (unsigned i = 0; i < 20; i++) {
        submits(i, 1, HELD);
        virtual_work(&virtual);
        cr_assert(asks(WIRE_HOLDS));
        cr_assert(listing_waits(listing, store()->state.applied.sequence));
        turns(false);
        commits();
        cr_assert_not(listing_waits(listing, store()->state.applied.sequence));
        turns(false);
        const struct wire_message message = answer();
        cr_assert_eq(message.error, STEPCARE_OK);
        cr_assert_eq(message.record.rows.count, i + 1);
    }
}

Test(listing, while_the_store_is_full_it_answers_from_the_last_commit)
{
    submits(0, 1, HELD);
    virtual_work(&virtual);
    commits();
    submits(1, 1, HELD);
    virtual_work(&virtual);
    cr_assert(asks(WIRE_HOLDS));
    turns(true);
    cr_assert_eq(answer().record.rows.count, 1);
}

Test(listing, a_full_queue_takes_no_more_and_answers_come_in_order)
{
    commits();
    listing_pause(listing);
    for (unsigned i = 0; i < LISTING_QUEUE_MAX; i++) cr_assert(asks(WIRE_BACKLOG));
    cr_assert_not(asks(WIRE_BACKLOG));
    listing_resume(listing, virtual.router->config);
    turns(false);
    for (unsigned i = 1; i <= LISTING_QUEUE_MAX; i++) {
        const struct wire_message message = answer();
        cr_assert_eq(message.request_id, i);
        cr_assert_eq(message.error, STEPCARE_OK);
        cr_assert_eq(message.record.rows.count, STEPCARE_TIER_COUNT);
    }
    cr_assert(asks(WIRE_BACKLOG));
    turns(false);
    cr_assert_eq(answer().request_id, LISTING_QUEUE_MAX + 2);
}

Test(listing, the_state_is_closed_and_opened_under_it_and_no_question_is_lost_or_answered_twice)
{
    enum { ROUNDS = 60, EACH = 3 };
    submits(0, 2000, HELD);
    commits();
    for (unsigned round = 0; round < ROUNDS; round++) {
        const uint64_t before = next_request;
        for (unsigned i = 0; i < EACH; i++) cr_assert(asks(i % 2 == 0 ? WIRE_STUCK : WIRE_BACKLOG));
        turns(false);
        if (round % 2 == 1) poll(&(struct pollfd){.fd = listing_descriptor(listing), .events = POLLIN}, 1, ANSWER_MS);
        listing_pause(listing);
        cr_assert_eq(store_recover(store()), STEPCARE_OK);
        listing_resume(listing, virtual.router->config);
        for (unsigned i = 1; i <= EACH; i++) {
            const struct wire_message message = answer();
            cr_assert_eq(message.request_id, before + i);
            cr_assert_eq(message.error, STEPCARE_OK);
        }
    }
}

Test(listing, after_a_pause_it_answers_by_the_configuration_it_is_given)
{
    static struct config_site site = {.tiers = STEPCARE_BIT(STEPCARE_TIER_PHYSIO), .weekly_first_contacts = 7};
    struct config other = *virtual.router->config;
    commits();
    cr_assert(asks(WIRE_WAITS));
    turns(false);
    const unsigned before = answer().record.rows.count;
    listing_pause(listing);
    snprintf(site.name, sizeof site.name, "north");
    other.sites = &site;
    other.site_count = 1;
    cr_assert(asks(WIRE_WAITS));
    listing_resume(listing, &other);
    turns(false);
    cr_assert_eq(answer().record.rows.count, before + 1);
}

Test(listing, a_snapshot_that_grows_too_old_is_given_up_with_busy)
{
    submits(0, 3000, HELD);
    commits();
    const int64_t late = LISTING_SNAPSHOT_MS_MAX + 60000, until = deadline_now_ms() + ANSWER_MS;
    unsigned given_up = 0;
    while (given_up == 0) { /* each is a race between its end and the look at its age */
        cr_assert_lt(deadline_now_ms(), until);
        cr_assert(asks(WIRE_STUCK));
        struct pollfd wakes = {.fd = listing_descriptor(listing), .events = POLLIN};
        do listing_turn(listing, store()->state.applied.sequence, false, clock_steady_ms() + late);
        while (poll(&wakes, 1, 0) == 0);
        const struct wire_message message = answer();
        cr_assert(message.error == STEPCARE_OK || message.error == STEPCARE_BUSY, "%u", message.error);
        given_up += message.error == STEPCARE_BUSY;
    }
    cr_assert(asks(WIRE_STUCK));
    turns(false);
    cr_assert_eq(answer().error, STEPCARE_OK, "the next one is not given up for it");
}

Test(listing, what_still_waits_when_the_router_stops_is_told_so)
{
    submits(0, 1, HELD);
    for (unsigned i = 0; i < 5; i++) cr_assert(asks(WIRE_HOLDS)); /* nothing is committed */
    listing_stop(listing);
    for (unsigned i = 1; i <= 5; i++) {
        const struct wire_message message = answer();
        cr_assert_eq(message.request_id, i);
        cr_assert_eq(message.error, STEPCARE_STOPPING);
    }
}

Test(listing, it_ends_while_it_runs)
{
    submits(0, 2000, HELD);
    commits();
    for (unsigned round = 0; round < 20; round++) {
        cr_assert(asks(WIRE_STUCK));
        turns(false);
        listing_close(listing);
        cr_assert_eq(listing_open(&store()->state, virtual.router->config, &listing), STEPCARE_OK);
    }
}
