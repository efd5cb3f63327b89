/* Referrals and records with any content the format allows, for tests of codecs. */
#include "tests/support/referral_random.h"
#include "base/time_text.h"

#include "proto/record_fields.h"
#include "proto/referral_codec.h"
#include "proto/referral_fields.h"

static const char *const odd_texts[] = {
    "Okafor",
    "O'Brien-Smith",
    "Ngũgĩ",
    "\"quoted\\\"",
    "line\nbreak\ttab",
    "日本語",
    "\xf0\x9f\xa9\xba",
    " ",
    "\x7f",
    "null",
    "{}",
    "a much longer text than the others, with a full stop.",
};

static struct stepcare_text text_pick(struct random *random)
{
    return stepcare_text_of(RANDOM_PICK(random, odd_texts));
}

static struct stepcare_text ascii_pick(struct random *random, enum referral_type type)
{
    static const char *const ids[] = {"1", "01931f0e-7c51-7c3a-9d0e-2f6f2c1b8a10", "with a space", "~!\"\\/", "x:y;z"};
    static const char *const organisations[] = {"Y05", "Y05868", "ABCDEFGHIJ", "0123456789"};
    static const char *const numbers[] = {"9434765919", "9434765918", "0000000000"};
    if (type == REFERRAL_MESSAGE_ID) return stepcare_text_of(RANDOM_PICK(random, ids));
    if (type == REFERRAL_ORGANISATION) return stepcare_text_of(RANDOM_PICK(random, organisations));
    return stepcare_text_of(RANDOM_PICK(random, numbers));
}

static uint32_t mask_pick(struct random *random, const struct stepcare_codeset *codes)
{
    return (uint32_t)random_next(random) & (uint32_t)((UINT64_C(1) << (codes->count - 1)) - 1);
}

static unsigned code_pick(struct random *random, const struct stepcare_codeset *codes, int32_t max)
{
    return 1 + random_below(random, max > 0 ? (unsigned)max : codes->count - 1);
}

static int blank_or(struct random *random, int max)
{
    return random_percent(random, 15) ? STEPCARE_BLANK : random_between(random, 0, max);
}

static void group_fill(struct random *random, struct stepcare_referral *referral, unsigned number);

static void field_fill(struct random *random, struct stepcare_referral *referral, const struct referral_field *field)
{
    switch ((enum referral_type)field->type) {
    case REFERRAL_GROUP: group_fill(random, referral, field->group); break;
    case REFERRAL_TEXT:
    case REFERRAL_LETTER: *referral_member(referral, field, struct stepcare_text) = text_pick(random); break;
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
        *referral_member(referral, field, struct stepcare_text) = ascii_pick(random, field->type);
        break;
    case REFERRAL_DATE:
        *referral_member(referral, field, struct stepcare_date) =
            (struct stepcare_date){(int16_t)random_between(random, 1880, 2019), (uint8_t)random_between(random, 1, 12),
                                   (uint8_t)random_between(random, 1, 28)};
        break;
    case REFERRAL_TIME:
        referral->referred_at_ms = INT64_C(1600000000000) + random_below(random, 2000000000) * INT64_C(100);
        referral->referred_at_offset_min = (int16_t)random_between(random, -720, 840);
        break;
    case REFERRAL_CODE:
        *referral_member(referral, field, unsigned) = code_pick(random, field->codes, field->max);
        break;
    case REFERRAL_MASK: *referral_member(referral, field, uint32_t) = mask_pick(random, field->codes); break;
    case REFERRAL_INT8:
        *referral_member(referral, field, int8_t) = (int8_t)random_between(random, field->min, field->max);
        break;
    case REFERRAL_INT16:
        *referral_member(referral, field, int16_t) = (int16_t)random_between(random, field->min, field->max);
        break;
    case REFERRAL_BOOL: *referral_member(referral, field, bool) = random_percent(random, 50); break;
    case REFERRAL_ANSWERS:
        for (unsigned i = 0; i < field->count; i++) {
            int max = i + 1U == field->count ? field->last_max : field->max;
            referral_member(referral, field, int8_t)[i] = (int8_t)blank_or(random, max);
        }
        break;
    }
    if (field->has_offset != REFERRAL_NO_FLAG) *(bool *)((char *)referral + field->has_offset) = true;
}

