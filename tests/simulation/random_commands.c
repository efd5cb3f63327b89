/* Random commands, valid and not: any verb by anybody with any token, while the clock jumps both ways and the router is
 * stopped and killed. The auditor checks every event; a refused command leaves no trace; the rows are the fold of the
 * ledger; nothing is left hanging. */
#include "tests/support/random.h"
#include "tests/support/virtual_router.h"

#include "proto/record_fields.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEEDS = 12, COMMANDS = 6000, REFERRALS_MAX = 150, RECENT = 8, TOKENS = 64 };

struct run {
    struct virtual_router virtual;
    struct random random;
    uint64_t ids[REFERRALS_MAX + 1]; /* and their parallel offers */
    unsigned id_count;
    uint64_t tokens[TOKENS]; /* given at some time */
    unsigned token_count, keys;
    struct job late; /* a job that was made some time ago */
    unsigned done[256], refused[256];
};

#define LONGEST "an actor whose name is as long as names may be, 64 bytes no more"
_Static_assert(sizeof LONGEST - 1 == STEPCARE_ACTOR_BYTES_MAX, "as long as it says");
static const char *const people[] = {"tom", "eve", "bob", "lead", "gp", LONGEST};
static const struct {
    uint8_t verb, weight; /* treating more often than ending, or nothing would live long enough to be treated */
} verbs[] = {
    {WIRE_CLAIM, 12},       {WIRE_RENEW, 2},           {WIRE_ACCEPT, 12},      {WIRE_RELEASE, 1},   {WIRE_DECLINE, 2},
    {WIRE_CONTACT, 12},     {WIRE_REVIEW, 12},         {WIRE_STEP_UP, 2},      {WIRE_STEP_DOWN, 2}, {WIRE_CONFIRM, 8},
    {WIRE_DISCHARGE, 2},    {WIRE_CANCEL, 1},          {WIRE_HOLD_RELEASE, 4}, {WIRE_ASSIGN, 2},    {WIRE_RETRY, 1},
    {WIRE_PAUSE, 1},        {WIRE_RESUME, 6},          {WIRE_NOTE, 1},         {WIRE_REOPEN, 8},    {WIRE_JUDGE, 2},
    {OWN_LEASE_EXPIRED, 1}, {OWN_HANDOVER_OVERDUE, 1}, {OWN_OPT_IN_ENDED, 1}};
enum { VERBS = sizeof verbs / sizeof verbs[0] };
static const char *const reasons[] = {"clinical_judgement", "clinical_judgement", "no_capacity", "other", "because"};

#define PERCENT(percent) random_percent(&run->random, (percent))
#define BELOW(count) random_below(&run->random, (count))

static uint64_t any_id(struct run *run)
{
    if (run->id_count == 0 || PERCENT(2)) return 1 + BELOW(5000);
    const bool recent = run->id_count > RECENT && PERCENT(80);
    return run->ids[recent ? run->id_count - 1 - BELOW(RECENT) : BELOW(run->id_count)];
}

static uint64_t any_token(struct run *run, uint64_t id)
{
    const struct episode *episode = auditor_episode(&run->virtual.auditor, id);
    if (PERCENT(5)) return random_next(&run->random);
    if (run->token_count > 0 && PERCENT(40))
        return run->tokens[BELOW(run->token_count < TOKENS ? run->token_count : TOKENS)];
    return episode == NULL ? 0 : episode->token;
}

static struct stepcare_text fresh_key(struct run *run)
{
    static char keys[2][24]; /* the one before is still in a record that was tried */
    char *key = keys[run->keys++ % 2];
    snprintf(key, sizeof keys[0], "request %u", PERCENT(10) ? 1 : run->keys);
    return stepcare_text_of(key);
}

