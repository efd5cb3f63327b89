/* Answering now or later, for request.c; answering what waited, for command.c and the loop. See waiting.h. */
#include "router/waiting.h"

#include "base/must.h"
#include "router/admit.h"
#include "router/query/reply.h"

enum { WAIT_MS_MAX = 60000, EXPECTED_WAIT_KNOWN_MS = 60000, EXPECTED_WAIT_UNKNOWN_MS = 1000 };

enum stepcare_error waiting_init(struct waiting *waiting, uint32_t parked_max)
{
    memset(waiting->expected_waits, 0, sizeof waiting->expected_waits);
    waiting->other_content.count = waiting->other_content.dropped = 0;
    stepcare_field_errors_add(&waiting->other_content, "message_id",
                              "this id was used before with other content; the first referral stands");
    return parked_init(&waiting->parked, parked_max);
}

void waiting_close(struct waiting *waiting)
{
    parked_close(&waiting->parked);
}

int64_t waiting_deadline(const struct waiting *waiting, const struct stepcare_record *asked)
{
    const uint64_t wait_ms = STEPCARE_GET(asked, wait_ms, 0);
    return waiting->turn->steady + (int64_t)(wait_ms < WAIT_MS_MAX ? wait_ms : WAIT_MS_MAX);
}

/* What news of an organisation (absent: of all) wait under: never an episode's id. */
static uint64_t mailbox_subject(struct stepcare_text organisation)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (uint32_t i = 0; i < organisation.bytes; i++)
        hash = (hash ^ (uint8_t)organisation.data[i]) * UINT64_C(1099511628211);
    return hash | UINT64_C(1) << 63; /* episode ids never have this bit */
}

/* --- what the answers say --- */

static void expected_wait_set(struct waiting *waiting, const struct episode *episode, struct stepcare_record *record)
{
    const int64_t now = waiting->turn->now;
    if (episode->state != STEPCARE_STATE_WAITING || episode->tier == STEPCARE_TIER_EMERGENCY ||
        episode->tier == STEPCARE_TIER_MANUAL_REVIEW)
        return;
    must(episode->tier < STEPCARE_TIER_COUNT);
    must(episode->service < STEPCARE_SERVICE_COUNT);
    struct expected_wait *expected = &waiting->expected_waits[episode->tier][episode->service];
    if (expected->looked_up_until <= now) {
        expected->wait = query_expected_wait_days(&waiting->store->reader, waiting->config, episode->tier,
                                                  episode->service, now, &waiting->wait_room);
        expected->looked_up_until = now + (expected->wait.known ? EXPECTED_WAIT_KNOWN_MS : EXPECTED_WAIT_UNKNOWN_MS);
    }
    if (expected->wait.known) STEPCARE_SET(record, expected_wait_days, expected->wait.days);
}

static void submission_answer(struct waiting *waiting, const struct parked_reply *reply, const struct episode *episode)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    reply_submission(&record, episode, waiting->pathways->current, reply->outcome);
    expected_wait_set(waiting, episode, &record);
    if (reply->content_differs) STEPCARE_SET(&record, errors, ((struct stepcare_errors_view){&waiting->other_content}));
    outward_reply(waiting->outward, &reply->peer, reply->verb, reply->request_id, &record, STEPCARE_OK);
}

static void acting_answer(struct waiting *waiting, const struct parked_reply *reply, const struct episode *episode)
{
    struct stepcare_record record;
    const struct pathway *pathway = waiting->pathways->current;
    stepcare_record_init(&record);
    reply_episode(&record, episode);
    if (episode->action != STEPCARE_ACTION_NONE && episode->action_tier != 0) {
        STEPCARE_SET(&record, to_tier, episode->action_tier);
        if (episode->action_service != 0) STEPCARE_SET(&record, to_service, episode->action_service);
    }
    /* An emergency is never silent, however it comes to light. */
    const char *advice =
        episode->tier == STEPCARE_TIER_EMERGENCY ? pathway_advice_text(pathway, STEPCARE_TIER_EMERGENCY) : NULL;
    if (reply->verb == WIRE_INFORM && advice != NULL) STEPCARE_SET(&record, advice, stepcare_text_of(advice));
    outward_reply(waiting->outward, &reply->peer, reply->verb, reply->request_id, &record, STEPCARE_OK);
}

/* Whoever waits was admitted when the question came, for the organisation that it names; the router reads it for
 * them. */
