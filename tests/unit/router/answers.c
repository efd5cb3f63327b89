/* Answers stay within a frame, however much there is to tell, and nothing falls off the end of a page. */
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define WHEN "2026-11-02T08:00:00Z"
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"

enum { NOTES = 400 };

static struct virtual_router virtual;

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
}

static void closes(void)
{
    virtual_router_close(&virtual);
}

TestSuite(router_answers, .init = opens, .fini = closes);

static void notes_added(uint64_t id, uint8_t verb, unsigned count)
{
    static char text[STEPCARE_NOTE_BYTES_MAX];
    memset(text, 'n', sizeof text);
    for (unsigned i = 0; i < count; i++) {
        struct stepcare_record record;
        stepcare_record_init(&record);
        STEPCARE_SET(&record, referral_id, id);
        STEPCARE_SET(&record, note, ((struct stepcare_text){text, sizeof text}));
        if (verb == WIRE_CONTACT) STEPCARE_SET(&record, contact_outcome, STEPCARE_CONTACT_CANCELLED);
        const struct caller caller = caller_local(stepcare_text_of("p"));
        const struct command command = {.verb = verb, .caller = &caller, .record = &record};
        cr_assert_eq(virtual_command(&virtual, &command), STEPCARE_OK, "%s", virtual.problem);
    }
}

static size_t answer_bytes(const struct stepcare_record *reply)
{
    struct buffer buffer = {0};
    wire_record_encode(&buffer, reply);
    const size_t bytes = buffer.bytes;
    buffer_close(&buffer);
    return bytes;
}

Test(router_answers, a_story_too_long_for_a_frame_is_told_from_its_end)
{
    struct stepcare_record reply;
    const uint64_t id = virtual_referral(&virtual, "a", WHEN, MEDIUM);
    notes_added(id, WIRE_NOTE, NOTES);
    struct stepcare_record asked;
    stepcare_record_init(&asked);
    STEPCARE_SET(&asked, referral_id, id);
    struct arena *arena;
    cr_assert_eq(arena_open(32 * 1024 * 1024, &arena), STEPCARE_OK);
    const struct query query = {.reader = &virtual.router->store.reader,
                                .pathway = virtual.router->pathways.current,
                                .config = virtual.router->config,
                                .request = &asked,
                                .arena = arena,
                                .now = virtual.now};
    cr_assert_eq(query_answer(&query, WIRE_SHOW, &reply), STEPCARE_OK);
    cr_assert_lt(answer_bytes(&reply), STEPCARE_FRAME_BYTES_MAX);
    cr_assert_eq(STEPCARE_GET(&reply, count, 0), virtual_episode(&virtual, id)->history_count);
    const struct stepcare_records *history = &reply.history;
    cr_assert_gt(history->count, 100);
    cr_assert_eq(history->items[history->count - 1].sequence, virtual_episode(&virtual, id)->sequence);
    for (uint32_t i = 1; i < history->count; i++)
        cr_assert_gt(history->items[i].sequence, history->items[i - 1].sequence);
    arena_close(arena);
}

Test(router_answers, a_mailbox_full_of_long_notes_comes_in_pages_without_a_gap)
{
    const uint64_t id = virtual_referral(&virtual, "a", WHEN, MEDIUM);
    cr_assert_eq(virtual_take(&virtual, "p", "physio"), id);
    notes_added(id, WIRE_CONTACT, NOTES);
    uint64_t cursor = 0;
    unsigned contacts = 0, pages = 0;
    bool more = true;
    while (more && pages++ < 20) {
        char fields[64];
        struct stepcare_record reply;
        snprintf(fields, sizeof fields, "organisation=Y05868 cursor=%lu", (unsigned long)cursor);
        cr_assert_eq(virtual_query(&virtual, "lead", WIRE_FEEDBACK, fields, &reply), STEPCARE_OK);
        cr_assert_lt(answer_bytes(&reply), STEPCARE_FRAME_BYTES_MAX);
        for (uint32_t i = 0; i < reply.rows.count; i++)
            contacts += reply.rows.items[i].event == STEPCARE_EVENT_CONTACT_RECORDED;
        cursor = reply.cursor;
        more = STEPCARE_HAS(&reply, count);
    }
    cr_assert_eq(contacts, NOTES);
    cr_assert_gt(pages, 1);
}

Test(router_answers, stuck_looks_at_so_many_and_gives_the_place_to_go_on_from)
{
    enum { COUNT = 5200 };
    for (unsigned i = 0; i < COUNT; i++) {
        char json[1024];
        const int bytes =
            snprintf(json, sizeof json,
                     "{\"message_id\":\"m%u\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"referred_"
                     "at\":\"" WHEN "\",\"patient\":{\"family_name\":\"n%u\",\"birth_date\":\"1984-05-17\"},"
                     "\"problem\":\"low_back_pain\",\"duration_weeks\":9" MEDIUM "}",
                     i, i);
        if (i == COUNT - 1) virtual.now -= VIRTUAL_HOUR_MS;
        cr_assert_neq(virtual_submit(&virtual, json, (size_t)bytes), 0);
    }
    struct stepcare_record reply;
    char fields[160];
    cr_assert_eq(virtual_query(&virtual, "lead", WIRE_STUCK, "", &reply), STEPCARE_OK);
    cr_assert_eq(reply.rows.count, 0, "none has waited so long");
    cr_assert(STEPCARE_HAS(&reply, after), "the page ends before the list does");
    snprintf(fields, sizeof fields, "after=%.*s", (int)reply.after.bytes, reply.after.data);
    cr_assert_eq(virtual_query(&virtual, "lead", WIRE_STUCK, fields, &reply), STEPCARE_OK);
    cr_assert_not(STEPCARE_HAS(&reply, after));
}

