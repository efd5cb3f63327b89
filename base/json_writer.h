/* JSON written straight into a buffer; commas come by themselves. Every name must be followed by one value. */
#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include "base/buffer.h"
#include "stepcare/codes.h"
#include "stepcare/referral.h"

struct json_writer {
    struct buffer *buffer;
    bool comma; /* a value went before in the same object or array */
};

void json_object_begin(struct json_writer *writer);
void json_object_end(struct json_writer *writer);
void json_array_begin(struct json_writer *writer);
void json_array_end(struct json_writer *writer);
void json_name(struct json_writer *writer, const char *name);
void json_text(struct json_writer *writer, struct stepcare_text text); /* null where the text is absent */
void json_uint(struct json_writer *writer, uint64_t value);
void json_int(struct json_writer *writer, int64_t value);
void json_bool(struct json_writer *writer, bool value);
void json_none(struct json_writer *writer); /* null; the tests' jansson has the name json_null */
/* Purpose: room for one value that the caller appends to the buffer by itself. */
void json_value_begin(struct json_writer *writer);

/* Purpose: the name of a code, or null for 0; the names in a mask as a list. */
void json_code(struct json_writer *writer, const struct stepcare_codeset *codes, unsigned number);
void json_mask(struct json_writer *writer, const struct stepcare_codeset *codes, uint32_t mask);

/* Purpose: failing fields as a list of {"field","problem"}. */
void json_field_errors(struct json_writer *writer, const struct stepcare_field_errors *errors);

/* Purpose: a JSON string literal with quotes and escapes. Invalid UTF-8 bytes become U+FFFD. */
void json_string_encode(struct buffer *buffer, struct stepcare_text text);

#endif
