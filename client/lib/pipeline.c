/* Many requests under way at once: a ring of places, sent in frames, answered in order. Part of libstepcare. */
#include "stepcare/pipeline.h"

#include "base/clock.h"
#include "client/lib/client_internal.h"
#include "client/lib/resend.h"

#include <stdlib.h>

/* Enough in a frame to make its cost small, and small enough that the router can begin while the next is gathered. */
enum { FRAME_COUNT = 64, FRAME_BYTES = 256 * 1024, OPEN_BYTES_MAX = 16 * 1024 * 1024, KEEP_BYTES = 16 * 1024 };
enum { REPLY_ARENA_BYTES_MAX = 16 * 1024 * 1024 };

_Static_assert(FRAME_COUNT <= STEPCARE_BATCH_COUNT_MAX, "a frame is a legal batch");

enum slot_state {
    SLOT_QUEUED,  /* to be sent, from due_ms on */
    SLOT_SENT,    /* waiting for its reply */
    SLOT_ANSWERED /* waiting for its turn; buffer holds the reply's record */
};

struct slot {
    uint64_t tag;
    int64_t sent_ms, due_ms;
    uint32_t wait_ms, waited_ms, sendings;
    uint8_t state, error, attempts, verb;
    bool passed;
    struct buffer buffer; /* the encoded command, then the encoded reply */
};

/* A ring of slots: place n is slots[n % STEPCARE_PIPELINE_WINDOW], and its request id is LINK_PIPELINE_BIT | n. */
struct stepcare_pipeline {
    struct link *link;
    stepcare_answer_fn answer;
    void *context;
    uint64_t head, tail; /* the oldest open place, the next to be opened */
    uint64_t unsent;     /* no place before it is queued */
    unsigned queued, sent;
    size_t queued_bytes, open_bytes;
    int64_t progress_ms; /* when a place was last answered, or the pipeline last empty */
    enum stepcare_error last_refusal;
    struct buffer frame;
    struct arena *arena;
    struct slot slots[STEPCARE_PIPELINE_WINDOW];
};

static struct slot *slot_of(struct stepcare_pipeline *pipeline, uint64_t place)
{
    return &pipeline->slots[place % STEPCARE_PIPELINE_WINDOW];
}

enum stepcare_error stepcare_pipeline_open(struct stepcare_client *client, stepcare_answer_fn answer, void *context,
                                           struct stepcare_pipeline **out_pipeline)
{
    struct stepcare_pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (pipeline == NULL) return STEPCARE_NO_MEMORY;
    pipeline->link = &client->link;
    pipeline->answer = answer;
    pipeline->context = context;
    pipeline->last_refusal = STEPCARE_UNREACHABLE;
    /* Places of an earlier pipeline are never used again: a late reply to one finds nothing. */
    pipeline->head = pipeline->tail = pipeline->unsent = client->link.pipeline_sequence;
    if (arena_open(REPLY_ARENA_BYTES_MAX, &pipeline->arena) != STEPCARE_OK) {
        free(pipeline);
        return STEPCARE_NO_MEMORY;
    }
    *out_pipeline = pipeline;
    return STEPCARE_OK;
}

void stepcare_pipeline_close(struct stepcare_pipeline **pipeline)
{
    if (pipeline == NULL || *pipeline == NULL) return;
    (*pipeline)->link->pipeline_sequence = (*pipeline)->tail;
    for (size_t i = 0; i < STEPCARE_PIPELINE_WINDOW; i++) buffer_close(&(*pipeline)->slots[i].buffer);
    buffer_close(&(*pipeline)->frame);
    arena_close((*pipeline)->arena);
    free(*pipeline);
    *pipeline = NULL;
}

unsigned stepcare_pipeline_open_count(const struct stepcare_pipeline *pipeline)
{
    return (unsigned)(pipeline->tail - pipeline->head);
}

static void slot_requeue(struct stepcare_pipeline *pipeline, uint64_t place, int64_t due_ms)
{
    struct slot *slot = slot_of(pipeline, place);
    slot->state = SLOT_QUEUED;
    slot->due_ms = due_ms;
    pipeline->sent--;
    pipeline->queued++;
    pipeline->queued_bytes += slot->buffer.bytes;
    if (place < pipeline->unsent) pipeline->unsent = place;
}

