/* A client and its single calls: one request, its reply, and what may be done when none comes. Part of libstepcare. */
#include "base/clock.h"
#include "client/lib/client_internal.h"
#include "client/lib/resend.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* After a restart was seen, a reply may still come: the command may have waited in our socket and reached the new
 * router. */
enum { GRACE_MS = 1000, REPLY_ARENA_BYTES_MAX = 256 * 1024 * 1024 };

struct stepcare_reply {
    struct arena *arena;
    uint8_t *bytes;
    struct wire_message message;
};

enum stepcare_error stepcare_client_open(const char *endpoint, const char *actor, uint32_t timeout_ms,
                                         struct stepcare_client **out_client)
{
    struct stepcare_client *client = calloc(1, sizeof *client);
    if (client == NULL) return STEPCARE_NO_MEMORY;
    if (timeout_ms == 0) timeout_ms = STEPCARE_TIMEOUT_MS_DEFAULT;
    enum stepcare_error error = link_open(&client->link, endpoint, actor, timeout_ms);
    if (error != STEPCARE_OK) {
        stepcare_client_close(&client);
        return error;
    }
    *out_client = client;
    return STEPCARE_OK;
}

void stepcare_client_close(struct stepcare_client **client)
{
    if (client == NULL || *client == NULL) return;
    link_close(&(*client)->link);
    free(*client);
    *client = NULL;
}

const struct stepcare_record *stepcare_reply_record(const struct stepcare_reply *reply)
{
    return &reply->message.record;
}

void stepcare_reply_close(struct stepcare_reply **reply)
{
    if (reply == NULL || *reply == NULL) return;
    arena_close((*reply)->arena);
    free((*reply)->bytes);
    free(*reply);
    *reply = NULL;
}

/* The message that answers the request, out of a frame's messages. */
static enum stepcare_error reply_find(struct stepcare_reply *reply, size_t frame_bytes, uint64_t request_id)
{
    struct wire_frame frame;
    enum stepcare_error error = wire_frame_open(reply->bytes, frame_bytes, &frame);
    while (error == STEPCARE_OK) {
        struct stepcare_field_errors ignored = {.count = 0};
        if (frame.left == 0) return STEPCARE_MALFORMED;
        error = wire_frame_next(&frame, reply->arena, &reply->message, &ignored);
        if (error == STEPCARE_INVALID) error = STEPCARE_OK;
        if (reply->message.request_id == request_id) break;
    }
    return error;
}

/* A reply outlives the link's frame: copy the frame and decode the message in the copy. */
static enum stepcare_error reply_make(struct link *link, uint64_t request_id, struct stepcare_reply **out_reply)
{
    const struct stepcare_text frame = link_frame_bytes(link);
    struct stepcare_reply *reply = calloc(1, sizeof *reply);
    if (reply == NULL) return STEPCARE_NO_MEMORY;
    enum stepcare_error error = STEPCARE_NO_MEMORY;
    reply->bytes = malloc(frame.bytes);
    if (reply->bytes == NULL) goto out;
    memcpy(reply->bytes, frame.data, frame.bytes);
    if (arena_open(REPLY_ARENA_BYTES_MAX, &reply->arena) != STEPCARE_OK) goto out;
    error = reply_find(reply, frame.bytes, request_id);
    if (error != STEPCARE_OK) goto out;
    *out_reply = reply;
    reply = NULL;
out:
    stepcare_reply_close(&reply);
    return error;
}

/* One call under way. */
struct call {
    struct link *link;
    uint8_t verb;
    bool repeatable;
    unsigned attempts; /* answered by busy or stopping */
    uint32_t wait_ms;  /* what the router itself may wait before it replies */
    int64_t sent_ms, give_up_ms;
    int64_t retry_ms; /* over 0: waiting to send again */
    uint64_t request_id;
    struct buffer frame;
};

static void call_send(struct call *call)
{
    call->sent_ms = clock_steady_ms();
    call->retry_ms = link_send(call->link, &call->frame) ? 0 : call->sent_ms + resend_backoff_ms(0);
}

