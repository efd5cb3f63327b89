/* A referral in JSON, on the wire and in the ledger is the same referral. */
#include "proto/referral_codec.h"

#include "proto/referral_fields.h"
#include "tests/support/referral_random.h"

#include <criterion/criterion.h>

enum { ROUNDS = 5000 };

struct forms {
    struct arena *arena;
    struct buffer json, wire, ledger, again;
};

static struct forms forms;

static void setup(void)
{
    cr_assert_eq(arena_open(4 * 1024 * 1024, &forms.arena), STEPCARE_OK);
}

static void teardown(void)
{
    arena_close(forms.arena);
    buffer_close(&forms.json);
    buffer_close(&forms.wire);
    buffer_close(&forms.ledger);
    buffer_close(&forms.again);
}

TestSuite(referral_codec, .init = setup, .fini = teardown);

static void encode_all(const struct stepcare_referral *referral)
{
    arena_reset(forms.arena);
    buffer_clear(&forms.json);
    buffer_clear(&forms.wire);
    buffer_clear(&forms.ledger);
    referral_json_encode(&forms.json, referral);
    referral_wire_encode(&forms.wire, referral);
    referral_ledger_encode(&forms.ledger, referral, false);
}

/* Equal in every member that a rule reads: the ledger form is canonical and holds all of them. */
static void same_as_ledger(const struct stepcare_referral *referral, const char *way, unsigned seed)
{
    buffer_clear(&forms.again);
    referral_ledger_encode(&forms.again, referral, false);
    bool equal =
        forms.again.bytes == forms.ledger.bytes && memcmp(forms.again.data, forms.ledger.data, forms.again.bytes) == 0;
    cr_assert(equal, "seed %u: not the same after %s: %.*s", seed, way, (int)forms.json.bytes,
              (const char *)forms.json.data);
}

Test(referral_codec, any_referral_comes_back_from_json_wire_and_ledger)
{
    for (unsigned seed = 0; seed < ROUNDS; seed++) {
        struct random random = random_of(6, seed, 0);
        struct stepcare_referral referral, back;
        struct stepcare_field_errors errors;
        referral_random(&random, &referral);
        encode_all(&referral);
        cr_assert_eq(referral_json_decode((char *)forms.json.data, forms.json.bytes, forms.arena, &back, &errors),
                     STEPCARE_OK, "seed %u: %s %s", seed, errors.items[0].field, errors.items[0].problem);
        same_as_ledger(&back, "JSON", seed);
        cr_assert_eq(back.nhs_number_unverified, referral.nhs_number_unverified);
        cr_assert_eq(referral_wire_decode(forms.wire.data, forms.wire.bytes, &back, &errors), STEPCARE_OK,
                     "seed %u: %s %s", seed, errors.items[0].field, errors.items[0].problem);
        same_as_ledger(&back, "the wire", seed);
        cr_assert_eq(referral_ledger_decode(forms.ledger.data, forms.ledger.bytes, &back), STEPCARE_OK, "seed %u",
                     seed);
        same_as_ledger(&back, "the ledger", seed);
        cr_assert_eq(back.nhs_number_unverified, referral.nhs_number_unverified);
    }
}

Test(referral_codec, every_truncation_is_refused)
{
    for (unsigned seed = 0; seed < 20; seed++) {
        struct random random = random_of(7, seed, 0);
        struct stepcare_referral referral, back;
        struct stepcare_field_errors errors;
        referral_random(&random, &referral);
        encode_all(&referral);
        for (size_t bytes = 0; bytes < forms.wire.bytes; bytes++) {
            cr_assert_eq(referral_wire_decode(forms.wire.data, bytes, &back, &errors), STEPCARE_INVALID, "seed %u, %zu",
                         seed, bytes);
            cr_assert_str_eq(errors.items[0].field, "referral");
        }
        for (size_t bytes = 0; bytes < forms.ledger.bytes; bytes++) {
            cr_assert_eq(referral_ledger_decode(forms.ledger.data, bytes, &back), STEPCARE_DAMAGED, "seed %u, %zu",
                         seed, bytes);
        }
        for (size_t bytes = 0; bytes < forms.json.bytes; bytes++) {
            cr_assert_eq(referral_json_decode((char *)forms.json.data, bytes, forms.arena, &back, &errors),
                         STEPCARE_INVALID);
            cr_assert_str_eq(errors.items[0].field, "line");
        }
    }
}

