/* The messages whose bytes tests/golden/wire.txt holds, a row each. */
#include "tests/support/golden_messages.h"

#include "proto/record_fields.h"
#include "proto/referral_codec.h"

#include <stdlib.h>

#define F(field) STEPCARE_FIELD_##field
#define MESSAGE(name, VERB, error, ...)                                                                                \
    {                                                                                                                  \
        name, WIRE_##VERB, error,                                                                                      \
        {                                                                                                              \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }
#define REQUEST(VERB, verb, ...) MESSAGE(#verb ".request", VERB, 0, __VA_ARGS__)
#define REPLY(VERB, verb, ...) MESSAGE(#verb ".reply", VERB, 0, __VA_ARGS__)
#define REFUSAL(VERB, verb, ERROR, ...) MESSAGE(#verb ".refusal", VERB, STEPCARE_##ERROR, __VA_ARGS__)
#define ACTED F(referral_id), F(state), F(tier), F(urgency), F(holds), F(owner), F(next_action), F(due)
#define LEASE F(token), F(lease_expires)
#define PAGE F(after), F(limit)
#define PLACED F(tier), F(service), F(urgency), F(holds), F(codes), F(due), F(rule)

const struct golden_message golden_messages[] = {
    REQUEST(HELLO, hello, F(version)),
    REPLY(HELLO, hello, F(version), F(epoch), F(pathway), F(pathway_hash), F(frame_bytes_max), F(batch_count_max)),
    REQUEST(SUBMIT, submit, F(referral), F(wait_ms)),
    REPLY(SUBMIT, submit, F(outcome), F(referral_id), F(state), PLACED, F(expected_wait_days)),
    {"submit.duplicate", WIRE_SUBMIT, 0, {F(outcome), F(referral_id), F(state), PLACED, F(errors)}},
    {"submit.rejected", WIRE_SUBMIT, 0, {F(outcome), F(errors)}},
    REQUEST(LOOKUP, lookup, F(organisation), F(message_id)),
    REPLY(LOOKUP, lookup, F(outcome), F(referral_id), F(state), PLACED, F(sequence)),
    REQUEST(WORKLIST, worklist, F(tier), F(service), PAGE),
    REPLY(WORKLIST, worklist, F(rows), F(after), F(priority), F(paused)),
    REQUEST(CLAIM, claim, F(tier), F(service), F(count), F(request_key)),
    REPLY(CLAIM, claim, F(rows)),
    REFUSAL(CLAIM, claim, PAUSED, F(problem)),
    REQUEST(RENEW, renew, F(referral_id), F(token)),
    REPLY(RENEW, renew, ACTED, LEASE),
    REFUSAL(RENEW, renew, STALE_TOKEN, F(referral_id), F(problem)),
    REQUEST(ACCEPT, accept, F(referral_id), F(token)),
    REPLY(ACCEPT, accept, ACTED),
    REQUEST(RELEASE, release, F(referral_id), F(reason), F(token), F(note)),
    REPLY(RELEASE, release, ACTED),
    REQUEST(DECLINE, decline, F(referral_id), F(reason), F(to_tier), F(to_service), F(token), F(note)),
    REPLY(DECLINE, decline, ACTED),
    REQUEST(CASELOAD, caseload, PAGE),
    REPLY(CASELOAD, caseload, F(rows)),
    REQUEST(CONTACT, contact, F(referral_id), F(contact_outcome), F(channel), F(note)),
    REPLY(CONTACT, contact, ACTED),
    REQUEST(REVIEW, review, F(referral_id), F(phq_9), F(gad_7), F(phq_9_item_9), F(rmdq), F(nrs), F(start_back_now),
            F(treatment_outcome), F(red_flags), F(week), F(contact), F(note), F(wait_ms)),
    REPLY(REVIEW, review, ACTED, F(action), F(to_tier)),
    REQUEST(STEP_UP, step_up, F(referral_id), F(to_tier), F(to_service), F(reason), F(note)),
    REPLY(STEP_UP, step_up, ACTED, F(handover), F(to_tier), F(to_service)),
    REQUEST(STEP_DOWN, step_down, F(referral_id), F(to_tier), F(reason)),
    REPLY(STEP_DOWN, step_down, ACTED, F(handover), F(to_tier)),
    REQUEST(DISCHARGE, discharge, F(referral_id), F(end_code), F(reason), F(note)),
    REPLY(DISCHARGE, discharge, F(referral_id), F(state), F(tier), F(urgency), F(holds), F(end_code)),
    REQUEST(CANCEL, cancel, F(referral_id), F(reason), F(note)),
    REPLY(CANCEL, cancel, F(referral_id), F(state), F(end_code)),
    REQUEST(INFORM, inform, F(referral_id), F(referral), F(changed), F(note), F(sequence)),
    REPLY(INFORM, inform, F(referral_id), F(state), F(owner), F(next_action), F(due)),
    REFUSAL(INFORM, inform, INVALID, F(referral_id), F(problem), F(errors)),
    REQUEST(SHOW, show, F(referral_id)),
    REPLY(SHOW, show, ACTED, F(message_id), F(organisation), F(reference), F(codes), F(referred_at), F(referral),
          F(sequence), F(target_due), F(possible_duplicate), F(history)),
    REFUSAL(SHOW, show, NOT_FOUND, F(referral_id), F(problem)),
    REQUEST(FEEDBACK, feedback, F(organisation), F(cursor), F(limit), F(wait_ms)),
    REPLY(FEEDBACK, feedback, F(rows), F(cursor), F(count)),
    REQUEST(BACKLOG, backlog, 0),
    REPLY(BACKLOG, backlog, F(rows), F(workers), F(events), F(flushes), F(priority)),
    REQUEST(HOLDS, holds, PAGE),
    REPLY(HOLDS, holds, F(rows)),
    REQUEST(HOLD_RELEASE, hold_release, F(referral_id), F(hold), F(reason), F(note)),
    REPLY(HOLD_RELEASE, hold_release, ACTED),
    REQUEST(ASSIGN, assign, F(referral_id), F(to_tier), F(to_service), F(reason), F(note)),
    REPLY(ASSIGN, assign, ACTED),
    REQUEST(STUCK, stuck, PAGE),
    REPLY(STUCK, stuck, F(rows)),
    REQUEST(RETRY, retry, F(referral_id)),
    REPLY(RETRY, retry, ACTED),
    REQUEST(PAUSE, pause, F(tier), F(reason)),
    REPLY(PAUSE, pause, F(tier), F(paused)),
    REQUEST(RESUME, resume, F(tier)),
    REPLY(RESUME, resume, F(tier), F(paused)),
    REQUEST(WAITS, waits, F(tier), F(service)),
    REPLY(WAITS, waits, F(rows)),
    REQUEST(NOTE, note, F(referral_id), F(note)),
    REPLY(NOTE, note, ACTED),
    REQUEST(REOPEN, reopen, F(referral_id), F(reason), F(note)),
    REPLY(REOPEN, reopen, ACTED),
    REQUEST(DUPLICATES, duplicates, PAGE),
    REPLY(DUPLICATES, duplicates, F(rows)),
    REQUEST(UNCLAIMABLE, unclaimable, F(tier)),
    REPLY(UNCLAIMABLE, unclaimable, F(rows)),
    REQUEST(CONFIRM, confirm, F(referral_id), F(action), F(to_tier), F(to_service), F(end_code), F(reason), F(note)),
    REPLY(CONFIRM, confirm, ACTED),
    REQUEST(ADOPT, adopt, 0),
    REPLY(ADOPT, adopt, F(pathway), F(pathway_hash)),
    REQUEST(JUDGE, judge, F(referral_id), F(linked_to), F(reason), F(note)),
    REPLY(JUDGE, judge, ACTED),
    REQUEST(WORKER_HELLO, worker_hello, F(kinds), F(credit), F(pathway), F(pathway_hash), F(version)),
    REPLY(WORKER_HELLO, worker_hello, 0),
    REFUSAL(WORKER_HELLO, worker_hello, PATHWAY_MISMATCH, F(problem)),
    {"job.triage", WIRE_JOB, 0, {F(job), F(kind), F(referral_id), F(sequence), F(attempt), F(referral)}},
    {"job.review",
     WIRE_JOB,
     0,
     {F(job), F(kind), F(referral_id), F(sequence), F(attempt), F(tier), F(contact), F(max_contacts), F(phq_9),
      F(phq_9_baseline), F(gad_7), F(gad_7_baseline), F(phq_9_item_9)}},
    {"result.triage",
     WIRE_RESULT,
     0,
     {F(job), F(referral_id), F(sequence), F(kind), F(tier), F(service), F(urgency), F(target_days), F(rule), F(codes),
      F(holds), F(parallel), F(recommended_tier), F(recommended_service), F(recommended_urgency), F(pathway),
      F(pathway_hash)}},
    {"result.review",
     WIRE_RESULT,
     0,
     {F(job), F(referral_id), F(sequence), F(action), F(to_tier), F(to_service), F(urgency), F(codes), F(holds),
      F(rule), F(pathway), F(pathway_hash)}},
    {"result.problem", WIRE_RESULT, 0, {F(job), F(referral_id), F(sequence), F(problem)}},
    {"heartbeat", WIRE_HEARTBEAT, 0, {F(credit)}},
    {"goodbye", WIRE_GOODBYE, 0, {0}},
};

const unsigned golden_message_count = sizeof(golden_messages) / sizeof(golden_messages[0]);

const char *golden_referral_json(void)
{
    return "{\"message_id\":\"01931f0e-7c51-7c3a-9d0e-2f6f2c1b8a10\",\"source\":\"gp\",\"referrer\":{\"organisation\":"
           "\"Y05868\","
           "\"practitioner\":\"G8415720\",\"reference\":\"UBRN "
           "000000070000\"},\"referred_at\":\"2026-11-02T09:30:00Z\","
           "\"patient\":{\"nhs_number\":\"9434765919\",\"family_name\":\"Okafor\",\"given_name\":\"Ada\",\"birth_"
           "date\":\"1984-05-17\","
           "\"postcode\":\"ST5 1QG\",\"phone\":\"01632 "
           "960001\",\"pregnant\":false},\"problem\":\"low_back_pain\",\"duration_weeks\":9,"
           "\"red_flags\":{\"screened\":true,\"present\":[]},\"findings\":[],\"instruments\":{\"start_back_9\":[1,0,1,"
           "0,1,1,1,1,2],"
           "\"phq_9\":[1,1,1,1,1,0,0,0,0],\"gad_7\":[1,1,1,1,1,1,1]},\"history\":[],\"preferences\":[],\"letter\":"
           "\"free text\"}";
}

const char *golden_referral_full_json(void)
{
    return "{\"message_id\":\"m-2\",\"source\":\"rheumatology\",\"referrer\":{\"organisation\":\"ABC\","
           "\"practitioner\":\"P\",\"reference\":\"R\"},"
           "\"referred_at\":\"2026-07-01T12:00:00.250+01:00\",\"patient\":{\"nhs_number\":\"9434765918\",\"family_"
           "name\":\"Ngũgĩ\",\"given_name\":\"\","
           "\"birth_date\":\"2000-02-29\",\"postcode\":\"ST5\",\"phone\":\"1\",\"pregnant\":true},\"problem\":"
           "\"chronic_widespread_pain\","
           "\"duration_weeks\":5200,\"red_flags\":{\"screened\":false,\"present\":[\"night_pain\",\"bladder_"
           "dysfunction\"]},"
           "\"findings\":[\"synovitis_single_joint\"],\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,4],\"start_"
           "back_6\":[1,1,1,0,null,4],"
           "\"start_msk\":12,\"phq_9\":[3,2,1,0,null,0,1,2,3],\"gad_7\":[0,1,2,3,null,2,1],\"hads\":{\"anxiety\":21},"
           "\"fibromyalgia_2016\":{\"widespread_pain_index\":19,\"symptom_severity\":12,\"pain_regions\":5,\"duration_"
           "months\":36},"
           "\"cwp_1990\":true,\"axial_spa\":{\"onset_age\":30,\"duration_months\":120,\"features\":[\"buttock_pain\","
           "\"psoriasis\"],"
           "\"hla_b27\":\"negative\"}},\"history\":[\"physio_failed\"],\"preferences\":[\"prefers_video\",\"needs_"
           "interpreter\"],"
           "\"override\":{\"tier\":\"secondary_care\",\"service\":\"pain\",\"reason\":\"clinical_judgement\","
           "\"clinician\":\"Dr A\"},"
           "\"letter\":\"line one\\nline two\"}";
}

/* --- values --- */

static const struct {
    uint8_t key;
    const char *text;
} texts[] = {
    {F(message_id), "m-1"},
    {F(organisation), "Y05868"},
    {F(reference), "UBRN 000000070000"},
    {F(owner), "dr.jones"},
    {F(reason), "clinical_judgement"},
    {F(note), "seen together with the patient"},
    {F(after), "05030000"},
    {F(rule), "21"},
    {F(pathway), "2026.11"},
    {F(pathway_hash), "00ff"},
    {F(problem), "a sentence for people"},
    {F(version), "0.1.0"},
    {F(request_key), "8c5e0f8a"},
    {F(changed), "patient.phone"},
    {F(by), "dr.jones"},
};

static const struct {
    uint8_t key;
    uint64_t number;
} numbers[] = {
    {F(referral_id), 1},
    {F(linked_to), 2},
    {F(token), 4711},
    {F(end_code), 46},
    {F(count), 3},
    {F(limit), 100},
    {F(wait_ms), 5000},
    {F(cursor), 812},
    {F(sequence), 815},
    {F(job), 31},
    {F(attempt), 1},
    {F(credit), 64},
    {F(epoch), 5},
    {F(kinds), 15},
    {F(target_days), 28},
    {F(frame_bytes_max), STEPCARE_FRAME_BYTES_MAX},
    {F(batch_count_max), STEPCARE_BATCH_COUNT_MAX},
};

static const struct {
    uint8_t key, code;
} codes[] = {
    {F(outcome), STEPCARE_OUTCOME_ACCEPTED}, {F(state), STEPCARE_STATE_WAITING},  {F(tier), STEPCARE_TIER_PHYSIO},
    {F(service), STEPCARE_SERVICE_NONE},     {F(urgency), STEPCARE_URGENCY_SOON}, {F(next_action), STEPCARE_NEXT_CLAIM},
    {F(kind), STEPCARE_KIND_TRIAGE},         {F(to_tier), STEPCARE_TIER_HI_CBT},  {F(event), STEPCARE_EVENT_CLAIMED},
};

static uint8_t code_of(unsigned key)
{
    for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (codes[i].key == key) return codes[i].code;
    }
    return 1;
}

