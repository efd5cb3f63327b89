/* The referral's bytes on the wire and in the ledger: every stored referral must be readable for ever, and equal
 * content must hash equal. */
#include "proto/referral_codec.h"
#include "tests/support/golden_file.h"
#include "tests/support/golden_messages.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define FILE_NAME "tests/golden/referral.txt"

struct golden_referral {
    const char *name;
    const char *(*json)(void);
};

static const struct golden_referral referrals[] = {{"documented", golden_referral_json},
                                                   {"full", golden_referral_full_json}};
enum { REFERRAL_COUNT = 2, FORM_COUNT = 3 };

static struct arena *arena;

static void setup(void)
{
    cr_assert_eq(arena_open(1024 * 1024, &arena), STEPCARE_OK);
}

static void teardown(void)
{
    arena_close(arena);
}

TestSuite(golden_referral, .init = setup, .fini = teardown);

static void decode(const struct golden_referral *golden, struct stepcare_referral *out_referral)
{
    struct stepcare_field_errors errors;
    const char *json = golden->json();
    cr_assert_eq(referral_json_decode(json, strlen(json), arena, out_referral, &errors), STEPCARE_OK, "%s: %s",
                 golden->name, errors.items[0].field);
}

static void encode(unsigned form, const struct stepcare_referral *referral, struct buffer *buffer)
{
    buffer_clear(buffer);
    if (form == 0) {
        referral_wire_encode(buffer, referral);
    } else {
        referral_ledger_encode(buffer, referral, form == 2);
    }
}

Test(golden_referral, every_form_encodes_to_its_golden_bytes)
{
    static const char *const forms[FORM_COUNT] = {"wire", "ledger", "stripped"};
    struct golden_file *file = golden_file_open(FILE_NAME);
    struct buffer buffer = {0};
    for (unsigned i = 0; i < REFERRAL_COUNT; i++) {
        struct stepcare_referral referral;
        decode(&referrals[i], &referral);
        for (unsigned form = 0; form < FORM_COUNT; form++) {
            char name[64];
            snprintf(name, sizeof(name), "%s.%s", referrals[i].name, forms[form]);
            encode(form, &referral, &buffer);
            cr_expect(golden_file_agrees(file, name, buffer.data, buffer.bytes),
                      "%s: the bytes differ: stored referrals would no longer be readable", name);
        }
    }
    buffer_close(&buffer);
    golden_file_close(file);
}

Test(golden_referral, every_golden_form_decodes_to_the_same_json)
{
    struct golden_file *file = golden_file_open(FILE_NAME);
    struct buffer expected = {0}, actual = {0};
    for (unsigned i = 0; i < REFERRAL_COUNT; i++) {
        struct stepcare_referral referral, back;
        struct stepcare_field_errors errors;
        char name[64];
        size_t bytes = 0;
        decode(&referrals[i], &referral);
        buffer_clear(&expected);
        referral_json_encode(&expected, &referral);
        snprintf(name, sizeof(name), "%s.wire", referrals[i].name);
        const uint8_t *data = golden_file_find(file, name, &bytes);
        cr_assert(data != NULL && referral_wire_decode(data, bytes, &back, &errors) == STEPCARE_OK, "%s", name);
        buffer_clear(&actual);
        referral_json_encode(&actual, &back);
        cr_assert(actual.bytes == expected.bytes && memcmp(actual.data, expected.data, actual.bytes) == 0, "%s", name);
        snprintf(name, sizeof(name), "%s.ledger", referrals[i].name);
        data = golden_file_find(file, name, &bytes);
        cr_assert(data != NULL && referral_ledger_decode(data, bytes, &back) == STEPCARE_OK, "%s", name);
        buffer_clear(&actual);
        referral_json_encode(&actual, &back);
        cr_assert(actual.bytes == expected.bytes && memcmp(actual.data, expected.data, actual.bytes) == 0, "%s", name);
    }
    buffer_close(&expected);
    buffer_close(&actual);
    golden_file_close(file);
}

/* What is as sent stays as sent: the fullest referral comes back as the very JSON that came in. */
Test(golden_referral, the_full_referrals_json_comes_back_letter_by_letter)
{
    struct stepcare_referral referral;
    struct buffer buffer = {0};
    decode(&referrals[1], &referral);
    referral_json_encode(&buffer, &referral);
    buffer_append(&buffer, "", 1);
    cr_assert_str_eq(
        (char *)buffer.data,
        "{\"message_id\":\"m-2\",\"source\":\"rheumatology\",\"referrer\":{\"organisation\":\"ABC\",\"practitioner\":"
        "\"P\",\"reference\":\"R\"},"
        "\"referred_at\":\"2026-07-01T12:00:00.250+01:00\",\"patient\":{\"nhs_number\":\"9434765918\",\"family_name\":"
        "\"Ngũgĩ\",\"given_name\":\"\","
        "\"birth_date\":\"2000-02-29\",\"postcode\":\"ST5\",\"phone\":\"1\",\"pregnant\":true},\"problem\":\"chronic_"
        "widespread_pain\","
        "\"duration_weeks\":5200,\"red_flags\":{\"screened\":false,\"present\":[\"bladder_dysfunction\",\"night_pain\"]"
        "},"
        "\"findings\":[\"synovitis_single_joint\"],\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,4],\"start_back_"
        "6\":[1,1,1,0,null,4],"
        "\"start_msk\":12,\"phq_9\":[3,2,1,0,null,0,1,2,3],\"gad_7\":[0,1,2,3,null,2,1],\"hads\":{\"anxiety\":21},"
        "\"fibromyalgia_2016\":{\"widespread_pain_index\":19,\"symptom_severity\":12,\"pain_regions\":5,\"duration_"
        "months\":36},"
        "\"cwp_1990\":true,\"axial_spa\":{\"onset_age\":30,\"duration_months\":120,\"features\":[\"buttock_pain\","
        "\"psoriasis\"],"
        "\"hla_b27\":\"negative\"}},\"history\":[\"physio_failed\"],\"preferences\":[\"prefers_video\",\"needs_"
        "interpreter\"],"
        "\"override\":{\"tier\":\"secondary_care\",\"service\":\"pain\",\"reason\":\"clinical_judgement\","
        "\"clinician\":\"Dr A\"},"
        "\"letter\":\"line one\\nline two\"}");
    buffer_close(&buffer);
}
