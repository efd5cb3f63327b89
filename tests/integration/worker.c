/* The worker process against a router that the test plays: hello, jobs, silence, restarts, signals. */
#include "tests/support/fake_router.h"

#include "proto/referral_codec.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fake_router router;

static void begin(void)
{
    fake_router_open(&router);
}

static void end(void)
{
    fake_router_close(&router);
}

TestSuite(worker, .init = begin, .fini = end);

/* A worker that has said hello and been welcomed. */
static void worker_ready(void)
{
    struct stepcare_record welcome;

    fake_router_start_worker(&router, NULL);
    cr_assert(fake_router_await(&router, WIRE_WORKER_HELLO), "no hello");
    stepcare_record_init(&welcome);
    fake_router_send(&router, WIRE_WORKER_HELLO, 0, &welcome, STEPCARE_OK);
}

static void job_add(struct buffer *frame, uint64_t id, const struct buffer *referral)
{
    struct stepcare_record job;

    stepcare_record_init(&job);
    STEPCARE_SET(&job, job, id);
    STEPCARE_SET(&job, kind, STEPCARE_KIND_TRIAGE);
    STEPCARE_SET(&job, referral_id, 1000 + id);
    STEPCARE_SET(&job, sequence, 2000 + id);
    STEPCARE_SET(&job, attempt, 1);
    STEPCARE_SET(&job, referral, ((struct stepcare_text){(const char *)referral->data, (uint32_t)referral->bytes}));
    wire_frame_add(frame, WIRE_JOB, id, &job, STEPCARE_OK);
}

/* Low back pain for nine weeks with cauda equina signs or without. */
static void referral_make(struct buffer *out_bytes, uint32_t red_flags)
{
    struct stepcare_referral referral;

    memset(&referral, 0, sizeof referral);
    referral.message_id = stepcare_text_of("m-1");
    referral.source = STEPCARE_SOURCE_GP;
    referral.organisation = stepcare_text_of("Y05868");
    referral.referred_at_ms = INT64_C(1793611800000);
    referral.birth_date = (struct stepcare_date){1984, 6, 15};
    referral.problem = STEPCARE_PROBLEM_LOW_BACK_PAIN;
    referral.duration_weeks = 9;
    referral.red_flags_screened = true;
    referral.red_flags = red_flags;
    referral_ledger_encode(out_bytes, &referral, true);
    cr_assert_not(out_bytes->failed);
}

Test(worker, hello_tells_kinds_credit_version_and_pathway)
{
    const struct stepcare_record *hello = &router.messages[0].record;

    fake_router_start_worker(&router, (const char *const[]){"--kind", "physio", "--credit", "12", NULL});
    cr_assert(fake_router_await(&router, WIRE_WORKER_HELLO));
    cr_expect_eq(STEPCARE_GET(hello, kinds, 0), STEPCARE_BIT(STEPCARE_KIND_PHYSIO));
    cr_expect_eq(STEPCARE_GET(hello, credit, 0), 12);
    cr_assert(STEPCARE_HAS(hello, pathway_hash));
    cr_expect_eq(hello->pathway_hash.bytes, 64);
    cr_expect(STEPCARE_HAS(hello, pathway));
    cr_expect(STEPCARE_HAS(hello, version));
}

Test(worker, frame_of_jobs_gets_a_frame_of_results)
{
    struct buffer frame = {0}, well = {0}, emergency = {0};

    worker_ready();
    referral_make(&well, 0);
    referral_make(&emergency, STEPCARE_BIT(STEPCARE_FLAG_SADDLE_ANAESTHESIA));
    wire_frame_begin(&frame, (struct stepcare_text){NULL, 0});
    for (uint64_t id = 1; id <= STEPCARE_BATCH_COUNT_MAX; id++) job_add(&frame, id, id % 2 == 0 ? &well : &emergency);
    cr_assert_eq(wire_frame_end(&frame, STEPCARE_BATCH_COUNT_MAX), STEPCARE_OK);
    fake_router_send_frame(&router, &frame);
    cr_assert(fake_router_await(&router, WIRE_RESULT));
    cr_assert_eq(router.count, STEPCARE_BATCH_COUNT_MAX);
    for (unsigned i = 0; i < router.count; i++) {
        const struct stepcare_record *result = &router.messages[i].record;

        cr_assert_eq(router.messages[i].request_id, i + 1);
        cr_expect_eq(STEPCARE_GET(result, job, 0), i + 1);
        cr_expect_eq(STEPCARE_GET(result, referral_id, 0), 1001 + i);
        cr_expect_eq(STEPCARE_GET(result, sequence, 0), 2001 + i);
        cr_expect_eq(STEPCARE_GET(result, tier, 0), i % 2 == 1 ? STEPCARE_TIER_PHYSIO : STEPCARE_TIER_EMERGENCY);
        cr_expect_not(STEPCARE_HAS(result, problem));
        cr_expect(STEPCARE_HAS(result, pathway_hash));
    }
    buffer_close(&frame);
    buffer_close(&well);
    buffer_close(&emergency);
}

