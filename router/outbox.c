/* Replies gathered into frames, a client's together; called by outward.c alone. See outbox.h. */
#include "router/outbox.h"

#include <stdlib.h>
#include <zmq.h>

enum { LOOK_BACK_MAX = 64, LARGE_BYTES = 64 * 1024, LARGE_FRAMES_KEPT = 16 };

enum stepcare_error outbox_init(struct outbox *outbox)
{
    outbox->used = 0;
    outbox->bytes = 0;
    outbox->frames = calloc(OUTBOX_FRAMES_MAX, sizeof *outbox->frames);
    return outbox->frames == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
}

void outbox_close(struct outbox *outbox)
{
    for (unsigned i = 0; outbox->frames != NULL && i < OUTBOX_FRAMES_MAX; i++) buffer_close(&outbox->frames[i].buffer);
    free(outbox->frames);
    outbox->frames = NULL;
}

static struct outbox_frame *frame_begin(struct outbox *outbox, const struct peer *peer)
{
    if (outbox->used == OUTBOX_FRAMES_MAX) return NULL;
    struct outbox_frame *frame = &outbox->frames[outbox->used++];
    frame->peer = *peer;
    frame->count = 0;
    wire_frame_begin(&frame->buffer, (struct stepcare_text){NULL, 0});
    return frame;
}

/* The client's open frame, if it is among the last ones and has room. */
static struct outbox_frame *frame_of(struct outbox *outbox, const struct peer *peer)
{
    const uint32_t oldest = outbox->used > LOOK_BACK_MAX ? outbox->used - LOOK_BACK_MAX : 0;
    for (uint32_t i = outbox->used; i > oldest; i--) {
        struct outbox_frame *frame = &outbox->frames[i - 1];
        if (memcmp(&frame->peer, peer, sizeof *peer) != 0) continue;
        if (frame->count >= STEPCARE_BATCH_COUNT_MAX || frame->buffer.bytes >= OUTBOX_FRAME_BYTES_SOFT) break;
        return frame;
    }
    return frame_begin(outbox, peer);
}

/* A reply to be added: as a record, or encoded already. */
struct reply {
    uint8_t verb, error;
    uint64_t request_id;
    const struct stepcare_record *record; /* NULL: encoded */
    struct stepcare_text message;
};

/* Returns false where it does not fit; the frame is as it was then. */
static bool frame_add(struct outbox_frame *frame, const struct reply *reply)
{
    const size_t before = frame->buffer.bytes;
    if (reply->record == NULL)
        buffer_append(&frame->buffer, reply->message.data, reply->message.bytes);
    else
        wire_frame_add(&frame->buffer, reply->verb, reply->request_id, reply->record, reply->error);
    if (frame->buffer.bytes > STEPCARE_FRAME_BYTES_MAX) {
        frame->buffer.bytes = before;
        return false;
    }
    frame->count++;
    return true;
}

static void too_large_add(struct outbox_frame *frame, const struct reply *reply)
{
    struct stepcare_record refusal;
    stepcare_record_init(&refusal);
    STEPCARE_SET(&refusal, problem,
                 stepcare_text_of("The answer is larger than one message: ask for fewer rows with a limit."));
    frame_add(frame, &(struct reply){.verb = reply->verb,
                                     .error = STEPCARE_TOO_LARGE,
                                     .request_id = reply->request_id,
                                     .record = &refusal});
}

static bool reply_add(struct outbox *outbox, const struct peer *peer, const struct reply *reply)
{
    if (outbox->bytes >= OUTBOX_BYTES_MAX) return false;
    struct outbox_frame *frame = frame_of(outbox, peer);
    if (frame == NULL) return false;
    size_t before = frame->buffer.bytes;
    bool added = frame_add(frame, reply);
    if (!added && frame->count > 0) { /* too large for what is left of this frame, perhaps not for one of its own */
        frame = frame_begin(outbox, peer);
        if (frame == NULL) return false;
        before = 0;
        added = frame_add(frame, reply);
    }
    if (!added) too_large_add(frame, reply);
    outbox->bytes += frame->buffer.bytes - before;
    return true;
}

bool outbox_add(struct outbox *outbox, const struct peer *peer, uint8_t verb, uint64_t request_id,
                const struct stepcare_record *record, uint8_t error)
{
    return reply_add(outbox, peer,
                     &(struct reply){.verb = verb, .error = error, .request_id = request_id, .record = record});
}

bool outbox_add_message(struct outbox *outbox, const struct peer *peer, uint8_t verb, uint64_t request_id,
                        struct stepcare_text message)
{
    return reply_add(outbox, peer, &(struct reply){.verb = verb, .request_id = request_id, .message = message});
}

unsigned outbox_send(struct outbox *outbox, void *socket)
{
    unsigned dropped = 0;
    for (uint32_t i = 0; i < outbox->used; i++) {
        struct outbox_frame *frame = &outbox->frames[i];
        /* MANDATORY and DONTWAIT: a full or vanished peer is an error here instead of a silent drop. */
        const bool sent =
            wire_frame_end(&frame->buffer, frame->count) == STEPCARE_OK &&
            zmq_send(socket, frame->peer.identity, sizeof frame->peer.identity, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
            zmq_send(socket, frame->buffer.data, frame->buffer.bytes, ZMQ_DONTWAIT) >= 0;
        if (!sent) dropped++;
        if (i >= LARGE_FRAMES_KEPT && frame->buffer.capacity > LARGE_BYTES) buffer_close(&frame->buffer);
    }
    outbox->used = 0;
    outbox->bytes = 0;
    return dropped;
}
