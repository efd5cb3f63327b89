/* Jobs across an adoption: nothing after it is decided by the pathway before, and a worker is usable again on the same
 * connection. */
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

static struct virtual_router virtual;
static struct dispatch *dispatch;
static struct pathway *adopted;
static void *context;
static const struct peer peer = {{0, 0, 0, 0, 1}};
static int64_t steady = 1000;

/* The same rules under another version. */
static struct pathway *pathway_of_version(const char *version)
{
    char path[600], message[1024], *text = NULL;
    size_t bytes = 0;
    struct pathway *pathway = NULL;
    snprintf(path, sizeof path, "%s/config/pathway.yaml", getenv("STEPCARE_SOURCE"));
    FILE *from = fopen(path, "r");
    cr_assert_not_null(from, "%s", path);
    FILE *to = open_memstream(&text, &bytes);
    for (char line[4096]; fgets(line, sizeof line, from) != NULL;)
        if (strncmp(line, "version:", 8) == 0)
            fprintf(to, "version: \"%s\"\n", version);
        else
            fputs(line, to);
    fclose(from);
    fclose(to);
    snprintf(path, sizeof path, "%s", temp_path(&virtual.directory, "adopted.yaml"));
    to = fopen(path, "w");
    fwrite(text, 1, bytes, to);
    fclose(to);
    free(text);
    cr_assert_eq(pathway_open(path, message, sizeof message, &pathway), STEPCARE_OK, "%s", message);
    return pathway;
}

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
    dispatch = &virtual.router->dispatch;
    context = zmq_ctx_new();
    dispatch->socket =
        zmq_socket(context, ZMQ_ROUTER); /* without peers it drops what is sent: the table of jobs tells what was */
    virtual.router->turn.now = virtual.now;
    adopted = pathway_of_version("adopted.1");
}

static void closes(void)
{
    zmq_close(dispatch->socket);
    zmq_ctx_term(context);
    dispatch->pathway = virtual.router->pathways.current;
    pathway_close(adopted);
    virtual_router_close(&virtual);
}

TestSuite(dispatch_pathway, .init = opens, .fini = closes);

static void says(uint8_t verb, uint64_t request_id, const struct stepcare_record *record)
{
    struct buffer frame = {0};
    wire_frame_begin(&frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&frame, verb, request_id, record, STEPCARE_OK);
    cr_assert_eq(wire_frame_end(&frame, 1), STEPCARE_OK);
    virtual.router->turn.steady = steady;
    result_frame(&virtual.router->results, &peer, frame.data, frame.bytes, virtual.decision);
    buffer_close(&frame);
    virtual_timers(&virtual); /* flushes, and has the auditor look at what that led to */
}

static void hello(const struct pathway *pathway)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, kinds, STEPCARE_BIT(STEPCARE_KIND_TRIAGE));
    STEPCARE_SET(&record, credit, 10);
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
    says(WIRE_WORKER_HELLO, 1, &record);
}

static uint64_t received(void)
{
    static const char json[] =
        "{\"message_id\":\"a\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
        "\"referred_at\":\"2026-11-02T08:00:00Z\",\"patient\":{\"family_name\":\"a\",\"birth_date\":\"1984-05-17\"},"
        "\"problem\":\"low_back_pain\",\"duration_weeks\":9" SCREENED "}";
    const uint64_t id = virtual_submit(&virtual, json, sizeof json - 1);
    cr_assert_neq(id, 0);
    return id;
}

/* The number of the job that is out for it; 0: none. */
static uint64_t out_for(uint64_t id)
{
    uint32_t place;
    return id_map_find(&dispatch->by_episode, id, &place) ? dispatch->jobs[place].number : 0;
}

static void answers(uint64_t id, uint64_t number, const struct pathway *pathway)
{
    const struct stepcare_code_list no_codes = {0};
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, codes, no_codes);
    STEPCARE_SET(&record, holds, 0);
    STEPCARE_SET(&record, referral_id, id);
    STEPCARE_SET(&record, job, number);
    STEPCARE_SET(&record, sequence, virtual_episode(&virtual, id)->sequence);
    STEPCARE_SET(&record, tier, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&record, urgency, STEPCARE_URGENCY_ROUTINE);
    STEPCARE_SET(&record, target_days, 42);
    STEPCARE_SET(&record, rule, stepcare_text_of("26"));
    STEPCARE_SET(&record, pathway, stepcare_text_of(pathway_version(pathway)));
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
    says(WIRE_RESULT, number, &record);
}

static uint8_t state_of(uint64_t id)
{
    return virtual_episode(&virtual, id)->state;
}

Test(dispatch_pathway, what_was_out_is_decided_by_the_adopted_one_alone)
{
    const uint64_t id = received();
    hello(virtual.router->pathways.current);
    cr_assert(dispatch_send(dispatch, steady));
    const uint64_t before = out_for(id);
    cr_assert_neq(before, 0);
    dispatch_pathway_set(dispatch, adopted);
    cr_expect_eq(dispatch->job_count, 0, "a job by the pathway before is still out");
    answers(id, before, virtual.router->pathways.current);
    cr_assert_eq(state_of(id), STEPCARE_STATE_RECEIVED, "decided by the pathway before");
    cr_expect(!dispatch_send(dispatch, steady), "a worker that has not said hello anew gets work");
    hello(adopted);
    cr_assert(dispatch_send(dispatch, steady), "the same connection is of no use any more");
    cr_assert_gt(out_for(id), before);
    answers(id, out_for(id), adopted);
    cr_assert_eq(state_of(id), STEPCARE_STATE_WAITING);
}

Test(dispatch_pathway, a_worker_that_waits_for_the_adopted_file_has_no_place)
{
    unsigned by_kind[STEPCARE_KIND_COUNT];
    received();
    hello(virtual.router->pathways.current);
    dispatch_workers_count(dispatch, by_kind);
    cr_assert_eq(by_kind[STEPCARE_KIND_TRIAGE], 1);
    dispatch_pathway_set(dispatch, adopted);
    dispatch_workers_count(dispatch, by_kind);
    cr_expect_eq(by_kind[STEPCARE_KIND_TRIAGE], 0, "counted as connected, though it gets no work");
    hello(virtual.router->pathways.current); /* its file is the old one still */
    for (unsigned i = 0; i < DISPATCH_WORKERS_MAX; i++) cr_expect(!dispatch->workers[i].used);
    cr_expect(!dispatch_send(dispatch, steady));
    hello(adopted);
    cr_expect(dispatch_send(dispatch, steady));
}

Test(dispatch_pathway, an_answer_by_another_pathway_is_no_answer)
{
    const uint64_t id = received();
    hello(virtual.router->pathways.current);
    for (unsigned i = 0; i < virtual.router->config->job_attempts_max; i++) {
        cr_assert_eq(state_of(id), STEPCARE_STATE_RECEIVED);
        cr_assert(dispatch_send(dispatch, steady));
        answers(id, out_for(id), adopted);
    }
    cr_assert_eq(virtual_episode(&virtual, id)->tier, STEPCARE_TIER_MANUAL_REVIEW);
}
