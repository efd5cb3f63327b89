/* Jobs and workers: nothing waits for ever, nothing goes round for ever, whatever a worker answers. */
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <zmq.h>

#define WHEN "2026-11-02T08:00:00Z"
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"
#define TRIAGE_ONLY STEPCARE_BIT(STEPCARE_KIND_TRIAGE)

static struct virtual_router virtual;
static struct dispatch *dispatch;
static struct arena *arena;
static void *context;
static int64_t steady = 1000;

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
    dispatch = &virtual.router->dispatch;
    cr_assert_eq(arena_open(1024 * 1024, &arena), STEPCARE_OK);
    context = zmq_ctx_new();
    dispatch->socket =
        zmq_socket(context, ZMQ_ROUTER); /* without peers it drops what is sent: the table of jobs tells what was */
    virtual.router->turn.now = virtual.now;
}

static void closes(void)
{
    zmq_close(dispatch->socket);
    zmq_ctx_term(context);
    arena_close(arena);
    virtual_router_close(&virtual);
}

TestSuite(router_dispatch, .init = opens, .fini = closes);

static struct peer peer_of(uint8_t number)
{
    return (struct peer){{0, 0, 0, 0, number}};
}

static void says(uint8_t worker, uint8_t verb, uint64_t request_id, const struct stepcare_record *record)
{
    struct buffer frame = {0};
    const struct peer peer = peer_of(worker);
    wire_frame_begin(&frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&frame, verb, request_id, record, STEPCARE_OK);
    cr_assert_eq(wire_frame_end(&frame, 1), STEPCARE_OK);
    virtual.router->turn.steady = steady;
    result_frame(&virtual.router->results, &peer, frame.data, frame.bytes, virtual.decision);
    buffer_close(&frame);
    virtual_timers(&virtual); /* flushes, and has the auditor look at what that led to */
}

static void hello(uint8_t worker, uint32_t kinds, uint64_t credit)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, kinds, kinds);
    STEPCARE_SET(&record, credit, credit);
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(virtual.router->pathways.current)));
    says(worker, WIRE_WORKER_HELLO, 1, &record);
}

/* A referral received and not triaged. */
static uint64_t received(const char *message_id)
{
    char json[1024];
    const int bytes = snprintf(
        json, sizeof json,
        "{\"message_id\":\"%s\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"referred_at\":\"" WHEN
        "\",\"patient\":{\"family_name\":\"%s\",\"birth_date\":\"1984-05-17\"},"
        "\"problem\":\"low_back_pain\",\"duration_weeks\":9" MEDIUM "}",
        message_id, message_id);
    const uint64_t id = virtual_submit(&virtual, json, (size_t)bytes);
    cr_assert_neq(id, 0);
    return id;
}

static const struct job *job_of(uint64_t id)
{
    uint32_t place;
    return id_map_find(&dispatch->by_episode, id, &place) ? &dispatch->jobs[place] : NULL;
}

/* What every answer that decides something has. */
static struct stepcare_record decided(uint8_t tier)
{
    const struct stepcare_code_list no_codes = {0};
    const struct pathway *pathway = virtual.router->pathways.current;
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, tier, tier);
    STEPCARE_SET(&record, urgency, STEPCARE_URGENCY_ROUTINE);
    STEPCARE_SET(&record, rule, stepcare_text_of("26"));
    STEPCARE_SET(&record, codes, no_codes);
    STEPCARE_SET(&record, holds, 0);
    STEPCARE_SET(&record, pathway, stepcare_text_of(pathway_version(pathway)));
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
    return record;
}

/* The answer to the job that is out for a referral, as it names it. */
static uint64_t job_named(uint64_t id, struct stepcare_record *record)
{
    const struct job *job = job_of(id);
    cr_assert_not_null(job);
    STEPCARE_SET(record, referral_id, id);
    STEPCARE_SET(record, job, job->number);
    STEPCARE_SET(record, sequence, job->sequence);
    return job->number;
}

static void answers(uint8_t worker, uint64_t id, struct stepcare_record *record)
{
    const uint64_t number = job_named(id, record);
    says(worker, WIRE_RESULT, number, record);
}

static void ticks(int64_t ms)
{
    steady += ms;
    dispatch_tick(dispatch, steady);
    result_given_up(&virtual.router->results, virtual.decision);
    virtual_timers(&virtual);
}

Test(router_dispatch, an_answer_that_names_no_tier_ends_with_a_person_and_not_in_a_circle)
{
    const uint64_t id = received("a");
    hello(1, TRIAGE_ONLY, 10);
    unsigned rounds = 0;
    while (virtual_episode(&virtual, id)->state == STEPCARE_STATE_RECEIVED && rounds++ < 10) {
        struct stepcare_record empty;
        stepcare_record_init(&empty);
        cr_assert(dispatch_send(dispatch, steady));
        answers(1, id, &empty);
    }
    cr_assert_eq(rounds, virtual.router->config->job_attempts_max);
    cr_assert_eq(virtual_episode(&virtual, id)->tier, STEPCARE_TIER_MANUAL_REVIEW);
}

