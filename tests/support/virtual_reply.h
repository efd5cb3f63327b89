/* What a virtual router would send to its clients: the outbox, read instead of sent. For tests of requests and of
 * answers that wait. */
#ifndef TESTS_SUPPORT_VIRTUAL_REPLY_H
#define TESTS_SUPPORT_VIRTUAL_REPLY_H

#include "tests/support/virtual_router.h"

/* Purpose: how many frames wait to go out. */
unsigned virtual_replies(const struct virtual_router *virtual);
/* Purpose: take the one answer that waits; the test ends where there is none, or more. Owns: it views
 * virtual->arena. */
void virtual_reply_take(struct virtual_router *virtual, struct wire_message *out_reply);
/* Purpose: one message through the front door for a caller who was admitted, and its answer. fields: as record_text.h
 * reads them. Returns the answer's error. */
int virtual_ask(struct virtual_router *virtual, const struct caller *caller, uint8_t verb, const char *fields,
                struct wire_message *out_reply);

#endif
