/* The one table of what each message must and may carry, and the check of a record against it: the router asks it of
 * requests and of what workers send, a worker of its jobs, the tests of PROTOCOL.md. */
#include "proto/verbs.h"

#include "proto/record_fields.h"

enum { REQUIRED_MAX = 8, ALLOWED_MAX = 24, FORMS_MAX = 3 };

/* Zero ends a list of fields: no field has key 0. */
struct fields {
    uint8_t required[REQUIRED_MAX];
    uint8_t allowed[ALLOWED_MAX];
};

/* What a message has besides its row's fields where its record is of this form: it has the field `by` (a code: one that
 * is not none), with one of `codes` (a mask; 0: with any). */
struct verb_form {
    uint8_t by;
    uint32_t codes;
    struct fields fields;
};

/* The first form that fits holds; a form without `by` fits always. */
struct verb_row {
    uint8_t verb; /* its own number: a verb without a row is then no verb */
    struct fields fields;
    const struct verb_form *forms; /* FORMS_MAX of them; NULL where the verb has but one form */
};

#define F(field) STEPCARE_FIELD_##field
#define NEEDS(...) .required = {__VA_ARGS__}
#define MAY(...) .allowed = {__VA_ARGS__}
#define SCORES                                                                                                         \
    F(phq_9), F(gad_7), F(phq_9_item_9), F(rmdq), F(nrs), F(start_back_now), F(treatment_outcome), F(red_flags), F(week)
#define BASELINES F(phq_9_baseline), F(gad_7_baseline), F(rmdq_baseline), F(nrs_baseline)
#define DECIDED F(rule), F(codes), F(holds), F(pathway), F(pathway_hash)
#define RECOMMENDED F(recommended_tier), F(recommended_service), F(recommended_urgency)
#define PAGE F(after), F(limit)
#define LISTING MAY(F(tier), F(service), PAGE)

/* By kind: triage reads the referral, a review what its event holds. A job of no known kind has the row's fields
 * alone. */
static const struct verb_form job_forms[FORMS_MAX] = {
    {F(kind), STEPCARE_BIT(STEPCARE_KIND_TRIAGE), {NEEDS(F(referral))}},
    {F(kind), 0, {NEEDS(F(tier)), MAY(F(service), F(contact), F(max_contacts), SCORES, BASELINES)}},
    {0},
};

/* Undecided, of a review, of triage. An undecided job may have been unreadable down to its sequence. */
static const struct verb_form result_forms[FORMS_MAX] = {
    {F(problem), 0, {NEEDS(F(problem)), MAY(F(sequence))}},
    {F(action), 0, {NEEDS(F(sequence), F(action), DECIDED), MAY(F(to_tier), F(to_service), F(urgency))}},
    {0,
     0,
     {NEEDS(F(sequence), F(tier), F(urgency), DECIDED), MAY(F(service), F(target_days), F(parallel), RECOMMENDED)}},
};

#define ROW(NAME, ...) [WIRE_##NAME] = {.verb = WIRE_##NAME, .fields = {__VA_ARGS__}}
#define ROW_OF_FORMS(NAME, FORMS, ...) [WIRE_##NAME] = {.verb = WIRE_##NAME, .forms = FORMS, .fields = {__VA_ARGS__}}

static const struct verb_row rows[] = {
    ROW(HELLO, MAY(F(version))),
    ROW(SUBMIT, NEEDS(F(referral)), MAY(F(wait_ms))),
    ROW(LOOKUP, NEEDS(F(message_id)), MAY(F(organisation))),
    ROW(WORKLIST, NEEDS(F(tier)), MAY(F(service), PAGE)),
    ROW(CLAIM, NEEDS(F(tier), F(request_key)), MAY(F(service), F(count))),
    ROW(RENEW, NEEDS(F(referral_id)), MAY(F(token))),
    ROW(ACCEPT, NEEDS(F(referral_id)), MAY(F(token))),
    ROW(RELEASE, NEEDS(F(referral_id), F(reason)), MAY(F(token), F(note))),
    ROW(DECLINE, NEEDS(F(referral_id), F(reason), F(to_tier)), MAY(F(to_service), F(token), F(note))),
    ROW(CASELOAD, MAY(PAGE)),
    ROW(CONTACT, NEEDS(F(referral_id), F(contact_outcome)), MAY(F(channel), F(note))),
    ROW(REVIEW, NEEDS(F(referral_id)), MAY(SCORES, F(contact), F(note), F(wait_ms))),
    ROW(STEP_UP, NEEDS(F(referral_id), F(to_tier), F(reason)), MAY(F(to_service), F(note))),
    ROW(STEP_DOWN, NEEDS(F(referral_id), F(to_tier), F(reason)), MAY(F(to_service), F(note))),
    ROW(DISCHARGE, NEEDS(F(referral_id), F(end_code)), MAY(F(reason), F(note))),
    ROW(CANCEL, NEEDS(F(referral_id), F(reason)), MAY(F(note))),
    ROW(INFORM, NEEDS(F(referral_id), F(referral)), MAY(F(changed), F(note), F(sequence), F(wait_ms))),
    ROW(SHOW, NEEDS(F(referral_id))),
    ROW(FEEDBACK, MAY(F(organisation), F(cursor), F(limit), F(wait_ms))),
    ROW(BACKLOG, NEEDS(0)),
    ROW(HOLDS, LISTING),
    ROW(HOLD_RELEASE, NEEDS(F(referral_id), F(hold), F(reason)), MAY(F(note))),
    ROW(ASSIGN, NEEDS(F(referral_id), F(to_tier), F(reason)), MAY(F(to_service), F(note))),
    ROW(STUCK, LISTING),
    ROW(RETRY, NEEDS(F(referral_id))),
    ROW(PAUSE, NEEDS(F(tier)), MAY(F(reason), F(note))),
    ROW(RESUME, NEEDS(F(tier)), MAY(F(reason), F(note))),
    ROW(WAITS, LISTING),
    ROW(NOTE, NEEDS(F(referral_id), F(note))),
    ROW(REOPEN, NEEDS(F(referral_id), F(reason)), MAY(F(note))),
    ROW(DUPLICATES, LISTING),
    ROW(UNCLAIMABLE, LISTING),
    ROW(CONFIRM, NEEDS(F(referral_id)), MAY(F(action), F(to_tier), F(to_service), F(end_code), F(reason), F(note))),
    ROW(ADOPT, NEEDS(0)),
    ROW(JUDGE, NEEDS(F(referral_id), F(linked_to), F(reason)), MAY(F(note))),
    ROW(WORKER_HELLO, NEEDS(F(kinds), F(pathway_hash), F(credit)), MAY(F(version), F(pathway))),
    ROW_OF_FORMS(JOB, job_forms, NEEDS(F(job), F(kind), F(referral_id), F(sequence), F(attempt))),
    ROW_OF_FORMS(RESULT, result_forms, NEEDS(F(job), F(referral_id)), MAY(F(kind))),
    ROW(HEARTBEAT, MAY(F(credit))),
    ROW(GOODBYE, NEEDS(0)),
};