Test(router_dispatch, secondary_care_without_a_service_or_a_target_in_a_million_years_is_no_answer)
{
    const uint64_t id = received("a");
    hello(1, TRIAGE_ONLY, 10);
    struct stepcare_record result = decided(STEPCARE_TIER_SECONDARY_CARE);
    dispatch_send(dispatch, steady);
    answers(1, id, &result);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED);
    STEPCARE_SET(&result, tier, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&result, target_days, UINT64_MAX / 2);
    dispatch_send(dispatch, steady);
    answers(1, id, &result);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED);
}

Test(router_dispatch, a_job_that_goes_out_again_is_not_starved_by_a_steady_stream)
{
    const uint64_t poison = received("poison");
    hello(1, TRIAGE_ONLY, 1);
    hello(2, TRIAGE_ONLY, 1);
    cr_assert(dispatch_send(dispatch, steady));
    cr_assert_eq(job_of(poison)->worker, 0);
    struct stepcare_record none;
    stepcare_record_init(&none);
    const uint64_t other = received("other");
    dispatch_send(dispatch, steady); /* the second worker has something in hand */
    cr_assert_eq(job_of(other)->worker, 1);
    says(1, WIRE_GOODBYE, 0, &none); /* and the first dies */
    cr_assert_eq(job_of(poison)->number, 0);
    uint64_t in_hand = other;
    for (unsigned round = 0; round < 5 && job_of(poison)->number == 0; round++) {
        char name[8];
        snprintf(name, sizeof name, "m%u", round);
        const uint64_t next = received(name); /* there is always more */
        struct stepcare_record done = decided(STEPCARE_TIER_PHYSIO);
        answers(2, in_hand, &done);
        dispatch_send(dispatch, steady);
        in_hand = next;
    }
    cr_assert_neq(job_of(poison)->number, 0, "it still waits to go out again");
}

Test(router_dispatch, a_review_recorded_while_another_job_of_the_episode_was_out_gets_its_own)
{
    const uint64_t id = received("a");
    hello(1, STEPCARE_BIT(STEPCARE_KIND_TRIAGE) | STEPCARE_BIT(STEPCARE_KIND_PHYSIO), 10);
    cr_assert(dispatch_send(dispatch, steady)); /* triage is out, and slow */
    const struct job out = *job_of(id);
    cr_assert_eq(virtual_act(&virtual, "lead", WIRE_ASSIGN, id, "to_tier=physio reason=clinical_judgement"),
                 STEPCARE_OK, "%s", virtual.problem);
    cr_assert_eq(virtual_take(&virtual, "p", "physio"), id);
    cr_assert_eq(virtual_act(&virtual, "p", WIRE_REVIEW, id, "rmdq=10 nrs=5"), STEPCARE_OK, "%s", virtual.problem);
    dispatch_send(dispatch, steady);
    cr_assert_eq(job_of(id)->number, out.number, "the old job is still out");
    struct stepcare_record late = decided(STEPCARE_TIER_PHYSIO);
    answers(1, id, &late);
    cr_assert(dispatch_send(dispatch, steady));
    cr_assert_not_null(job_of(id));
    cr_assert_eq(job_of(id)->kind, STEPCARE_KIND_PHYSIO);
}

Test(router_dispatch, the_same_where_the_job_of_before_is_given_up)
{
    const uint64_t id = received("a");
    hello(1, STEPCARE_BIT(STEPCARE_KIND_TRIAGE) | STEPCARE_BIT(STEPCARE_KIND_PHYSIO), 10);
    dispatch_send(dispatch, steady);
    cr_assert_eq(virtual_act(&virtual, "lead", WIRE_ASSIGN, id, "to_tier=physio reason=clinical_judgement"),
                 STEPCARE_OK, "%s", virtual.problem);
    cr_assert_eq(virtual_take(&virtual, "p", "physio"), id);
    cr_assert_eq(virtual_act(&virtual, "p", WIRE_REVIEW, id, "rmdq=10 nrs=5"), STEPCARE_OK, "%s", virtual.problem);
    dispatch_send(dispatch, steady);
    ticks(virtual.router->config->job_deadline_ms + 1);
    struct stepcare_record beat;
    stepcare_record_init(&beat);
    says(1, WIRE_HEARTBEAT, 0, &beat);
    dispatch_send(dispatch, steady); /* out again: nothing to triage any more, and it is forgotten */
    dispatch_send(dispatch, steady);
    cr_assert_not_null(job_of(id));
    cr_assert_eq(job_of(id)->kind, STEPCARE_KIND_PHYSIO);
}