/* A value for any field: in its range mostly, since what is outside never passes the wire's decoder. */
static void field_fill(struct run *run, struct stepcare_record *record, unsigned key, uint64_t id)
{
    const struct record_field *field = &record_fields[key];
    static const int64_t sizes[] = {0, 1, 3, 12, 30, 1000, INT64_MAX};
    switch (field->type) {
    case RECORD_ID: *record_member(record, key, uint64_t) = any_id(run); break;
    case RECORD_UINT: *record_member(record, key, uint64_t) = (uint64_t)RANDOM_PICK(&run->random, sizes); break;
    case RECORD_INT:
        *record_member(record, key, int64_t) = PERCENT(95) ? BELOW(20) : RANDOM_PICK(&run->random, sizes);
        break;
    case RECORD_CODE: *record_member(record, key, uint8_t) = (uint8_t)(1 + BELOW(field->codes->count - 1)); break;
    case RECORD_MASK:
        *record_member(record, key, uint32_t) = PERCENT(90) ? 0 : STEPCARE_BIT(1 + BELOW(field->codes->count - 1));
        break;
    case RECORD_TEXT: *record_member(record, key, struct stepcare_text) = stepcare_text_of("words"); break;
    default: return;
    }
    stepcare_record_mark(record, key);
    if (key == STEPCARE_FIELD_token) record->token = any_token(run, id);
    if (key == STEPCARE_FIELD_reason) record->reason = stepcare_text_of(RANDOM_PICK(&run->random, reasons));
    if (key == STEPCARE_FIELD_request_key) record->request_key = fresh_key(run);
    if (key == STEPCARE_FIELD_end_code && PERCENT(70)) record->end_code = PERCENT(50) ? 46 : 102;
    if (key == STEPCARE_FIELD_linked_to && auditor_episode(&run->virtual.auditor, id) != NULL && PERCENT(80))
        record->linked_to = auditor_episode(&run->virtual.auditor, id)->duplicate_of;
    if (key == STEPCARE_FIELD_to_tier && record->to_tier == STEPCARE_TIER_SECONDARY_CARE)
        STEPCARE_SET(record, to_service, STEPCARE_SERVICE_PAIN);
}

/* The fields that the verb asks for, most of those that it allows, and none that the wire's check would refuse. */
static void record_fill(struct run *run, uint8_t verb, struct stepcare_record *record)
{
    static const unsigned keys[] = {STEPCARE_FIELD_tier,
                                    STEPCARE_FIELD_service,
                                    STEPCARE_FIELD_token,
                                    STEPCARE_FIELD_reason,
                                    STEPCARE_FIELD_note,
                                    STEPCARE_FIELD_hold,
                                    STEPCARE_FIELD_end_code,
                                    STEPCARE_FIELD_count,
                                    STEPCARE_FIELD_to_tier,
                                    STEPCARE_FIELD_linked_to,
                                    STEPCARE_FIELD_contact_outcome,
                                    STEPCARE_FIELD_channel,
                                    STEPCARE_FIELD_phq_9,
                                    STEPCARE_FIELD_gad_7,
                                    STEPCARE_FIELD_phq_9_item_9,
                                    STEPCARE_FIELD_rmdq,
                                    STEPCARE_FIELD_nrs,
                                    STEPCARE_FIELD_start_back_now,
                                    STEPCARE_FIELD_treatment_outcome,
                                    STEPCARE_FIELD_red_flags,
                                    STEPCARE_FIELD_week,
                                    STEPCARE_FIELD_contact,
                                    STEPCARE_FIELD_action,
                                    STEPCARE_FIELD_request_key};
    const uint64_t id = any_id(run);
    stepcare_record_init(record);
    const bool none = verb == WIRE_CLAIM || verb == WIRE_PAUSE || verb == WIRE_RESUME;
    if (!none) STEPCARE_SET(record, referral_id, id);
    if (verb >= OWN_JOB_FAILED) return;
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct stepcare_record with = *record;
        struct stepcare_field_errors missing = {0}, after = {0};
        field_fill(run, &with, keys[i], id);
        verb_fields_check(verb, record, &missing);
        verb_fields_check(verb, &with, &after);
        const bool required = after.count<missing.count, refused = after.count> missing.count;
        if (required || (!refused && PERCENT(verb == WIRE_REVIEW ? 90 : 40))) *record = with;
    }
}

static uint8_t any_verb(struct run *run)
{
    unsigned total = 0, at = 0;
    for (unsigned i = 0; i < VERBS; i++) total += verbs[i].weight;
    for (unsigned dice = BELOW(total); dice >= verbs[at].weight; at++) dice -= verbs[at].weight;
    return verbs[at].verb;
}

