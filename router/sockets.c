/* The three sockets: clients and workers (ROUTER), notices (PUB). Options and why: libzmq 4.3 drops silently at its
 * high-water mark and for
 * unknown peers unless MANDATORY is set, and is unbounded by default. */
#include "base/log.h"
#include "router/router.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

/* Frames of up to a MiB wait for one peer that does not read, or of one that writes without end; the last answers
 * get a moment to leave. */
enum { SEND_FRAMES_MAX = 512, RECEIVE_FRAMES_MAX = 256, BACKLOG_CONNECTIONS = 1024, LINGER_MS = 500 };

static void option(void *socket, int name, int value)
{
    zmq_setsockopt(socket, name, &value, sizeof value);
}

/* libzmq unlinks an ipc path before binding, even one that a living router serves: look whether somebody answers
 * there. */
static bool answered(const char *endpoint)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = endpoint + strlen("ipc://");
    if (strncmp(endpoint, "ipc://", 6) != 0 || strlen(path) >= sizeof address.sun_path) return false;
    memcpy(address.sun_path, path, strlen(path));
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool living = probe >= 0 && connect(probe, (const struct sockaddr *)&address, sizeof address) == 0;
    if (probe >= 0) close(probe);
    return living;
}

static enum stepcare_error bind_one(struct router *router, int type, const char *endpoint, const char *role,
                                    void **out_socket)
{
    void *socket = zmq_socket(router->context, type);
    if (socket == NULL) return STEPCARE_SYSTEM;
    option(socket, ZMQ_LINGER, LINGER_MS);
    option(socket, ZMQ_MAXMSGSIZE, STEPCARE_FRAME_BYTES_MAX);
    option(socket, ZMQ_SNDHWM, SEND_FRAMES_MAX);
    option(socket, ZMQ_RCVHWM, RECEIVE_FRAMES_MAX);
    option(socket, ZMQ_BACKLOG, BACKLOG_CONNECTIONS);
    option(socket, ZMQ_HANDSHAKE_IVL, 3000);
    option(socket, ZMQ_HEARTBEAT_IVL, 2000);
    option(socket, ZMQ_HEARTBEAT_TIMEOUT, 6000);
    option(socket, ZMQ_HEARTBEAT_TTL, 6000);
    if (type == ZMQ_ROUTER) {
        option(socket, ZMQ_ROUTER_MANDATORY, 1);
        option(socket, ZMQ_ROUTER_HANDOVER, 0);
    }
    const bool taken = answered(endpoint);
    if (taken || zmq_bind(socket, endpoint) != 0) {
        const int why = taken ? EADDRINUSE : errno;
        log_event(LOG_LEVEL_ERROR, "bind_failed", "role=%s endpoint=%s problem=\"%s\" hint=\"%s\"", role, endpoint,
                  zmq_strerror(why),
                  why == EADDRINUSE ? "another router serves this address; stop it or set another under endpoints"
                                    : "check the path and who may write there");
        zmq_close(socket);
        return why == EADDRINUSE ? STEPCARE_IN_USE : STEPCARE_SYSTEM;
    }
    *out_socket = socket;
    return STEPCARE_OK;
}

enum stepcare_error sockets_open(struct router *router)
{
    const struct config *config = router->config;
    router->context = zmq_ctx_new();
    if (router->context == NULL) return STEPCARE_SYSTEM;
    const mode_t mask = umask(0077); /* the sockets are for their owner alone */
    enum stepcare_error error =
        bind_one(router, ZMQ_ROUTER, config->client_endpoint, "clients", &router->client_socket);
    if (error == STEPCARE_OK)
        error = bind_one(router, ZMQ_ROUTER, config->worker_endpoint, "workers", &router->worker_socket);
    if (error == STEPCARE_OK && config->notice_endpoint[0] != '\0')
        error = bind_one(router, ZMQ_PUB, config->notice_endpoint, "notices", &router->notice_socket);
    umask(mask);
    return error;
}

void sockets_close(struct router *router)
{
    void **sockets[] = {&router->client_socket, &router->worker_socket, &router->notice_socket};
    for (unsigned i = 0; i < 3; i++) {
        if (*sockets[i] != NULL) zmq_close(*sockets[i]);
        *sockets[i] = NULL;
    }
    if (router->context != NULL) zmq_ctx_term(router->context);
    router->context = NULL;
}