/* One frame of what is queued and due. False when there was nothing, or the socket is full. */
static bool frame_send(struct stepcare_pipeline *pipeline, int64_t now_ms)
{
    uint64_t places[FRAME_COUNT];
    uint32_t count = 0;
    bool skipped = false;
    buffer_clear(&pipeline->frame);
    wire_frame_begin(&pipeline->frame, link_actor(pipeline->link));
    uint64_t place = pipeline->unsent;
    for (; place < pipeline->tail && count < FRAME_COUNT; place++) {
        struct slot *slot = slot_of(pipeline, place);
        if (slot->state != SLOT_QUEUED) continue;
        if (slot->due_ms > now_ms) {
            if (count == 0 && !skipped) pipeline->unsent = place; /* the first that must wait: look again from here */
            skipped = true;
            continue;
        }
        if (count > 0 && pipeline->frame.bytes + slot->buffer.bytes > FRAME_BYTES) break;
        buffer_append(&pipeline->frame, slot->buffer.data, slot->buffer.bytes);
        places[count++] = place;
    }
    if (count == 0 || wire_frame_end(&pipeline->frame, count) != STEPCARE_OK) return false;
    if (!link_send(pipeline->link, &pipeline->frame)) return false;
    for (uint32_t i = 0; i < count; i++) {
        struct slot *slot = slot_of(pipeline, places[i]);
        slot->state = SLOT_SENT;
        slot->sent_ms = now_ms;
        slot->sendings++;
        pipeline->queued_bytes -= slot->buffer.bytes;
    }
    pipeline->queued -= count;
    pipeline->sent += count;
    if (!skipped) pipeline->unsent = place;
    return true;
}

static void queue_send(struct stepcare_pipeline *pipeline)
{
    while (pipeline->queued > 0 && frame_send(pipeline, clock_steady_ms())) {
    }
}

static void slot_empty(struct stepcare_pipeline *pipeline, struct slot *slot)
{
    pipeline->open_bytes -= slot->buffer.bytes;
    if (slot->buffer.capacity > KEEP_BYTES) {
        buffer_close(&slot->buffer);
    } else {
        buffer_clear(&slot->buffer);
    }
}

static void head_deliver(struct stepcare_pipeline *pipeline, struct slot *slot, const struct stepcare_record *record)
{
    struct stepcare_answer answer = {.tag = slot->tag,
                                     .error = slot->error,
                                     .record = record,
                                     .waited_ms = slot->waited_ms,
                                     .sendings = slot->sendings};
    pipeline->answer(pipeline->context, &answer);
    slot_empty(pipeline, slot);
    pipeline->head++;
}

/* Answered places at the head go to the callback, in order. */
static void heads_deliver(struct stepcare_pipeline *pipeline)
{
    while (pipeline->head < pipeline->tail) {
        struct slot *slot = slot_of(pipeline, pipeline->head);
        if (slot->state != SLOT_ANSWERED) break;
        struct stepcare_record record;
        struct stepcare_field_errors ignored = {.count = 0};
        stepcare_record_init(&record);
        if (!slot->passed) {
            arena_reset(pipeline->arena);
            wire_record_decode(slot->buffer.data, slot->buffer.bytes, pipeline->arena, &record, &ignored);
        }
        head_deliver(pipeline, slot, slot->passed ? NULL : &record);
    }
    if (pipeline->unsent < pipeline->head) pipeline->unsent = pipeline->head;
}

static void message_take(struct stepcare_pipeline *pipeline, const struct wire_message *message, int64_t now_ms)
{
    uint64_t place = message->request_id & ~LINK_PIPELINE_BIT;
    if ((message->request_id & LINK_PIPELINE_BIT) == 0 || place < pipeline->head || place >= pipeline->tail) return;
    struct slot *slot = slot_of(pipeline, place);
    if (slot->state != SLOT_SENT || message->verb != slot->verb) return; /* a second reply to something sent twice */
    if (resend_invited(message->error)) {
        pipeline->last_refusal = STEPCARE_BUSY;
        slot_requeue(pipeline, place, now_ms + resend_backoff_ms(slot->attempts));
        slot->sendings--; /* refused: it had no effect */
        if (slot->attempts < UINT8_MAX) slot->attempts++;
        return;
    }
    pipeline->sent--;
    pipeline->progress_ms = now_ms;
    pipeline->last_refusal = STEPCARE_UNREACHABLE;
    slot->state = SLOT_ANSWERED;
    slot->error = message->error;
    slot->waited_ms = (uint32_t)(now_ms - slot->sent_ms);
    if (place == pipeline->head) {
        head_deliver(pipeline, slot, &message->record);
        return;
    }
    slot_empty(pipeline, slot);
    wire_record_encode(&slot->buffer, &message->record);
    pipeline->open_bytes += slot->buffer.bytes;
}

static void all_requeue(struct stepcare_pipeline *pipeline, int64_t sent_before_ms, bool whatever_waits)
{
    for (uint64_t place = pipeline->head; place < pipeline->tail; place++) {
        struct slot *slot = slot_of(pipeline, place);
        if (slot->state != SLOT_SENT) continue;
        if (whatever_waits || slot->sent_ms + slot->wait_ms < sent_before_ms) slot_requeue(pipeline, place, 0);
    }
}

static enum stepcare_error events_take(struct stepcare_pipeline *pipeline, int64_t until_ms)
{
    struct wire_message message;
    switch (link_wait(pipeline->link, until_ms)) {
    case LINK_FRAME:
        while (link_next(pipeline->link, &message)) {
            message_take(pipeline, &message, clock_steady_ms());
            heads_deliver(pipeline);
        }
        return STEPCARE_OK;
    case LINK_RESTARTED: all_requeue(pipeline, 0, true); return STEPCARE_OK;
    case LINK_DEAD: return STEPCARE_UNREACHABLE;
    case LINK_QUIET: break;
    }
    all_requeue(pipeline, clock_steady_ms() - RESEND_MS, false);
    return STEPCARE_OK;
}

