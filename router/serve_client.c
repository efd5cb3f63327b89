/* Client frames: each command to its decision or its query, each answer to the outbox or the parking place. See router.h. */
#include "config/log.h"
#include "proto/referral_codec.h"
#include "router/apply.h"
#include "router/reply.h"
#include "router/router.h"

#include <stdio.h>

enum { WAIT_MS_MAX = 60000, EXPECTED_WAIT_KEPT_MS = 60000, EXPECTED_WAIT_UNKNOWN_KEPT_MS = 1000 };

struct request {
    const struct peer *peer;
    struct stepcare_text actor;
    const struct wire_message *message;
};

static void refuse(struct router *router, const struct request *request, int error, const char *problem,
                   const struct stepcare_field_errors *errors)
{
    struct stepcare_record record;
    const struct stepcare_record *asked = &request->message->record;
    reply_refusal(&record, problem, STEPCARE_GET(asked, referral_id, 0), errors);
    serve_reply(router, request->peer, request->message->verb, request->message->request_id, &record, error);
}

/* --- answers that may wait --- */

static uint64_t mailbox_subject(struct stepcare_text organisation)
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
        bool known;
        uint64_t days;
    } cache[STEPCARE_TIER_COUNT][STEPCARE_SERVICE_COUNT];
    __typeof__(cache[0][0]) *kept = &cache[episode->tier][episode->service];
    if (kept->until <= router->now) {
        kept->known =
            query_expected_wait_days(&router->store, episode->tier, episode->service, router->now, &kept->days);
        kept->until = router->now + (kept->known ? EXPECTED_WAIT_KEPT_MS : EXPECTED_WAIT_UNKNOWN_KEPT_MS);
    }
    if (kept->known) STEPCARE_SET(record, expected_wait_days, kept->days);
}

static void submission_answer(struct router *router, const struct parked_reply *parked)
{
    struct stepcare_record record;
    const struct episode *stored = state_episode(&router->store.state, parked->subject);
    stepcare_record_init(&record);
    if (stored == NULL) return;
    const struct episode episode = *stored;
    reply_submission(&record, &episode, router->pathway, parked->outcome);
    expected_wait_set(router, &episode, &record);
    if (parked->content_differs) STEPCARE_SET(&record, errors, ((struct stepcare_errors_view){other_content_error()}));
    serve_reply(router, &parked->peer, parked->verb, parked->request_id, &record, STEPCARE_OK);
}

