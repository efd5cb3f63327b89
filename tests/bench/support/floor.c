/* What the machine allows: the disk's flush and ZeroMQ's round trip, without anything of stepcare. */
#include "tests/bench/support/measure.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

enum {
    APPEND_BYTES = 4096,
    APPEND_COUNT = 4000,
    TRIP_BYTES = 600,
    TRIP_COUNT = 20000,
    TRIP_WARM_UP = 500,
    CLIENTS_TRIPS = 100000
};

double floor_append_us(const char *directory)
{
    char path[512];
    static char block[APPEND_BYTES];
    struct samples samples = {0};
    snprintf(path, sizeof path, "%s/floor.bin", directory);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) bench_fail("%s cannot be written", path);
    for (int i = 0; i < APPEND_COUNT; i++)
        if (write(file, block, sizeof block) != (ssize_t)sizeof block) bench_fail("%s cannot be written", path);
    fsync(file);
    memset(block, 7, sizeof block);
    for (int i = 0; i < APPEND_COUNT; i++) {
        uint64_t start_ns = measure_now_ns();
        if (pwrite(file, block, sizeof block, (off_t)i * APPEND_BYTES) != (ssize_t)sizeof block || fdatasync(file) != 0)
            bench_fail("%s cannot be flushed", path);
        samples_add(&samples, measure_now_ns() - start_ns);
    }
    close(file);
    unlink(path);
    double median_us = samples_us(&samples, 500);
    samples_close(&samples);
    return median_us;
}

/* The other process: sends everything back until it is killed. */
static void echo_run(const char *endpoint)
{
    char identity[256], body[TRIP_BYTES];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    void *context = zmq_ctx_new(), *router = zmq_socket(context, ZMQ_ROUTER);
    if (zmq_bind(router, endpoint) != 0) _exit(1);
    for (;;) {
        int identity_bytes = zmq_recv(router, identity, sizeof identity, 0);
        int body_bytes = zmq_recv(router, body, sizeof body, 0);
        if (identity_bytes < 0 || body_bytes < 0) _exit(1);
        zmq_send(router, identity, (size_t)identity_bytes, ZMQ_SNDMORE);
        zmq_send(router, body, (size_t)body_bytes, 0);
    }
}

static pid_t echo_start(const char *endpoint)
{
    pid_t echo = fork();
    if (echo == 0) echo_run(endpoint);
    if (echo < 0) bench_fail("the echo process could not be started");
    return echo;
}

static void echo_stop(pid_t echo)
{
    kill(echo, SIGKILL);
    waitpid(echo, NULL, 0);
}

static void *dealer_open(void *context, const char *endpoint)
{
    void *dealer = zmq_socket(context, ZMQ_DEALER);
    int timeout_ms = 10000, linger_ms = 0;
    zmq_setsockopt(dealer, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    zmq_setsockopt(dealer, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    if (zmq_connect(dealer, endpoint) != 0) bench_fail("%s cannot be connected to", endpoint);
    return dealer;
}

double floor_round_trip_us(const char *directory)
{
    char endpoint[512], body[TRIP_BYTES] = {0};
    struct samples samples = {0};
    snprintf(endpoint, sizeof endpoint, "ipc://%s/floor-%d.sock", directory, (int)getpid());
    pid_t echo = echo_start(endpoint);
    void *context = zmq_ctx_new(), *dealer = dealer_open(context, endpoint);
    for (int i = 0; i < TRIP_COUNT + TRIP_WARM_UP; i++) {
        uint64_t start_ns = measure_now_ns();
        if (zmq_send(dealer, body, sizeof body, 0) < 0 || zmq_recv(dealer, body, sizeof body, 0) < 0)
            bench_fail("the echo process does not answer");
        if (i >= TRIP_WARM_UP) samples_add(&samples, measure_now_ns() - start_ns);
    }
    zmq_close(dealer);
    zmq_ctx_term(context);
    echo_stop(echo);
    unlink(endpoint + strlen("ipc://"));
    double median_us = samples_us(&samples, 500);
    samples_close(&samples);
    return median_us;
}

double floor_clients_per_s(const char *directory, unsigned clients)
{
    enum { CLIENTS_MAX = 64, POLL_MS = 10000 };
    char endpoint[512], body[TRIP_BYTES] = {0};
    zmq_pollitem_t items[CLIENTS_MAX];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/floor-%d.sock", directory, (int)getpid());
    pid_t echo = echo_start(endpoint);
    void *context = zmq_ctx_new();
    for (unsigned i = 0; i < clients; i++)
        items[i] = (zmq_pollitem_t){.socket = dealer_open(context, endpoint), .events = ZMQ_POLLIN};
    uint64_t start_ns = measure_now_ns();
    for (unsigned i = 0; i < clients; i++) zmq_send(items[i].socket, body, sizeof body, 0);
    for (unsigned done = 0; done < CLIENTS_TRIPS;) {
        if (zmq_poll(items, (int)clients, POLL_MS) <= 0) bench_fail("the echo process does not answer");
        for (unsigned i = 0; i < clients; i++) {
            if (!(items[i].revents & ZMQ_POLLIN)) continue;
            done += zmq_recv(items[i].socket, body, sizeof body, 0) >= 0;
            zmq_send(items[i].socket, body, sizeof body, 0);
        }
    }
    double per_s = CLIENTS_TRIPS / ((double)(measure_now_ns() - start_ns) / 1e9);
    for (unsigned i = 0; i < clients; i++) zmq_close(items[i].socket);
    zmq_ctx_term(context);
    echo_stop(echo);
    unlink(endpoint + strlen("ipc://"));
    return per_s;
}
