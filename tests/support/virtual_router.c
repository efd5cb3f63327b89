/* The router without sockets or clock: what tests of decisions and the simulation run on. */
#include "tests/support/virtual_router.h"

#include "proto/referral_codec.h"
#include "router/store/verify.h"
#include "router/store/view.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES_MAX = 64 * 1024 * 1024 };

static void must(const struct virtual_router *virtual, bool done, const char *what)
{
    if (!done) auditor_fault(&virtual->auditor, virtual->auditor.sequence, what);
}

static void file_write(const char *path, const char *text, const char *more)
{
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fputs(more, file) < 0 || fclose(file) != 0) abort();
}

static void store_start(struct virtual_router *virtual)
{
    struct router *router = virtual->router;
    if (store_open(&router->store, router->config, virtual->now) != STEPCARE_OK) {
        fprintf(stderr, "%s\n", router->store.error);
        must(virtual, false, "the store does not open");
    }
    must(virtual, router_parts_init(router) == STEPCARE_OK, "out of memory");
}

void virtual_router_open(struct virtual_router *virtual, const char *settings, const char *repeat)
{
    char message[2048];
    memset(virtual, 0, sizeof *virtual);
    if (sodium_init() < 0) abort();
    auditor_open(&virtual->auditor, repeat);
    virtual->directory = temp_directory_make();
    virtual->now = VIRTUAL_START_MS;
    virtual->router = calloc(1, sizeof *virtual->router);
    virtual->decision = calloc(1, sizeof *virtual->decision);
    char config_path[TEMP_PATH_BYTES + 32];
    snprintf(config_path, sizeof config_path, "%s", temp_path(&virtual->directory, "stepcare.yaml"));
    file_write(config_path, "mode: local\nledger:\n  segment_bytes: 8MiB\nstate:\n  map_bytes: 1GiB\n",
               settings == NULL ? "" : settings);
    size_t bytes;
    file_write(temp_path(&virtual->directory, "pathway.yaml"), pathway_default_text(&bytes), "");
    struct router *router = virtual->router;
    if (router == NULL || virtual->decision == NULL || arena_open(ARENA_BYTES_MAX, &virtual->arena) != STEPCARE_OK)
        abort();
    if (config_open(config_path, message, sizeof message, &router->config) != STEPCARE_OK ||
        pathway_open(router->config->pathway_path, message, sizeof message, &router->pathways.current) != STEPCARE_OK) {
        fprintf(stderr, "%s\n", message);
        abort();
    }
    store_start(virtual);
}

static void store_stop(struct virtual_router *virtual, bool checkpoint)
{
    store_close(&virtual->router->store, checkpoint);
    router_parts_close(virtual->router);
}

void virtual_router_close(struct virtual_router *virtual)
{
    struct router *router = virtual->router;
    auditor_compare_all(&virtual->auditor, &router->store.state);
    store_stop(virtual, true);
    buffer_close(&virtual->content);
    buffer_close(&virtual->job_frame);
    buffer_close(&virtual->result_frame);
    arena_close(virtual->arena);
    pathways_close(&router->pathways);
    config_close(router->config);
    free(virtual->decision);
    free(router);
    auditor_close(&virtual->auditor);
    temp_directory_remove(&virtual->directory);
}

void virtual_router_restart(struct virtual_router *virtual, bool crash)
{
    store_stop(virtual, !crash);
    store_start(virtual);
    auditor_compare_all(&virtual->auditor, &virtual->router->store.state);
}

int virtual_router_verify(struct virtual_router *virtual)
{
    store_stop(virtual, true);
    const int code = verify_run(virtual->router->config);
    store_start(virtual);
    return code;
}

/* --- what happened, read back from the ledger and not from the decision --- */

static void audit_new(struct virtual_router *virtual)
{
    struct store *store = &virtual->router->store;
    const struct ledger_mark before = ledger_tail(store->ledger);
    if (ledger_next_sequence(store->ledger) == before.sequence + 1) return;
    must(virtual, store_flush(store) == STEPCARE_OK, "the ledger cannot be flushed");
    const uint64_t last = ledger_tail(store->ledger).sequence;
    for (uint64_t sequence = before.sequence + 1; sequence <= last; sequence++) {
        struct event event;
        must(virtual, reader_event(&store->reader, sequence, &event) == STEPCARE_OK && event.sequence == sequence,
             "an event is not in the ledger");
        auditor_event(&virtual->auditor, &event);
    }
    auditor_compare(&virtual->auditor, &store->state);
    must(virtual, store_checkpoint_if_due(store, virtual->now, false) == STEPCARE_OK,
         "the state cannot be checkpointed");
}