static void acting_answer(struct router *router, const struct parked_reply *parked)
{
    struct stepcare_record record;
    const struct episode *stored = state_episode(&router->store.state, parked->subject);
    stepcare_record_init(&record);
    if (stored == NULL) return;
    const struct episode episode = *stored;
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

static void query_run(struct router *router, const struct peer *peer, uint8_t verb, uint64_t request_id,
                      struct stepcare_text actor, const struct stepcare_record *asked)
{
    struct stepcare_record record;
    struct query query = {.store = &router->store,
                          .pathway = router->pathway,
                          .request = asked,
                          .actor = actor,
                          .now = router->now,
                          .arena = router->query_arena};
    dispatch_workers_count(&router->dispatch, query.workers);
    wire_arena_reset(router->query_arena);
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
    query_run(router, &parked->peer, WIRE_FEEDBACK, parked->request_id, (struct stepcare_text){NULL, 0}, &asked);
}

static void parked_answered(void *context, const struct parked_reply *parked)
{
    if (parked->verb == WIRE_FEEDBACK)
        mailbox_answer(context, parked);
    else if (parked->verb == WIRE_SUBMIT || parked->verb == WIRE_LOOKUP)
        submission_answer(context, parked);
    else
        acting_answer(context, parked);
}

void serve_parked_expire(struct router *router)
{
    parked_expire(&router->parked, router->steady, parked_answered, router);
}

void serve_parked_event(struct router *router, const struct event *event)
{
    if (router->parked.count == 0) return;
    const struct episode *episode =
        event->episode_id == 0 ? NULL : state_episode(&router->store.state, event->episode_id);
    if (episode == NULL) return;
    const bool decided = episode->state != STEPCARE_STATE_RECEIVED && episode->review_pending == STEPCARE_KIND_NONE;
    const uint64_t mailbox = mailbox_subject(episode_text(&episode->organisation));
    if (decided) parked_release(&router->parked, event->episode_id, parked_answered, router);
    if (!event_is_feedback(event->type)) return;
    parked_release(&router->parked, mailbox, parked_answered, router);
    parked_release(&router->parked, mailbox_subject((struct stepcare_text){NULL, 0}), parked_answered, router);
}

static int64_t wait_deadline(const struct router *router, const struct stepcare_record *record)
{
    const uint64_t wait_ms = STEPCARE_GET(record, wait_ms, 0);
    return router->steady + (int64_t)(wait_ms < WAIT_MS_MAX ? wait_ms : WAIT_MS_MAX);
}

/* The answer about the episode that was acted on: now, or when a worker has said what comes of it. */
static void acting_told(struct router *router, const struct request *request)
{
    const struct parked_reply answer = {.peer = *request->peer,
                                        .verb = request->message->verb,
                                        .request_id = request->message->request_id,
                                        .subject = router->decision.subject_id,
                                        .deadline = wait_deadline(router, &request->message->record)};
    const struct episode *episode = state_episode(&router->store.state, answer.subject);
    const bool undecided =
        episode != NULL && (episode->state == STEPCARE_STATE_RECEIVED || episode->review_pending != STEPCARE_KIND_NONE);
    const bool waits = undecided && answer.deadline > router->steady;
    if (!waits || !parked_add(&router->parked, &answer)) acting_answer(router, &answer);
}

/* --- submit --- */

static void submission_told(struct router *router, const struct request *request)
{
    const struct decision *decision = &router->decision;
    struct parked_reply answer = {.peer = *request->peer,
                                  .verb = request->message->verb,
                                  .outcome = decision->outcome,
                                  .request_id = request->message->request_id,
                                  .subject = decision->subject_id,
                                  .content_differs =
                                      decision->outcome == STEPCARE_OUTCOME_DUPLICATE && decision->errors.count > 0,
                                  .deadline = wait_deadline(router, &request->message->record)};
    if (decision->outcome == STEPCARE_OUTCOME_REJECTED) {
        struct stepcare_record record;
        stepcare_record_init(&record);
        STEPCARE_SET(&record, outcome, STEPCARE_OUTCOME_REJECTED);
        STEPCARE_SET(&record, errors, ((struct stepcare_errors_view){&decision->errors}));
        serve_reply(router, request->peer, WIRE_SUBMIT, request->message->request_id, &record, STEPCARE_OK);
        return;
    }
    const struct episode *episode = state_episode(&router->store.state, decision->subject_id);
    const bool waits = episode != NULL && episode->state == STEPCARE_STATE_RECEIVED && answer.deadline > router->steady;
    if (!waits || !parked_add(&router->parked, &answer)) submission_answer(router, &answer);
}

/* The referral's ledger form: canonical, so that equal referrals have equal bytes. */
static void content_take(struct router *router, struct command *command, const struct stepcare_referral *referral)
{
    wire_buffer_clear(&router->content);
    referral_ledger_encode(&router->content, referral, false);
    command->referral = referral;
    command->referral_bytes =
        (struct stepcare_text){(const char *)router->content.data, (uint32_t)router->content.bytes};
}

static void serve_referral(struct router *router, const struct request *request)
{
    static struct stepcare_referral referral;
    static struct stepcare_field_errors errors;
    const struct stepcare_record *record = &request->message->record;
    struct command command = {.verb = request->message->verb, .actor = request->actor, .record = record};
    errors.count = errors.dropped = 0;
    const enum stepcare_error error =
        referral_wire_decode((const uint8_t *)record->referral.data, record->referral.bytes, &referral, &errors);
    if (error == STEPCARE_INVALID) {
        command.errors = &errors;
        command.referral = &referral;
    } else if (error != STEPCARE_OK) {
        refuse(router, request, STEPCARE_MALFORMED, "The referral inside the message is not one.", NULL);
        return;
    } else {
        content_take(router, &command, &referral);
    }
    const int result = serve_command(router, &command);
    if (result != STEPCARE_OK)
        refuse(router, request, result, router->decision.problem, &router->decision.errors);
    else if (command.verb == WIRE_SUBMIT)
        submission_told(router, request);
    else
        acting_told(router, request);
}

/* --- claims and the other acting commands --- */

static void claim_told(struct router *router, const struct request *request)
{
    struct query query = {.store = &router->store,
                          .pathway = router->pathway,
                          .request = &request->message->record,
                          .arena = router->query_arena};
    struct stepcare_record reply;
    struct query_rows rows;
    wire_arena_reset(router->query_arena);
    stepcare_record_init(&reply);
    if (query_rows_open(&rows, &query) != STEPCARE_OK) {
        refuse(router, request, STEPCARE_TOO_LARGE, stepcare_error_text(STEPCARE_TOO_LARGE), NULL);
        return;
    }
    const struct decision *decision = &router->decision;
    const bool repeated = router->view.lease_count > 0;
    const unsigned count = repeated ? router->view.lease_count : decision->event_count;
    for (unsigned i = 0; i < count; i++) {
        const uint64_t id = repeated ? router->view.leases[i].episode_id : decision->events[i].episode_id;
        const uint64_t token = repeated ? router->view.leases[i].token : decision->events[i].record.token;
        const struct episode *episode = state_episode(&router->store.state, id);
        if (episode == NULL || episode->token != token) continue; /* that lease has ended since */
        struct stepcare_record *row = query_rows_add(&rows, episode, NULL);
        if (row != NULL) STEPCARE_SET(row, tier, request->message->record.tier);
    }
    query_rows_finish(&rows, &reply);
    serve_reply(router, request->peer, WIRE_CLAIM, request->message->request_id, &reply, STEPCARE_OK);
}

static void serve_acting(struct router *router, const struct request *request)
{
    const struct stepcare_record *record = &request->message->record;
    const struct command command = {.verb = request->message->verb, .actor = request->actor, .record = record};
    const int error = serve_command(router, &command);
    if (error != STEPCARE_OK) {
        refuse(router, request, error, router->decision.problem, &router->decision.errors);
        return;
    }
    if (command.verb == WIRE_CLAIM) {
        claim_told(router, request);
        return;
    }
    if (router->decision.subject_id == 0) { /* pause, resume */
        struct stepcare_record reply;
        stepcare_record_init(&reply);
        STEPCARE_SET(&reply, tier, STEPCARE_GET(record, tier, 0));
        STEPCARE_SET(&reply, paused, command.verb == WIRE_PAUSE);
        serve_reply(router, request->peer, command.verb, request->message->request_id, &reply, STEPCARE_OK);
        return;
    }
    acting_told(router, request);
}

static void serve_query(struct router *router, const struct request *request)
{
    const struct wire_message *message = request->message;
    const struct stepcare_record *record = &message->record;
    if (message->verb == WIRE_FEEDBACK && STEPCARE_GET(record, wait_ms, 0) > 0) {
        struct key prefix, from;
        key_init(&prefix, TABLE_FEEDBACK);
        const struct stepcare_text organisation = STEPCARE_GET(record, organisation, ((struct stepcare_text){NULL, 0}));
        key_text(&prefix, organisation, STEPCARE_ORGANISATION_BYTES_MAX);
        from = prefix;
        key_u64(&from, STEPCARE_GET(record, cursor, 0) + 1);
        struct parked_reply parked = {.peer = *request->peer,
                                      .verb = WIRE_FEEDBACK,
                                      .request_id = message->request_id,
                                      .subject = mailbox_subject(organisation),
                                      .deadline = wait_deadline(router, record),
                                      .cursor = STEPCARE_GET(record, cursor, 0),
                                      .limit = STEPCARE_GET(record, limit, 0)};
        if (organisation.bytes > 0) memcpy(parked.organisation, organisation.data, organisation.bytes);
        if (!state_any(&router->store.state, &prefix, &from) && parked_add(&router->parked, &parked)) return;
    }
    query_run(router, request->peer, message->verb, message->request_id, request->actor, record);
}

static void serve_hello(struct router *router, const struct request *request)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, version, stepcare_text_of(STEPCARE_VERSION));
    STEPCARE_SET(&record, epoch, ledger_epoch(router->store.ledger));
    STEPCARE_SET(&record, pathway, stepcare_text_of(pathway_version(router->pathway)));
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(router->pathway)));
    STEPCARE_SET(&record, frame_bytes_max, STEPCARE_FRAME_BYTES_MAX);
    STEPCARE_SET(&record, batch_count_max, STEPCARE_BATCH_COUNT_MAX);
    serve_reply(router, request->peer, WIRE_HELLO, request->message->request_id, &record, STEPCARE_OK);
}

