/* Start-up and memory with a million referrals waiting: after a clean stop, and after kill -9 with work past the last
 * checkpoint. */
#include "tests/bench/support/scenario.h"

#include <signal.h>

enum {
    FILL_CHUNK = 50000,
    FILL_BATCH = 128,
    FILL_WINDOW = 32 * FILL_BATCH,
    FILL_WAIT_MS = 30000,
    PAST_CHECKPOINT = 10000
};

static void fill(struct bench *bench, const struct bench_store *store, struct load_source *source, unsigned count,
                 uint64_t wait_ms)
{
    struct line line;
    line_open(&line, bench->zmq_context, store->endpoint);
    for (unsigned done = 0; done < count;) {
        unsigned chunk = count - done < FILL_CHUNK ? count - done : FILL_CHUNK;
        struct load load = load_make(source, chunk);
        struct submission submission = {
            .load = &load, .line = &line, .batch = FILL_BATCH, .window = FILL_WINDOW, .wait_ms = wait_ms};
        submission_run(&submission);
        submission_close(&submission);
        load_close(&load);
        done += chunk;
    }
    line_close(&line);
}

static void start_rows(struct bench *bench, const char *how, struct bench_store *store, struct load_source *source)
{
    char name[64];
    uint64_t start_ns = measure_now_ns();
    double ready_ms = store_router_start(store);
    struct process_memory memory = process_memory_of(store->router);
    fill(bench, store, source, 1, 0);
    double answered_ms = (double)(measure_now_ns() - start_ns) / 1e6;
    snprintf(name, sizeof name, "ready after %s", how);
    struct figure *figure = report_add(bench->report, "start", name, ready_ms, "ms");
    figure->target = 500;
    snprintf(name, sizeof name, "first answer after %s", how);
    report_add(bench->report, "start", name, answered_ms, "ms");
    snprintf(name, sizeof name, "resident at ready after %s", how);
    figure = report_add(bench->report, "start", name, memory.resident_mib, "MiB");
    snprintf(figure->note, sizeof figure->note, "%.1f MiB of it its own, the rest mapped files", memory.anonymous_mib);
}

void scenario_start(struct bench *bench)
{
    struct bench_store store;
    struct load_source source;
    unsigned count = bench_count(bench, 1000000);
    load_source_open(&source, 6, count + PAST_CHECKPOINT, LOAD_CLAIMABLE, bench->pathway);
    store_open(&store, bench->settings);
    store_router_start(&store);
    store_worker_start(&store, "triage");
    bench_worker_wait(bench, &store);
    uint64_t start_ns = measure_now_ns();
    fill(bench, &store, &source, count, FILL_WAIT_MS);
    double seconds = (double)(measure_now_ns() - start_ns) / 1e9;
    struct process_memory memory = process_memory_of(store.router);
    report_add(bench->report, "start", "referrals waiting", count, "");
    report_add(bench->report, "start", "filled in", seconds, "s");
    report_add(bench->report, "start", "resident after filling", memory.resident_mib, "MiB");
    report_add(bench->report, "start", "of it the router's own", memory.anonymous_mib, "MiB");
    store_workers_stop(&store);
    uint64_t stop_ns = measure_now_ns();
    store_router_stop(&store, SIGTERM);
    report_add(bench->report, "start", "clean stop", (double)(measure_now_ns() - stop_ns) / 1e6, "ms");
    report_add(bench->report, "start", "bytes on disk per referral", (double)directory_bytes(store.path) / count, "B");
    start_rows(bench, "clean stop", &store, &source);
    fill(bench, &store, &source, PAST_CHECKPOINT, 0);
    store_router_stop(&store, SIGKILL);
    start_rows(bench, "kill -9", &store, &source);
    store_close(&store);
    load_source_close(&source);
}
