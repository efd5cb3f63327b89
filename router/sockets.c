/* Opening the sockets. Options and why: libzmq 4.3 drops silently at its high-water mark and for unknown peers unless
 * MANDATORY is set, and is unbounded by default. See sockets.h. */
#include "router/sockets.h"

#include "router/report.h"
#include "stepcare/limits.h"

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

static enum stepcare_error bind_one(struct sockets *sockets, int type, const char *endpoint, const char *role,
                                    void **out_socket)
{
    void *socket = zmq_socket(sockets->context, type);
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
        report_bind_failed(role, endpoint, zmq_strerror(why), why == EADDRINUSE);
        zmq_close(socket);
        return why == EADDRINUSE ? STEPCARE_IN_USE : STEPCARE_SYSTEM;
    }
    *out_socket = socket;
    return STEPCARE_OK;
}

enum stepcare_error sockets_open(struct sockets *sockets, const struct config *config)
{
    sockets->context = zmq_ctx_new();
    if (sockets->context == NULL) return STEPCARE_SYSTEM;
    const mode_t mask = umask(0077); /* the sockets are for their owner alone */
    enum stepcare_error error = bind_one(sockets, ZMQ_ROUTER, config->client_endpoint, "clients", &sockets->client);
    if (error == STEPCARE_OK)
        error = bind_one(sockets, ZMQ_ROUTER, config->worker_endpoint, "workers", &sockets->worker);
    if (error == STEPCARE_OK && config->notice_endpoint[0] != '\0')
        error = bind_one(sockets, ZMQ_PUB, config->notice_endpoint, "notices", &sockets->notice);
    umask(mask);
    return error;
}

void sockets_close(struct sockets *sockets)
{
    void **each[] = {&sockets->client, &sockets->worker, &sockets->notice};
    for (unsigned i = 0; i < sizeof each / sizeof each[0]; i++) {
        if (*each[i] != NULL) zmq_close(*each[i]);
        *each[i] = NULL;
    }
    if (sockets->context != NULL) zmq_ctx_term(sockets->context);
    sockets->context = NULL;
}
