/* Whole lifecycles over the wire: submit (answered once triaged by the worker process) -> claim -> accept ->
 * discharge. */
#include "tests/bench/support/scenario.h"

#include <stdlib.h>

enum {
    SUBMIT_BATCH = 64,
    TRIAGE_OPEN_MAX = 2048, /* submitted, not yet triaged */
    OPEN_MAX = 8192,        /* submitted, not yet discharged */
    TRIAGE_WAIT_MS = 30000,
    END_CODE_COMPLETED = 46,
};

struct lifecycle {
    const struct load *load;
    struct line *line;
    unsigned submitted, triaged, discharged;
    unsigned waiting[STEPCARE_TIER_COUNT];
    bool claim_out[STEPCARE_TIER_COUNT];
    uint64_t claims;
    uint64_t *submitted_ns; /* by submission */
    struct samples triage_latencies;
};

static void submit_more(struct lifecycle *lifecycle)
{
    while (lifecycle->submitted < lifecycle->load->count &&
           lifecycle->submitted - lifecycle->triaged + SUBMIT_BATCH <= TRIAGE_OPEN_MAX &&
           lifecycle->submitted - lifecycle->discharged + SUBMIT_BATCH <= OPEN_MAX) {
        uint64_t now_ns = measure_now_ns();
        for (unsigned i = 0; i < SUBMIT_BATCH && lifecycle->submitted < lifecycle->load->count; i++) {
            unsigned index = lifecycle->submitted++;
            lifecycle->submitted_ns[index] = now_ns;
            line_stage_submit(lifecycle->line, index, load_at(lifecycle->load, index), TRIAGE_WAIT_MS);
        }
        line_send(lifecycle->line);
    }
}

/* One claim a tier in flight, for all that is known to wait there: batches grow by themselves when the router is
 * busy. */
static void claim_more(struct lifecycle *lifecycle)
{
    for (unsigned tier = 1; tier < STEPCARE_TIER_COUNT; tier++) {
        struct stepcare_record record;
        char key[32];
        if (lifecycle->claim_out[tier] || lifecycle->waiting[tier] == 0) continue;
        unsigned count = lifecycle->waiting[tier];
        snprintf(key, sizeof key, "bench-%llu", (unsigned long long)++lifecycle->claims);
        stepcare_record_init(&record);
        STEPCARE_SET(&record, tier, (uint8_t)tier);
        STEPCARE_SET(&record, request_key, stepcare_text_of(key));
        STEPCARE_SET(&record, count, count < STEPCARE_CLAIM_COUNT_MAX ? count : STEPCARE_CLAIM_COUNT_MAX);
        line_stage(lifecycle->line, WIRE_CLAIM, tier, &record);
        lifecycle->claim_out[tier] = true;
    }
}

static void accept_rows(struct lifecycle *lifecycle, const struct wire_message *reply)
{
    unsigned tier = (unsigned)reply->request_id;
    lifecycle->claim_out[tier] = false;
    if (!STEPCARE_HAS(&reply->record, rows) || reply->record.rows.count == 0)
        bench_fail("a claim of %s gave nothing, though %u wait", stepcare_code_name(&stepcare_tiers, tier),
                   lifecycle->waiting[tier]);
    for (uint32_t i = 0; i < reply->record.rows.count; i++) {
        const struct stepcare_record *row = &reply->record.rows.items[i];
        struct stepcare_record record;
        stepcare_record_init(&record);
        STEPCARE_SET(&record, referral_id, row->referral_id);
        STEPCARE_SET(&record, token, row->token);
        line_stage(lifecycle->line, WIRE_ACCEPT, row->referral_id, &record);
    }
    lifecycle->waiting[tier] -=
        reply->record.rows.count < lifecycle->waiting[tier] ? reply->record.rows.count : lifecycle->waiting[tier];
}

static void lifecycle_reply(void *context, const struct wire_message *reply, uint64_t now_ns)
{
    struct lifecycle *lifecycle = context;
    struct stepcare_record record;
    reply_check(reply);
    switch (reply->verb) {
    case WIRE_SUBMIT:
        if (!STEPCARE_HAS(&reply->record, tier))
            bench_fail("a submission came back untriaged after %d s", TRIAGE_WAIT_MS / 1000);
        samples_add(&lifecycle->triage_latencies, now_ns - lifecycle->submitted_ns[reply->request_id]);
        lifecycle->triaged++;
        lifecycle->waiting[reply->record.tier]++;
        break;
    case WIRE_CLAIM: accept_rows(lifecycle, reply); break;
    case WIRE_ACCEPT:
        stepcare_record_init(&record);
        STEPCARE_SET(&record, referral_id, reply->request_id);
        STEPCARE_SET(&record, end_code, END_CODE_COMPLETED);
        line_stage(lifecycle->line, WIRE_DISCHARGE, reply->request_id, &record);
        break;
    default: lifecycle->discharged++;
    }
}

static void lifecycle_run(struct lifecycle *lifecycle)
{
    while (lifecycle->discharged < lifecycle->load->count) {
        submit_more(lifecycle);
        claim_more(lifecycle);
        line_send(lifecycle->line);
        line_receive(lifecycle->line, true, lifecycle_reply, lifecycle);
        while (line_receive(lifecycle->line, false, lifecycle_reply, lifecycle) > 0)
            ;
    }
}

void scenario_lifecycle(struct bench *bench)
{
    const char *name = "lifecycles";
    struct bench_store store;
    struct load_source source;
    struct line line;
    unsigned count = bench_count(bench, 100000);
    load_source_open(&source, 5, count, LOAD_CLAIMABLE, bench->pathway);
    struct load load = load_make(&source, count);
    store_open(&store, bench->settings);
    store_router_start(&store);
    store_worker_start(&store, "triage");
    bench_worker_wait(bench, &store);
    line_open(&line, bench->zmq_context, store.endpoint);
    struct lifecycle lifecycle = {.load = &load, .line = &line, .submitted_ns = calloc(count, sizeof(uint64_t))};
    if (lifecycle.submitted_ns == NULL) bench_fail("out of memory");
    struct ledger_figures ledger = store_ledger_figures(&store);
    struct cpu_mark cpu = cpu_mark_take(&store);
    uint64_t start_ns = measure_now_ns();
    lifecycle_run(&lifecycle);
    double seconds = (double)(measure_now_ns() - start_ns) / 1e9;
    struct figure *rate = report_add(bench->report, name, "whole lifecycles", count / seconds, "/s");
    rate->target = 20000;
    rate->target_is_floor = true;
    report_add(bench->report, name, "submit to triaged p50", samples_us(&lifecycle.triage_latencies, 500), "us");
    report_add(bench->report, name, "submit to triaged p99", samples_us(&lifecycle.triage_latencies, 990), "us");
    cpu_report(bench, name, &store, cpu, count);
    ledger_report_rows(bench, name, ledger, store_ledger_figures(&store), seconds);
    free(lifecycle.submitted_ns);
    samples_close(&lifecycle.triage_latencies);
    line_close(&line);
    store_close(&store);
    load_close(&load);
    load_source_close(&source);
}