/* True when the call has its final answer in *out_error. */
static bool call_take(struct call *call, enum stepcare_error *out_error, struct stepcare_reply **out_reply)
{
    struct wire_message message;
    while (link_next(call->link, &message)) {
        if (message.request_id != call->request_id || message.verb != call->verb) continue;
        int64_t now_ms = clock_steady_ms();
        if (resend_invited(message.error) && now_ms < call->give_up_ms) {
            call->retry_ms = now_ms + resend_backoff_ms(call->attempts++);
            return false;
        }
        enum stepcare_error error = reply_make(call->link, call->request_id, out_reply);
        *out_error = error == STEPCARE_OK ? (enum stepcare_error)message.error : error;
        return true;
    }
    return false;
}

static enum stepcare_error call_run(struct call *call, struct stepcare_reply **out_reply)
{
    int64_t unknown_ms = INT64_MAX; /* when a lost command's outcome is given up as unknown */
    enum stepcare_error error = STEPCARE_OK;
    call_send(call);
    for (;;) {
        int64_t now_ms = clock_steady_ms();
        int64_t until_ms = call->repeatable ? call->sent_ms + call->wait_ms + RESEND_MS : unknown_ms;
        if (call->retry_ms > 0) until_ms = call->retry_ms;
        switch (link_wait(call->link, until_ms < now_ms + 60000 ? until_ms : now_ms + 60000)) {
        case LINK_FRAME:
            if (call_take(call, &error, out_reply)) return error;
            break;
        case LINK_RESTARTED:
            if (call->repeatable) {
                call_send(call);
            } else if (call->retry_ms == 0) {
                unknown_ms = clock_steady_ms() + GRACE_MS;
            }
            break;
        case LINK_DEAD: return call->repeatable || call->retry_ms > 0 ? STEPCARE_UNREACHABLE : STEPCARE_OUTCOME_UNKNOWN;
        case LINK_QUIET:
            if (call->retry_ms > 0 || call->repeatable) {
                call_send(call);
            } else if (clock_steady_ms() >= unknown_ms) {
                return STEPCARE_OUTCOME_UNKNOWN;
            }
            break;
        }
        /* Alive but silent about this one command. */
        if (!call->repeatable && call->retry_ms == 0 && clock_steady_ms() >= call->give_up_ms)
            return STEPCARE_OUTCOME_UNKNOWN;
    }
}

enum stepcare_error stepcare_client_call(struct stepcare_client *client, const char *verb,
                                         const struct stepcare_record *request, struct stepcare_reply **out_reply)
{
    struct link *link = &client->link;
    struct stepcare_record nothing;
    stepcare_record_init(&nothing);
    if (request == NULL) request = &nothing;
    struct call call = {
        .link = link, .verb = resend_verb_find(verb), .wait_ms = (uint32_t)STEPCARE_GET(request, wait_ms, 0)};
    if (call.verb == 0) return STEPCARE_UNKNOWN_VERB;
    call.repeatable = resend_allowed(call.verb, request);
    call.request_id = ++link->call_id;
    wire_frame_begin(&call.frame, link_actor(link));
    wire_frame_add(&call.frame, call.verb, call.request_id, request, 0);
    enum stepcare_error error = wire_frame_end(&call.frame, 1);
    if (error != STEPCARE_OK) goto out;
    error = STEPCARE_UNREACHABLE;
    /* Before a long wait the router's epoch must be known, or a restart during it would not be noticed. */
    const bool greet = !call.repeatable || (call.wait_ms > 0 && link->epoch == 0);
    if (greet && !link_greet(link)) goto out;
    link_begin(link);
    link->renew_allowed = call.repeatable;
    call.give_up_ms = clock_steady_ms() + call.wait_ms + link->timeout_ms;
    error = call_run(&call, out_reply);
    link->renew_allowed = true;
out:
    buffer_close(&call.frame);
    return error;
}

enum stepcare_error stepcare_request_key_make(char out_key[STEPCARE_REQUEST_KEY_BYTES + 1])
{
    uint8_t random[STEPCARE_REQUEST_KEY_BYTES / 2];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) return STEPCARE_SYSTEM;
    for (size_t i = 0; i < sizeof random; i++) snprintf(out_key + 2 * i, 3, "%02x", random[i]);
    return STEPCARE_OK;
}
