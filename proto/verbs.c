#include "proto/verbs.h"

#include "proto/record_fields.h"

enum { REQUIRED_MAX = 6, ALLOWED_MAX = 24 };

/* Zero ends a list: no field has key 0. */
struct verb_row {
    uint8_t required[REQUIRED_MAX];
    uint8_t allowed[ALLOWED_MAX];
};

#define F(field) STEPCARE_FIELD_##field
#define PLACED F(tier), F(service), F(urgency), F(due), F(codes), F(holds), F(rule), F(target_days), F(parallel)
#define RECOMMENDED F(recommended_tier), F(recommended_service), F(recommended_urgency)
#define SCORES                                                                                                         \
    F(phq_9), F(gad_7), F(phq_9_item_9), F(rmdq), F(nrs), F(start_back_now), F(treatment_outcome), F(red_flags), F(week)
#define BASELINES F(phq_9_baseline), F(gad_7_baseline), F(rmdq_baseline), F(nrs_baseline)
#define PAGE F(after), F(limit)
#define LISTING .allowed = {F(tier), F(service), PAGE}

static const struct verb_row rows[] = {
    [WIRE_HELLO] = {.allowed = {F(version)}},
    [WIRE_SUBMIT] = {{F(referral)}, {F(wait_ms)}},
    [WIRE_LOOKUP] = {{F(message_id)}, {F(organisation)}},
    [WIRE_WORKLIST] = {{F(tier)}, {F(service), PAGE}},
    [WIRE_CLAIM] = {{F(tier), F(request_key)}, {F(service), F(count)}},
    [WIRE_RENEW] = {{F(referral_id)}, {F(token)}},
    [WIRE_ACCEPT] = {{F(referral_id)}, {F(token)}},
    [WIRE_RELEASE] = {{F(referral_id), F(reason)}, {F(token), F(note)}},
    [WIRE_DECLINE] = {{F(referral_id), F(reason), F(to_tier)}, {F(to_service), F(token), F(note)}},
    [WIRE_CASELOAD] = {.allowed = {PAGE}},
    [WIRE_CONTACT] = {{F(referral_id), F(contact_outcome)}, {F(channel), F(note)}},
    [WIRE_REVIEW] = {{F(referral_id)}, {SCORES, F(contact), F(note), F(wait_ms)}},
    [WIRE_STEP_UP] = {{F(referral_id), F(to_tier), F(reason)}, {F(to_service), F(note)}},
    [WIRE_STEP_DOWN] = {{F(referral_id), F(to_tier), F(reason)}, {F(to_service), F(note)}},
    [WIRE_DISCHARGE] = {{F(referral_id), F(end_code)}, {F(reason), F(note)}},
    [WIRE_CANCEL] = {{F(referral_id), F(reason)}, {F(note)}},
    [WIRE_INFORM] = {{F(referral_id), F(referral)}, {F(changed), F(note), F(sequence), F(wait_ms)}},
    [WIRE_SHOW] = {{F(referral_id)}, {0}},
    [WIRE_FEEDBACK] = {.allowed = {F(organisation), F(cursor), F(limit), F(wait_ms)}},
    [WIRE_BACKLOG] = {{0}, {0}},
    [WIRE_HOLDS] = {LISTING},
    [WIRE_HOLD_RELEASE] = {{F(referral_id), F(hold), F(reason)}, {F(note)}},
    [WIRE_ASSIGN] = {{F(referral_id), F(to_tier), F(reason)}, {F(to_service), F(note)}},
    [WIRE_STUCK] = {LISTING},
    [WIRE_RETRY] = {{F(referral_id)}, {0}},
    [WIRE_PAUSE] = {{F(tier)}, {F(reason), F(note)}},
    [WIRE_RESUME] = {{F(tier)}, {F(reason), F(note)}},
    [WIRE_WAITS] = {LISTING},
    [WIRE_NOTE] = {{F(referral_id), F(note)}, {0}},
    [WIRE_REOPEN] = {{F(referral_id), F(reason)}, {F(note)}},
    [WIRE_DUPLICATES] = {LISTING},
    [WIRE_UNCLAIMABLE] = {LISTING},
    [WIRE_CONFIRM] = {{F(referral_id)}, {F(action), F(to_tier), F(to_service), F(end_code), F(reason), F(note)}},
    [WIRE_ADOPT] = {{0}, {0}},
    [WIRE_JUDGE] = {{F(referral_id), F(linked_to), F(reason)}, {F(note)}},
    [WIRE_WORKER_HELLO] = {{F(kinds), F(pathway_hash), F(credit)}, {F(version), F(pathway)}},
    [WIRE_JOB] = {{F(job), F(kind), F(referral_id), F(sequence), F(attempt)},
                  {F(referral), F(tier), F(service), F(contact), F(max_contacts), SCORES, BASELINES}},
    [WIRE_RESULT] = {{F(job), F(referral_id), F(sequence)},
                     {PLACED, RECOMMENDED, F(action), F(to_tier), F(to_service), F(pathway), F(pathway_hash),
                      F(override_taken), F(rules_tried), F(kind), F(problem)}},
    [WIRE_HEARTBEAT] = {.allowed = {F(credit)}},
    [WIRE_GOODBYE] = {{0}, {0}},
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

/* A required value that says nothing: 0 is "none" among codes, and an empty text tells nobody anything. */
static bool value_empty(const struct stepcare_record *record, unsigned key)
{
    switch (record_fields[key].type) {
    case RECORD_CODE: return *record_member_const(record, key, uint8_t) == 0;
    case RECORD_TEXT:
    case RECORD_BYTES: return record_member_const(record, key, struct stepcare_text)->bytes == 0;
    default: return false;
    }
}

enum stepcare_error wire_request_check(uint8_t verb, const struct stepcare_record *record,
                                       struct stepcare_field_errors *out_errors)
{
    const char *name = wire_verb_name(verb);
    if (name == NULL) return STEPCARE_UNKNOWN_VERB;
    const struct verb_row *row = &rows[verb];
    uint64_t surplus[2] = {record->present[0], record->present[1]};
    enum stepcare_error error = STEPCARE_OK;
    for (unsigned i = 0; i < REQUIRED_MAX && row->required[i] != 0; i++) {
        unsigned key = row->required[i];
        surplus[key / 64] &= ~(UINT64_C(1) << (key % 64));
        if (stepcare_record_has(record, key) && !value_empty(record, key)) continue;
        stepcare_field_errors_add(out_errors, record_fields[key].name, "%s needs this field", name);
        error = STEPCARE_INVALID;
    }
    for (unsigned i = 0; i < ALLOWED_MAX && row->allowed[i] != 0; i++) {
        unsigned key = row->allowed[i];
        surplus[key / 64] &= ~(UINT64_C(1) << (key % 64));
    }
    for (unsigned key = 1; (surplus[0] | surplus[1]) != 0 && key < STEPCARE_FIELD_COUNT; key++) {
        if ((surplus[key / 64] >> (key % 64) & 1U) == 0) continue;
        stepcare_field_errors_add(out_errors, record_fields[key].name, "%s has no such field", name);
        error = STEPCARE_INVALID;
    }
    return error;
}
