/* Client frames: each command to its decision or its query, each answer to the outbox or, through serve_parked.c, to the parking
 * place. See router.h. */
#include "base/log.h"
#include "proto/referral_codec.h"
#include "router/query/reply.h"
#include "router/router.h"
#include "router/store/apply.h"

#include <stdio.h>

struct request {
    const struct peer *peer;
    const struct caller *caller;
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

/* --- acting commands: the answer --- */

/* The answer about the episode that was acted on: now, or when a worker has said what comes of it. */
static void acting_told(struct router *router, const struct request *request)
{
    const struct parked_reply answer = {.peer = *request->peer,
                                        .verb = request->message->verb,
                                        .request_id = request->message->request_id,
                                        .subject = router->decision.subject_id,
                                        .deadline = serve_wait_deadline(router, &request->message->record)};
    struct episode episode;
    const bool undecided = state_episode_get(&router->store.state, answer.subject, &episode) &&
                           (episode.state == STEPCARE_STATE_RECEIVED || episode.review_pending != STEPCARE_KIND_NONE);
    const bool waits = undecided && answer.deadline > router->steady;
    if (!waits || !parked_add(&router->parked, &answer)) serve_parked_answer(router, &answer);
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
                                  .deadline = serve_wait_deadline(router, &request->message->record)};
    if (decision->outcome == STEPCARE_OUTCOME_REJECTED) {
        struct stepcare_record record;
        stepcare_record_init(&record);
        STEPCARE_SET(&record, outcome, STEPCARE_OUTCOME_REJECTED);
        STEPCARE_SET(&record, errors, ((struct stepcare_errors_view){&decision->errors}));
        serve_reply(router, request->peer, WIRE_SUBMIT, request->message->request_id, &record, STEPCARE_OK);
        return;
    }
    struct episode episode;
    const bool waits = state_episode_get(&router->store.state, decision->subject_id, &episode) &&
                       episode.state == STEPCARE_STATE_RECEIVED && answer.deadline > router->steady;
    if (!waits || !parked_add(&router->parked, &answer)) serve_parked_answer(router, &answer);
}

/* The referral's ledger form: canonical, so that equal referrals have equal bytes. */
static void content_take(struct router *router, struct command *command, const struct stepcare_referral *referral)
{
    buffer_clear(&router->content);
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
    struct command command = {.verb = request->message->verb, .caller = request->caller, .record = record};
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

/* The leases that a claim gave; asked again by its request key, those that it gave then, as far as they still stand. */
static void claim_answer(struct router *router, const struct request *request)
{
    const struct query query = {.reader = &router->store.reader,
                                .pathway = router->pathway,
                                .config = router->config,
                                .request = &request->message->record,
                                .arena = router->query_arena};
    const struct decision *decision = &router->decision;
    const struct view *view = &router->view;
    struct request_lease given[REQUEST_LEASES_MAX];
    const bool repeated = view->lease_count > 0;
    for (unsigned i = 0; !repeated && i < decision->event_count; i++)
        given[i] = (struct request_lease){decision->events[i].episode_id, decision->events[i].record.token};
    struct stepcare_record reply;
    arena_reset(router->query_arena);
    if (query_claimed(&query, repeated ? view->leases : given, repeated ? view->lease_count : decision->event_count,
                      &reply) != STEPCARE_OK) {
        refuse(router, request, STEPCARE_TOO_LARGE, stepcare_error_text(STEPCARE_TOO_LARGE), NULL);
        return;
    }
    serve_reply(router, request->peer, WIRE_CLAIM, request->message->request_id, &reply, STEPCARE_OK);
}

static void serve_acting(struct router *router, const struct request *request)
{
    const struct stepcare_record *record = &request->message->record;
    const struct command command = {.verb = request->message->verb, .caller = request->caller, .record = record};
    const int error = serve_command(router, &command);
    if (error != STEPCARE_OK) {
        refuse(router, request, error, router->decision.problem, &router->decision.errors);
        return;
    }
    if (command.verb == WIRE_CLAIM) {
        claim_answer(router, request);
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
                                      .subject = serve_mailbox_subject(organisation),
                                      .deadline = serve_wait_deadline(router, record),
                                      .cursor = STEPCARE_GET(record, cursor, 0),
                                      .limit = STEPCARE_GET(record, limit, 0)};
        if (organisation.bytes > 0) memcpy(parked.organisation, organisation.data, organisation.bytes);
        if (!state_any(&router->store.state, &prefix, &from) && parked_add(&router->parked, &parked)) return;
    }
    serve_query_answer(router, request->peer, message->verb, message->request_id, request->caller->name, record);
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
    const enum stepcare_error error = adopt_pathway(router, request->caller->name, problem, sizeof problem);
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
    const enum stepcare_error error = verb_fields_check(message->verb, &message->record, &errors);
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
    const struct caller caller = caller_local(frame.actor.bytes > 0 ? frame.actor : nobody);
    struct request request = {.peer = peer, .caller = &caller, .message = &message};
    while (frame.left > 0 && !router->failed) {
        arena_reset(router->frame_arena);
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
