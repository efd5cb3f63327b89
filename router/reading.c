/* Answers to questions, for request.c and waiting.c; those of the thread of listings, for the loop. See reading.h. */
#include "router/reading.h"

#include "router/query/reply.h"
#include "router/report.h"

enum { READING_BYTES_MAX = 32 * 1024 * 1024 };

enum stepcare_error reading_init(struct reading *reading)
{
    return arena_open(READING_BYTES_MAX, &reading->arena);
}

void reading_close(struct reading *reading)
{
    arena_close(reading->arena);
    reading->arena = NULL;
}

static struct query query_of(struct reading *reading, const struct stepcare_record *asked)
{
    arena_reset(reading->arena);
    return (struct query){.reader = &reading->store->reader,
                          .pathway = reading->pathways->current,
                          .config = reading->config,
                          .request = asked,
                          .now = reading->turn->now,
                          .arena = reading->arena};
}

static struct query_counters counters_of(const struct reading *reading)
{
    const struct store *store = reading->store;
    struct query_counters counters = {.events = store->events_flushed, .flushes = store->flushes};
    dispatch_workers_count(reading->dispatch, counters.workers);
    if (store->full) memcpy(counters.problem, store->full_why, sizeof counters.problem);
    return counters;
}

static void refuse(struct reading *reading, const struct peer *peer, uint8_t verb, uint64_t request_id, int error)
{
    struct stepcare_record record;
    reply_refusal(&record, stepcare_error_text(error), 0, NULL);
    outward_reply(reading->outward, peer, verb, request_id, &record, error);
}

static void hand_over(struct reading *reading, const struct peer *peer, uint8_t verb, uint64_t request_id,
                      const struct caller *caller, const struct stepcare_record *asked)
{
    const struct listing_question question = {.peer = *peer,
                                              .verb = verb,
                                              .request_id = request_id,
                                              .asked = asked,
                                              .actor = caller->name,
                                              .pathway = reading->pathways->current,
                                              .counters = counters_of(reading),
                                              .now = reading->turn->now,
                                              .sequence = ledger_next_sequence(reading->store->ledger) - 1};
    if (!listing_ask(reading->listing, &question)) refuse(reading, peer, verb, request_id, STEPCARE_BUSY);
}

void reading_listings_out(struct reading *reading)
{
    struct listing_answer answer;
    while (!reading->outward->failed && listing_next(reading->listing, &answer)) {
        if (answer.failed != STEPCARE_OK) report_query_failed(answer.verb, answer.failed);
        outward_message(reading->outward, &answer.peer, answer.verb, answer.request_id, answer.message);
        listing_answered(reading->listing);
    }
}

void reading_answer(struct reading *reading, const struct peer *peer, uint8_t verb, uint64_t request_id,
                    const struct caller *caller, const struct stepcare_record *asked)
{
    struct stepcare_record record;
    /* While the store is full nothing is committed, and a snapshot would not show what goes on: answered here. */
    const bool snapshots = reading->listing != NULL && !reading->store->full;
    if (snapshots && query_is_long(verb, asked)) {
        hand_over(reading, peer, verb, request_id, caller, asked);
        return;
    }
    struct query query = query_of(reading, asked);
    const struct query_counters counters = counters_of(reading);
    query.counters = &counters;
    query.actor = caller->name;
    const enum stepcare_error error = query_answer(&query, verb, &record);
    if (error == STEPCARE_OK || STEPCARE_HAS(&record, problem)) {
        outward_reply(reading->outward, peer, verb, request_id, &record, error);
        return;
    }
    report_query_failed(verb, error);
    refuse(reading, peer, verb, request_id, error == STEPCARE_NO_MEMORY ? STEPCARE_TOO_LARGE : (int)error);
}

void reading_leases_answer(struct reading *reading, const struct peer *peer, uint64_t request_id,
                           const struct stepcare_record *asked, const struct request_lease *leases, unsigned count)
{
    const struct query query = query_of(reading, asked);
    struct stepcare_record reply;
    if (query_claimed(&query, leases, count, &reply) != STEPCARE_OK)
        refuse(reading, peer, WIRE_CLAIM, request_id, STEPCARE_TOO_LARGE);
    else
        outward_reply(reading->outward, peer, WIRE_CLAIM, request_id, &reply, STEPCARE_OK);
}
