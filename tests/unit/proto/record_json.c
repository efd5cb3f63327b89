/* Records as JSON: every type, present and absent. */
#include "proto/record_json.h"

#include "proto/referral_codec.h"
#include "tests/support/referral_random.h"

#include <criterion/criterion.h>
#include <jansson.h>

static struct buffer buffer;

static const char *shown(const struct stepcare_record *record, const uint8_t *always)
{
    buffer_clear(&buffer);
    record_json_encode(&buffer, record, always);
    buffer_append(&buffer, "", 1);
    return (const char *)buffer.data;
}

Test(record_json, prints_what_is_always_there_first_and_the_rest_in_key_order)
{
    static const uint8_t always[] = {STEPCARE_FIELD_tier, STEPCARE_FIELD_codes, STEPCARE_FIELD_referral_id,
                                     STEPCARE_FIELD_due, 0};
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, due, INT64_C(1793611800000));
    STEPCARE_SET(&record, referral_id, 1);
    STEPCARE_SET(&record, note, stepcare_text_of("a \"b\"\n"));
    STEPCARE_SET(&record, urgency, STEPCARE_URGENCY_SOON);
    cr_assert_str_eq(shown(&record, always),
                     "{\"tier\":null,\"codes\":[],\"referral_id\":\"0000-0017\",\"due\":\"2026-11-02T09:30:00Z\","
                     "\"urgency\":\"soon\",\"note\":\"a \\\"b\\\"\\n\"}");
    buffer_close(&buffer);
}

Test(record_json, shows_every_type)
{
    struct stepcare_record record, row;
    struct stepcare_field_errors errors = {0};
    stepcare_field_errors_add(&errors, "letter", "is too long");
    stepcare_record_init(&row);
    STEPCARE_SET(&row, event, STEPCARE_EVENT_CLAIMED);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, errors, (struct stepcare_errors_view){&errors});
    STEPCARE_SET(&record, service, STEPCARE_SERVICE_NONE);
    STEPCARE_SET(&record, holds,
                 STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW) | STEPCARE_BIT(STEPCARE_HOLD_INFORMATION_NEEDED));
    STEPCARE_SET(&record, content_hash, stepcare_text_of("\x01\x02"));
    STEPCARE_SET(&record, history, ((struct stepcare_records){1, &row}));
    STEPCARE_SET(&record, hold_dues, ((struct stepcare_time_list){2, {0, 1}}));
    STEPCARE_SET(&record, phq_9, -1);
    STEPCARE_SET(&record, override_taken, true);
    cr_assert_str_eq(shown(&record, NULL),
                     "{\"errors\":[{\"field\":\"letter\",\"problem\":\"is too long\"}],\"service\":null,"
                     "\"holds\":[\"safety_review\",\"information_needed\"],\"history\":[{\"event\":\"claimed\"}],"
                     "\"hold_dues\":[null,\"1970-01-01T00:00:00.001Z\"],\"phq_9\":-1,"
                     "\"override_taken\":true}");
    buffer_close(&buffer);
}

Test(record_json, shows_the_referral_from_wire_and_ledger_alike)
{
    struct stepcare_record record;
    struct stepcare_referral referral;
    struct buffer wire = {0}, ledger = {0};
    struct random random = random_of(8, 2, 0);
    referral_random(&random, &referral);
    referral_wire_encode(&wire, &referral);
    referral_ledger_encode(&ledger, &referral, false);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral, ((struct stepcare_text){(char *)wire.data, (uint32_t)wire.bytes}));
    char *from_wire = strdup(shown(&record, NULL));
    STEPCARE_SET(&record, referral, ((struct stepcare_text){(char *)ledger.data, (uint32_t)ledger.bytes}));
    cr_assert_str_eq(shown(&record, NULL), from_wire);
    cr_assert_not_null(strstr(from_wire, "\"birth_date\""));
    STEPCARE_SET(&record, referral, stepcare_text_of("x"));
    cr_assert_str_eq(shown(&record, NULL), "{\"referral\":null}");
    free(from_wire);
    buffer_close(&wire);
    buffer_close(&ledger);
    buffer_close(&buffer);
}

Test(record_json, is_json_whatever_the_record_holds)
{
    static struct record_random_room room;
    static struct stepcare_record record;
    for (unsigned seed = 0; seed < 1000; seed++) {
        struct random random = random_of(9, seed, 0);
        json_error_t error;
        record_random(&random, &room, &record);
        json_t *parsed = json_loads(shown(&record, NULL), JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
        cr_assert_not_null(parsed, "seed %u: %s", seed, error.text);
        json_decref(parsed);
    }
    buffer_close(&buffer);
}

Test(json_writer, escapes_control_characters_and_replaces_broken_utf_8)
{
    json_string_encode(&buffer, stepcare_text_of("\x01\x1f\t\\/\xff\xc3\xa9\xed\xa0\x80"));
    buffer_append(&buffer, "", 1);
    cr_assert_str_eq((char *)buffer.data,
                     "\"\\u0001\\u001f\\t\\\\/\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    buffer_close(&buffer);
}