static uint64_t number_of(unsigned key)
{
    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (numbers[i].key == key) return numbers[i].number;
    }
    return key % 20;
}

static struct stepcare_text text_of(unsigned key)
{
    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].key == key) return stepcare_text_of(texts[i].text);
    }
    return stepcare_text_of(record_fields[key].name);
}

/* --- building --- */

struct parts {
    struct buffer referral;
    struct stepcare_field_errors errors;
    struct stepcare_record row;
};

static void referral_build(struct parts *parts, uint8_t verb)
{
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    struct arena *arena = NULL;
    if (arena_open(65536, &arena) != STEPCARE_OK) abort();
    const char *json = golden_referral_json();
    if (referral_json_decode(json, strlen(json), arena, &referral, &errors) != STEPCARE_OK) abort();
    if (verb == WIRE_SUBMIT || verb == WIRE_INFORM) {
        referral_wire_encode(&parts->referral, &referral);
    } else {
        referral_ledger_encode(&parts->referral, &referral, verb == WIRE_JOB);
    }
    arena_close(arena);
}

static void member_build(struct parts *parts, uint8_t verb, struct stepcare_record *record, unsigned key)
{
    switch ((enum record_type)record_fields[key].type) {
    case RECORD_ID:
    case RECORD_UINT: *record_member(record, key, uint64_t) = number_of(key); break;
    case RECORD_INT: *record_member(record, key, int64_t) = key == F(phq_9_item_9) ? 0 : (int64_t)number_of(key); break;
    case RECORD_TIME: *record_member(record, key, int64_t) = INT64_C(1793611800000) + key; break;
    case RECORD_BOOL: *record_member(record, key, bool) = true; break;
    case RECORD_TEXT: *record_member(record, key, struct stepcare_text) = text_of(key); break;
    case RECORD_CODE: *record_member(record, key, uint8_t) = code_of(key); break;
    case RECORD_MASK: *record_member(record, key, uint32_t) = 1; break;
    case RECORD_CODES:
        *record_member(record, key, struct stepcare_code_list) =
            (struct stepcare_code_list){2, {stepcare_text_of("SB9_HIGH"), stepcare_text_of("PIP")}};
        break;
    case RECORD_TIMES:
        *record_member(record, key, struct stepcare_time_list) =
            (struct stepcare_time_list){1, {INT64_C(1793611800000)}};
        break;
    case RECORD_BYTES:
        referral_build(parts, verb);
        *record_member(record, key, struct stepcare_text) =
            (struct stepcare_text){(char *)parts->referral.data, (uint32_t)parts->referral.bytes};
        break;
    case RECORD_ERRORS:
        stepcare_field_errors_add(&parts->errors, "patient.birth_date", "must be a date that exists, as YYYY-MM-DD");
        record_member(record, key, struct stepcare_errors_view)->list = &parts->errors;
        break;
    case RECORD_RECORDS:
        *record_member(record, key, struct stepcare_records) = (struct stepcare_records){1, &parts->row};
        break;
    case RECORD_TYPE_COUNT: break;
    }
    stepcare_record_mark(record, key);
}

