/* One request and one reply of every verb, with values that never change: what the golden files hold and the protocol
 * document shows. */
#ifndef TESTS_SUPPORT_GOLDEN_MESSAGES_H
#define TESTS_SUPPORT_GOLDEN_MESSAGES_H

#include "proto/frame.h"

enum { GOLDEN_FIELDS_MAX = 28 };

struct golden_message {
    const char *name; /* "claim.request" */
    uint8_t verb;
    uint8_t error;
    uint8_t fields[GOLDEN_FIELDS_MAX]; /* enum stepcare_field, zero-terminated */
};

extern const struct golden_message golden_messages[];
extern const unsigned golden_message_count;

/* Purpose: the frame of a message: requests with the actor "dr.jones" and request id 7, replies and worker messages
 * without an actor. */
void golden_frame(const struct golden_message *message, struct buffer *frame);

/* Purpose: the referral that the documentation shows, and one that has every field. */
const char *golden_referral_json(void);
const char *golden_referral_full_json(void);

#endif
