/* The sockets under the worker's loop: see link.h. Called by loop.c. */
#include "workers/link.h"

#include <stdio.h>
#include <zmq.h>

enum {
    HANDSHAKE_MS = 3000,
    HEARTBEAT_MS = 2000,
    HEARTBEAT_TIMEOUT_MS = 6000,
    RECONNECT_MS = 100,
    RECONNECT_MAX_MS = 1000,
    QUEUE_FRAMES_MAX = 10000 /* above what the credit lets in flight, so that credit alone limits */
};

static int options_set(struct worker_link *link)
{
    const struct {
        int name, value;
    } options[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_SNDTIMEO, link->send_timeout_ms},
        {ZMQ_SNDHWM, QUEUE_FRAMES_MAX},
        {ZMQ_RCVHWM, QUEUE_FRAMES_MAX},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
        {ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
        {ZMQ_HEARTBEAT_TTL, HEARTBEAT_TIMEOUT_MS},
        {ZMQ_RECONNECT_IVL, RECONNECT_MS},
        {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS},
    };
    int64_t frame_bytes_max = STEPCARE_FRAME_BYTES_MAX;

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (zmq_setsockopt(link->socket, options[i].name, &options[i].value, sizeof options[i].value) != 0) return -1;
    return zmq_setsockopt(link->socket, ZMQ_MAXMSGSIZE, &frame_bytes_max, sizeof frame_bytes_max);
}

enum stepcare_error worker_link_open(struct worker_link *link)
{
    char address[48];
    if (link->context == NULL) link->context = zmq_ctx_new();
    if (link->context == NULL) return STEPCARE_SYSTEM;
    link->socket = zmq_socket(link->context, ZMQ_DEALER);
    link->monitor = zmq_socket(link->context, ZMQ_PAIR);
    if (link->socket == NULL || link->monitor == NULL || options_set(link) != 0) goto out;
    snprintf(address, sizeof address, "inproc://worker-monitor-%u", ++link->generation);
    if (zmq_socket_monitor(link->socket, address, ZMQ_EVENT_DISCONNECTED) != 0) goto out;
    if (zmq_connect(link->monitor, address) != 0 || zmq_connect(link->socket, link->endpoint) != 0) goto out;
    return STEPCARE_OK;
out:
    worker_link_close(link, 0);
    return STEPCARE_SYSTEM;
}

void worker_link_close(struct worker_link *link, int linger_ms)
{
    int none_ms = 0;
    if (link->socket != NULL) {
        zmq_setsockopt(link->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        zmq_socket_monitor(link->socket, NULL, 0);
        zmq_close(link->socket);
    }
    if (link->monitor != NULL) {
        zmq_setsockopt(link->monitor, ZMQ_LINGER, &none_ms, sizeof none_ms);
        zmq_close(link->monitor);
    }
    link->socket = link->monitor = NULL;
}

void worker_link_destroy(struct worker_link *link)
{
    worker_link_close(link, 0);
    if (link->context != NULL) zmq_ctx_term(link->context);
    link->context = NULL;
}

enum stepcare_error worker_link_send(struct worker_link *link, const struct buffer *frame)
{
    return zmq_send(link->socket, frame->data, frame->bytes, 0) < 0 ? STEPCARE_UNREACHABLE : STEPCARE_OK;
}

bool worker_link_lost(struct worker_link *link)
{
    bool lost = false;
    char part[256]; /* an event is two parts: number and value, then the address; only disconnections are subscribed */
    while (zmq_recv(link->monitor, part, sizeof part, ZMQ_DONTWAIT) >= 0) lost = true;
    return lost;
}
