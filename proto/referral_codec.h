/* The referral in its two encodings. Both fill struct stepcare_referral by the same field table and name every failing
 * field by path in one pass; neither copies text (JSON text with escapes goes to the arena).
 * Source: proto/PROTOCOL.md, "The referral". */
#ifndef PROTO_REFERRAL_CODEC_H
#define PROTO_REFERRAL_CODEC_H

#include "base/json_writer.h"
#include "proto/frame.h"

/* Purpose: a referral with nothing in it: texts absent, answers and duration blank. Every decoder starts from it. */
void referral_init(struct stepcare_referral *referral);

/* Purpose: one JSON object -> referral, with every rule of the format checked that needs no clock.
 * Errors: INVALID with every failing field. Broken JSON: one error on field "line". Whatever could be read is filled in
 * even on INVALID, above all message_id and organisation (absent if unreadable).
 * Owns: texts view json or the arena. Shape: at most STEPCARE_LINE_BYTES_MAX bytes. */
enum stepcare_error referral_json_decode(const char *json, size_t bytes, struct arena *arena,
                                         struct stepcare_referral *out_referral,
                                         struct stepcare_field_errors *out_errors);
/* Purpose: referral -> one JSON object, no newline; as sent (absent fields stay absent). */
void referral_json_encode(struct buffer *buffer, const struct stepcare_referral *referral);
/* Purpose: the `patient` object of that JSON alone, as a value in an object that the caller writes. */
void referral_json_encode_patient(struct json_writer *writer, const struct stepcare_referral *referral);

/* Purpose: apply a JSON object that holds only what is added or corrected ({"patient": {"nhs_number": ...}}) to a
 * referral that was decoded before; objects are merged, lists and instruments' answers replaced. Checked as a whole
 * afterwards. message_id, source, referrer.organisation and referred_at are what the referral is known by and cannot
 * change. out_changed gets the paths whose value is now another one, with commas between: at most changed_bytes with
 * the NUL, cut after a whole path. Errors: as referral_json_decode; *referral is untouched then.
 * Owns: texts view json, the arena, or what the referral viewed before. */
enum stepcare_error referral_json_merge(const char *json, size_t bytes, struct arena *arena,
                                        struct stepcare_referral *referral, char *out_changed, size_t changed_bytes,
                                        struct stepcare_field_errors *out_errors);

/* Purpose: the wire form (map with small-int keys), validated as JSON is. */
void referral_wire_encode(struct buffer *buffer, const struct stepcare_referral *referral);
enum stepcare_error referral_wire_decode(const uint8_t *data, size_t bytes, struct stepcare_referral *out_referral,
                                         struct stepcare_field_errors *out_errors);

/* Purpose: the ledger form, a versioned array: [1, message_id, source, ...]. Canonical: equal referrals have equal
 * bytes, whatever encoding they came in, so content is compared by its hash.
 * strip_identity leaves out names, NHS number, postcode, phone, the referrer's reference and the letter: what a worker
 * needs and no more.
 * Errors (decode): DAMAGED. No validation beyond shape. */
void referral_ledger_encode(struct buffer *buffer, const struct stepcare_referral *referral, bool strip_identity);
enum stepcare_error referral_ledger_decode(const uint8_t *data, size_t bytes, struct stepcare_referral *out_referral);

/* Purpose: the rules that span fields, and nhs_number_unverified (called by both decoders). Fields already named in
 * errors are not named again. */
void referral_check(struct stepcare_referral *referral, struct stepcare_field_errors *errors);

/* Purpose: ten digits with a right modulus-11 check digit (NHS Data Dictionary). */
bool referral_nhs_number_valid(struct stepcare_text nhs_number);

#endif
