/* A record as a JSON object, for every --json of the command. Field names and types come from stepcare/record.h. */
#ifndef STEPCARE_RECORD_JSON_H
#define STEPCARE_RECORD_JSON_H

#include "wire.h"

/* Purpose: append the record as one JSON object, no newline. Fields in `always` are printed even when absent: null, or []
 * for list types. Present fields not in `always` follow in key order. The `referral` bytes are decoded and printed as the
 * referral's JSON. `history`/`rows` print nested records.
 * Shape: always is a zero-terminated list of enum stepcare_field in print order; may be NULL. */
void record_json_encode(struct wire_buffer *buffer, const struct stepcare_record *record, const uint8_t *always);

/* Purpose: a JSON string literal with quotes and escapes. Invalid UTF-8 bytes become U+FFFD. */
void json_string_encode(struct wire_buffer *buffer, struct stepcare_text text);

/* Purpose: RFC 3339 in UTC ("2026-11-02T09:30:00Z"; milliseconds where not zero), and its parsing (any zone; lower-case t
 * and z; fractional seconds cut to milliseconds; second 60 read as 59.999). Returns bytes written / false if not a time. */
size_t time_format(int64_t ms, char out_text[32]);
bool time_parse(struct stepcare_text text, int64_t *out_ms, int16_t *out_offset_min);
bool date_parse(struct stepcare_text text, struct stepcare_date *out_date); /* YYYY-MM-DD, a day that exists */

#endif
