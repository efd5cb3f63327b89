/* A record as a JSON object, for every --json of the command. Field names and types come from stepcare/record.h. */
#ifndef PROTO_RECORD_JSON_H
#define PROTO_RECORD_JSON_H

#include "base/json_writer.h"
#include "base/time_text.h"
#include "proto/frame.h"

/* Purpose: append the record as one JSON object, no newline. Fields in `always` are printed even when absent: null, or
 * [] for list types. Present fields not in `always` follow in key order. The `referral` bytes (in wire or ledger form)
 * are decoded and printed as the referral's JSON, null if they cannot be; other bytes are left out. `history`/`rows`
 * print nested records.
 * Shape: always is a zero-terminated list of enum stepcare_field in print order; may be NULL. */
void record_json_encode(struct buffer *buffer, const struct stepcare_record *record, const uint8_t *always);

/* Purpose: the same fields as members of an object that the caller has begun. */
void record_json_members(struct json_writer *writer, const struct stepcare_record *record, const uint8_t *always);

/* Purpose: one field as `name: value` inside an object that the caller has begun; null or [] where it is absent. */
void record_json_field(struct json_writer *writer, const struct stepcare_record *record, unsigned key);

#endif
