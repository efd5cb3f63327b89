/* Values put into a referral under the field table's rules: called by the JSON and the wire decoder. */
#include "proto/referral_reader.h"

#include "base/code_names.h"
#include "base/date.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "proto/record_fields.h"
#include "proto/referral_codec.h"

#include <stdio.h>

enum { ZONE_MIN_MAX = 23 * 60 + 59 };

bool referral_field_begin(struct referral_reader *reader, unsigned group, const struct referral_field *field)
{
    uint32_t bit = UINT32_C(1) << (unsigned)(field - referral_groups[group].fields);
    if (reader->seen[group] & bit) {
        stepcare_field_errors_add(reader->errors, field->path, "given more than once");
        return false;
    }
    reader->seen[group] |= bit;
    if (reader->merging && (field->flags & REFERRAL_FIXED)) {
        stepcare_field_errors_add(reader->errors, field->path,
                                  "cannot be changed after the referral was sent; send a new one");
        return false;
    }
    return true;
}

/* The name comes from the sender: it is shown as far as it is printable ASCII. */
void referral_field_unknown(struct referral_reader *reader, unsigned group, struct stepcare_text name)
{
    char path[sizeof reader->errors->items[0].field];
    size_t at = (size_t)snprintf(path, sizeof path, "%s", referral_groups[group].prefix);
    for (uint32_t i = 0; i < name.bytes && at + 1 < sizeof path; i++) {
        path[at++] = name.data[i] > 0x20 && name.data[i] < 0x7f ? name.data[i] : '?';
    }
    path[at] = '\0';
    stepcare_field_errors_add(reader->errors, path, "there is no such field; check its spelling");
}

static void refuse_code(struct referral_reader *reader, const struct referral_field *field)
{
    char names[112];
    code_names_join(field->codes, field->max > 0 ? (unsigned)field->max : 0, names, sizeof names);
    stepcare_field_errors_add(reader->errors, field->path, "must be one of %s", names);
}

static void refuse_as(struct referral_reader *reader, const struct referral_field *field, const char *path)
{
    const char *or_null = field->flags & REFERRAL_NULLABLE ? ", or null" : "";
    switch ((enum referral_type)field->type) {
    case REFERRAL_GROUP: stepcare_field_errors_add(reader->errors, path, "must be an object"); break;
    case REFERRAL_TEXT:
        stepcare_field_errors_add(reader->errors, path, "must be text (UTF-8) of %d to %d characters", field->min,
                                  field->max);
        break;
    case REFERRAL_MESSAGE_ID:
        stepcare_field_errors_add(reader->errors, path, "must be %d to %d printable ASCII characters", field->min,
                                  field->max);
        break;
    case REFERRAL_ORGANISATION:
        stepcare_field_errors_add(reader->errors, path, "must be an ODS code: %d to %d characters of A-Z and 0-9",
                                  field->min, field->max);
        break;
    case REFERRAL_NHS_NUMBER:
        stepcare_field_errors_add(reader->errors, path, "must be text of exactly ten digits, without spaces");
        break;
    case REFERRAL_LETTER:
        stepcare_field_errors_add(reader->errors, path, "must be text (UTF-8) of at most %d bytes", field->max);
        break;
    case REFERRAL_DATE:
        stepcare_field_errors_add(reader->errors, path, "must be a date that exists, as YYYY-MM-DD");
        break;
    case REFERRAL_TIME:
        stepcare_field_errors_add(reader->errors, path, "must be a time with its zone, such as 2026-11-02T09:30:00Z");
        break;
    case REFERRAL_CODE: refuse_code(reader, field); break;
    case REFERRAL_MASK: stepcare_field_errors_add(reader->errors, path, "must be a list of codes"); break;
    case REFERRAL_INT8:
    case REFERRAL_INT16:
        stepcare_field_errors_add(reader->errors, path, "must be a whole number from %d to %d%s", field->min,
                                  field->max, or_null);
        break;
    case REFERRAL_BOOL: stepcare_field_errors_add(reader->errors, path, "must be true or false"); break;
    case REFERRAL_ANSWERS:
        stepcare_field_errors_add(reader->errors, path,
                                  "must be a list of exactly %u numbers, null where there is no answer", field->count);
        break;
    }
}

void referral_refuse(struct referral_reader *reader, const struct referral_field *field)
{
    refuse_as(reader, field, field->path);
}

static bool all_in_range(struct stepcare_text text, char from, char to)
{
    for (uint32_t i = 0; i < text.bytes; i++) {
        if (text.data[i] < from || text.data[i] > to) return false;
    }
    return true;
}

