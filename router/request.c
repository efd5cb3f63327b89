/* Clients' commands and questions, frame by frame; called by the loop. See request.h. */
#include "router/request.h"

#include "proto/referral_codec.h"
#include "router/admit.h"
#include "router/care/verb_rules.h"
#include "router/query/reply.h"
#include "router/report.h"

#include <stdio.h>

enum { REQUEST_BYTES_MAX = 32 * 1024 * 1024, REFUSED_LOG_MS = 1000 };

/* The one at hand. */
struct request {
    const struct peer *peer;
    const struct caller *caller;
    uint8_t verb;
    uint64_t request_id;
    const struct stepcare_record *asked;
};

enum stepcare_error requests_init(struct requests *requests)
{
    return arena_open(REQUEST_BYTES_MAX, &requests->arena);
}

void requests_close(struct requests *requests)
{
    arena_close(requests->arena);
    requests->arena = NULL;
    buffer_close(&requests->content);
}

static void answer(struct requests *requests, const struct request *request, const struct stepcare_record *record)
{
    outward_reply(requests->outward, request->peer, request->verb, request->request_id, record, STEPCARE_OK);
}

static void refuse(struct requests *requests, const struct request *request, int error, const char *problem,
                   const struct stepcare_field_errors *errors)
{
    struct stepcare_record record;
    reply_refusal(&record, problem, STEPCARE_GET(request->asked, referral_id, 0), errors);
    outward_reply(requests->outward, request->peer, request->verb, request->request_id, &record, error);
}

/* --- acting --- */

/* The answer about the episode that was acted on: now, or when a worker has decided it. */
static void episode_answer(struct requests *requests, const struct request *request, const struct decision *decision)
{
    const struct parked_reply reply = {.peer = *request->peer,
                                       .verb = request->verb,
                                       .outcome = decision->outcome,
                                       .request_id = request->request_id,
                                       .subject = decision->subject_id,
                                       .content_differs = decision->outcome == STEPCARE_OUTCOME_DUPLICATE &&
                                                          decision->errors.count > 0,
                                       .deadline = waiting_deadline(requests->waiting, request->asked)};
    waiting_answer(requests->waiting, &reply);
}

static void rejected_answer(struct requests *requests, const struct request *request, const struct decision *decision)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, outcome, STEPCARE_OUTCOME_REJECTED);
    STEPCARE_SET(&record, errors, ((struct stepcare_errors_view){&decision->errors}));
    answer(requests, request, &record);
}

/* Pause, resume. */
static void tier_answer(struct requests *requests, const struct request *request)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, tier, STEPCARE_GET(request->asked, tier, 0));
    STEPCARE_SET(&record, paused, request->verb == WIRE_PAUSE);
    answer(requests, request, &record);
}

static void command_serve(struct requests *requests, const struct request *request, const struct command *command,
                          struct decision *decision)
{
    const int error = command_run(requests->commands, command, decision);
    if (error != STEPCARE_OK)
        refuse(requests, request, error, decision->problem, &decision->errors);
    else if (request->verb == WIRE_CLAIM)
        reading_leases_answer(requests->reading, request->peer, request->request_id, request->asked, decision->leases,
                              decision->lease_count);
    else if (decision->outcome == STEPCARE_OUTCOME_REJECTED)
        rejected_answer(requests, request, decision);
    else if (decision->subject_id == 0)
        tier_answer(requests, request);
    else
        episode_answer(requests, request, decision);
}

static void acting_serve(struct requests *requests, const struct request *request, struct decision *decision)
{
    const struct command command = {.verb = request->verb, .caller = request->caller, .record = request->asked};
    command_serve(requests, request, &command, decision);
}

/* Submit, inform: the referral's ledger form is canonical, so that equal referrals have equal bytes. */
static void referral_serve(struct requests *requests, const struct request *request, struct decision *decision)
{
    struct command command = {.verb = request->verb, .caller = request->caller, .record = request->asked};
    const struct stepcare_text sent = request->asked->referral;
    struct stepcare_referral *referral = &requests->referral;
    struct stepcare_field_errors *errors = &requests->referral_errors;
    errors->count = errors->dropped = 0;
    const enum stepcare_error error = referral_wire_decode((const uint8_t *)sent.data, sent.bytes, referral, errors);
    if (error != STEPCARE_OK && error != STEPCARE_INVALID) {
        refuse(requests, request, STEPCARE_MALFORMED, "The referral inside the message is not one.", NULL);
        return;
    }
    command.referral = referral;
    if (error == STEPCARE_INVALID) {
        command.errors = errors;
    } else {
        struct buffer *content = &requests->content;
        buffer_clear(content);
        referral_ledger_encode(content, referral, false);
        command.referral_bytes = (struct stepcare_text){(const char *)content->data, (uint32_t)content->bytes};
    }
    command_serve(requests, request, &command, decision);
}

/* --- the router itself --- */

