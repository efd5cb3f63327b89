/* Records as JSON: every --json of the command. */
#include "proto/record_json.h"

#include "proto/record_fields.h"
#include "proto/referral_codec.h"
#include "stepcare/referral_id.h"

static void write_id(struct json_writer *writer, uint64_t id)
{
    char text[STEPCARE_REFERRAL_ID_CHARS + 1];
    if (id > STEPCARE_REFERRAL_ID_MAX) {
        json_none(writer);
        return;
    }
    stepcare_referral_id_format(id, text);
    json_text(writer, stepcare_text_of(text));
}

static void write_time(struct json_writer *writer, int64_t ms)
{
    char text[TIME_TEXT_BYTES];
    uint32_t bytes = (uint32_t)time_format(ms, text);
    json_text(writer, (struct stepcare_text){text, bytes});
}

static void write_codes(struct json_writer *writer, const struct stepcare_code_list *list)
{
    json_array_begin(writer);
    for (unsigned i = 0; i < list->count; i++) json_text(writer, list->items[i]);
    json_array_end(writer);
}

static void write_times(struct json_writer *writer, const struct stepcare_time_list *list)
{
    json_array_begin(writer);
    for (unsigned i = 0; i < list->count; i++) {
        if (list->items[i] != 0)
            write_time(writer, list->items[i]);
        else
            json_none(writer); /* a place in the list with nothing in it: a hold that is not in force */
    }
    json_array_end(writer);
}

static void write_records(struct json_writer *writer, const struct stepcare_records *list)
{
    json_array_begin(writer);
    for (uint32_t i = 0; i < list->count; i++) {
        json_value_begin(writer);
        record_json_encode(writer->buffer, &list->items[i], NULL);
    }
    json_array_end(writer);
}

/* The first byte tells the forms apart: the wire form is a map, the ledger form an array. */
static void write_referral(struct json_writer *writer, struct stepcare_text encoded)
{
    const uint8_t *data = (const uint8_t *)encoded.data;
    struct stepcare_referral referral;
    struct stepcare_field_errors errors = {0};
    bool map = encoded.bytes > 0 && ((data[0] & 0xf0) == 0x80 || data[0] == 0xde || data[0] == 0xdf);
    enum stepcare_error error = map ? referral_wire_decode(data, encoded.bytes, &referral, &errors)
                                    : referral_ledger_decode(data, encoded.bytes, &referral);
    if (error != STEPCARE_OK) {
        json_none(writer);
        return;
    }
    json_value_begin(writer);
    referral_json_encode(writer->buffer, &referral);
}

static void write_absent(struct json_writer *writer, unsigned key)
{
    switch (record_fields[key].type) {
    case RECORD_MASK:
    case RECORD_CODES:
    case RECORD_TIMES:
    case RECORD_ERRORS:
    case RECORD_RECORDS:
        json_array_begin(writer);
        json_array_end(writer);
        break;
    default: json_none(writer);
    }
}

static void write_present(struct json_writer *writer, const struct stepcare_record *record, unsigned key)
{
    const struct record_field *field = &record_fields[key];
    switch ((enum record_type)field->type) {
    case RECORD_ID: write_id(writer, *record_member_const(record, key, uint64_t)); break;
    case RECORD_UINT: json_uint(writer, *record_member_const(record, key, uint64_t)); break;
    case RECORD_INT: json_int(writer, *record_member_const(record, key, int64_t)); break;
    case RECORD_TIME: write_time(writer, *record_member_const(record, key, int64_t)); break;
    case RECORD_BOOL: json_bool(writer, *record_member_const(record, key, bool)); break;
    case RECORD_TEXT: json_text(writer, *record_member_const(record, key, struct stepcare_text)); break;
    case RECORD_CODE: json_code(writer, field->codes, *record_member_const(record, key, uint8_t)); break;
    case RECORD_MASK: json_mask(writer, field->codes, *record_member_const(record, key, uint32_t)); break;
    case RECORD_CODES: write_codes(writer, record_member_const(record, key, struct stepcare_code_list)); break;
    case RECORD_TIMES: write_times(writer, record_member_const(record, key, struct stepcare_time_list)); break;
    case RECORD_BYTES: write_referral(writer, *record_member_const(record, key, struct stepcare_text)); break;
    case RECORD_ERRORS:
        json_field_errors(writer, record_member_const(record, key, struct stepcare_errors_view)->list);
        break;
    case RECORD_RECORDS: write_records(writer, record_member_const(record, key, struct stepcare_records)); break;
    case RECORD_TYPE_COUNT: break;
    }
}

void record_json_field(struct json_writer *writer, const struct stepcare_record *record, unsigned key)
{
    json_name(writer, record_fields[key].name);
    if (stepcare_record_has(record, key)) {
        write_present(writer, record, key);
    } else {
        write_absent(writer, key);
    }
}

void record_json_members(struct json_writer *writer, const struct stepcare_record *record, const uint8_t *always)
{
    uint64_t left[2] = {record->present[0], record->present[1]};
    for (; always != NULL && *always != 0; always++) {
        record_json_field(writer, record, *always);
        left[*always / 64] &= ~(UINT64_C(1) << (*always % 64));
    }
    for (unsigned word = 0; word < 2; word++) {
        for (; left[word] != 0; left[word] &= left[word] - 1) {
            unsigned key = word * 64 + (unsigned)__builtin_ctzll(left[word]);
            bool shown = record_fields[key].type != RECORD_BYTES || key == STEPCARE_FIELD_referral;
            if (shown) record_json_field(writer, record, key);
        }
    }
}

void record_json_encode(struct buffer *buffer, const struct stepcare_record *record, const uint8_t *always)
{
    struct json_writer writer = {buffer, false};
    json_object_begin(&writer);
    record_json_members(&writer, record, always);
    json_object_end(&writer);
}
