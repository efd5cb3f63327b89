/* Records as msgpack: called by frame.c, and for ledger events and rows of the state. */
#include "proto/record_codec.h"
#include "proto/record_fields.h"

static void pack_codes(struct msgpack_packer *packer, const struct stepcare_code_list *list)
{
    msgpack_pack_array(packer, list->count);
    for (unsigned i = 0; i < list->count; i++) pack_text(packer, list->items[i]);
}

static void pack_times(struct msgpack_packer *packer, const struct stepcare_time_list *list)
{
    msgpack_pack_array(packer, list->count);
    for (unsigned i = 0; i < list->count; i++) msgpack_pack_int64(packer, list->items[i]);
}

static void pack_errors(struct msgpack_packer *packer, const struct stepcare_field_errors *list)
{
    msgpack_pack_array(packer, list->count);
    for (unsigned i = 0; i < list->count; i++) {
        msgpack_pack_array(packer, 2);
        pack_text(packer, stepcare_text_of(list->items[i].field));
        pack_text(packer, stepcare_text_of(list->items[i].problem));
    }
}

static void pack_records(struct msgpack_packer *packer, const struct stepcare_records *list)
{
    msgpack_pack_array(packer, list->count);
    for (uint32_t i = 0; i < list->count; i++) record_pack(packer, &list->items[i]);
}

static void pack_field(struct msgpack_packer *packer, const struct stepcare_record *record, unsigned key)
{
    switch ((enum record_type)record_fields[key].type) {
    case RECORD_ID:
    case RECORD_UINT: msgpack_pack_uint64(packer, *record_member_const(record, key, uint64_t)); break;
    case RECORD_INT:
    case RECORD_TIME: msgpack_pack_int64(packer, *record_member_const(record, key, int64_t)); break;
    case RECORD_BOOL: pack_bool(packer, *record_member_const(record, key, bool)); break;
    case RECORD_TEXT: pack_text(packer, *record_member_const(record, key, struct stepcare_text)); break;
    case RECORD_CODE: msgpack_pack_uint8(packer, *record_member_const(record, key, uint8_t)); break;
    case RECORD_MASK: msgpack_pack_uint32(packer, *record_member_const(record, key, uint32_t)); break;
    case RECORD_CODES: pack_codes(packer, record_member_const(record, key, struct stepcare_code_list)); break;
    case RECORD_TIMES: pack_times(packer, record_member_const(record, key, struct stepcare_time_list)); break;
    case RECORD_BYTES: pack_binary(packer, *record_member_const(record, key, struct stepcare_text)); break;
    case RECORD_ERRORS: pack_errors(packer, record_member_const(record, key, struct stepcare_errors_view)->list); break;
    case RECORD_RECORDS: pack_records(packer, record_member_const(record, key, struct stepcare_records)); break;
    case RECORD_TYPE_COUNT: break;
    }
}

void record_pack(struct msgpack_packer *packer, const struct stepcare_record *record)
{
    unsigned count = (unsigned)(__builtin_popcountll(record->present[0]) + __builtin_popcountll(record->present[1]));
    msgpack_pack_map(packer, count);
    for (unsigned word = 0; word < 2; word++) {
        for (uint64_t bits = record->present[word]; bits != 0; bits &= bits - 1) {
            unsigned key = word * 64 + (unsigned)__builtin_ctzll(bits);
            msgpack_pack_uint8(packer, (uint8_t)key);
            pack_field(packer, record, key);
        }
    }
}

void wire_record_encode(struct buffer *buffer, const struct stepcare_record *record)
{
    struct msgpack_packer packer = packer_on(buffer);
    record_pack(&packer, record);
}
