/* The field table of stepcare/record.h as data, made once by the compiler. */
#include "proto/record_fields.h"

#define EXTRA_ID(x) .limit = (x)
#define EXTRA_UINT(x) .limit = (x)
#define EXTRA_INT(x) .limit = (x)
#define EXTRA_TIME(x) .limit = (x)
#define EXTRA_BOOL(x) .limit = (x)
#define EXTRA_TEXT(x) .limit = (x)
#define EXTRA_CODE(x) .codes = &(x)
#define EXTRA_MASK(x) .codes = &(x)
#define EXTRA_CODES(x) .limit = (x)
#define EXTRA_TIMES(x) .limit = (x)
#define EXTRA_BYTES(x) .limit = (x)
#define EXTRA_ERRORS(x) .limit = (x)
#define EXTRA_RECORDS(x) .limit = (x)

#define FIELD_ROW(key, kind, member, extra)                                                                            \
    [key] = {.type = RECORD_##kind,                                                                                    \
             .offset = offsetof(struct stepcare_record, member),                                                       \
             .name = #member,                                                                                          \
             EXTRA_##kind(extra)},

const struct record_field record_fields[STEPCARE_FIELD_COUNT] = {STEPCARE_RECORD_FIELDS(FIELD_ROW)};