Test(router_answers, unclaimable_comes_in_pages)
{
    enum { COUNT = 7 };
    virtual_router_close(&virtual);
    virtual_router_open(&virtual,
                        "sites: [{name: S, tiers: [physio], weekly_first_contacts: 5}]\n"
                        "practitioners: [{name: p, site: S, tiers: [t_cbt]}]\n",
                        NULL);
    for (unsigned i = 0; i < COUNT; i++) {
        char name[8];
        snprintf(name, sizeof name, "m%u", i);
        virtual_referral(&virtual, name, WHEN, MEDIUM);
    }
    uint64_t seen[COUNT];
    unsigned count = 0, pages = 0;
    char fields[160] = "limit=3";
    for (bool more = true; more && pages < 10; pages++) {
        struct stepcare_record reply;
        cr_assert_eq(virtual_query(&virtual, "lead", WIRE_UNCLAIMABLE, fields, &reply), STEPCARE_OK);
        for (uint32_t i = 0; i < reply.rows.count && count < COUNT; i++)
            seen[count++] = reply.rows.items[i].referral_id;
        more = STEPCARE_HAS(&reply, after);
        if (more) snprintf(fields, sizeof fields, "limit=3 after=%.*s", (int)reply.after.bytes, reply.after.data);
    }
    cr_assert_eq(count, COUNT);
    cr_assert_eq(pages, 3);
    for (unsigned i = 1; i < COUNT; i++) cr_assert_neq(seen[i], seen[i - 1]);
}

Test(router_answers, a_contact_by_no_channel_is_a_contact)
{
    const uint64_t id = virtual_referral(&virtual, "a", WHEN, MEDIUM);
    cr_assert_eq(virtual_take(&virtual, "p", "physio"), id);
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, id);
    STEPCARE_SET(&record, contact_outcome, STEPCARE_CONTACT_DID_NOT_ATTEND);
    STEPCARE_SET(&record, channel, STEPCARE_CHANNEL_NONE);
    const struct caller caller = caller_local(stepcare_text_of("p"));
    const struct command command = {.verb = WIRE_CONTACT, .caller = &caller, .record = &record};
    cr_assert_eq(virtual_command(&virtual, &command), STEPCARE_OK, "%s", virtual.problem);
    cr_assert_eq(virtual_episode(&virtual, id)->attempt_channels, 0);
}

Test(router_answers, what_could_not_be_read_back_is_refused_and_leaves_no_trace)
{
    char many[200];
    struct store *store = &virtual.router->store;
    memset(many, 'r', sizeof many);
    const uint64_t next = ledger_next_sequence(store->ledger);
    struct decision *decision = virtual.decision;
    decision->event_count = 2;
    for (unsigned i = 0; i < 2; i++) {
        struct event *event = &decision->events[i];
        *event = (struct event){
            .sequence = next + i, .at = virtual.now, .type = STEPCARE_EVENT_TIER_PAUSED, .by = stepcare_text_of("a")};
        stepcare_record_init(&event->record);
        STEPCARE_SET(&event->record, tier, STEPCARE_TIER_PHYSIO);
        if (i == 1) STEPCARE_SET(&event->record, reason, ((struct stepcare_text){many, sizeof many})); /* at most 64 */
    }
    cr_assert_eq(store_execute(store, decision), STEPCARE_INVALID);
    cr_assert_eq(ledger_next_sequence(store->ledger), next);
    cr_assert_eq(store->state.counters.paused_tiers, 0);
}

Test(router_answers, an_event_without_what_its_type_must_say_is_refused_and_leaves_no_trace)
{
    struct store *store = &virtual.router->store;
    const uint64_t next = ledger_next_sequence(store->ledger);
    struct decision *decision = virtual.decision;
    struct event *event = &decision->events[0];
    decision->event_count = 1;
    *event = (struct event){
        .sequence = next, .at = virtual.now, .type = STEPCARE_EVENT_TIER_PAUSED, .by = stepcare_text_of("a")};
    cr_expect_eq(store_execute(store, decision), STEPCARE_INVALID);
    cr_expect_str_eq(store->error, "an event of type tier_paused lacks tier");
    STEPCARE_SET(&event->record, tier, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&event->record, token, 5);
    cr_expect_eq(store_execute(store, decision), STEPCARE_INVALID);
    cr_expect_str_eq(store->error, "an event of type tier_paused may not have token");
    cr_expect_eq(ledger_next_sequence(store->ledger), next);
    cr_expect_eq(store->state.counters.paused_tiers, 0);
}

Test(router_answers, a_checkpoint_comes_under_a_steady_trickle_as_well)
{
    struct store *store = &virtual.router->store;
    virtual_referral(&virtual, "a", WHEN, MEDIUM);
    cr_assert_gt(store->state.events, 0);
    const int64_t soon = store->checkpoint_at + virtual.router->config->checkpoint_ms;
    cr_assert_eq(store_checkpoint_if_due(store, soon, false), STEPCARE_OK);
    cr_assert_gt(store->state.events, 0, "not while busy, so soon");
    cr_assert_eq(store_checkpoint_if_due(store, soon + 20 * (int64_t) virtual.router->config->checkpoint_ms, false),
                 STEPCARE_OK);
    cr_assert_eq(store->state.events, 0);
}