static bool organisation_fits(struct stepcare_text text)
{
    for (uint32_t i = 0; i < text.bytes; i++) {
        char c = text.data[i];
        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) return false;
    }
    return true;
}

static bool text_fits(const struct referral_field *field, struct stepcare_text text)
{
    uint32_t length = field->type == REFERRAL_TEXT && text.bytes > (uint32_t)field->max ? utf8_count(text) : text.bytes;
    if (length < (uint32_t)field->min || length > (uint32_t)field->max) return false;
    switch ((enum referral_type)field->type) {
    case REFERRAL_MESSAGE_ID: return all_in_range(text, 0x20, 0x7e);
    case REFERRAL_ORGANISATION: return organisation_fits(text);
    case REFERRAL_NHS_NUMBER: return all_in_range(text, '0', '9');
    default: return utf8_valid(text);
    }
}

void referral_set_text(struct referral_reader *reader, const struct referral_field *field, struct stepcare_text text)
{
    switch ((enum referral_type)field->type) {
    case REFERRAL_TEXT:
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
    case REFERRAL_LETTER:
        if (!text_fits(field, text)) break;
        *referral_member(reader->referral, field, struct stepcare_text) = text;
        return;
    default: break;
    }
    referral_refuse(reader, field);
}

static void flag_set(struct referral_reader *reader, const struct referral_field *field, bool value)
{
    if (field->has_offset != REFERRAL_NO_FLAG) *(bool *)((char *)reader->referral + field->has_offset) = value;
}

void referral_set_number(struct referral_reader *reader, const struct referral_field *field, int64_t value)
{
    bool fits = value >= field->min && value <= field->max;
    if (fits && field->type == REFERRAL_INT8) {
        *referral_member(reader->referral, field, int8_t) = (int8_t)value;
        flag_set(reader, field, true);
    } else if (fits && field->type == REFERRAL_INT16) {
        *referral_member(reader->referral, field, int16_t) = (int16_t)value;
    } else {
        referral_refuse(reader, field);
    }
}

void referral_set_bool(struct referral_reader *reader, const struct referral_field *field, bool value)
{
    if (field->type != REFERRAL_BOOL) {
        referral_refuse(reader, field);
        return;
    }
    *referral_member(reader->referral, field, bool) = value;
    flag_set(reader, field, true);
}

/* Inside instruments null is a blank, so a whole instrument of null is one that was not taken. */
void referral_set_null(struct referral_reader *reader, const struct referral_field *field)
{
    if ((field->flags & REFERRAL_NULLABLE) == 0) {
        stepcare_field_errors_add(reader->errors, field->path, "null says nothing: leave the field out");
        return;
    }
    flag_set(reader, field, false);
    if (field->type == REFERRAL_INT8) *referral_member(reader->referral, field, int8_t) = STEPCARE_BLANK;
    if (field->type == REFERRAL_INT16) *referral_member(reader->referral, field, int16_t) = STEPCARE_BLANK;
    if (field->type == REFERRAL_CODE) *referral_member(reader->referral, field, unsigned) = 0;
    if (field->type == REFERRAL_MASK) *referral_member(reader->referral, field, uint32_t) = 0;
}

void referral_set_code(struct referral_reader *reader, const struct referral_field *field, uint64_t number)
{
    uint64_t last = field->type != REFERRAL_CODE ? 0 : field->max > 0 ? (uint64_t)field->max : field->codes->count - 1U;
    if (number == 0 || number > last) {
        referral_refuse(reader, field);
        return;
    }
    *referral_member(reader->referral, field, unsigned) = (unsigned)number;
}

void referral_set_mask(struct referral_reader *reader, const struct referral_field *field, uint64_t mask)
{
    if (field->type != REFERRAL_MASK || mask >> (field->codes->count - 1U) != 0) {
        referral_refuse(reader, field);
        return;
    }
    *referral_member(reader->referral, field, uint32_t) = (uint32_t)mask;
}

void referral_set_date(struct referral_reader *reader, const struct referral_field *field, struct stepcare_date date)
{
    if (field->type != REFERRAL_DATE || !date_exists(date)) {
        referral_refuse(reader, field);
        return;
    }
    *referral_member(reader->referral, field, struct stepcare_date) = date;
}

void referral_set_time(struct referral_reader *reader, const struct referral_field *field, int64_t ms,
                       int64_t offset_min)
{
    bool writable = ms >= TIME_TEXT_MIN_MS && ms <= TIME_TEXT_MAX_MS;
    if (field->type != REFERRAL_TIME || !writable || offset_min < -ZONE_MIN_MAX || offset_min > ZONE_MIN_MAX) {
        referral_refuse(reader, field);
        return;
    }
    reader->referral->referred_at_ms = ms;
    reader->referral->referred_at_offset_min = (int16_t)offset_min;
}

