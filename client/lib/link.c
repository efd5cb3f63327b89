/* A socket that is asked now and then whether the router is still there, and made anew when it seems dead. Used by
 * client.c and pipeline.c. */
#include "client/lib/link.h"
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>

/* A full page of a listing is some 500 records of a few KiB once decoded; a frame of STEPCARE_FRAME_BYTES_MAX holds
 * no more than a few tens of thousands. */
enum { LINK_ARENA_BYTES_MAX = 256 * 1024 * 1024, LINK_HEARTBEAT_MS = 2000, LINK_HEARTBEAT_TIMEOUT_MS = 6000 };

struct stepcare_text link_actor(const struct link *link)
{
    return stepcare_text_of(link->actor);
}

static void option_set(void *socket, int option, int value)
{
    zmq_setsockopt(socket, option, &value, sizeof value);
}

/* No routing id is set: the router gives one, so that nobody can take over another client's replies. */
static enum stepcare_error socket_open(struct link *link)
{
    void *socket = zmq_socket(link->context, ZMQ_DEALER);
    if (socket == NULL) return STEPCARE_SYSTEM;
    option_set(socket, ZMQ_LINGER, 0);
    option_set(socket, ZMQ_HANDSHAKE_IVL, 3000);
    option_set(socket, ZMQ_HEARTBEAT_IVL, LINK_HEARTBEAT_MS);
    option_set(socket, ZMQ_HEARTBEAT_TIMEOUT, LINK_HEARTBEAT_TIMEOUT_MS);
    option_set(socket, ZMQ_HEARTBEAT_TTL, LINK_HEARTBEAT_TIMEOUT_MS);
    option_set(socket, ZMQ_RECONNECT_IVL, 50);
    option_set(socket, ZMQ_RECONNECT_IVL_MAX, 500);
    int64_t frame_bytes_max = STEPCARE_FRAME_BYTES_MAX;
    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_bytes_max, sizeof frame_bytes_max);
    if (zmq_connect(socket, link->endpoint) != 0) {
        zmq_close(socket);
        return errno == EMTHREAD || errno == ETERM ? STEPCARE_SYSTEM : STEPCARE_INVALID;
    }
    link->socket = socket;
    return STEPCARE_OK;
}

enum stepcare_error link_open(struct link *link, const char *endpoint, const char *actor, uint32_t timeout_ms)
{
    *link = (struct link){.timeout_ms = timeout_ms, .renew_allowed = true};
    size_t endpoint_bytes = strlen(endpoint), actor_bytes = strlen(actor);
    if (endpoint_bytes == 0 || endpoint_bytes >= sizeof link->endpoint) return STEPCARE_INVALID;
    if (actor_bytes == 0 || actor_bytes >= sizeof link->actor) return STEPCARE_INVALID;
    memcpy(link->endpoint, endpoint, endpoint_bytes);
    memcpy(link->actor, actor, actor_bytes);
    if (arena_open(LINK_ARENA_BYTES_MAX, &link->arena) != STEPCARE_OK) return STEPCARE_NO_MEMORY;
    link->context = zmq_ctx_new();
    if (link->context == NULL) return STEPCARE_NO_MEMORY;
    link_begin(link);
    return socket_open(link);
}

void link_close(struct link *link)
{
    if (link->message_open) zmq_msg_close(&link->message);
    if (link->socket != NULL) zmq_close(link->socket);
    if (link->context != NULL) zmq_ctx_term(link->context);
    arena_close(link->arena);
    buffer_close(&link->buffer);
    *link = (struct link){0};
}

void link_begin(struct link *link)
{
    link->heard_ms = link->pinged_ms = link->renewed_ms = clock_steady_ms();
}

