/* A referral as JSON: for show, exports and tests. */
#include "base/json_writer.h"
#include "base/time_text.h"
#include "proto/referral_codec.h"
#include "proto/referral_fields.h"

static void write_group(struct json_writer *writer, const struct stepcare_referral *referral, unsigned group);

static void write_number(struct json_writer *writer, int value)
{
    if (value == STEPCARE_BLANK) {
        json_none(writer);
    } else {
        json_int(writer, value);
    }
}

static void write_answers(struct json_writer *writer, const int8_t *answers, unsigned count)
{
    json_array_begin(writer);
    for (unsigned i = 0; i < count; i++) write_number(writer, answers[i]);
    json_array_end(writer);
}

static void write_time(struct json_writer *writer, const struct stepcare_referral *referral)
{
    char text[TIME_TEXT_BYTES];
    time_format_zone(referral->referred_at_ms, referral->referred_at_offset_min, text);
    json_text(writer, stepcare_text_of(text));
}

static void write_date(struct json_writer *writer, struct stepcare_date date)
{
    char text[DATE_TEXT_BYTES];
    date_format(date, text);
    json_text(writer, stepcare_text_of(text));
}

static void write_value(struct json_writer *writer, const struct stepcare_referral *referral,
                        const struct referral_field *field)
{
    switch ((enum referral_type)field->type) {
    case REFERRAL_GROUP: write_group(writer, referral, field->group); break;
    case REFERRAL_TEXT:
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
    case REFERRAL_LETTER: json_text(writer, *referral_member_const(referral, field, struct stepcare_text)); break;
    case REFERRAL_DATE: write_date(writer, *referral_member_const(referral, field, struct stepcare_date)); break;
    case REFERRAL_TIME: write_time(writer, referral); break;
    case REFERRAL_CODE: json_code(writer, field->codes, *referral_member_const(referral, field, unsigned)); break;
    case REFERRAL_MASK: json_mask(writer, field->codes, *referral_member_const(referral, field, uint32_t)); break;
    case REFERRAL_INT8: write_number(writer, *referral_member_const(referral, field, int8_t)); break;
    case REFERRAL_INT16: write_number(writer, *referral_member_const(referral, field, int16_t)); break;
    case REFERRAL_BOOL: json_bool(writer, *referral_member_const(referral, field, bool)); break;
    case REFERRAL_ANSWERS: write_answers(writer, referral_member_const(referral, field, int8_t), field->count); break;
    }
}

static void write_group(struct json_writer *writer, const struct stepcare_referral *referral, unsigned group)
{
    json_object_begin(writer);
    for (unsigned i = 0; i < referral_groups[group].count; i++) {
        const struct referral_field *field = &referral_groups[group].fields[i];
        if ((field->flags & REFERRAL_ALWAYS) == 0 && !referral_field_present(referral, field)) continue;
        json_name(writer, field->name);
        write_value(writer, referral, field);
    }
    json_object_end(writer);
}

void referral_json_encode(struct buffer *buffer, const struct stepcare_referral *referral)
{
    struct json_writer writer = {buffer, false};
    write_group(&writer, referral, REFERRAL_TOP);
}

void referral_json_encode_patient(struct json_writer *writer, const struct stepcare_referral *referral)
{
    write_group(writer, referral, REFERRAL_PATIENT);
}