static void serve_adopt(struct router *router, const struct request *request)
{
    char problem[1000];
    const enum stepcare_error error = adopt_pathway(router, request->actor, problem, sizeof problem);
    if (error != STEPCARE_OK)
        refuse(router, request, STEPCARE_INVALID, problem, NULL);
    else {
        struct stepcare_record record;
        stepcare_record_init(&record);
        STEPCARE_SET(&record, pathway, stepcare_text_of(pathway_version(router->pathway)));
        STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(router->pathway)));
        serve_reply(router, request->peer, WIRE_ADOPT, request->message->request_id, &record, STEPCARE_OK);
    }
}

static void serve_message(struct router *router, const struct request *request)
{
    static struct stepcare_field_errors errors;
    const struct wire_message *message = request->message;
    errors.count = errors.dropped = 0;
    const enum stepcare_error error = wire_request_check(message->verb, &message->record, &errors);
    if (error != STEPCARE_OK || message->verb >= WIRE_WORKER_HELLO) {
        char problem[256];
        if (errors.count > 0)
            snprintf(problem, sizeof problem, "%s: %s", errors.items[0].field, errors.items[0].problem);
        else
            snprintf(problem, sizeof problem, "%s", stepcare_error_text(STEPCARE_UNKNOWN_VERB));
        refuse(router, request, error != STEPCARE_OK ? (int)error : STEPCARE_UNKNOWN_VERB, problem, &errors);
    } else if (message->verb == WIRE_HELLO)
        serve_hello(router, request);
    else if (message->verb == WIRE_ADOPT)
        serve_adopt(router, request);
    else if (query_is(message->verb))
        serve_query(router, request);
    else if (message->verb == WIRE_SUBMIT || message->verb == WIRE_INFORM)
        serve_referral(router, request);
    else
        serve_acting(router, request);
}

