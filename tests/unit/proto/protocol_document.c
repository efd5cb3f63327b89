/* proto/PROTOCOL.md says what the code does: each name, number, field and limit, and the bytes of the worked
 * example. */
#include "proto/frame.h"
#include "proto/record_fields.h"
#include "proto/referral_fields.h"
#include "tests/support/golden_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static char *document;

static void setup(void)
{
    document = source_text_read("proto/PROTOCOL.md");
    cr_assert_not_null(document);
}

static void teardown(void)
{
    free(document);
}

TestSuite(protocol_document, .init = setup, .fini = teardown);

static void must_say(const char *text)
{
    cr_expect_not_null(strstr(document, text), "PROTOCOL.md does not say: %s", text);
}

static void __attribute__((format(printf, 1, 2))) must_say_format(const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    must_say(text);
}

Test(protocol_document, names_every_error_and_record_field_with_its_number)
{
    static const char *const types[RECORD_TYPE_COUNT] = {NULL,    "ID",    "UINT",   "INT",    "TIME",
                                                         "BOOL",  "TEXT",  "CODE",   "MASK",   "CODES",
                                                         "TIMES", "BYTES", "ERRORS", "RECORDS"};
#define ERROR_ROW(number, NAME, name, text) must_say_format("| %d | `%s` | %s |", number, name, text);
    STEPCARE_ERRORS(ERROR_ROW)
#undef ERROR_ROW
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++) {
        const struct record_field *field = &record_fields[key];
        bool textual = field->type == RECORD_TEXT || field->type == RECORD_BYTES;
        if (textual) {
            must_say_format("| %u | `%s` | %s | at most %u bytes |", key, field->name, types[field->type],
                            field->limit);
        } else {
            must_say_format("| %u | `%s` | %s |", key, field->name, types[field->type]);
        }
    }
}

static void codes_said(const struct stepcare_codeset *codes)
{
    for (unsigned number = 1; number < codes->count; number++)
        must_say_format(" %u `%s`", number, codes->names[number]);
}

Test(protocol_document, names_every_code_with_its_number)
{
    static const struct stepcare_codeset *const sets[] = {
        &stepcare_tiers,
        &stepcare_services,
        &stepcare_urgencies,
        &stepcare_holds,
        &stepcare_sources,
        &stepcare_problems,
        &stepcare_red_flags,
        &stepcare_findings,
        &stepcare_histories,
        &stepcare_preferences,
        &stepcare_axspa_features,
        &stepcare_hla_b27s,
        &stepcare_risks,
        &stepcare_outcomes,
        &stepcare_states,
        &stepcare_next_actions,
        &stepcare_kinds,
        &stepcare_actions,
        &stepcare_treatment_outcomes,
        &stepcare_contact_outcomes,
        &stepcare_channels,
        &stepcare_handover_phases,
        &stepcare_events,
    };
    for (unsigned i = 0; i < sizeof sets / sizeof sets[0]; i++) codes_said(sets[i]);
}

Test(protocol_document, numbers_every_field_of_the_referral)
{
    for (unsigned g = 0; g < REFERRAL_GROUP_COUNT; g++) {
        for (unsigned i = 0; i < referral_groups[g].count; i++) {
            must_say_format(" %u `%s`", i + 1, referral_groups[g].fields[i].name);
        }
    }
}

/* Adds the cells of a verb's row, whose second cell goes on with `form`: what it needs, and what else it may have. */
static bool verb_row_add(uint8_t verb, const char *form, char needs[512], char may[512])
{
    char begin[64];
    snprintf(begin, sizeof begin, "\n| %u | `%s`%s |", verb, wire_verb_name(verb), form);
    const char *at = strstr(document, begin);
    if (at == NULL) return false;
    at += strlen(begin);
    const char *middle = strchr(at, '|'), *end = middle == NULL ? NULL : strchr(middle + 1, '|');
    if (end == NULL) return false;
    const size_t needs_at = strlen(needs), may_at = strlen(may);
    snprintf(needs + needs_at, 512 - needs_at, "%.*s", (int)(middle - at), at);
    snprintf(may + may_at, 512 - may_at, "%.*s", (int)(end - middle), middle);
    if (strstr(may, "…page") != NULL) strcat(may, " `after` `limit`");
    return true;
}

static bool named(const struct stepcare_field_errors *errors, const char *field)
{
    for (unsigned i = 0; i < errors->count; i++) {
        if (strcmp(errors->items[i].field, field) == 0) return true;
    }
    return false;
}

/* One more field, not empty. */
static void field_add(struct stepcare_record *record, unsigned key)
{
    if (record_fields[key].type == RECORD_TEXT || record_fields[key].type == RECORD_BYTES)
        *record_member(record, key, struct stepcare_text) = stepcare_text_of("x");
    else
        memset(record_member(record, key, char), 1, 1);
    stepcare_record_mark(record, key);
}

