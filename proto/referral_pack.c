/* Single values of a referral as msgpack: called for the wire form and the ledger form. */
#include "proto/referral_pack.h"

uint32_t referral_number_of_date(struct stepcare_date date)
{
    return (uint32_t)date.year * 10000U + date.month * 100U + date.day;
}

struct stepcare_date referral_date_of_number(uint32_t number)
{
    return (struct stepcare_date){(int16_t)(number / 10000U), (uint8_t)(number / 100U % 100U),
                                  (uint8_t)(number % 100U)};
}

static void pack_number(struct msgpack_packer *packer, int value)
{
    if (value == STEPCARE_BLANK) {
        msgpack_pack_nil(packer);
    } else {
        msgpack_pack_int(packer, value);
    }
}

static void pack_answers(struct msgpack_packer *packer, const int8_t *answers, unsigned count)
{
    msgpack_pack_array(packer, count);
    for (unsigned i = 0; i < count; i++) pack_number(packer, answers[i]);
}

static void pack_time(struct msgpack_packer *packer, const struct stepcare_referral *referral)
{
    msgpack_pack_array(packer, 2);
    msgpack_pack_int64(packer, referral->referred_at_ms);
    msgpack_pack_int(packer, referral->referred_at_offset_min);
}

void referral_pack_value(struct msgpack_packer *packer, const struct stepcare_referral *referral,
                         const struct referral_field *field)
{
    switch ((enum referral_type)field->type) {
    case REFERRAL_TEXT:
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
    case REFERRAL_LETTER: pack_text(packer, *referral_member_const(referral, field, struct stepcare_text)); break;
    case REFERRAL_DATE:
        msgpack_pack_uint32(packer,
                            referral_number_of_date(*referral_member_const(referral, field, struct stepcare_date)));
        break;
    case REFERRAL_TIME: pack_time(packer, referral); break;
    case REFERRAL_CODE: msgpack_pack_unsigned_int(packer, *referral_member_const(referral, field, unsigned)); break;
    case REFERRAL_MASK: msgpack_pack_uint32(packer, *referral_member_const(referral, field, uint32_t)); break;
    case REFERRAL_INT8: pack_number(packer, *referral_member_const(referral, field, int8_t)); break;
    case REFERRAL_INT16: pack_number(packer, *referral_member_const(referral, field, int16_t)); break;
    case REFERRAL_BOOL: pack_bool(packer, *referral_member_const(referral, field, bool)); break;
    case REFERRAL_ANSWERS: pack_answers(packer, referral_member_const(referral, field, int8_t), field->count); break;
    case REFERRAL_GROUP: break;
    }
}