static void frame_dropped(struct router *router, const struct peer *peer, size_t bytes, int error)
{
    struct stepcare_record record;
    router->frames_dropped++;
    reply_refusal(&record, stepcare_error_text(error), 0, NULL);
    serve_reply(router, peer, 0, 0, &record, error);
    if (router->steady - router->drop_logged_at < 1000)
        return; /* one line a second: a hostile peer must not fill the log */
    router->drop_logged_at = router->steady;
    log_event(LOG_LEVEL_WARNING, "frame_refused", "bytes=%zu error=%s dropped_so_far=%lu", bytes,
              stepcare_error_name(error), (unsigned long)router->frames_dropped);
}

void serve_client_frame(struct router *router, const struct peer *peer, const uint8_t *data, size_t bytes)
{
    static struct wire_message message; /* one thread; 2 KB are kept off the stack */
    static struct stepcare_field_errors errors;
    struct wire_frame frame;
    const enum stepcare_error opened = wire_frame_open(data, bytes, &frame);
    if (opened != STEPCARE_OK) {
        frame_dropped(router, peer, bytes, opened);
        return;
    }
    const struct stepcare_text nobody = stepcare_text_of("unnamed");
    struct request request = {.peer = peer, .actor = frame.actor.bytes > 0 ? frame.actor : nobody, .message = &message};
    while (frame.left > 0 && !router->failed) {
        wire_arena_reset(router->frame_arena);
        errors.count = errors.dropped = 0;
        message.record.present[0] = message.record.present[1] = 0;
        const enum stepcare_error error = wire_frame_next(&frame, router->frame_arena, &message, &errors);
        if (error == STEPCARE_OK) {
            serve_message(router, &request);
            continue;
        }
        message.record.present[0] = message.record.present[1] = 0;
        if (error == STEPCARE_INVALID) {
            refuse(router, &request, STEPCARE_INVALID,
                   errors.count > 0 ? errors.items[0].problem : stepcare_error_text(error), &errors);
            continue;
        }
        frame_dropped(router, peer, bytes, error);
        return;
    }
}