/* When something queued becomes due, or until_ms. */
static int64_t due_next_ms(struct stepcare_pipeline *pipeline, int64_t until_ms)
{
    if (pipeline->queued == 0) return until_ms;
    for (uint64_t place = pipeline->unsent; place < pipeline->tail; place++) {
        struct slot *slot = slot_of(pipeline, place);
        if (slot->state == SLOT_QUEUED && slot->due_ms < until_ms) until_ms = slot->due_ms;
    }
    return until_ms;
}

enum stepcare_error stepcare_pipeline_turn(struct stepcare_pipeline *pipeline, uint32_t wait_ms)
{
    heads_deliver(pipeline);
    queue_send(pipeline);
    if (pipeline->sent == 0 && pipeline->queued == 0) return STEPCARE_OK;
    int64_t now_ms = clock_steady_ms();
    struct slot *head = slot_of(pipeline, pipeline->head);
    if (now_ms - pipeline->progress_ms > (int64_t)pipeline->link->timeout_ms + head->wait_ms)
        return pipeline->last_refusal;
    int64_t until_ms = now_ms + wait_ms;
    if (wait_ms > 0) until_ms = due_next_ms(pipeline, until_ms);
    enum stepcare_error error = events_take(pipeline, until_ms);
    if (error == STEPCARE_OK) queue_send(pipeline);
    return error;
}

enum stepcare_error stepcare_pipeline_drain(struct stepcare_pipeline *pipeline)
{
    enum stepcare_error error = STEPCARE_OK;
    while (error == STEPCARE_OK && pipeline->head < pipeline->tail) error = stepcare_pipeline_turn(pipeline, 1000);
    return error;
}

/* Room for one more place, waiting if need be. */
static enum stepcare_error place_make(struct stepcare_pipeline *pipeline)
{
    enum stepcare_error error = STEPCARE_OK;
    while (error == STEPCARE_OK && (stepcare_pipeline_open_count(pipeline) == STEPCARE_PIPELINE_WINDOW ||
                                    (pipeline->open_bytes > OPEN_BYTES_MAX && pipeline->head < pipeline->tail))) {
        error = stepcare_pipeline_turn(pipeline, 1000);
    }
    if (error == STEPCARE_OK && pipeline->sent == 0 && pipeline->queued == 0) {
        link_begin(pipeline->link);
        pipeline->progress_ms = clock_steady_ms();
    }
    return error;
}

enum stepcare_error stepcare_pipeline_add(struct stepcare_pipeline *pipeline, const char *verb,
                                          const struct stepcare_record *request, uint64_t tag)
{
    uint8_t number = resend_verb_find(verb);
    if (number == 0) return STEPCARE_UNKNOWN_VERB;
    if (!resend_allowed(number, request)) return STEPCARE_INVALID;
    enum stepcare_error error = place_make(pipeline);
    if (error != STEPCARE_OK) return error;
    struct slot *slot = slot_of(pipeline, pipeline->tail);
    wire_frame_add(&slot->buffer, number, LINK_PIPELINE_BIT | pipeline->tail, request, 0);
    if (slot->buffer.failed || slot->buffer.bytes > STEPCARE_FRAME_BYTES_MAX - 1024) {
        error = slot->buffer.failed ? STEPCARE_NO_MEMORY : STEPCARE_TOO_LARGE;
        buffer_close(&slot->buffer);
        return error;
    }
    *slot = (struct slot){.tag = tag,
                          .verb = number,
                          .state = SLOT_QUEUED,
                          .buffer = slot->buffer,
                          .wait_ms = (uint32_t)STEPCARE_GET(request, wait_ms, 0)};
    pipeline->tail++;
    pipeline->queued++;
    pipeline->queued_bytes += slot->buffer.bytes;
    pipeline->open_bytes += slot->buffer.bytes;
    /* Alone: go at once. In a stream: gather a frame while the others are on their way. */
    bool full = pipeline->queued >= FRAME_COUNT || pipeline->queued_bytes >= FRAME_BYTES;
    return full || pipeline->sent == 0 ? stepcare_pipeline_turn(pipeline, 0) : STEPCARE_OK;
}

enum stepcare_error stepcare_pipeline_pass(struct stepcare_pipeline *pipeline, uint64_t tag)
{
    enum stepcare_error error = place_make(pipeline);
    if (error != STEPCARE_OK) return error;
    struct slot *slot = slot_of(pipeline, pipeline->tail++);
    *slot = (struct slot){.tag = tag, .state = SLOT_ANSWERED, .passed = true, .buffer = slot->buffer};
    heads_deliver(pipeline);
    return STEPCARE_OK;
}
