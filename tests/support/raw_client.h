/* A client that does what no client library would: sends any bytes, or never reads. */
#ifndef TESTS_SUPPORT_RAW_CLIENT_H
#define TESTS_SUPPORT_RAW_CLIENT_H

#include "proto/frame.h"

struct raw_client {
    void *context, *socket;
    uint8_t *frame; /* the last one received */
    size_t frame_bytes;
};

/* Purpose: connect to a store's socket ("client.sock", "worker.sock"). queue_max: messages queued at this end, 0: the
 * default. */
void raw_client_open(struct raw_client *client, const char *store_config, const char *socket_name, int queue_max);
void raw_client_close(struct raw_client *client);

/* Purpose: send one frame; false where it does not go out within within_ms. */
bool raw_client_send(struct raw_client *client, const void *data, size_t bytes, int within_ms);
/* Purpose: receive one frame; false where none comes. */
bool raw_client_receive(struct raw_client *client, int within_ms);

/* Purpose: a whole good frame with one command without fields. */
void raw_frame_make(struct buffer *buffer, uint8_t verb, uint64_t request_id);
/* Purpose: send hello with this request id, and read until its answer is there. */
bool raw_client_hello(struct raw_client *client, uint64_t request_id, int within_ms);

#endif