static void hello_serve(struct requests *requests, const struct request *request)
{
    struct stepcare_record record;
    const struct pathway *pathway = requests->pathways->current;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, version, stepcare_text_of(STEPCARE_VERSION));
    STEPCARE_SET(&record, epoch, ledger_epoch(requests->store->ledger));
    STEPCARE_SET(&record, pathway, stepcare_text_of(pathway_version(pathway)));
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
    STEPCARE_SET(&record, frame_bytes_max, STEPCARE_FRAME_BYTES_MAX);
    STEPCARE_SET(&record, batch_count_max, STEPCARE_BATCH_COUNT_MAX);
    answer(requests, request, &record);
}

static void adopt_serve(struct requests *requests, const struct request *request, struct decision *decision)
{
    char problem[1000];
    struct stepcare_record record;
    if (adopt_pathway(requests->adoption, request->caller, decision, problem, sizeof problem) != STEPCARE_OK) {
        refuse(requests, request, STEPCARE_INVALID, problem, NULL);
        return;
    }
    const struct pathway *pathway = requests->pathways->current;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, pathway, stepcare_text_of(pathway_version(pathway)));
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
    answer(requests, request, &record);
}

/* --- a frame --- */

/* Whether the caller may ask this at all. Who is not permitted hears only that, whatever else is wrong with it. */
static bool caller_checked(struct requests *requests, const struct request *request)
{
    char problem[256];
    const enum stepcare_error error = verb_check_caller(request->verb, request->caller, problem, sizeof problem);
    if (error != STEPCARE_NOT_PERMITTED) return true; /* an unknown verb is refused with its fields */
    refuse(requests, request, error, problem, NULL);
    return false;
}

static bool fields_checked(struct requests *requests, const struct request *request)
{
    struct stepcare_field_errors *errors = &requests->errors;
    char problem[256];
    errors->count = errors->dropped = 0;
    enum stepcare_error error = verb_fields_check(request->verb, request->asked, errors);
    if (error == STEPCARE_OK && request->verb >= WIRE_WORKER_HELLO) error = STEPCARE_UNKNOWN_VERB;
    if (error == STEPCARE_OK) return true;
    if (errors->count > 0)
        snprintf(problem, sizeof problem, "%s: %s", errors->items[0].field, errors->items[0].problem);
    else
        snprintf(problem, sizeof problem, "%s", stepcare_error_text(STEPCARE_UNKNOWN_VERB));
    refuse(requests, request, error, problem, errors);
    return false;
}

static void message_serve(struct requests *requests, const struct request *request, struct decision *decision)
{
    if (!caller_checked(requests, request) || !fields_checked(requests, request)) return;
    if (request->verb == WIRE_HELLO)
        hello_serve(requests, request);
    else if (request->verb == WIRE_ADOPT)
        adopt_serve(requests, request, decision);
    else if (request->verb == WIRE_FEEDBACK)
        waiting_news_answer(requests->waiting, request->peer, request->request_id, request->caller, request->asked);
    else if (query_is(request->verb))
        reading_answer(requests->reading, request->peer, request->verb, request->request_id, request->caller,
                       request->asked);
    else if (request->verb == WIRE_SUBMIT || request->verb == WIRE_INFORM)
        referral_serve(requests, request, decision);
    else
        acting_serve(requests, request, decision);
}

static void frame_refuse(struct requests *requests, const struct peer *peer, size_t bytes, int error)
{
    struct stepcare_record record;
    requests->frames_refused++;
    reply_refusal(&record, stepcare_error_text(error), 0, NULL);
    outward_reply(requests->outward, peer, 0, 0, &record, error);
    if (requests->turn->steady - requests->refused_logged_at < REFUSED_LOG_MS) return;
    requests->refused_logged_at = requests->turn->steady;
    report_frame_refused(bytes, error, requests->frames_refused);
}

static void record_clear(struct stepcare_record *record)
{
    record->present[0] = record->present[1] = 0;
}

void request_messages(struct requests *requests, const struct peer *peer, const struct caller *caller,
                      struct wire_frame *frame, size_t bytes, struct decision *decision)
{
    struct wire_message *message = &requests->message;
    struct stepcare_field_errors *errors = &requests->errors;
    while (frame->left > 0 && !requests->outward->failed) {
        arena_reset(requests->arena);
        errors->count = errors->dropped = 0;
        record_clear(&message->record);
        const enum stepcare_error error = wire_frame_next(frame, requests->arena, message, errors);
        if (error != STEPCARE_OK) record_clear(&message->record);
        const struct request request = {.peer = peer,
                                        .caller = caller,
                                        .verb = message->verb,
                                        .request_id = message->request_id,
                                        .asked = &message->record};
        if (error == STEPCARE_OK) {
            message_serve(requests, &request, decision);
        } else if (error == STEPCARE_INVALID) {
            refuse(requests, &request, error, errors->count > 0 ? errors->items[0].problem : stepcare_error_text(error),
                   errors);
        } else {
            frame_refuse(requests, peer, bytes, error);
            return;
        }
    }
}

void request_frame(struct requests *requests, const struct peer *peer, const uint8_t *data, size_t bytes,
                   struct decision *decision)
{
    struct wire_frame frame;
    const enum stepcare_error error = wire_frame_open(data, bytes, &frame);
    if (error != STEPCARE_OK) {
        frame_refuse(requests, peer, bytes, error);
        return;
    }
    const struct caller caller = admit_client(frame.actor);
    request_messages(requests, peer, &caller, &frame, bytes, decision);
}
