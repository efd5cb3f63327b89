/* A socket without the client library, for tests that send what no library would. */
#include "tests/support/raw_client.h"

#include "tests/support/deadline.h"

#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

static void must(bool done, const char *what)
{
    if (!done) {
        fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
        abort();
    }
}

void raw_client_open(struct raw_client *client, const char *store_config, const char *socket_name, int queue_max)
{
    char endpoint[512];
    int none = 0;
    const char *slash = strrchr(store_config, '/');
    must(slash != NULL, "path");
    snprintf(endpoint, sizeof endpoint, "ipc://%.*s/run/%s", (int)(slash - store_config), store_config, socket_name);
    *client = (struct raw_client){.context = zmq_ctx_new()};
    client->socket = zmq_socket(client->context, ZMQ_DEALER);
    must(client->socket != NULL, "socket");
    zmq_setsockopt(client->socket, ZMQ_LINGER, &none, sizeof none);
    if (queue_max > 0) {
        zmq_setsockopt(client->socket, ZMQ_SNDHWM, &queue_max, sizeof queue_max);
        zmq_setsockopt(client->socket, ZMQ_RCVHWM, &queue_max, sizeof queue_max);
    }
    must(zmq_connect(client->socket, endpoint) == 0, endpoint);
}

void raw_client_close(struct raw_client *client)
{
    zmq_close(client->socket);
    zmq_ctx_term(client->context);
    free(client->frame);
    *client = (struct raw_client){.socket = NULL};
}

bool raw_client_send(struct raw_client *client, const void *data, size_t bytes, int within_ms)
{
    zmq_setsockopt(client->socket, ZMQ_SNDTIMEO, &within_ms, sizeof within_ms);
    return zmq_send(client->socket, data, bytes, 0) == (int)bytes;
}

bool raw_client_receive(struct raw_client *client, int within_ms)
{
    zmq_setsockopt(client->socket, ZMQ_RCVTIMEO, &within_ms, sizeof within_ms);
    zmq_msg_t message;
    zmq_msg_init(&message);
    bool received = zmq_msg_recv(&message, client->socket, 0) >= 0;
    if (received) {
        client->frame_bytes = zmq_msg_size(&message);
        client->frame = realloc(client->frame, client->frame_bytes + 1);
        must(client->frame != NULL, "memory");
        memcpy(client->frame, zmq_msg_data(&message), client->frame_bytes);
    }
    zmq_msg_close(&message);
    return received;
}

void raw_frame_make(struct buffer *buffer, uint8_t verb, uint64_t request_id)
{
    struct stepcare_record nothing;
    stepcare_record_init(&nothing);
    buffer_clear(buffer);
    wire_frame_begin(buffer, stepcare_text_of("somebody"));
    wire_frame_add(buffer, verb, request_id, &nothing, 0);
    must(wire_frame_end(buffer, 1) == STEPCARE_OK, "frame");
}

static bool answers_request(const struct raw_client *client, struct arena *arena, uint64_t request_id)
{
    struct wire_frame frame;
    struct wire_message message = {.request_id = 0};
    struct stepcare_field_errors errors;
    if (wire_frame_open(client->frame, client->frame_bytes, &frame) != STEPCARE_OK) return false;
    while (frame.left > 0 && message.request_id != request_id &&
           wire_frame_next(&frame, arena, &message, &errors) != STEPCARE_MALFORMED)
        continue;
    return message.request_id == request_id;
}

bool raw_client_hello(struct raw_client *client, uint64_t request_id, int within_ms)
{
    struct buffer buffer = {0};
    struct arena *arena;
    must(arena_open(1024 * 1024, &arena) == STEPCARE_OK, "arena");
    raw_frame_make(&buffer, WIRE_HELLO, request_id);
    int64_t until = deadline_now_ms() + within_ms;
    bool answered = false;
    if (raw_client_send(client, buffer.data, buffer.bytes, within_ms)) {
        while (!answered && deadline_now_ms() < until && raw_client_receive(client, (int)(until - deadline_now_ms()))) {
            arena_reset(arena);
            answered = answers_request(client, arena, request_id);
        }
    }
    arena_close(arena);
    buffer_close(&buffer);
    return answered;
}
