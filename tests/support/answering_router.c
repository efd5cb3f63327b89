/* The thread behind the client library's tests: a ROUTER socket that answers as the test says. */
#include "tests/support/answering_router.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <zmq.h>

enum { POLL_MS = 20, ARENA_BYTES = 64 * 1024 * 1024 };

struct service { /* the thread's own */
    struct answering_router *router;
    void *context, *socket;
    uint64_t epoch;
    struct arena *arena;
    struct buffer frame;
};

static void bind_anew(struct service *service)
{
    int linger_ms = 0;
    if (service->socket != NULL) {
        zmq_close(service->socket);
        zmq_ctx_term(service->context);
    }
    service->epoch++;
    service->context = zmq_ctx_new();
    service->socket = zmq_socket(service->context, ZMQ_ROUTER);
    zmq_setsockopt(service->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    cr_assert_eq(zmq_bind(service->socket, service->router->endpoint), 0, "cannot bind %s", service->router->endpoint);
}

static bool message_answer(struct service *service, const struct wire_message *message, uint32_t *count)
{
    struct answering_router *router = service->router;
    struct stepcare_record record;
    uint8_t error = 0;
    enum answer_kind kind = ANSWER_REPLY;
    stepcare_record_init(&record);
    if (message->verb == WIRE_HELLO) {
        STEPCARE_SET(&record, epoch, service->epoch);
    } else {
        atomic_fetch_add(&router->commands, 1);
        kind = router->answer(router->context, message, &record, &error);
    }
    if (kind == ANSWER_VANISH) return false;
    if (kind == ANSWER_NOTHING) return true;
    wire_frame_add(&service->frame, message->verb, message->request_id, &record, error);
    ++*count;
    return true;
}

static void frame_answer(struct service *service, zmq_msg_t *peer, zmq_msg_t *body)
{
    static struct wire_message messages[STEPCARE_BATCH_COUNT_MAX];
    struct stepcare_field_errors errors = {.count = 0};
    struct wire_frame frame;
    uint32_t taken = 0, answered = 0;
    arena_reset(service->arena);
    if (wire_frame_open(zmq_msg_data(body), zmq_msg_size(body), &frame) != STEPCARE_OK) return;
    while (frame.left > 0) wire_frame_next(&frame, service->arena, &messages[taken++], &errors);
    wire_frame_begin(&service->frame, (struct stepcare_text){NULL, 0});
    for (uint32_t i = 0; i < taken; i++) {
        uint32_t at = service->router->backwards ? taken - 1 - i : i;
        if (message_answer(service, &messages[at], &answered)) continue;
        atomic_fetch_add(&service->router->vanished, 1);
        bind_anew(service);
        return;
    }
    if (answered == 0 || wire_frame_end(&service->frame, answered) != STEPCARE_OK) return;
    zmq_send(service->socket, zmq_msg_data(peer), zmq_msg_size(peer), ZMQ_SNDMORE);
    zmq_send(service->socket, service->frame.data, service->frame.bytes, 0);
}

static void *serve(void *context)
{
    struct service service = {.router = context};
    arena_open(ARENA_BYTES, &service.arena);
    bind_anew(&service);
    while (!atomic_load(&service.router->stop)) {
        zmq_pollitem_t item = {.socket = service.socket, .events = ZMQ_POLLIN};
        if (zmq_poll(&item, 1, POLL_MS) <= 0) continue;
        zmq_msg_t peer, body;
        zmq_msg_init(&peer);
        zmq_msg_init(&body);
        zmq_msg_recv(&peer, service.socket, 0);
        zmq_msg_recv(&body, service.socket, 0);
        frame_answer(&service, &peer, &body);
        zmq_msg_close(&peer);
        zmq_msg_close(&body);
    }
    zmq_close(service.socket);
    zmq_ctx_term(service.context);
    buffer_close(&service.frame);
    arena_close(service.arena);
    return NULL;
}

void answering_router_open(struct answering_router *router)
{
    router->directory = temp_directory_make();
    snprintf(router->endpoint, sizeof router->endpoint, "ipc://%s/client.sock", router->directory.path);
    cr_assert_eq(pthread_create(&router->thread, NULL, serve, router), 0);
}

void answering_router_close(struct answering_router *router)
{
    atomic_store(&router->stop, true);
    pthread_join(router->thread, NULL);
    temp_directory_remove(&router->directory);
}