Test(router_dispatch, what_cannot_be_recorded_rests_and_comes_again_without_counting_a_failure)
{
    const uint64_t id = received("a");
    hello(1, TRIAGE_ONLY, 10);
    cr_assert(dispatch_send(dispatch, steady));
    struct buffer frame = {0};
    struct stepcare_record record = decided(STEPCARE_TIER_PHYSIO);
    job_named(id, &record);
    wire_frame_begin(&frame, (struct stepcare_text){NULL, 0});
    wire_frame_add(&frame, WIRE_RESULT, job_of(id)->number, &record, STEPCARE_OK);
    cr_assert_eq(wire_frame_end(&frame, 1), STEPCARE_OK);
    const struct peer peer = peer_of(1);
    struct worker_frame read;
    struct dispatch_answer answer;
    cr_assert(dispatch_frame_open(dispatch, &read, &peer, frame.data, frame.bytes, steady));
    cr_assert(dispatch_next_answer(dispatch, &read, arena, &answer));
    dispatch_job_done(dispatch, &answer.job, DISPATCH_LATER);
    buffer_close(&frame);
    cr_assert_not(dispatch_send(dispatch, steady), "a full disk and a worker would go round in a circle");
    steady += 1000;
    cr_assert(dispatch_send(dispatch, steady));
    cr_assert_eq(job_of(id)->attempts, 0);
}

Test(router_dispatch, an_answer_without_a_field_that_it_needs_is_refused_and_a_failed_attempt)
{
    const uint64_t id = received("a");
    hello(1, TRIAGE_ONLY, 10);
    cr_assert(dispatch_send(dispatch, steady));
    struct stepcare_record without = decided(STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&without, rule, stepcare_text_of(""));
    answers(1, id, &without);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED);
    cr_assert_eq(job_of(id)->attempts, 1);
    cr_assert_eq(dispatch->refused_count, 1);
    cr_assert(dispatch_send(dispatch, steady));
    struct stepcare_record surplus = decided(STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&surplus, note, stepcare_text_of("x"));
    answers(1, id, &surplus);
    cr_assert_eq(job_of(id)->attempts, 2);
    cr_assert(dispatch_send(dispatch, steady));
    struct stepcare_record sound = decided(STEPCARE_TIER_PHYSIO);
    answers(1, id, &sound);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_WAITING);
    cr_assert_eq(dispatch->refused_count, 2);
}

Test(router_dispatch, nobody_but_its_own_worker_answers_a_job_and_others_do_not_fail_it)
{
    const uint64_t id = received("a");
    hello(1, TRIAGE_ONLY, 10);
    cr_assert(dispatch_send(dispatch, steady));
    hello(2, TRIAGE_ONLY, 10);
    struct stepcare_record record = decided(STEPCARE_TIER_PHYSIO), undecided;
    answers(2, id, &record);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED, "another worker's answer counted");
    stepcare_record_init(&undecided);
    STEPCARE_SET(&undecided, problem, stepcare_text_of("cannot"));
    answers(2, id, &undecided);
    cr_assert_eq(job_of(id)->attempts, 0, "another worker failed the job");
    cr_assert_eq(job_of(id)->state, JOB_OUT);
    cr_assert_eq(dispatch->refused_count, 2);
    answers(1, id, &record);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_WAITING);
}

Test(router_dispatch, an_answer_at_another_sequence_or_of_another_number_than_the_jobs_is_refused)
{
    const uint64_t id = received("a");
    hello(1, TRIAGE_ONLY, 10);
    struct stepcare_record record = decided(STEPCARE_TIER_PHYSIO);
    cr_assert(dispatch_send(dispatch, steady));
    uint64_t number = job_named(id, &record);
    record.sequence++;
    says(1, WIRE_RESULT, number, &record);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED);
    cr_assert_eq(job_of(id)->attempts, 1);
    cr_assert(dispatch_send(dispatch, steady));
    number = job_named(id, &record);
    record.job++;
    says(1, WIRE_RESULT, number, &record);
    cr_assert_eq(virtual_episode(&virtual, id)->state, STEPCARE_STATE_RECEIVED);
    cr_assert_eq(job_of(id)->attempts, 2);
}

Test(router_dispatch, a_hello_that_lacks_a_field_is_refused_and_gets_no_work)
{
    struct stepcare_record record;
    received("a");
    stepcare_record_init(&record);
    STEPCARE_SET(&record, kinds, TRIAGE_ONLY);
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(virtual.router->pathways.current)));
    says(1, WIRE_WORKER_HELLO, 1, &record);
    cr_assert_eq(dispatch->refused_count, 1);
    cr_assert_not(dispatch->workers[0].used);
    cr_assert_not(dispatch_send(dispatch, steady));
    says(1, WIRE_HEARTBEAT, 2, &record);
    hello(1, TRIAGE_ONLY, 10);
    says(1, WIRE_SUBMIT, 3, &record);
    cr_assert_eq(dispatch->refused_count, 2, "a client's verb is none of a worker's");
    cr_assert(dispatch->workers[0].used);
}