Test(referral_codec, a_blank_referral_is_blank_in_every_field_of_the_table)
{
    struct stepcare_referral referral;
    referral_init(&referral);
    for (unsigned g = 0; g < REFERRAL_GROUP_COUNT; g++) {
        for (unsigned i = 0; i < referral_groups[g].count; i++) {
            const struct referral_field *field = &referral_groups[g].fields[i];
            bool always = field->type == REFERRAL_TIME || strcmp(field->path, "red_flags.screened") == 0;
            bool holds_always = strcmp(field->path, "red_flags") == 0;
            if (always || holds_always) continue;
            cr_assert_not(referral_field_present(&referral, field), "%s", field->path);
            for (unsigned answer = 0; answer < field->count; answer++) {
                cr_assert_eq(referral_member(&referral, field, int8_t)[answer], STEPCARE_BLANK, "%s", field->path);
            }
        }
    }
}

Test(referral_codec, a_path_is_its_groups_prefix_and_its_name)
{
    for (unsigned g = 0; g < REFERRAL_GROUP_COUNT; g++) {
        for (unsigned i = 0; i < referral_groups[g].count; i++) {
            const struct referral_field *field = &referral_groups[g].fields[i];
            size_t prefix_bytes = strlen(referral_groups[g].prefix);
            cr_assert_eq(strncmp(field->path, referral_groups[g].prefix, prefix_bytes), 0, "%s", field->path);
            cr_assert_str_eq(field->path + prefix_bytes, field->name);
            cr_assert_lt(strlen(field->path) + sizeof("[63]"), sizeof(((struct stepcare_field_error *)0)->field));
        }
    }
}

static bool holds(const struct buffer *buffer, const char *text)
{
    return memmem(buffer->data, buffer->bytes, text, strlen(text)) != NULL;
}

Test(referral_codec, stripped_of_identity_it_says_nothing_of_who_the_patient_is)
{
    struct stepcare_referral referral, back;
    referral_init(&referral);
    referral.message_id = stepcare_text_of("m-1");
    referral.organisation = stepcare_text_of("Y05868");
    referral.nhs_number = stepcare_text_of("9434765919");
    referral.family_name = stepcare_text_of("SECRETfamily");
    referral.given_name = stepcare_text_of("SECRETgiven");
    referral.postcode = stepcare_text_of("SECRETpost");
    referral.phone = stepcare_text_of("SECRETphone");
    referral.reference = stepcare_text_of("SECRETreference");
    referral.letter = stepcare_text_of("SECRETletter");
    referral.birth_date = (struct stepcare_date){1984, 5, 17};
    referral.red_flags = STEPCARE_BIT(STEPCARE_FLAG_NIGHT_PAIN);
    referral_ledger_encode(&forms.ledger, &referral, true);
    cr_assert_not(holds(&forms.ledger, "SECRET") || holds(&forms.ledger, "9434765919"));
    cr_assert(holds(&forms.ledger, "m-1"));
    cr_assert_eq(referral_ledger_decode(forms.ledger.data, forms.ledger.bytes, &back), STEPCARE_OK);
    cr_assert(back.birth_date.year == 1984 && back.red_flags == referral.red_flags && back.family_name.data == NULL);
}

static void wire_try(const struct stepcare_referral *referral, const char *field)
{
    struct stepcare_referral back;
    struct stepcare_field_errors errors;
    buffer_clear(&forms.wire);
    referral_wire_encode(&forms.wire, referral);
    cr_assert_eq(referral_wire_decode(forms.wire.data, forms.wire.bytes, &back, &errors), STEPCARE_INVALID, "%s",
                 field);
    cr_assert_str_eq(errors.items[0].field, field);
    cr_assert_eq(errors.count, 1, "%s", field);
}

#define WIRE_TRY(member, value, field)                                                                                 \
    do {                                                                                                               \
        struct stepcare_referral wrong = right;                                                                        \
        wrong.member = (value);                                                                                        \
        wire_try(&wrong, field);                                                                                       \
    } while (0)

