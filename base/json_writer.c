/* JSON written: referrals and records, and what the command prints with --json. */
#include "base/json_writer.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>

void json_value_begin(struct json_writer *writer)
{
    if (writer->comma) buffer_append(writer->buffer, ",", 1);
    writer->comma = true;
}

static void container(struct json_writer *writer, const char *bracket, bool begins)
{
    if (begins) json_value_begin(writer);
    buffer_append(writer->buffer, bracket, 1);
    writer->comma = !begins;
}

void json_object_begin(struct json_writer *writer)
{
    container(writer, "{", true);
}

void json_object_end(struct json_writer *writer)
{
    container(writer, "}", false);
}

void json_array_begin(struct json_writer *writer)
{
    container(writer, "[", true);
}

void json_array_end(struct json_writer *writer)
{
    container(writer, "]", false);
}

void json_name(struct json_writer *writer, const char *name)
{
    json_value_begin(writer);
    json_string_encode(writer->buffer, stepcare_text_of(name));
    buffer_append(writer->buffer, ":", 1);
    writer->comma = false;
}

void json_text(struct json_writer *writer, struct stepcare_text text)
{
    json_value_begin(writer);
    if (text.data == NULL) {
        buffer_append_text(writer->buffer, "null");
    } else {
        json_string_encode(writer->buffer, text);
    }
}

static void json_literal(struct json_writer *writer, const char *literal)
{
    json_value_begin(writer);
    buffer_append_text(writer->buffer, literal);
}

void json_uint(struct json_writer *writer, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    json_literal(writer, digits);
}

void json_int(struct json_writer *writer, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    json_literal(writer, digits);
}

void json_bool(struct json_writer *writer, bool value)
{
    json_literal(writer, value ? "true" : "false");
}

void json_none(struct json_writer *writer)
{
    json_literal(writer, "null");
}

void json_code(struct json_writer *writer, const struct stepcare_codeset *codes, unsigned number)
{
    const char *name = stepcare_code_name(codes, number);
    json_text(writer, stepcare_text_of(name));
}

void json_mask(struct json_writer *writer, const struct stepcare_codeset *codes, uint32_t mask)
{
    json_array_begin(writer);
    for (unsigned number = 1; number < codes->count; number++) {
        if (mask & STEPCARE_BIT(number)) json_code(writer, codes, number);
    }
    json_array_end(writer);
}

void json_field_errors(struct json_writer *writer, const struct stepcare_field_errors *errors)
{
    json_array_begin(writer);
    for (unsigned i = 0; i < errors->count; i++) {
        json_object_begin(writer);
        json_name(writer, "field");
        json_text(writer, stepcare_text_of(errors->items[i].field));
        json_name(writer, "problem");
        json_text(writer, stepcare_text_of(errors->items[i].problem));
        json_object_end(writer);
    }
    json_array_end(writer);
}

/* The escape for a byte that may not stand in a JSON string as it is. */
static void escape_append(struct buffer *buffer, uint8_t byte)
{
    static const char short_forms[] = "\"\"\\\\\nn\rr\tt\bb\ff";
    char escape[8];
    for (unsigned i = 0; i + 1 < sizeof short_forms; i += 2) {
        if ((uint8_t)short_forms[i] != byte) continue;
        buffer_append(buffer, (char[]){'\\', short_forms[i + 1]}, 2);
        return;
    }
    snprintf(escape, sizeof escape, "\\u%04x", byte);
    buffer_append_text(buffer, escape);
}

void json_string_encode(struct buffer *buffer, struct stepcare_text text)
{
    const uint8_t *data = (const uint8_t *)text.data;
    uint32_t from = 0, at = 0;
    buffer_append(buffer, "\"", 1);
    while (at < text.bytes) {
        unsigned bytes = utf8_character_bytes(data + at, text.bytes - at);
        bool plain = bytes > 0 && data[at] >= 0x20 && data[at] != '"' && data[at] != '\\';
        if (plain) {
            at += bytes;
            continue;
        }
        buffer_append(buffer, data + from, at - from);
        if (bytes == 0) {
            buffer_append_text(buffer, "\xef\xbf\xbd");
        } else {
            escape_append(buffer, data[at]);
        }
        from = ++at;
    }
    buffer_append(buffer, data == NULL ? NULL : data + from, at - from);
    buffer_append(buffer, "\"", 1);
}