void referral_set_group(struct referral_reader *reader, const struct referral_field *field)
{
    reader->opened |= UINT32_C(1) << field->group;
    flag_set(reader, field, true);
}

void referral_list_begin(struct referral_reader *reader, const struct referral_field *field)
{
    if (field->type == REFERRAL_MASK) {
        *referral_member(reader->referral, field, uint32_t) = 0;
        return;
    }
    memset(referral_member(reader->referral, field, int8_t), STEPCARE_BLANK, field->count);
    flag_set(reader, field, true);
}

void referral_list_refuse(struct referral_reader *reader, const struct referral_field *field, uint32_t index)
{
    char path[sizeof reader->errors->items[0].field];
    if (index >= (field->type == REFERRAL_MASK ? STEPCARE_LIST_COUNT_MAX : field->count))
        return; /* the list is refused */
    snprintf(path, sizeof path, "%s[%u]", field->path, index);
    if (field->type == REFERRAL_MASK) {
        stepcare_field_errors_add(reader->errors, path, "no %s has this code; check its spelling", field->codes->noun);
        return;
    }
    stepcare_field_errors_add(reader->errors, path,
                              "must be a whole number from 0 to %d, or null where there is no answer",
                              index + 1 == field->count ? field->last_max : field->max);
}

void referral_list_text(struct referral_reader *reader, const struct referral_field *field, uint32_t index,
                        struct stepcare_text text)
{
    unsigned number = field->type == REFERRAL_MASK ? stepcare_code_parse(field->codes, text.data, text.bytes) : 0;
    if (number == 0) {
        referral_list_refuse(reader, field, index);
        return;
    }
    *referral_member(reader->referral, field, uint32_t) |= STEPCARE_BIT(number);
}

void referral_list_number(struct referral_reader *reader, const struct referral_field *field, uint32_t index,
                          int64_t value)
{
    int32_t max = index + 1 == field->count ? field->last_max : field->max;
    if (field->type != REFERRAL_ANSWERS || index >= field->count || value < 0 || value > max) {
        referral_list_refuse(reader, field, index);
        return;
    }
    referral_member(reader->referral, field, int8_t)[index] = (int8_t)value;
}

void referral_list_null(struct referral_reader *reader, const struct referral_field *field, uint32_t index)
{
    if (field->type != REFERRAL_ANSWERS) referral_list_refuse(reader, field, index);
}

void referral_list_end(struct referral_reader *reader, const struct referral_field *field, uint32_t count)
{
    if (field->type == REFERRAL_ANSWERS && count != field->count) {
        referral_refuse(reader, field);
    } else if (field->type == REFERRAL_MASK && count > STEPCARE_LIST_COUNT_MAX) {
        stepcare_field_errors_add(reader->errors, field->path, "must be a list of at most %d codes",
                                  STEPCARE_LIST_COUNT_MAX);
    }
}

/* A group that is missing is named, and so is each field that it should have held. */
static void missing_name(struct referral_reader *reader, unsigned group)
{
    for (unsigned i = 0; i < referral_groups[group].count; i++) {
        const struct referral_field *field = &referral_groups[group].fields[i];
        bool seen = (reader->seen[group] >> i) & 1U;
        bool required = field->flags & REFERRAL_REQUIRED;
        if (!seen && required) stepcare_field_errors_add(reader->errors, field->path, "is missing");
        if (field->type != REFERRAL_GROUP) continue;
        bool opened = (reader->opened >> field->group) & 1U;
        if (opened || (!seen && required)) missing_name(reader, field->group);
    }
}

/* A correction that names another tier without a service means that tier without the old one's service. */
static void merged_service_drop(struct referral_reader *reader)
{
    const struct stepcare_override *override = &reader->referral->override;
    bool tier_given = reader->seen[REFERRAL_OVERRIDE] & 1U, service_given = reader->seen[REFERRAL_OVERRIDE] & 2U;
    if (tier_given && !service_given && override->tier != STEPCARE_TIER_SECONDARY_CARE) {
        reader->referral->override.service = STEPCARE_SERVICE_NONE;
    }
}

void referral_reader_finish(struct referral_reader *reader)
{
    if (reader->merging) {
        merged_service_drop(reader);
    } else {
        missing_name(reader, REFERRAL_TOP);
    }
    referral_check(reader->referral, reader->errors);
}
