/* The referral in its two encodings. Both fill struct stepcare_referral by the same field table and name every failing
 * field by path in one pass; neither copies text (JSON text with escapes goes to the arena).
 * Source: proto/PROTOCOL.md, "The referral". */
#ifndef STEPCARE_REFERRAL_CODEC_H
#define STEPCARE_REFERRAL_CODEC_H

#include "wire.h"

/* Purpose: one JSON object -> referral, with every rule of the format checked that needs no clock.
 * Errors: INVALID with every failing field. Broken JSON: one error on field "line". Whatever could be read is filled in
 * even on INVALID, above all message_id and organisation (absent if unreadable).
 * Owns: texts view json or the arena. Shape: at most STEPCARE_LINE_BYTES_MAX bytes. */
enum stepcare_error referral_json_decode(const char *json, size_t bytes, struct wire_arena *arena,
                                         struct stepcare_referral *out_referral, struct stepcare_field_errors *out_errors);
/* Purpose: referral -> one JSON object, no newline; as sent (absent fields stay absent). */
void referral_json_encode(struct wire_buffer *buffer, const struct stepcare_referral *referral);

/* Purpose: the wire form (map with small-int keys), validated as JSON is. */
void referral_wire_encode(struct wire_buffer *buffer, const struct stepcare_referral *referral);
enum stepcare_error referral_wire_decode(const uint8_t *data, size_t bytes, struct stepcare_referral *out_referral,
                                         struct stepcare_field_errors *out_errors);

/* Purpose: the ledger form, a versioned array: [1, message_id, source, ...]. Canonical: equal referrals have equal bytes,
 * whatever encoding they came in, so content is compared by its hash.
 * strip_identity leaves out names, NHS number, postcode, phone and letter: what a worker needs and no more.
 * Errors (decode): DAMAGED. No validation beyond shape. */
void referral_ledger_encode(struct wire_buffer *buffer, const struct stepcare_referral *referral, bool strip_identity);
enum stepcare_error referral_ledger_decode(const uint8_t *data, size_t bytes, struct stepcare_referral *out_referral);

/* Purpose: the rules that span fields (called by both decoders; public for `inform`, which merges into a referral). */
void referral_check(struct stepcare_referral *referral, struct stepcare_field_errors *errors);

/* Purpose: ten digits with a right modulus-11 check digit (NHS Data Dictionary). */
bool referral_nhs_number_valid(struct stepcare_text nhs_number);

#endif