static void command_given(struct run *run)
{
    struct stepcare_record record;
    struct stepcare_field_errors errors = {0};
    const uint8_t verb = any_verb(run);
    record_fill(run, verb, &record);
    if (verb < OWN_JOB_FAILED && verb_fields_check(verb, &record, &errors) != STEPCARE_OK)
        return; /* never reaches the router's decisions */
    const char *actor = RANDOM_PICK(&run->random, people);
    const struct episode *episode =
        STEPCARE_HAS(&record, referral_id) ? auditor_episode(&run->virtual.auditor, record.referral_id) : NULL;
    char name[STEPCARE_ACTOR_BYTES_MAX + 1] = "";
    if (episode != NULL && PERCENT(70)) { /* by whoever has it */
        const struct stepcare_text who =
            episode_text(episode->token != 0 && PERCENT(60) ? &episode->holder : &episode->owner);
        memcpy(name, who.data, who.bytes);
        if (who.bytes > 0) actor = name;
    }
    const struct caller caller = verb >= OWN_JOB_FAILED ? caller_router() : caller_local(stepcare_text_of(actor));
    const struct command command = {.verb = verb, .caller = &caller, .record = &record};
    virtual_timers(&run->virtual); /* so that what comes before the command is not taken for its doing */
    const uint64_t token = episode == NULL ? 0 : episode->token;
    if (virtual_command(&run->virtual, &command) != STEPCARE_OK) {
        run->refused[verb]++;
        return;
    }
    cr_assert(!STEPCARE_HAS(&record, token) || record.token == token, "%s under a token that is not the lease's",
              wire_verb_name(verb));
    run->done[verb]++;
    const struct decision *decision = run->virtual.decision;
    for (unsigned i = 0; verb == WIRE_CLAIM && i < decision->event_count; i++)
        run->tokens[run->token_count++ % TOKENS] = decision->events[i].record.token;
    if (verb != WIRE_CLAIM || decision->event_count == 0) return;
    cr_assert_eq(virtual_command(&run->virtual, &command), STEPCARE_OK);
    cr_assert_eq(decision->event_count, 0, "the same request again gives what it gave, and nothing more");
}

static void referral_sent(struct run *run)
{
    static const char *const kinds[] = {
        ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}",
        ",\"red_flags\":{\"screened\":false,\"present\":[]},\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2],"
        "\"phq_9\":[2,2,2,2,2,0,0,0,1]}",
        ",\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}",
        ",\"red_flags\":{\"screened\":true,\"present\":[\"unexplained_weight_loss\"]}",
        ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"start_back_9\":[0,0,0,0,0,0,0,0,0],\"phq_"
        "9\":[2,2,2,2,2,0,0,0,1]}",
        ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"cwp_1990\":true,\"phq_9\":[2,2,2,2,2,2,2,"
        "2,0]}"};
    char line[1024];
    if (run->id_count >= REFERRALS_MAX) return;
    const int bytes =
        snprintf(line, sizeof line,
                 "{\"message_id\":\"m%u\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"referred_at\":"
                 "\"2026-10-01T09:00:00Z\",\"patient\":{%s\"family_name\":\"Testcase\",\"birth_date\":\"1984-05-17\"},"
                 "\"problem\":\"low_back_pain\",\"duration_weeks\":9%s}",
                 run->id_count, PERCENT(30) ? "\"nhs_number\":\"9434765919\"," : "", RANDOM_PICK(&run->random, kinds));
    const uint64_t id = virtual_submit(&run->virtual, line, (size_t)bytes);
    cr_assert_neq(id, 0);
    if (PERCENT(60)) virtual_work(&run->virtual);
    run->ids[run->id_count++] = id;
    const uint64_t linked = auditor_episode(&run->virtual.auditor, id)->linked_to;
    if (linked != 0) run->ids[run->id_count++] = linked;
}

/* A worker that answers late, or fails for the last time, for a referral that may have moved on. */
static void worker_answers(struct run *run)
{
    struct job job;
    struct stepcare_record result;
    const uint64_t id = run->ids[run->id_count - 1 - BELOW(run->id_count < 3 ? 1 : 3)];
    const struct episode *episode = auditor_episode(&run->virtual.auditor, id);
    const uint8_t kind = episode->state == STEPCARE_STATE_RECEIVED ? STEPCARE_KIND_TRIAGE : episode->review_pending;
    if (kind == STEPCARE_KIND_NONE || !virtual_job(&run->virtual, id, kind, &job, &result)) return;
    if (PERCENT(30))
        virtual_job_failed(&run->virtual, &job);
    else if (PERCENT(50))
        run->late = job;
    else if (run->late.episode_id == id) {
        const bool fresh = episode->sequence == run->late.sequence;
        cr_assert_eq(virtual_result(&run->virtual, &run->late, &result) == STEPCARE_OK, fresh,
                     "a stale answer counts for nothing");
    } else if (run->late.episode_id != 0)
        virtual_job_failed(&run->virtual, &run->late);
}

