/* stepcare/record.h's field table as data: what the codecs, the JSON form and the document's test read. */
#ifndef PROTO_RECORD_FIELDS_H
#define PROTO_RECORD_FIELDS_H

#include "stepcare/record.h"

#include <stddef.h>

enum record_type {
    RECORD_ID = 1,
    RECORD_UINT,
    RECORD_INT,
    RECORD_TIME,
    RECORD_BOOL,
    RECORD_TEXT,
    RECORD_CODE,
    RECORD_MASK,
    RECORD_CODES,
    RECORD_TIMES,
    RECORD_BYTES,
    RECORD_ERRORS,
    RECORD_RECORDS,
    RECORD_TYPE_COUNT
};

struct record_field {
    uint8_t type; /* enum record_type; 0 for key 0, which is no field */
    uint16_t offset;
    uint32_t limit; /* bytes or entries; 0: none */
    const struct stepcare_codeset *codes;
    const char *name;
};

extern const struct record_field record_fields[STEPCARE_FIELD_COUNT];

/* A member of a record by its key: record_member(&record, key, uint64_t). */
#define record_member(record, key, ctype) ((ctype *)((char *)(record) + record_fields[key].offset))
#define record_member_const(record, key, ctype) ((const ctype *)((const char *)(record) + record_fields[key].offset))

#endif