/* A row of the document, and of a form its own row, too, against the check. `told` is the field that tells the form. */
static void verb_compare(uint8_t verb, const char *form, unsigned told, uint8_t code)
{
    char needs[512] = "", may[512] = "";
    static struct stepcare_record of_form;
    memset(&of_form, 0, sizeof of_form);
    if (told != 0) field_add(&of_form, told);
    if (code != 0) *record_member(&of_form, told, uint8_t) = code;
    cr_assert(verb_row_add(verb, "", needs, may), "PROTOCOL.md has no row for %s", wire_verb_name(verb));
    cr_assert(*form == '\0' || verb_row_add(verb, form, needs, may), "PROTOCOL.md has no row for %s%s",
              wire_verb_name(verb), form);
    struct stepcare_field_errors missing = {0};
    verb_fields_check(verb, &of_form, &missing);
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++) {
        struct stepcare_field_errors errors = {0};
        char quoted[64];
        const char *name = record_fields[key].name;
        struct stepcare_record record = of_form;
        if (key == told || (*form != '\0' && (key == STEPCARE_FIELD_problem || key == STEPCARE_FIELD_action)))
            continue; /* another form */
        field_add(&record, key);
        verb_fields_check(verb, &record, &errors);
        const bool needed = named(&missing, name), allowed = !needed && !named(&errors, name);
        snprintf(quoted, sizeof quoted, "`%s`", name);
        cr_expect_eq(strstr(needs, quoted) != NULL, needed, "PROTOCOL.md: does %s%s need %s?", wire_verb_name(verb),
                     form, name);
        cr_expect_eq(strstr(may, quoted) != NULL, allowed, "PROTOCOL.md: may %s%s have %s?", wire_verb_name(verb), form,
                     name);
    }
}

Test(protocol_document, says_of_every_verb_what_it_needs_and_what_it_may_have)
{
    for (unsigned verb = 1; verb <= WIRE_GOODBYE; verb++) {
        if (wire_verb_name((uint8_t)verb) == NULL || verb == WIRE_JOB || verb == WIRE_RESULT) continue;
        verb_compare((uint8_t)verb, "", 0, 0);
    }
}

Test(protocol_document, says_what_each_form_of_a_job_and_of_a_result_needs_and_may_have)
{
    verb_compare(WIRE_JOB, " of triage", STEPCARE_FIELD_kind, STEPCARE_KIND_TRIAGE);
    for (uint8_t kind = STEPCARE_KIND_T_CBT; kind < STEPCARE_KIND_COUNT; kind++)
        verb_compare(WIRE_JOB, " of a review", STEPCARE_FIELD_kind, kind);
    verb_compare(WIRE_RESULT, " of triage", 0, 0);
    verb_compare(WIRE_RESULT, " of a review", STEPCARE_FIELD_action, 0);
    verb_compare(WIRE_RESULT, " undecided", STEPCARE_FIELD_problem, 0);
}

Test(protocol_document, shows_golden_bytes)
{
    struct golden_file *file = golden_file_open("tests/golden/wire.txt");
    unsigned shown = 0;
    for (const char *at = document; (at = strstr(at, "\n```\n")) != NULL; at++) {
        char name[64], hex[2048], golden[2048] = "";
        if (sscanf(at, "\n```\n%63[a-z_.]\n%2047[0-9a-f]\n", name, hex) != 2 || strchr(name, '.') == NULL) continue;
        size_t bytes = 0;
        const uint8_t *data = golden_file_find(file, name, &bytes);
        cr_assert_not_null(data, "%s", name);
        for (size_t i = 0; i < bytes && i < 1000; i++) snprintf(golden + 2 * i, 3, "%02x", data[i]);
        cr_expect_str_eq(hex, golden, "the worked example of %s", name);
        shown++;
    }
    cr_assert_eq(shown, 3);
    golden_file_close(file);
}

/* The example taken apart byte by byte is the golden frame, too. */
Test(protocol_document, takes_the_example_apart_without_losing_a_byte)
{
    struct golden_file *file = golden_file_open("tests/golden/wire.txt");
    size_t bytes = 0, found = 0;
    const uint8_t *data = golden_file_find(file, "claim.request", &bytes);
    const char *line = strstr(document, "\n83                                   frame: a map of three\n");
    cr_assert(data != NULL && line != NULL);
    for (line++; strncmp(line, "```", 3) != 0; line = strchr(line, '\n') + 1) {
        for (const char *at = line; at < line + 36 && *at != '\n'; at++) {
            unsigned byte;
            if (*at == ' ') continue;
            cr_assert_eq(sscanf(at++, "%2x", &byte), 1);
            cr_assert(found < bytes && data[found++] == byte, "byte %zu: %.40s", found, line);
        }
    }
    cr_assert_eq(found, bytes);
    golden_file_close(file);
}

Test(protocol_document, gives_the_limits_as_they_are)
{
    must_say_format("| frame | %d bytes |", STEPCARE_FRAME_BYTES_MAX);
    must_say_format("| messages in a frame | %d |", STEPCARE_BATCH_COUNT_MAX);
    must_say_format("| nesting | %d containers |", STEPCARE_DEPTH_MAX);
    must_say_format("| actor, message id, request key | %d bytes |", STEPCARE_ACTOR_BYTES_MAX);
    must_say_format("| letter | %d bytes |", STEPCARE_LETTER_BYTES_MAX);
    must_say_format("| note | %d bytes |", STEPCARE_NOTE_BYTES_MAX);
    must_say_format("| line of JSON | %d bytes |", STEPCARE_LINE_BYTES_MAX);
    must_say_format("| codes of one decision | %d |", STEPCARE_CODES_MAX);
    must_say_format("| failing fields named | %d |", STEPCARE_ERRORS_MAX);
    must_say_format("| rows of a page | %d |", STEPCARE_LISTING_COUNT_MAX);
    must_say_format("| leases of a claim | %d |", STEPCARE_CLAIM_COUNT_MAX);
    must_say_format("`duration_weeks` 0 to %d", STEPCARE_DURATION_WEEKS_MAX);
    must_say_format("version %d", WIRE_VERSION);
}