bool link_send(struct link *link, const struct buffer *frame)
{
    int sent;
    do {
        sent = zmq_send(link->socket, frame->data, frame->bytes, ZMQ_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

static void ping_send(struct link *link, int64_t now_ms)
{
    struct stepcare_record nothing;
    stepcare_record_init(&nothing);
    link->ping_id++;
    link->pinged_ms = now_ms;
    buffer_clear(&link->buffer);
    wire_frame_begin(&link->buffer, link_actor(link));
    wire_frame_add(&link->buffer, WIRE_HELLO, LINK_PING_BIT | link->ping_id, &nothing, 0);
    if (wire_frame_end(&link->buffer, 1) == STEPCARE_OK) link_send(link, &link->buffer);
}

/* Silence: ask whether the router is there, and after a while on a new socket. True when the socket was made anew. */
static bool probe(struct link *link, int64_t now_ms)
{
    bool renewed = false;
    int64_t since_ms = link->heard_ms > link->renewed_ms ? link->heard_ms : link->renewed_ms;
    if (link->renew_allowed && now_ms - since_ms >= LINK_RENEW_MS) {
        void *old = link->socket;
        link->renewed_ms = now_ms;
        if (socket_open(link) == STEPCARE_OK) {
            zmq_close(old);
            renewed = true;
        }
    }
    int64_t quiet_since_ms = link->heard_ms > link->pinged_ms ? link->heard_ms : link->pinged_ms;
    if (renewed || now_ms - quiet_since_ms >= LINK_PING_MS) ping_send(link, now_ms);
    return renewed;
}

static bool receive(struct link *link)
{
    if (link->message_open) zmq_msg_close(&link->message);
    link->message_open = false;
    zmq_msg_init(&link->message);
    if (zmq_msg_recv(&link->message, link->socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&link->message);
        return false;
    }
    link->message_open = true;
    arena_reset(link->arena);
    return wire_frame_open(zmq_msg_data(&link->message), zmq_msg_size(&link->message), &link->frame) == STEPCARE_OK;
}

static int64_t min_ms(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

enum link_event link_wait(struct link *link, int64_t until_ms)
{
    for (;;) {
        if (link->restarted) {
            link->restarted = false;
            return LINK_RESTARTED;
        }
        if (receive(link)) {
            link->heard_ms = clock_steady_ms();
            return LINK_FRAME;
        }
        int64_t now_ms = clock_steady_ms();
        int64_t dead_ms = link->heard_ms + link->timeout_ms;
        if (now_ms >= dead_ms) return LINK_DEAD;
        if (probe(link, now_ms)) return LINK_RESTARTED;
        if (now_ms >= until_ms) return LINK_QUIET;
        int64_t next_ms = min_ms(min_ms(until_ms, dead_ms), now_ms + LINK_PING_MS / 4);
        zmq_pollitem_t item = {.socket = link->socket, .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, (long)(next_ms - now_ms));
    }
}

static void greeting_note(struct link *link, const struct wire_message *message)
{
    link->greetings++;
    uint64_t epoch = STEPCARE_GET(&message->record, epoch, link->epoch);
    if (link->epoch != 0 && epoch != link->epoch) link->restarted = true;
    link->epoch = epoch;
}

bool link_next(struct link *link, struct wire_message *out_message)
{
    struct stepcare_field_errors ignored;
    while (link->frame.left > 0) {
        ignored.count = ignored.dropped = 0;
        enum stepcare_error error = wire_frame_next(&link->frame, link->arena, out_message, &ignored);
        /* INVALID: a value that this version does not know, from a newer router; that field is left out. */
        if (error != STEPCARE_OK && error != STEPCARE_INVALID) return false;
        if ((out_message->request_id & LINK_PING_BIT) == 0) return true;
        greeting_note(link, out_message);
    }
    return false;
}

struct stepcare_text link_frame_bytes(struct link *link)
{
    return (struct stepcare_text){zmq_msg_data(&link->message), (uint32_t)zmq_msg_size(&link->message)};
}

bool link_greet(struct link *link)
{
    uint64_t greetings = link->greetings;
    link_begin(link);
    ping_send(link, clock_steady_ms());
    while (link->greetings == greetings) {
        switch (link_wait(link, clock_steady_ms() + link->timeout_ms)) {
        case LINK_DEAD: return false;
        case LINK_FRAME: {
            struct wire_message message;
            while (link_next(link, &message)) {
            }
            break;
        }
        case LINK_QUIET:
        case LINK_RESTARTED: break;
        }
    }
    return true;
}
