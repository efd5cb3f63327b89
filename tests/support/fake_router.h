/* A router for tests of the worker: a ROUTER socket that says what the test wants, and the worker process beside it. */
#ifndef TESTS_SUPPORT_FAKE_ROUTER_H
#define TESTS_SUPPORT_FAKE_ROUTER_H

#include "proto/frame.h"

#include <sys/types.h>

enum { FAKE_ROUTER_FRAME_MAX = STEPCARE_BATCH_COUNT_MAX };

struct fake_router {
    char directory[64]; /* a store: stepcare.yaml, pathway.yaml, run/ */
    void *context, *socket;
    uint8_t peer[32]; /* who spoke last */
    size_t peer_bytes;
    pid_t worker; /* 0: none running */
    struct arena *arena;
    uint8_t *frame; /* the last one received; messages view it */
    unsigned count;
    struct wire_message *messages;
};

/* Purpose: a store in a temporary directory with the pathway of the source tree, and the socket bound. Fails the test
 * on error. */
void fake_router_open(struct fake_router *router);
/* Purpose: after so much silence of the router the worker begins anew; ten minutes if nothing is set, so that a slow
 * machine is not taken for a silent router. Before fake_router_start_worker. */
void fake_router_set_silence(struct fake_router *router, int silence_ms);
/* Purpose: end the worker if it still runs, and remove the directory. */
void fake_router_close(struct fake_router *router);

void fake_router_bind(struct fake_router *router);
void fake_router_unbind(struct fake_router *router);

/* Purpose: start the worker on the store; more are further arguments, NULL-terminated, or NULL. */
void fake_router_start_worker(struct fake_router *router, const char *const *more);
/* Purpose: wait for the worker's end. Shape: its exit status, or -signal. */
int fake_router_wait_worker(struct fake_router *router);

/* Purpose: the next frame, into count and messages. Errors: false past the deadline. */
bool fake_router_receive(struct fake_router *router);
/* Purpose: receive until a frame's first message has this verb, passing over others.
 * Errors: false past the deadline. */
bool fake_router_await(struct fake_router *router, uint8_t verb);
/* Purpose: one message to whoever spoke last; record may be NULL for an empty one. */
void fake_router_send(struct fake_router *router, uint8_t verb, uint64_t request_id,
                      const struct stepcare_record *record, uint8_t error);
/* Purpose: a frame that the test has built. */
void fake_router_send_frame(struct fake_router *router, const struct buffer *frame);

#endif
