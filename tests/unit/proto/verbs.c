/* Which fields each message needs and may have, and that the check names every one that is wrong. */
#include "proto/frame.h"
#include "proto/record_fields.h"

#include <criterion/criterion.h>

static bool names(const struct stepcare_field_errors *errors, const char *field)
{
    for (unsigned i = 0; i < errors->count; i++) {
        if (strcmp(errors->items[i].field, field) == 0) return true;
    }
    return false;
}

Test(wire_verbs, every_verb_has_a_name_and_no_other_number_has)
{
    cr_assert_str_eq(wire_verb_name(WIRE_SUBMIT), "submit");
    cr_assert_str_eq(wire_verb_name(WIRE_GOODBYE), "goodbye");
    cr_assert_null(wire_verb_name(0));
    cr_assert_null(wire_verb_name(36));
    cr_assert_null(wire_verb_name(255));
}

Test(wire_verbs, every_missing_field_is_named)
{
    struct stepcare_record record;
    struct stepcare_field_errors errors = {0};
    stepcare_record_init(&record);
    cr_assert_eq(verb_fields_check(WIRE_DECLINE, &record, &errors), STEPCARE_INVALID);
    cr_assert_eq(errors.count, 3);
    cr_assert(names(&errors, "referral_id") && names(&errors, "reason") && names(&errors, "to_tier"));
    STEPCARE_SET(&record, referral_id, 1);
    STEPCARE_SET(&record, reason, stepcare_text_of("no_capacity"));
    STEPCARE_SET(&record, to_tier, STEPCARE_TIER_PHYSIO);
    errors.count = 0;
    cr_assert_eq(verb_fields_check(WIRE_DECLINE, &record, &errors), STEPCARE_OK);
    cr_assert_eq(errors.count, 0);
}

Test(wire_verbs, an_empty_value_is_a_missing_one)
{
    struct stepcare_record record;
    struct stepcare_field_errors errors = {0};
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, 1);
    STEPCARE_SET(&record, reason, stepcare_text_of(""));
    STEPCARE_SET(&record, to_tier, STEPCARE_TIER_NONE);
    cr_assert_eq(verb_fields_check(WIRE_ASSIGN, &record, &errors), STEPCARE_INVALID);
    cr_assert(errors.count == 2 && names(&errors, "reason") && names(&errors, "to_tier"));
}

Test(wire_verbs, every_surplus_field_is_named)
{
    struct stepcare_record record;
    struct stepcare_field_errors errors = {0};
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, 1);
    STEPCARE_SET(&record, token, 2);
    STEPCARE_SET(&record, tier, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&record, week, 12);
    cr_assert_eq(verb_fields_check(WIRE_RENEW, &record, &errors), STEPCARE_INVALID);
    cr_assert(errors.count == 2 && names(&errors, "tier") && names(&errors, "week"));
}

Test(wire_verbs, every_verb_is_checked)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, content_hash, stepcare_text_of("x")); /* no request has it */
    for (unsigned verb = 0; verb < 256; verb++) {
        struct stepcare_field_errors errors = {0};
        bool known = wire_verb_name((uint8_t)verb) != NULL;
        cr_assert_eq(verb_fields_check((uint8_t)verb, &record, &errors),
                     known ? STEPCARE_INVALID : STEPCARE_UNKNOWN_VERB);
        cr_assert(!known || names(&errors, "content_hash"), "verb %u", verb);
    }
}

/* A record of some fields, none of them empty. */
static struct stepcare_record record_of(const uint8_t *fields)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    for (; *fields != 0; fields++) {
        if (record_fields[*fields].type == RECORD_TEXT || record_fields[*fields].type == RECORD_BYTES)
            *record_member(&record, *fields, struct stepcare_text) = stepcare_text_of("x");
        else if (record_fields[*fields].type == RECORD_CODE)
            *record_member(&record, *fields, uint8_t) = 1;
        stepcare_record_mark(&record, *fields);
    }
    return record;
}

#define F(field) STEPCARE_FIELD_##field
#define JOB F(job), F(kind), F(referral_id), F(sequence), F(attempt)
#define DECIDED F(job), F(referral_id), F(sequence), F(rule), F(codes), F(holds), F(pathway), F(pathway_hash)

