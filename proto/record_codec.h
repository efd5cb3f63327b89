/* A record as msgpack: what frames, ledger events and rows of the state share. */
#ifndef PROTO_RECORD_CODEC_H
#define PROTO_RECORD_CODEC_H

#include "base/cursor.h"
#include "base/packer.h"
#include "proto/frame.h"

void record_pack(struct msgpack_packer *packer, const struct stepcare_record *record);

/* Purpose: one record from the cursor, containers nested at most depth deep.
 * Errors: MALFORMED (shape, unknown or repeated key: decoding stopped there); INVALID (a value out of its range: that
 * field is left absent and named, the rest is decoded); TOO_LARGE (the arena is used up). errors may be NULL. */
enum stepcare_error record_unpack(struct cursor *cursor, struct arena *arena, unsigned depth,
                                  struct stepcare_record *out_record, struct stepcare_field_errors *errors);

#endif