static void row_build(struct parts *parts, uint8_t verb)
{
    static const uint8_t listed[] = {ACTED, F(codes), F(referred_at), 0};
    static const uint8_t leased[] = {ACTED, F(codes), F(referred_at), LEASE, 0};
    static const uint8_t told[] = {F(sequence), F(at), F(event), F(by), F(token), 0};
    static const uint8_t counted[] = {
        F(tier),     F(waiting),    F(held),         F(claimed), F(in_treatment), F(oldest_wait_days),
        F(breached), F(arrived_7d), F(completed_7d), 0};
    static const uint8_t waits[] = {F(tier),      F(waiting), F(median_wait_days), F(p90_wait_days), F(count),
                                    F(next_free), 0};
    const uint8_t *fields = listed;
    if (verb == WIRE_SHOW || verb == WIRE_FEEDBACK) fields = told;
    if (verb == WIRE_BACKLOG) fields = counted;
    if (verb == WIRE_WAITS) fields = waits;
    if (verb == WIRE_CLAIM) fields = leased;
    stepcare_record_init(&parts->row);
    for (; *fields != 0; fields++) member_build(parts, verb, &parts->row, *fields);
    if (verb != WIRE_CLAIM) return;
    parts->row.state = STEPCARE_STATE_CLAIMED;
    parts->row.next_action = STEPCARE_NEXT_ACCEPT;
    parts->row.holds = 0;
}

void golden_frame(const struct golden_message *message, struct buffer *frame)
{
    struct parts parts = {0};
    struct stepcare_record record;
    bool request = strstr(message->name, ".request") != NULL;
    stepcare_record_init(&record);
    row_build(&parts, message->verb);
    for (unsigned i = 0; i < GOLDEN_FIELDS_MAX && message->fields[i] != 0; i++) {
        member_build(&parts, message->verb, &record, message->fields[i]);
    }
    if (strcmp(message->name, "submit.duplicate") == 0) record.outcome = STEPCARE_OUTCOME_DUPLICATE;
    if (strcmp(message->name, "submit.rejected") == 0) record.outcome = STEPCARE_OUTCOME_REJECTED;
    if (strcmp(message->name, "job.review") == 0) record.kind = STEPCARE_KIND_PHYSIO;
    wire_frame_begin(frame, request ? stepcare_text_of("dr.jones") : (struct stepcare_text){0});
    wire_frame_add(frame, message->verb, 7, &record, message->error);
    if (wire_frame_end(frame, 1) != STEPCARE_OK) abort();
    buffer_close(&parts.referral);
}