/* What router and workers tell each other: complete, and one field that none of them has. */
static const struct {
    uint8_t verb, kind;
    uint8_t fields[24], surplus;
} worker_messages[] = {
    {WIRE_WORKER_HELLO, 0, {F(kinds), F(credit), F(pathway_hash)}, F(tier)},
    {WIRE_JOB, STEPCARE_KIND_TRIAGE, {JOB, F(referral)}, F(phq_9)},
    {WIRE_JOB, STEPCARE_KIND_T_CBT, {JOB, F(tier)}, F(referral)},
    {WIRE_JOB, STEPCARE_KIND_PHYSIO, {JOB, F(tier)}, F(referral)},
    {WIRE_JOB, STEPCARE_KIND_SECONDARY_CARE, {JOB, F(tier)}, F(problem)},
    {WIRE_RESULT, 0, {DECIDED, F(tier), F(urgency)}, F(to_tier)},
    {WIRE_RESULT, 0, {DECIDED, F(action)}, F(tier)},
    {WIRE_RESULT, 0, {F(job), F(referral_id), F(problem)}, F(tier)},
    {WIRE_HEARTBEAT, 0, {0}, F(kinds)},
    {WIRE_GOODBYE, 0, {0}, F(credit)},
};

#define EACH(i)                                                                                                        \
    unsigned i = 0;                                                                                                    \
    i < sizeof worker_messages / sizeof worker_messages[0];                                                            \
    i++

static struct stepcare_record worker_record(unsigned i)
{
    struct stepcare_record record = record_of(worker_messages[i].fields);
    if (worker_messages[i].kind != 0) record.kind = worker_messages[i].kind;
    return record;
}

Test(wire_verbs, what_router_and_workers_say_passes)
{
    for (EACH(i)) {
        const struct stepcare_record record = worker_record(i);
        struct stepcare_field_errors errors = {0};
        cr_expect_eq(verb_fields_check(worker_messages[i].verb, &record, &errors), STEPCARE_OK, "%u: %s", i,
                     errors.items[0].field);
    }
}

Test(wire_verbs, each_field_that_a_worker_message_lacks_is_named)
{
    for (EACH(i)) {
        for (const uint8_t *field = worker_messages[i].fields; *field != 0; field++) {
            /* Without these a job or a result is of another form, or of none. */
            if (*field == F(action) || *field == F(problem)) continue;
            struct stepcare_record record = worker_record(i);
            struct stepcare_field_errors errors = {0};
            record.present[*field / 64] &= ~(UINT64_C(1) << (*field % 64));
            cr_expect_eq(verb_fields_check(worker_messages[i].verb, &record, &errors), STEPCARE_INVALID);
            cr_expect(names(&errors, record_fields[*field].name), "%u: %s", i, record_fields[*field].name);
        }
    }
}

Test(wire_verbs, a_field_that_a_worker_message_cannot_have_is_named)
{
    for (EACH(i)) {
        struct stepcare_record record = worker_record(i);
        struct stepcare_field_errors errors = {0};
        stepcare_record_mark(&record, worker_messages[i].surplus);
        cr_expect_eq(verb_fields_check(worker_messages[i].verb, &record, &errors), STEPCARE_INVALID);
        cr_expect(errors.count == 1 && names(&errors, record_fields[worker_messages[i].surplus].name), "%u: %s", i,
                  errors.items[0].field);
    }
}

Test(wire_verbs, a_result_that_decides_nothing_lacks_a_placement)
{
    struct stepcare_record record = record_of((const uint8_t[]){F(job), F(referral_id), 0});
    struct stepcare_field_errors errors = {0};
    cr_assert_eq(verb_fields_check(WIRE_RESULT, &record, &errors), STEPCARE_INVALID);
    cr_assert(names(&errors, "sequence") && names(&errors, "tier") && names(&errors, "urgency"));
    cr_assert(names(&errors, "rule") && names(&errors, "holds") && names(&errors, "pathway_hash"));
}