const char *wire_verb_name(uint8_t verb)
{
    switch (verb) {
#define VERB_NAME(number, NAME, name)                                                                                  \
    case number: return #name;
        WIRE_VERBS(VERB_NAME)
#undef VERB_NAME
    default: return NULL;
    }
}

/* A required value that says nothing: 0 is "none" among codes, and an empty text says as little. */
static bool value_empty(const struct stepcare_record *record, unsigned key)
{
    switch (record_fields[key].type) {
    case RECORD_CODE: return *record_member_const(record, key, uint8_t) == 0;
    case RECORD_TEXT:
    case RECORD_BYTES: return record_member_const(record, key, struct stepcare_text)->bytes == 0;
    default: return false;
    }
}

static bool form_fits(const struct verb_form *form, const struct stepcare_record *record)
{
    if (form->by == 0) return true;
    if (!stepcare_record_has(record, form->by)) return false;
    if (record_fields[form->by].type != RECORD_CODE) return true;
    const uint8_t code = *record_member_const(record, form->by, uint8_t);
    return code != 0 && code <= 32 && (form->codes == 0 || (form->codes & STEPCARE_BIT(code)) != 0);
}

/* NULL where the verb has no forms. */
static const struct fields *form_of(const struct verb_row *row, const struct stepcare_record *record)
{
    for (unsigned i = 0; row->forms != NULL && i < FORMS_MAX; i++)
        if (form_fits(&row->forms[i], record)) return &row->forms[i].fields;
    return NULL;
}

/* The fields of one list: what is missing is an error, what is there is no longer surplus. */
static enum stepcare_error fields_check(const char *name, const struct fields *fields,
                                        const struct stepcare_record *record, uint64_t surplus[2],
                                        struct stepcare_field_errors *out_errors)
{
    enum stepcare_error error = STEPCARE_OK;
    for (unsigned i = 0; i < REQUIRED_MAX && fields->required[i] != 0; i++) {
        const unsigned key = fields->required[i];
        surplus[key / 64] &= ~(UINT64_C(1) << (key % 64));
        if (stepcare_record_has(record, key) && !value_empty(record, key)) continue;
        stepcare_field_errors_add(out_errors, record_fields[key].name, "%s needs this field", name);
        error = STEPCARE_INVALID;
    }
    for (unsigned i = 0; i < ALLOWED_MAX && fields->allowed[i] != 0; i++) {
        const unsigned key = fields->allowed[i];
        surplus[key / 64] &= ~(UINT64_C(1) << (key % 64));
    }
    return error;
}

enum stepcare_error verb_fields_check(uint8_t verb, const struct stepcare_record *record,
                                      struct stepcare_field_errors *out_errors)
{
    if (verb >= sizeof rows / sizeof rows[0] || rows[verb].verb == 0) return STEPCARE_UNKNOWN_VERB;
    const char *name = wire_verb_name(verb);
    const struct fields *form = form_of(&rows[verb], record);
    uint64_t surplus[2] = {record->present[0], record->present[1]};
    enum stepcare_error error = fields_check(name, &rows[verb].fields, record, surplus, out_errors);
    if (form != NULL && fields_check(name, form, record, surplus, out_errors) != STEPCARE_OK) error = STEPCARE_INVALID;
    for (unsigned key = 1; (surplus[0] | surplus[1]) != 0 && key < STEPCARE_FIELD_COUNT; key++) {
        if ((surplus[key / 64] >> (key % 64) & 1U) == 0) continue;
        stepcare_field_errors_add(out_errors, record_fields[key].name, "%s has no such field", name);
        error = STEPCARE_INVALID;
    }
    return error;
}