Test(referral_codec, the_wire_form_is_validated_as_json_is)
{
    static const char json[] = "{\"message_id\":\"m\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
                               "\"referred_at\":\"2026-11-02T09:30:00Z\","
                               "\"patient\":{\"family_name\":\"A\",\"birth_date\":\"1984-05-17\"},\"problem\":\"low_"
                               "back_pain\",\"duration_weeks\":9,"
                               "\"red_flags\":{\"screened\":true},\"instruments\":{\"phq_9\":[0,0,0,0,0,0,0,0,0]}}";
    struct stepcare_referral right;
    struct stepcare_field_errors errors;
    cr_assert_eq(referral_json_decode(json, sizeof json - 1, forms.arena, &right, &errors), STEPCARE_OK);
    WIRE_TRY(message_id, stepcare_text_of("a\nb"), "message_id");
    WIRE_TRY(source, STEPCARE_SOURCE_COUNT, "source");
    WIRE_TRY(source, STEPCARE_SOURCE_NONE, "source");
    WIRE_TRY(organisation, stepcare_text_of("y05868"), "referrer.organisation");
    WIRE_TRY(referred_at_offset_min, 1440, "referred_at");
    WIRE_TRY(family_name, stepcare_text_of("\xff"), "patient.family_name");
    WIRE_TRY(birth_date.day, 32, "patient.birth_date");
    WIRE_TRY(birth_date.year, 2027, "patient.birth_date");
    WIRE_TRY(nhs_number, stepcare_text_of("12345"), "patient.nhs_number");
    WIRE_TRY(duration_weeks, 5201, "duration_weeks");
    WIRE_TRY(red_flags, UINT32_C(1) << 23, "red_flags.present");
    WIRE_TRY(findings, 8, "findings");
    WIRE_TRY(instruments.phq_9[8], 4, "instruments.phq_9[8]");
    WIRE_TRY(override.present, true, "override.tier");
}

static void wire_bytes_try(const char *bytes, size_t count, const char *field)
{
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    cr_assert_eq(referral_wire_decode((const uint8_t *)bytes, count, &referral, &errors), STEPCARE_INVALID);
    cr_assert_str_eq(errors.items[0].field, field);
}
#define WIRE_BYTES_TRY(literal, field) wire_bytes_try("" literal, sizeof literal - 1, field)

Test(referral_codec, wrong_types_and_keys_on_the_wire_are_named_too)
{
    WIRE_BYTES_TRY("\x81\x01\x07", "message_id");
    WIRE_BYTES_TRY("\x81\x02\xa2gp", "source");
    WIRE_BYTES_TRY("\x81\x03\x90", "referrer");
    WIRE_BYTES_TRY("\x81\x03\x81\x01\xc2", "referrer.organisation");
    WIRE_BYTES_TRY("\x81\x04\x91\x01", "referred_at");
    WIRE_BYTES_TRY("\x81\x05\x81\x04\xa1x", "patient.birth_date");
    WIRE_BYTES_TRY("\x81\x0a\x81\x04\x99\x00\x00\xa1x\x00\x00\x00\x00\x00\x00", "instruments.phq_9[2]");
    WIRE_BYTES_TRY("\x81\x0a\x81\x04\x91\x00", "instruments.phq_9");
    WIRE_BYTES_TRY("\x81\x0e\xc0", "letter");
    WIRE_BYTES_TRY("\x81\x2a\x01", "key_42");
    WIRE_BYTES_TRY("\x82\x01\xa1m\x01\xa1m", "message_id");
    WIRE_BYTES_TRY("\x90", "referral");
    WIRE_BYTES_TRY("\xdd\x10\x00\x00\x00", "referral");
    WIRE_BYTES_TRY("\x80\x00", "referral");
}

Test(referral_codec, the_ledger_form_may_be_older_but_not_longer)
{
    struct stepcare_referral back;
    cr_assert_eq(referral_ledger_decode((const uint8_t *)"\x93\x01\xa1m\x01", 5, &back), STEPCARE_OK);
    cr_assert(back.source == STEPCARE_SOURCE_GP && back.duration_weeks == STEPCARE_BLANK);
    cr_assert_eq(referral_ledger_decode((const uint8_t *)"\x93\x02\xa1m\x01", 5, &back), STEPCARE_DAMAGED,
                 "another version");
    cr_assert_eq(referral_ledger_decode((const uint8_t *)"\x93\x01\xa1m\x04", 5, &back), STEPCARE_DAMAGED,
                 "no such source");
    uint8_t longer[] = {0xdc, 0,    16,   1,    0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0,
                        0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0};
    cr_assert_eq(referral_ledger_decode(longer, sizeof longer, &back), STEPCARE_DAMAGED);
    longer[2] = 15;
    cr_assert_eq(referral_ledger_decode(longer, sizeof longer - 1, &back), STEPCARE_OK);
}
