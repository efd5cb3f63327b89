/* Replies on their way out: gathered while a turn decides, a frame a client, and sent only after the flush. Part of
 * outward.h. */
#ifndef ROUTER_OUTBOX_H
#define ROUTER_OUTBOX_H

#include "proto/frame.h"

enum {
    OUTBOX_IDENTITY_BYTES = 5,
    OUTBOX_FRAMES_MAX = 4096,
    OUTBOX_FRAME_BYTES_SOFT = 512 * 1024,
    OUTBOX_BYTES_MAX = 16 * 1024 * 1024
};

/* ZeroMQ's own routing ids: a zero byte and four of its choosing. */
struct peer {
    uint8_t identity[OUTBOX_IDENTITY_BYTES];
};

struct outbox_frame {
    struct peer peer;
    uint32_t count;
    struct buffer buffer;
};

struct outbox {
    uint32_t used;
    size_t bytes;                /* in all frames */
    struct outbox_frame *frames; /* buffers are kept from turn to turn, large ones only among the first */
};

/* Errors: NO_MEMORY. Owns: outbox_close. */
enum stepcare_error outbox_init(struct outbox *outbox);
void outbox_close(struct outbox *outbox);

/* Purpose: add a reply for a client to its frame, or begin one. Returns false when no frame is free, or so much waits
 * that it must go out first: send, then add again. */
bool outbox_add(struct outbox *outbox, const struct peer *peer, uint8_t verb, uint64_t request_id,
                const struct stepcare_record *record, uint8_t error);
/* Purpose: the same for a reply that is encoded already (wire_frame_add); verb and request id are those inside. */
bool outbox_add_message(struct outbox *outbox, const struct peer *peer, uint8_t verb, uint64_t request_id,
                        struct stepcare_text message);
/* Purpose: send everything on a ROUTER socket. A client that is gone or does not take its replies loses them (it
 * will ask again). Returns how many frames were dropped. Only after the flush: outward.c is the one caller. */
unsigned outbox_send(struct outbox *outbox, void *socket);

#endif