static void turn(struct virtual_router *virtual)
{
    struct router *router = virtual->router;
    router->turn = turn_of(virtual->now, router->turn.steady, router->store.state.counters.last_at);
}

void virtual_timers(struct virtual_router *virtual)
{
    turn(virtual);
    timers_run(&virtual->router->commands, &virtual->router->decision);
    must(virtual, !virtual->router->outward.failed, "a timer's command failed the router");
    audit_new(virtual);
}

int virtual_command(struct virtual_router *virtual, const struct command *command)
{
    struct router *router = virtual->router;
    struct store *store = &router->store;
    virtual_timers(virtual);
    const struct state_counters counters = store->state.counters;
    const uint32_t writes = store->state.writes;
    const int error = command_run(&router->commands, command, virtual->decision);
    must(virtual, !router->outward.failed,
         router->store.error[0] != '\0' ? router->store.error : "a command failed the router");
    snprintf(virtual->problem, sizeof virtual->problem, "%s", virtual->decision->problem);
    if (error != STEPCARE_OK) {
        must(virtual, ledger_next_sequence(store->ledger) == ledger_tail(store->ledger).sequence + 1,
             "a refused command left an event");
        must(virtual, memcmp(&counters, &store->state.counters, sizeof counters) == 0 && writes == store->state.writes,
             "a refused command changed the state");
        must(virtual, virtual->problem[0] != '\0', "a refusal says nothing");
    }
    audit_new(virtual);
    return error;
}

int virtual_act(struct virtual_router *virtual, const char *actor, uint8_t verb, uint64_t id, const char *fields)
{
    struct record_text text;
    record_text_read(fields, &text);
    if (id != 0) STEPCARE_SET(&text.record, referral_id, id);
    const struct caller caller = verb >= OWN_JOB_FAILED ? caller_router() : caller_local(stepcare_text_of(actor));
    const struct command command = {.verb = verb, .caller = &caller, .record = &text.record};
    return virtual_command(virtual, &command);
}

uint64_t virtual_claim(struct virtual_router *virtual, const char *actor, const char *fields)
{
    const struct decision *decision = virtual->decision;
    if (virtual_act(virtual, actor, WIRE_CLAIM, 0, fields) != STEPCARE_OK) return 0;
    return decision->lease_count > 0 ? decision->leases[0].episode_id : 0;
}

uint64_t virtual_take(struct virtual_router *virtual, const char *actor, const char *tier)
{
    char fields[80];
    snprintf(fields, sizeof fields, "tier=%s", tier);
    const uint64_t id = virtual_claim(virtual, actor, fields);
    must(virtual, id != 0, "there is nothing to claim");
    must(virtual, virtual_act(virtual, actor, WIRE_ACCEPT, id, "") == STEPCARE_OK,
         "what was claimed cannot be accepted");
    return id;
}

/* --- referrals --- */

static int referral_command(struct virtual_router *virtual, uint8_t verb, const char *actor,
                            const struct stepcare_record *record, const struct stepcare_referral *referral,
                            const struct stepcare_field_errors *errors)
{
    struct buffer *content = &virtual->content;
    const struct caller caller = caller_local(stepcare_text_of(actor));
    struct command command = {
        .verb = verb, .caller = &caller, .record = record, .referral = referral, .errors = errors};
    if (errors == NULL) {
        buffer_clear(content);
        referral_ledger_encode(content, referral, false);
        command.referral_bytes = (struct stepcare_text){(const char *)content->data, (uint32_t)content->bytes};
    }
    return virtual_command(virtual, &command);
}

uint64_t virtual_submit(struct virtual_router *virtual, const char *json, size_t bytes)
{
    static struct stepcare_referral referral;
    static struct stepcare_field_errors errors;
    struct stepcare_record record;
    stepcare_record_init(&record);
    errors.count = errors.dropped = 0;
    arena_reset(virtual->arena);
    const enum stepcare_error error = referral_json_decode(json, bytes, virtual->arena, &referral, &errors);
    const struct decision *decision = virtual->decision;
    if (referral_command(virtual, WIRE_SUBMIT, "referrer", &record, &referral, error == STEPCARE_OK ? NULL : &errors) !=
        STEPCARE_OK)
        return 0;
    return decision->outcome == STEPCARE_OUTCOME_REJECTED ? 0 : decision->subject_id;
}