static void mailbox_answer(struct waiting *waiting, const struct parked_reply *reply)
{
    struct stepcare_record asked;
    const struct caller caller = admit_router();
    stepcare_record_init(&asked);
    if (reply->organisation[0] != '\0') STEPCARE_SET(&asked, organisation, stepcare_text_of(reply->organisation));
    STEPCARE_SET(&asked, cursor, reply->cursor);
    STEPCARE_SET(&asked, limit, reply->limit);
    reading_answer(waiting->reading, &reply->peer, WIRE_FEEDBACK, reply->request_id, &caller, &asked);
}

static void answer(struct waiting *waiting, const struct parked_reply *reply)
{
    struct episode episode;
    if (reply->verb == WIRE_FEEDBACK) {
        mailbox_answer(waiting, reply);
        return;
    }
    const bool known = state_episode_get(&waiting->store->state, reply->subject, &episode);
    must(known); /* episodes are never removed */
    if (reply->verb == WIRE_SUBMIT)
        submission_answer(waiting, reply, &episode);
    else
        acting_answer(waiting, reply, &episode);
}

/* --- now or later --- */

void waiting_answer(struct waiting *waiting, const struct parked_reply *reply)
{
    struct episode episode;
    const bool known = state_episode_get(&waiting->store->state, reply->subject, &episode);
    must(known);
    const bool undecided = episode.state == STEPCARE_STATE_RECEIVED ||
                           (reply->verb != WIRE_SUBMIT && episode.review_pending != STEPCARE_KIND_NONE);
    const bool may_wait = undecided && reply->deadline > waiting->turn->steady;
    if (!may_wait || !parked_add(&waiting->parked, reply)) answer(waiting, reply);
}

static bool news_exist(struct waiting *waiting, struct stepcare_text organisation, uint64_t cursor)
{
    struct key prefix, from;
    key_init(&prefix, TABLE_FEEDBACK);
    key_text(&prefix, organisation, STEPCARE_ORGANISATION_BYTES_MAX);
    from = prefix;
    key_u64(&from, cursor + 1);
    return state_any(&waiting->store->state, &prefix, &from);
}

void waiting_news_answer(struct waiting *waiting, const struct peer *peer, uint64_t request_id,
                         const struct caller *caller, const struct stepcare_record *asked)
{
    const struct stepcare_text organisation = STEPCARE_GET(asked, organisation, ((struct stepcare_text){NULL, 0}));
    const uint64_t cursor = STEPCARE_GET(asked, cursor, 0);
    if (STEPCARE_GET(asked, wait_ms, 0) > 0 && !news_exist(waiting, organisation, cursor)) {
        struct parked_reply reply = {.peer = *peer,
                                     .verb = WIRE_FEEDBACK,
                                     .request_id = request_id,
                                     .subject = mailbox_subject(organisation),
                                     .deadline = waiting_deadline(waiting, asked),
                                     .cursor = cursor,
                                     .limit = STEPCARE_GET(asked, limit, 0)};
        if (organisation.bytes > 0) memcpy(reply.organisation, organisation.data, organisation.bytes);
        if (parked_add(&waiting->parked, &reply)) return;
    }
    reading_answer(waiting->reading, peer, WIRE_FEEDBACK, request_id, caller, asked);
}

static void subject_answer(struct waiting *waiting, uint64_t subject)
{
    struct parked_reply reply;
    while (parked_take(&waiting->parked, subject, &reply)) answer(waiting, &reply);
}

void waiting_event(struct waiting *waiting, const struct event *event)
{
    struct episode episode;
    if (waiting->parked.count == 0 || event->episode_id == 0) return;
    if (!state_episode_get(&waiting->store->state, event->episode_id, &episode)) return;
    if (episode.state != STEPCARE_STATE_RECEIVED && episode.review_pending == STEPCARE_KIND_NONE)
        subject_answer(waiting, event->episode_id);
    if (!event_is_feedback(event->type)) return;
    subject_answer(waiting, mailbox_subject(episode_text(&episode.organisation)));
    subject_answer(waiting, mailbox_subject((struct stepcare_text){NULL, 0}));
}

void waiting_expire(struct waiting *waiting, int64_t at)
{
    struct parked_reply reply;
    uint32_t slot = 0;
    while (parked_take_expired(&waiting->parked, at, &slot, &reply)) answer(waiting, &reply);
}