static void step(struct run *run)
{
    static const int64_t jumps[] = {VIRTUAL_MINUTE_MS, VIRTUAL_MINUTE_MS, 10 * VIRTUAL_MINUTE_MS,
                                    VIRTUAL_HOUR_MS,   VIRTUAL_DAY_MS,    4 * VIRTUAL_DAY_MS};
    const unsigned dice = BELOW(1000);
    if (dice < 25)
        referral_sent(run);
    else if (dice < 150)
        virtual_work(&run->virtual);
    else if (dice < 200)
        virtual_pass(&run->virtual, RANDOM_PICK(&run->random, jumps));
    else if (dice < 210)
        run->virtual.now -= RANDOM_PICK(&run->random, jumps); /* a clock set back */
    else if (dice < 215)
        virtual_router_restart(&run->virtual, PERCENT(50));
    else if (dice < 225 && run->id_count > 0)
        virtual_inform(&run->virtual, "gp", run->ids[BELOW(run->id_count)], "{\"duration_weeks\":20}");
    else if (dice < 260 && run->id_count > 0)
        worker_answers(run);
    else
        command_given(run);
}

/* In the end every timer has gone off: no lease, no open question of time, whatever was interrupted when. */
static void nothing_hangs(struct run *run)
{
    virtual_router_restart(&run->virtual, true);
    virtual_work(&run->virtual);
    virtual_pass(&run->virtual, 30 * VIRTUAL_DAY_MS);
    const int64_t last = run->virtual.auditor.last_at;
    virtual_until(&run->virtual, last + 30 * VIRTUAL_DAY_MS);
    for (unsigned i = 0; i < run->id_count; i++) {
        const struct episode *episode = auditor_episode(&run->virtual.auditor, run->ids[i]);
        cr_assert_eq(episode->token, 0);
        cr_assert_neq(episode->handover, STEPCARE_HANDOVER_PROPOSED);
        cr_assert_eq(episode->opt_in_due, 0);
    }
    cr_assert_eq(virtual_router_verify(&run->virtual), 0);
}

static void run_seed(uint64_t seed, unsigned done[256], unsigned refused[256])
{
    static struct run run;
    char repeat[100];
    memset(&run, 0, sizeof run);
    run.random = random_of(seed, 0, 12);
    snprintf(repeat, sizeof repeat, "STEPCARE_SEED=%lu ctest --preset test -R simulation/random_commands",
             (unsigned long)seed);
    fprintf(stderr, "repeat these with %s\n", repeat);
    virtual_router_open(&run.virtual, NULL, repeat);
    for (unsigned i = 0; i < COMMANDS; i++) step(&run);
    nothing_hangs(&run);
    virtual_router_close(&run.virtual);
    for (unsigned verb = 0; verb < 256; verb++) {
        done[verb] += run.done[verb];
        refused[verb] += run.refused[verb];
    }
}

Test(random_commands, keep_every_promise)
{
    unsigned done[256] = {0}, refused[256] = {0};
    const char *chosen = getenv("STEPCARE_SEED");
    const uint64_t first = chosen == NULL ? 1 : strtoull(chosen, NULL, 10);
    for (uint64_t seed = first; seed < first + (chosen == NULL ? SEEDS : 1); seed++) run_seed(seed, done, refused);
    for (unsigned i = 0; chosen == NULL && i < VERBS; i++) {
        const char *name = wire_verb_name(verbs[i].verb);
        if (verbs[i].verb >= OWN_JOB_FAILED) continue; /* what comes too early does nothing, and is no refusal */
        const bool always = verbs[i].verb == WIRE_PAUSE || verbs[i].verb == WIRE_RESUME;
        cr_expect_gt(done[verbs[i].verb], 0, "%s was never done", name);
        cr_expect(always || refused[verbs[i].verb] > 0, "%s was never refused", name);
    }
}
