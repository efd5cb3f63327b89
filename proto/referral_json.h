/* What reading a referral's JSON and merging a correction into one share. */
#ifndef PROTO_REFERRAL_JSON_H
#define PROTO_REFERRAL_JSON_H

#include "proto/frame.h"
#include "proto/referral_reader.h"

/* Purpose: one JSON object through the reader, to its finish. Errors: INVALID, NO_MEMORY. */
enum stepcare_error referral_json_read(const char *json, size_t bytes, struct arena *arena,
                                       struct referral_reader *reader);

#endif
