/* Answers that may wait for something: a submission for its triage, a review for its recommendation, a mailbox for news. What they say
 * when it has happened, or when their time is over. See router.h. */
#include "base/log.h"
#include "router/query/reply.h"
#include "router/router.h"

enum { WAIT_MS_MAX = 60000, EXPECTED_WAIT_KEPT_MS = 60000, EXPECTED_WAIT_UNKNOWN_KEPT_MS = 1000 };

uint64_t serve_mailbox_subject(struct stepcare_text organisation)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (uint32_t i = 0; i < organisation.bytes; i++)
        hash = (hash ^ (uint8_t)organisation.data[i]) * UINT64_C(1099511628211);
    return hash | UINT64_C(1) << 63; /* episode ids never have this bit */
}

static const struct stepcare_field_errors *other_content_error(void)
{
    static struct stepcare_field_errors errors;
    if (errors.count == 0)
        stepcare_field_errors_add(&errors, "message_id",
                                  "this id was used before with other content; the first referral stands");
    return &errors;
}

static void expected_wait_set(struct router *router, const struct episode *episode, struct stepcare_record *record)
{
    if (episode->state != STEPCARE_STATE_WAITING || episode->tier == STEPCARE_TIER_EMERGENCY ||
        episode->tier == STEPCARE_TIER_MANUAL_REVIEW)
        return;
    /* The same figure serves a whole burst: it changes slowly, and each look costs a walk. */
    static struct {
        int64_t until;
        struct query_expected_wait wait;
    } cache[STEPCARE_TIER_COUNT][STEPCARE_SERVICE_COUNT];
    static struct query_wait_room room; /* the loop is one thread */
    __typeof__(cache[0][0]) *kept = &cache[episode->tier][episode->service];
    if (kept->until <= router->now) {
        kept->wait = query_expected_wait_days(&router->store.reader, router->config, episode->tier, episode->service,
                                              router->now, &room);
        kept->until = router->now + (kept->wait.known ? EXPECTED_WAIT_KEPT_MS : EXPECTED_WAIT_UNKNOWN_KEPT_MS);
    }
    if (kept->wait.known) STEPCARE_SET(record, expected_wait_days, kept->wait.days);
}

static void submission_answer(struct router *router, const struct parked_reply *parked)
{
    struct stepcare_record record;
    struct episode episode;
    stepcare_record_init(&record);
    if (!state_episode_get(&router->store.state, parked->subject, &episode)) return;
    reply_submission(&record, &episode, router->pathway, parked->outcome);
    expected_wait_set(router, &episode, &record);
    if (parked->content_differs) STEPCARE_SET(&record, errors, ((struct stepcare_errors_view){other_content_error()}));
    serve_reply(router, &parked->peer, parked->verb, parked->request_id, &record, STEPCARE_OK);
}

static void acting_answer(struct router *router, const struct parked_reply *parked)
{
    struct stepcare_record record;
    struct episode episode;
    stepcare_record_init(&record);
    if (!state_episode_get(&router->store.state, parked->subject, &episode)) return;
    reply_episode(&record, &episode);
    if (episode.action != STEPCARE_ACTION_NONE && episode.action_tier != 0) {
        STEPCARE_SET(&record, to_tier, episode.action_tier);
        if (episode.action_service != 0) STEPCARE_SET(&record, to_service, episode.action_service);
    }
    /* An emergency is never silent, however it comes to light. */
    const char *advice =
        episode.tier == STEPCARE_TIER_EMERGENCY ? pathway_advice_text(router->pathway, STEPCARE_TIER_EMERGENCY) : NULL;
    if (parked->verb == WIRE_INFORM && advice != NULL) STEPCARE_SET(&record, advice, stepcare_text_of(advice));
    serve_reply(router, &parked->peer, parked->verb, parked->request_id, &record, STEPCARE_OK);
}

void serve_query_answer(struct router *router, const struct peer *peer, uint8_t verb, uint64_t request_id,
                        struct stepcare_text actor, const struct stepcare_record *asked)
{
    struct stepcare_record record;
    struct query_counters counters = {.events = router->store.events_flushed, .flushes = router->store.flushes};
    dispatch_workers_count(&router->dispatch, counters.workers);
    if (router->store.full) memcpy(counters.problem, router->store.full_why, sizeof counters.problem);
    const struct query query = {.reader = &router->store.reader,
                                .pathway = router->pathway,
                                .config = router->config,
                                .counters = &counters,
                                .request = asked,
                                .actor = actor,
                                .now = router->now,
                                .arena = router->query_arena};
    arena_reset(router->query_arena);
    const enum stepcare_error error = query_answer(&query, verb, &record);
    if (error != STEPCARE_OK && !STEPCARE_HAS(&record, problem)) {
        const int told = error == STEPCARE_NO_MEMORY ? STEPCARE_TOO_LARGE : error;
        log_event(LOG_LEVEL_ERROR, "query_failed", "verb=%s error=%s", wire_verb_name(verb),
                  stepcare_error_name(error));
        reply_refusal(&record, stepcare_error_text(told), 0, NULL);
        serve_reply(router, peer, verb, request_id, &record, told);
        return;
    }
    serve_reply(router, peer, verb, request_id, &record, error);
}

static void mailbox_answer(struct router *router, const struct parked_reply *parked)
{
    struct stepcare_record asked;
    stepcare_record_init(&asked);
    if (parked->organisation[0] != '\0') STEPCARE_SET(&asked, organisation, stepcare_text_of(parked->organisation));
    STEPCARE_SET(&asked, cursor, parked->cursor);
    STEPCARE_SET(&asked, limit, parked->limit);
    serve_query_answer(router, &parked->peer, WIRE_FEEDBACK, parked->request_id, (struct stepcare_text){NULL, 0},
                       &asked);
}

void serve_parked_answer(struct router *router, const struct parked_reply *parked)
{
    if (parked->verb == WIRE_FEEDBACK)
        mailbox_answer(router, parked);
    else if (parked->verb == WIRE_SUBMIT || parked->verb == WIRE_LOOKUP)
        submission_answer(router, parked);
    else
        acting_answer(router, parked);
}

static void parked_answered(void *context, const struct parked_reply *parked)
{
    serve_parked_answer(context, parked);
}

void serve_parked_expire(struct router *router)
{
    parked_expire(&router->parked, router->steady, parked_answered, router);
}

void serve_parked_event(struct router *router, const struct event *event)
{
    if (router->parked.count == 0) return;
    struct episode episode;
    if (event->episode_id == 0 || !state_episode_get(&router->store.state, event->episode_id, &episode)) return;
    const bool decided = episode.state != STEPCARE_STATE_RECEIVED && episode.review_pending == STEPCARE_KIND_NONE;
    const uint64_t mailbox = serve_mailbox_subject(episode_text(&episode.organisation));
    if (decided) parked_release(&router->parked, event->episode_id, parked_answered, router);
    if (!event_is_feedback(event->type)) return;
    parked_release(&router->parked, mailbox, parked_answered, router);
    parked_release(&router->parked, serve_mailbox_subject((struct stepcare_text){NULL, 0}), parked_answered, router);
}

int64_t serve_wait_deadline(const struct router *router, const struct stepcare_record *record)
{
    const uint64_t wait_ms = STEPCARE_GET(record, wait_ms, 0);
    return router->steady + (int64_t)(wait_ms < WAIT_MS_MAX ? wait_ms : WAIT_MS_MAX);
}