static void group_fill(struct random *random, struct stepcare_referral *referral, unsigned number)
{
    const struct referral_group *group = &referral_groups[number];
    for (unsigned i = 0; i < group->count; i++) {
        bool required = group->fields[i].flags & REFERRAL_REQUIRED;
        if (required || random_percent(random, 60)) field_fill(random, referral, &group->fields[i]);
    }
}

void referral_random(struct random *random, struct stepcare_referral *out_referral)
{
    struct stepcare_field_errors errors = {0};
    referral_init(out_referral);
    group_fill(random, out_referral, REFERRAL_TOP);
    bool specialist = out_referral->override.tier == STEPCARE_TIER_SECONDARY_CARE;
    out_referral->override.service = specialist ? STEPCARE_SERVICE_PAIN : STEPCARE_SERVICE_NONE;
    referral_check(out_referral, &errors);
}

static uint64_t number_pick(struct random *random)
{
    return random_next(random) >> random_below(random, 64);
}

static struct stepcare_text run_pick(struct random *random, uint32_t limit)
{
    struct stepcare_text text = text_pick(random);
    return text.bytes <= limit ? text : stepcare_text_of("x");
}

static void lists_fill(struct random *random, struct record_random_room *room, struct stepcare_record *record,
                       unsigned key)
{
    switch ((enum record_type)record_fields[key].type) {
    case RECORD_CODES: {
        struct stepcare_code_list *list = record_member(record, key, struct stepcare_code_list);
        list->count = (uint8_t)random_below(random, STEPCARE_CODES_MAX + 1);
        for (unsigned i = 0; i < list->count; i++) list->items[i] = run_pick(random, STEPCARE_CODE_BYTES_MAX);
        break;
    }
    case RECORD_TIMES: {
        struct stepcare_time_list *list = record_member(record, key, struct stepcare_time_list);
        list->count = (uint8_t)random_below(random, 5);
        for (unsigned i = 0; i < list->count; i++) list->items[i] = (int64_t)(number_pick(random) % TIME_TEXT_MAX_MS);
        break;
    }
    case RECORD_ERRORS:
        room->errors.count = room->errors.dropped = 0;
        stepcare_field_errors_add(&room->errors, "letter", "is too long");
        record_member(record, key, struct stepcare_errors_view)->list = &room->errors;
        break;
    default:
        for (unsigned i = 0; i < RECORD_RANDOM_ITEMS; i++) record_random(random, NULL, &room->items[i]);
        *record_member(record, key, struct stepcare_records) =
            (struct stepcare_records){RECORD_RANDOM_ITEMS, room->items};
    }
}

static void member_fill(struct random *random, struct record_random_room *room, struct stepcare_record *record,
                        unsigned key)
{
    const struct record_field *field = &record_fields[key];
    switch ((enum record_type)field->type) {
    case RECORD_ID: *record_member(record, key, uint64_t) = number_pick(random) >> 29; break;
    case RECORD_UINT: *record_member(record, key, uint64_t) = number_pick(random); break;
    case RECORD_INT: *record_member(record, key, int64_t) = (int64_t)number_pick(random); break;
    case RECORD_TIME:
        *record_member(record, key, int64_t) = (int64_t)(number_pick(random) % TIME_TEXT_MAX_MS) - 1000;
        break;
    case RECORD_BOOL: *record_member(record, key, bool) = random_percent(random, 50); break;
    case RECORD_TEXT:
    case RECORD_BYTES: *record_member(record, key, struct stepcare_text) = run_pick(random, field->limit); break;
    case RECORD_CODE: *record_member(record, key, uint8_t) = (uint8_t)random_below(random, field->codes->count); break;
    case RECORD_MASK: *record_member(record, key, uint32_t) = mask_pick(random, field->codes); break;
    default: lists_fill(random, room, record, key);
    }
}

void record_random(struct random *random, struct record_random_room *room, struct stepcare_record *out_record)
{
    stepcare_record_init(out_record);
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++) {
        bool nested = record_fields[key].type == RECORD_ERRORS || record_fields[key].type == RECORD_RECORDS;
        if ((nested && room == NULL) || random_percent(random, 50)) continue;
        member_fill(random, room, out_record, key);
        stepcare_record_mark(out_record, key);
    }
}
