/* A client's frame: each command in it to its decision or its answer. Called by the loop for every frame; answers go to
 * the outbox, at once or later (waiting.c). */
#ifndef ROUTER_REQUEST_H
#define ROUTER_REQUEST_H

#include "router/adopt.h"
#include "router/command.h"
#include "router/reading.h"

/* What serving requests needs, borrowed, and room for the one at hand. */
struct requests {
    struct store *store;
    const struct pathways *pathways;
    const struct turn *turn;
    struct commands *commands;
    struct waiting *waiting;
    struct reading *reading;
    struct outward *outward;
    struct adoption *adoption;
    struct arena *arena;   /* what decoded fields view; its own */
    struct buffer content; /* the referral of the command at hand in ledger form; its own */
    struct wire_message message;
    struct stepcare_field_errors errors; /* of the message's fields */
    struct stepcare_referral referral;
    struct stepcare_field_errors referral_errors;
    uint64_t frames_refused;
    int64_t refused_logged_at; /* one line a second: a hostile peer must not fill the log */
};

/* Errors: NO_MEMORY. Owns: requests_close. */
enum stepcare_error requests_init(struct requests *requests);
void requests_close(struct requests *requests);

/* Purpose: admit whoever sent a frame, and serve everything in it. decision: room that each command's outcome is put
 * in; nothing is left in it. */
void request_frame(struct requests *requests, const struct peer *peer, const uint8_t *data, size_t bytes,
                   struct decision *decision);
/* Purpose: serve the messages of an open frame for a caller who was admitted. bytes: of the whole frame, for the
 * log. */
void request_messages(struct requests *requests, const struct peer *peer, const struct caller *caller,
                      struct wire_frame *frame, size_t bytes, struct decision *decision);

#endif
