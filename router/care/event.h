/* An event: something that happened, past tense, for ever. The ledger stores it as a versioned msgpack array:
 *
 *   [1, type, at (ms), episode id (0: the whole system), by (str), {fields}]
 *
 * type is enum stepcare_event_type; fields are a record (stepcare/record.h) holding what the event says: enough for
 * fold_event to compute the new state with no clock and no pathway. Its sequence is its place in the ledger. */
#ifndef ROUTER_CARE_EVENT_H
#define ROUTER_CARE_EVENT_H

#include "proto/frame.h"

struct event {
    uint64_t sequence;
    uint64_t episode_id;
    int64_t at; /* ms; never below the event before */
    enum stepcare_event_type type;
    struct stepcare_text by;
    struct stepcare_record record;
};

/* Purpose: the stored bytes, appended to buffer; and back. Views the bytes and the arena.
 * Errors (decode): DAMAGED, also where it lacks what its type must say (event_fields.h); STORE_VERSION for a newer
 * event version. sequence is the caller's to set. */
void event_encode(struct buffer *buffer, const struct event *event);
enum stepcare_error event_decode(const uint8_t *data, size_t bytes, struct arena *arena, struct event *out_event);

/* Whether the referrer is told of it: such events are in the mailbox of the organisation. */
bool event_is_feedback(enum stepcare_event_type type);

#endif
