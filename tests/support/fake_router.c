/* The router of the worker's tests: one socket, and the worker process as its child. */
#include "tests/support/fake_router.h"

#include "tests/support/deadline.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

enum { ARGUMENTS_MAX = 12, SILENCE_MS = 600000 };

static void file_copy(const char *from, const char *to)
{
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    char block[4096];
    size_t bytes;

    cr_assert(in != NULL && out != NULL, "cannot copy %s to %s", from, to);
    while ((bytes = fread(block, 1, sizeof block, in)) > 0) fwrite(block, 1, bytes, out);
    fclose(in);
    fclose(out);
}

void fake_router_bind(struct fake_router *router)
{
    char endpoint[128];
    int linger_ms = 0;

    router->context = zmq_ctx_new();
    router->socket = zmq_socket(router->context, ZMQ_ROUTER);
    zmq_setsockopt(router->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/run/worker.sock", router->directory);
    cr_assert_eq(zmq_bind(router->socket, endpoint), 0, "cannot bind %s: %s", endpoint, zmq_strerror(zmq_errno()));
}

/* With its context: a closed ipc socket unlinks its path some time later, and must not unlink the next one's. */
void fake_router_unbind(struct fake_router *router)
{
    zmq_close(router->socket);
    zmq_ctx_term(router->context);
    router->socket = router->context = NULL;
}

void fake_router_set_silence(struct fake_router *router, int silence_ms)
{
    char path[256];
    snprintf(path, sizeof path, "%s/stepcare.yaml", router->directory);
    FILE *stream = fopen(path, "w");
    cr_assert_not_null(stream);
    fprintf(stream, "jobs: {silence_ms: %d}\n", silence_ms);
    fclose(stream);
}

void fake_router_open(struct fake_router *router)
{
    char path[256], source[512];
    const char *tree = getenv("STEPCARE_SOURCE");

    memset(router, 0, sizeof *router);
    cr_assert_not_null(tree, "run by ctest, or set STEPCARE_SOURCE and STEPCARE_BIN");
    snprintf(router->directory, sizeof router->directory, "/tmp/stepcare-worker-XXXXXX");
    cr_assert_not_null(mkdtemp(router->directory));
    snprintf(path, sizeof path, "%s/run", router->directory);
    mkdir(path, 0700);
    fake_router_set_silence(router, SILENCE_MS);
    snprintf(path, sizeof path, "%s/pathway.yaml", router->directory);
    snprintf(source, sizeof source, "%s/config/pathway.yaml", tree);
    file_copy(source, path);
    cr_assert_eq(arena_open(1024 * 1024, &router->arena), STEPCARE_OK);
    router->frame = malloc(STEPCARE_FRAME_BYTES_MAX);
    router->messages = calloc(FAKE_ROUTER_FRAME_MAX, sizeof *router->messages);
    fake_router_bind(router);
}

void fake_router_close(struct fake_router *router)
{
    char path[256];
    static const char *const files[] = {"stepcare.yaml", "pathway.yaml", "run/worker.sock", "run", ""};

    if (router->worker > 0) {
        kill(router->worker, SIGKILL);
        waitpid(router->worker, NULL, 0);
    }
    if (router->socket != NULL) fake_router_unbind(router);
    arena_close(router->arena);
    free(router->frame);
    free(router->messages);
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", router->directory, files[i]);
        remove(path);
    }
}

void fake_router_start_worker(struct fake_router *router, const char *const *more)
{
    char program[512], config[256];
    char *arguments[ARGUMENTS_MAX] = {program, (char[]){"--config"}, config};

    snprintf(program, sizeof program, "%s/stepcare-worker", getenv("STEPCARE_BIN"));
    snprintf(config, sizeof config, "%s/stepcare.yaml", router->directory);
    for (unsigned i = 0; more != NULL && more[i] != NULL; i++) {
        cr_assert_lt(i + 4, ARGUMENTS_MAX);
        arguments[i + 3] = strdup(more[i]);
    }
    router->worker = fork();
    cr_assert_geq(router->worker, 0);
    if (router->worker == 0) {
        execv(program, arguments);
        _exit(127);
    }
    for (unsigned i = 3; i < ARGUMENTS_MAX; i++) free(arguments[i]);
}

int fake_router_wait_worker(struct fake_router *router)
{
    int status = 0;

    cr_assert_eq(waitpid(router->worker, &status, 0), router->worker);
    router->worker = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool fake_router_receive(struct fake_router *router)
{
    int deadline_ms = DEADLINE_MS, bytes;
    struct wire_frame frame;
    struct stepcare_field_errors errors = {0};

    zmq_setsockopt(router->socket, ZMQ_RCVTIMEO, &deadline_ms, sizeof deadline_ms);
    bytes = zmq_recv(router->socket, router->peer, sizeof router->peer, 0);
    if (bytes < 0) return false;
    router->peer_bytes = (size_t)bytes;
    bytes = zmq_recv(router->socket, router->frame, STEPCARE_FRAME_BYTES_MAX, 0);
    cr_assert(bytes >= 0 && bytes <= STEPCARE_FRAME_BYTES_MAX);
    arena_reset(router->arena);
    cr_assert_eq(wire_frame_open(router->frame, (size_t)bytes, &frame), STEPCARE_OK);
    for (router->count = 0; frame.left > 0; router->count++)
        cr_assert_eq(wire_frame_next(&frame, router->arena, &router->messages[router->count], &errors), STEPCARE_OK);
    return true;
}

bool fake_router_await(struct fake_router *router, uint8_t verb)
{
    for (unsigned frames = 0; frames < 100; frames++) {
        if (!fake_router_receive(router)) return false;
        if (router->messages[0].verb == verb) return true;
    }
    return false;
}

void fake_router_send_frame(struct fake_router *router, const struct buffer *frame)
{
    cr_assert_geq(zmq_send(router->socket, router->peer, router->peer_bytes, ZMQ_SNDMORE), 0);
    cr_assert_geq(zmq_send(router->socket, frame->data, frame->bytes, 0), 0);
}

void fake_router_send(struct fake_router *router, uint8_t verb, uint64_t request_id,
                      const struct stepcare_record *record, uint8_t error)
{
    struct buffer frame = {0};
    struct stepcare_record nothing;

    stepcare_record_init(&nothing);
    wire_frame_begin(&frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&frame, verb, request_id, record != NULL ? record : &nothing, error);
    cr_assert_eq(wire_frame_end(&frame, 1), STEPCARE_OK);
    fake_router_send_frame(router, &frame);
    buffer_close(&frame);
}
