/* The ledger form: arrays in the field table's order, nil for what is absent.
 *
 *   [1, message_id, source, [organisation, practitioner, reference], [ms, minutes], [nhs_number, ...], problem, ...]
 *
 * An array may be shorter than the table, where fields were appended since it was written; never longer. */
#include "base/cursor.h"
#include "base/packer.h"
#include "proto/referral_codec.h"
#include "proto/referral_fields.h"
#include "proto/referral_pack.h"

enum { LEDGER_VERSION = 1, ZONE_MIN_MAX = 23 * 60 + 59 };

static void pack_fields(struct msgpack_packer *packer, const struct stepcare_referral *referral, unsigned number,
                        uint8_t left_out)
{
    const struct referral_group *group = &referral_groups[number];
    for (unsigned i = 0; i < group->count; i++) {
        const struct referral_field *field = &group->fields[i];
        if ((field->flags & left_out) != 0 || !referral_field_present(referral, field)) {
            msgpack_pack_nil(packer);
        } else if (field->type == REFERRAL_GROUP) {
            msgpack_pack_array(packer, referral_groups[field->group].count);
            pack_fields(packer, referral, field->group, left_out);
        } else {
            referral_pack_value(packer, referral, field);
        }
    }
}

void referral_ledger_encode(struct buffer *buffer, const struct stepcare_referral *referral, bool strip_identity)
{
    struct msgpack_packer packer = packer_on(buffer);
    msgpack_pack_array(&packer, referral_groups[REFERRAL_TOP].count + 1U);
    msgpack_pack_int(&packer, LEDGER_VERSION);
    pack_fields(&packer, referral, REFERRAL_TOP, strip_identity ? REFERRAL_IDENTITY : 0);
}

static bool take_small(struct cursor *cursor, int64_t min, int64_t max, int64_t *out_value)
{
    return cursor_int(cursor, out_value) && *out_value >= min && *out_value <= max;
}

static bool take_answers(struct cursor *cursor, int8_t *answers, unsigned count)
{
    uint32_t found;
    int64_t value;
    if (!cursor_array(cursor, &found) || found != count) return false;
    for (unsigned i = 0; i < count; i++) {
        if (cursor_nil(cursor)) continue; /* blank from the beginning */
        if (!take_small(cursor, 0, INT8_MAX, &value)) return false;
        answers[i] = (int8_t)value;
    }
    return true;
}

static bool take_time(struct cursor *cursor, struct stepcare_referral *referral)
{
    uint32_t two;
    int64_t offset_min;
    if (!cursor_array(cursor, &two) || two != 2 || !cursor_int(cursor, &referral->referred_at_ms)) return false;
    if (!take_small(cursor, -ZONE_MIN_MAX, ZONE_MIN_MAX, &offset_min)) return false;
    referral->referred_at_offset_min = (int16_t)offset_min;
    return true;
}

static bool take_fields(struct cursor *cursor, struct stepcare_referral *referral, unsigned number, uint32_t count);

static bool take_number(struct cursor *cursor, struct stepcare_referral *referral, const struct referral_field *field)
{
    int64_t value;
    switch ((enum referral_type)field->type) {
    case REFERRAL_DATE:
        if (!take_small(cursor, 0, 99991231, &value)) return false;
        *referral_member(referral, field, struct stepcare_date) = referral_date_of_number((uint32_t)value);
        return true;
    case REFERRAL_CODE:
        if (!take_small(cursor, 1, field->codes->count - 1, &value)) return false;
        *referral_member(referral, field, unsigned) = (unsigned)value;
        return true;
    case REFERRAL_MASK:
        if (!take_small(cursor, 0, (INT64_C(1) << (field->codes->count - 1)) - 1, &value)) return false;
        *referral_member(referral, field, uint32_t) = (uint32_t)value;
        return true;
    case REFERRAL_INT8:
        if (!take_small(cursor, 0, INT8_MAX, &value)) return false;
        *referral_member(referral, field, int8_t) = (int8_t)value;
        return true;
    default:
        if (!take_small(cursor, 0, INT16_MAX, &value)) return false;
        *referral_member(referral, field, int16_t) = (int16_t)value;
        return true;
    }
}

static bool take_value(struct cursor *cursor, struct stepcare_referral *referral, const struct referral_field *field)
{
    uint32_t count;
    switch ((enum referral_type)field->type) {
    case REFERRAL_GROUP: return cursor_array(cursor, &count) && take_fields(cursor, referral, field->group, count);
    case REFERRAL_TEXT:
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
    case REFERRAL_LETTER: return cursor_text(cursor, referral_member(referral, field, struct stepcare_text));
    case REFERRAL_TIME: return take_time(cursor, referral);
    case REFERRAL_BOOL: return cursor_bool(cursor, referral_member(referral, field, bool));
    case REFERRAL_ANSWERS: return take_answers(cursor, referral_member(referral, field, int8_t), field->count);
    default: return take_number(cursor, referral, field);
    }
}

static bool take_fields(struct cursor *cursor, struct stepcare_referral *referral, unsigned number, uint32_t count)
{
    const struct referral_group *group = &referral_groups[number];
    if (count > group->count) return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct referral_field *field = &group->fields[i];
        if (cursor_nil(cursor)) continue;
        if (!take_value(cursor, referral, field)) return false;
        if (field->has_offset != REFERRAL_NO_FLAG) *(bool *)((char *)referral + field->has_offset) = true;
    }
    return true;
}

enum stepcare_error referral_ledger_decode(const uint8_t *data, size_t bytes, struct stepcare_referral *out_referral)
{
    struct cursor cursor = {data, data + bytes};
    uint32_t count;
    uint64_t version;
    referral_init(out_referral);
    if (!cursor_array(&cursor, &count) || count == 0) return STEPCARE_DAMAGED;
    if (!cursor_uint(&cursor, &version) || version != LEDGER_VERSION) return STEPCARE_DAMAGED;
    if (!take_fields(&cursor, out_referral, REFERRAL_TOP, count - 1) || cursor.at != cursor.end)
        return STEPCARE_DAMAGED;
    out_referral->nhs_number_unverified =
        out_referral->nhs_number.data != NULL && !referral_nhs_number_valid(out_referral->nhs_number);
    return STEPCARE_OK;
}