Test(worker, job_that_cannot_be_decoded_is_answered_and_work_goes_on)
{
    struct buffer frame = {0}, well = {0}, broken = {0};
    static uint8_t rubbish[] = {0x93, 0x01, 0xff, 0x02};

    worker_ready();
    referral_make(&well, 0);
    broken = (struct buffer){.data = rubbish, .bytes = sizeof rubbish, .capacity = sizeof rubbish};
    wire_frame_begin(&frame, (struct stepcare_text){NULL, 0});
    job_add(&frame, 1, &broken);
    job_add(&frame, 2, &well);
    cr_assert_eq(wire_frame_end(&frame, 2), STEPCARE_OK);
    fake_router_send_frame(&router, &frame);
    cr_assert(fake_router_await(&router, WIRE_RESULT));
    cr_assert_eq(router.count, 2);
    cr_expect(STEPCARE_HAS(&router.messages[0].record, problem));
    cr_expect_eq(STEPCARE_GET(&router.messages[0].record, referral_id, 0), 1001);
    cr_expect_not(STEPCARE_HAS(&router.messages[1].record, problem));
    buffer_close(&frame);
    buffer_close(&well);
}

Test(worker, frame_of_rubbish_does_not_stop_it)
{
    struct buffer rubbish = {.data = (uint8_t[]){0xdd, 0x10, 0, 0, 0}, .bytes = 5};

    worker_ready();
    fake_router_send_frame(&router, &rubbish);
    cr_expect(fake_router_await(&router, WIRE_HEARTBEAT), "it stopped");
}

Test(worker, idle_worker_shows_that_it_is_alive)
{
    worker_ready();
    cr_assert(fake_router_await(&router, WIRE_HEARTBEAT));
    cr_expect_eq(STEPCARE_GET(&router.messages[0].record, credit, 0), 4096);
}

Test(worker, sigterm_says_goodbye_and_exits_0)
{
    worker_ready();
    cr_assert(fake_router_await(&router, WIRE_HEARTBEAT));
    kill(router.worker, SIGTERM);
    cr_expect(fake_router_await(&router, WIRE_GOODBYE));
    cr_expect_eq(fake_router_wait_worker(&router), 0);
}

Test(worker, sigterm_without_a_router_exits_0)
{
    fake_router_start_worker(&router, NULL);
    cr_assert(fake_router_await(&router, WIRE_WORKER_HELLO));
    fake_router_unbind(&router);
    kill(router.worker, SIGTERM);
    cr_expect_eq(fake_router_wait_worker(&router), 0);
}

Test(worker, refused_pathway_is_read_again_until_it_fits)
{
    char path[128], before[65] = "";
    FILE *stream;
    struct stepcare_record refusal;

    fake_router_start_worker(&router, NULL);
    cr_assert(fake_router_await(&router, WIRE_WORKER_HELLO));
    snprintf(before, sizeof before, "%.*s", (int)router.messages[0].record.pathway_hash.bytes,
             router.messages[0].record.pathway_hash.data);
    stepcare_record_init(&refusal);
    STEPCARE_SET(&refusal, problem, stepcare_text_of("the router decides by pathway 2027.01"));
    fake_router_send(&router, WIRE_WORKER_HELLO, 0, &refusal, STEPCARE_PATHWAY_MISMATCH);
    snprintf(path, sizeof path, "%s/pathway.yaml", router.directory);
    stream = fopen(path, "a");
    fputs("\n# adopted\n", stream);
    fclose(stream);
    cr_assert(fake_router_await(&router, WIRE_WORKER_HELLO), "no second hello");
    cr_expect(memcmp(before, router.messages[0].record.pathway_hash.data, 64) != 0, "the same pathway again");
    fake_router_send(&router, WIRE_WORKER_HELLO, 0, NULL, STEPCARE_OK);
    cr_expect(fake_router_await(&router, WIRE_HEARTBEAT));
}

Test(worker, silent_router_gets_a_new_connection_and_hello)
{
    uint8_t peer[sizeof router.peer];

    fake_router_set_silence(&router, 3000);
    worker_ready();
    memcpy(peer, router.peer, sizeof peer);
    cr_assert(fake_router_await(&router, WIRE_WORKER_HELLO), "no hello after silence");
    cr_expect(memcmp(peer, router.peer, router.peer_bytes) != 0, "the same connection");
}

Test(worker, router_that_comes_back_gets_a_hello)
{
    worker_ready();
    cr_assert(fake_router_await(&router, WIRE_HEARTBEAT));
    fake_router_unbind(&router);
    fake_router_bind(&router);
    cr_expect(fake_router_receive(&router));
    cr_expect_eq(router.messages[0].verb, WIRE_WORKER_HELLO, "a stale message comes before the hello");
}

Test(worker, router_that_does_not_know_the_session_gets_a_hello)
{
    worker_ready();
    cr_assert(fake_router_await(&router, WIRE_HEARTBEAT));
    fake_router_send(&router, WIRE_HEARTBEAT, 0, NULL, STEPCARE_NOT_FOUND);
    cr_expect(fake_router_await(&router, WIRE_WORKER_HELLO));
}

Test(worker, usage_configuration_and_pathway_mistakes_exit_2)
{
    char path[128];

    fake_router_start_worker(&router, (const char *const[]){"--kind", "surgery", NULL});
    cr_expect_eq(fake_router_wait_worker(&router), 2);
    fake_router_start_worker(&router, (const char *const[]){"--credit", "many", NULL});
    cr_expect_eq(fake_router_wait_worker(&router), 2);
    fake_router_start_worker(&router, (const char *const[]){"extra", NULL});
    cr_expect_eq(fake_router_wait_worker(&router), 2);
    fake_router_start_worker(&router, (const char *const[]){"--config", "/nowhere/stepcare.yaml", NULL});
    cr_expect_eq(fake_router_wait_worker(&router), 2);
    snprintf(path, sizeof path, "%s/pathway.yaml", router.directory);
    cr_assert_eq(truncate(path, 10), 0);
    fake_router_start_worker(&router, NULL);
    cr_expect_eq(fake_router_wait_worker(&router), 2);
}