uint64_t virtual_referral(struct virtual_router *virtual, const char *message_id, const char *referred_at,
                          const char *more)
{
    char line[2048];
    const int bytes = snprintf(
        line, sizeof line,
        "{\"message_id\":\"%s\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"referred_at\":\"%s\","
        "\"patient\":{\"family_name\":\"Testcase\",\"birth_date\":\"1984-05-17\"},\"problem\":\"low_back_pain\","
        "\"duration_weeks\":9%s}",
        message_id, referred_at, more);
    const uint64_t id = virtual_submit(virtual, line, (size_t)bytes);
    if (id == 0)
        fprintf(stderr, "%s: %s\n", virtual->decision->errors.items[0].field,
                virtual->decision->errors.items[0].problem);
    must(virtual, id != 0, "a referral of the test's was rejected");
    virtual_work(virtual);
    return id;
}

int virtual_inform(struct virtual_router *virtual, const char *actor, uint64_t id, const char *json)
{
    static struct stepcare_referral referral;
    struct stepcare_field_errors errors = {0};
    struct store *store = &virtual->router->store;
    struct stepcare_record record;
    struct event event = {0};
    char changed[256];
    struct episode episode, content_episode;
    must(virtual, state_episode_get(&store->state, id, &episode), "informing about no episode");
    must(virtual, state_episode_get(&store->state, episode.content_id, &content_episode),
         "a referral without its episode");
    arena_reset(virtual->arena);
    const uint64_t content =
        episode.content_sequence != 0 ? episode.content_sequence : content_episode.content_sequence;
    must(virtual, reader_event(&store->reader, content, &event) == STEPCARE_OK, "the referral cannot be read");
    const struct stepcare_text bytes = event.record.referral;
    char *kept = arena_take(virtual->arena, bytes.bytes);
    memcpy(kept, bytes.data, bytes.bytes);
    must(virtual, referral_ledger_decode((const uint8_t *)kept, bytes.bytes, &referral) == STEPCARE_OK,
         "the referral is damaged");
    const enum stepcare_error error =
        referral_json_merge(json, strlen(json), virtual->arena, &referral, changed, sizeof changed, &errors);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral_id, id);
    STEPCARE_SET(&record, changed, stepcare_text_of(changed));
    return referral_command(virtual, WIRE_INFORM, actor, &record, &referral, error == STEPCARE_OK ? NULL : &errors);
}

/* --- reading --- */

enum stepcare_error virtual_query(struct virtual_router *virtual, const char *actor, uint8_t verb, const char *fields,
                                  struct stepcare_record *out_reply)
{
    static struct record_text text;
    record_text_read(fields, &text);
    turn(virtual);
    arena_reset(virtual->arena);
    const struct query_counters counters = {0};
    const struct query query = {.reader = &virtual->router->store.reader,
                                .pathway = virtual->router->pathways.current,
                                .config = virtual->router->config,
                                .counters = &counters,
                                .request = &text.record,
                                .actor = stepcare_text_of(actor),
                                .now = virtual->router->turn.now,
                                .arena = virtual->arena};
    return query_answer(&query, verb, out_reply);
}

const struct episode *virtual_episode(struct virtual_router *virtual, uint64_t id)
{
    must(virtual, state_episode_get(&virtual->router->store.state, id, &virtual->episode), "there is no such episode");
    return &virtual->episode;
}

const char *virtual_story(struct virtual_router *virtual, uint64_t id)
{
    static char story[4096];
    struct stepcare_record reply;
    char fields[40];
    size_t at = 0;
    story[0] = '\0';
    snprintf(fields, sizeof fields, "referral_id=%lu", (unsigned long)id);
    must(virtual, virtual_query(virtual, "auditor", WIRE_SHOW, fields, &reply) == STEPCARE_OK,
         "the episode cannot be shown");
    for (uint32_t i = 0; i < reply.history.count && at < sizeof story - 64; i++)
        at += (size_t)snprintf(story + at, sizeof story - at, "%s%s", i == 0 ? "" : " ",
                               stepcare_code_name(&stepcare_events, reply.history.items[i].event));
    return story;
}
