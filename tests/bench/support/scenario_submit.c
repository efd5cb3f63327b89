/* Submissions: one at a time, in batches, with triage beside, and from many clients at once. */
#include "tests/bench/support/scenario.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { CLIENTS = 32, BATCH = 64, WINDOW = 16 * BATCH, POLL_MS = 60000 };

static void latency_rows(struct bench *bench, const char *scenario, struct samples *samples, double target_us)
{
    struct figure *figure = report_add(bench->report, scenario, "latency p50", samples_us(samples, 500), "us");
    figure->target = target_us;
    report_add(bench->report, scenario, "latency p99", samples_us(samples, 990), "us");
    report_add(bench->report, scenario, "latency p99.9", samples_us(samples, 999), "us");
}

static void rate_row(struct bench *bench, const char *scenario, const char *name, double per_s, double target)
{
    struct figure *figure = report_add(bench->report, scenario, name, per_s, "/s");
    figure->target = target;
    figure->target_is_floor = true;
}

void scenario_floors(struct bench *bench)
{
    report_add(bench->report, "floors", "append of 4 KiB + fdatasync, p50", floor_append_us(bench->settings->directory),
               "us");
    report_add(bench->report, "floors", "ZeroMQ ipc round trip, p50", floor_round_trip_us(bench->settings->directory),
               "us");
}

void scenario_one_in_flight(struct bench *bench)
{
    const char *name = "one in flight";
    struct bench_store store;
    struct load_source source;
    struct line line;
    load_source_open(&source, 1, bench_count(bench, 20000), LOAD_ANY, NULL);
    struct load load = load_make(&source, bench_count(bench, 20000));
    store_open(&store, bench->settings);
    store_router_start(&store);
    line_open(&line, bench->zmq_context, store.endpoint);
    struct submission submission = {.load = &load, .line = &line, .batch = 1, .window = 1};
    double floor_us = floor_append_us(bench->settings->directory) + floor_round_trip_us(bench->settings->directory);
    struct cpu_mark cpu = cpu_mark_take(&store);
    uint64_t start_ns = measure_now_ns();
    submission_run(&submission);
    double seconds = (double)(measure_now_ns() - start_ns) / 1e9;
    cpu_report(bench, name, &store, cpu, load.count);
    double floor_after_us =
        floor_append_us(bench->settings->directory) + floor_round_trip_us(bench->settings->directory);
    if (floor_after_us <
        floor_us) /* the machine may be shared: the better of before and after is the stricter measure */
        floor_us = floor_after_us;
    report_add(bench->report, name, "floor: round trip + append", floor_us, "us");
    latency_rows(bench, name, &submission.latencies, 1.6 * floor_us);
    struct figure *ratio =
        report_add(bench->report, name, "p50 / floor", samples_us(&submission.latencies, 500) / floor_us, "x");
    ratio->target = 1.6;
    rate_row(bench, name, "durable submissions", load.count / seconds, 0);
    submission_close(&submission);
    line_close(&line);
    store_close(&store);
    load_close(&load);
    load_source_close(&source);
}

void scenario_throughput(struct bench *bench)
{
    const char *name = "many in flight";
    struct bench_store store;
    struct load_source source;
    struct line line;
    load_source_open(&source, 2, bench_count(bench, 400000), LOAD_ANY, NULL);
    struct load load = load_make(&source, bench_count(bench, 400000));
    store_open(&store, bench->settings);
    store_router_start(&store);
    line_open(&line, bench->zmq_context, store.endpoint);
    struct submission submission = {.load = &load, .line = &line, .batch = BATCH, .window = WINDOW};
    struct ledger_figures ledger = store_ledger_figures(&store);
    struct cpu_mark cpu = cpu_mark_take(&store);
    uint64_t disk_bytes = directory_bytes(store.path);
    uint64_t start_ns = measure_now_ns();
    submission_run(&submission);
    double seconds = (double)(measure_now_ns() - start_ns) / 1e9;
    rate_row(bench, name, "durable submissions", load.count / seconds, 100000);
    report_add(bench->report, name, "wire bytes per referral", (double)load.bytes_count / load.count, "B");
    latency_rows(bench, name, &submission.latencies, 0);
    cpu_report(bench, name, &store, cpu, load.count);
    ledger_report_rows(bench, name, ledger, store_ledger_figures(&store), seconds);
    store_router_stop(&store, SIGTERM); /* so that the state is checkpointed, too */
    report_add(bench->report, name, "bytes on disk per referral",
               (double)(directory_bytes(store.path) - disk_bytes) / load.count, "B");
    submission_close(&submission);
    line_close(&line);
    store_close(&store);
    load_close(&load);
    load_source_close(&source);
}

void scenario_triaged(struct bench *bench)
{
    const char *name = "with triage";
    struct bench_store store;
    struct load_source source;
    struct line line;
    load_source_open(&source, 3, bench_count(bench, 200000), LOAD_ANY, NULL);
    struct load load = load_make(&source, bench_count(bench, 200000));
    store_open(&store, bench->settings);
    store_router_start(&store);
    store_worker_start(&store, "triage");
    bench_worker_wait(bench, &store);
    line_open(&line, bench->zmq_context, store.endpoint);
    struct submission submission = {.load = &load, .line = &line, .batch = BATCH, .window = WINDOW, .wait_ms = 30000};
    struct ledger_figures ledger = store_ledger_figures(&store);
    struct cpu_mark cpu = cpu_mark_take(&store);
    uint64_t start_ns = measure_now_ns();
    submission_run(&submission);
    double seconds = (double)(measure_now_ns() - start_ns) / 1e9;
    rate_row(bench, name, "submitted and triaged", load.count / seconds, 0);
    latency_rows(bench, name, &submission.latencies, 0);
    cpu_report(bench, name, &store, cpu, load.count);
    ledger_report_rows(bench, name, ledger, store_ledger_figures(&store), seconds);
    submission_close(&submission);
    line_close(&line);
    store_close(&store);
    load_close(&load);
    load_source_close(&source);
}

struct clients {
    struct line lines[CLIENTS];
    uint64_t sent_ns[CLIENTS];
    struct samples latencies;
    const struct load *load;
    unsigned sent, done;
};

static void clients_reply(void *context, const struct wire_message *reply, uint64_t now_ns)
{
    struct clients *clients = context;
    reply_check(reply);
    samples_add(&clients->latencies, now_ns - clients->sent_ns[reply->request_id % CLIENTS]);
    clients->done++;
}

static void client_submit(struct clients *clients, unsigned client)
{
    if (clients->sent == clients->load->count) return;
    clients->sent_ns[client] = measure_now_ns();
    line_stage_submit(&clients->lines[client], client, load_at(clients->load, clients->sent++), 0);
    line_send(&clients->lines[client]);
}

static void clients_run(struct clients *clients)
{
    zmq_pollitem_t items[CLIENTS];
    for (unsigned i = 0; i < CLIENTS; i++) {
        items[i] = (zmq_pollitem_t){.socket = clients->lines[i].socket, .events = ZMQ_POLLIN};
        client_submit(clients, i);
    }
    while (clients->done < clients->load->count) {
        if (zmq_poll(items, CLIENTS, POLL_MS) <= 0) bench_fail("no reply within %d s", POLL_MS / 1000);
        for (unsigned i = 0; i < CLIENTS; i++)
            if ((items[i].revents & ZMQ_POLLIN) && line_receive(&clients->lines[i], false, clients_reply, clients) > 0)
                client_submit(clients, i);
    }
}

void scenario_clients(struct bench *bench)
{
    const char *name = "32 clients";
    struct bench_store store;
    struct load_source source;
    load_source_open(&source, 4, bench_count(bench, 200000), LOAD_ANY, NULL);
    struct load load = load_make(&source, bench_count(bench, 200000));
    struct clients clients = {.load = &load};
    store_open(&store, bench->settings);
    store_router_start(&store);
    for (unsigned i = 0; i < CLIENTS; i++) line_open(&clients.lines[i], bench->zmq_context, store.endpoint);
    double echo_per_s = floor_clients_per_s(bench->settings->directory, CLIENTS);
    struct ledger_figures ledger = store_ledger_figures(&store);
    struct cpu_mark cpu = cpu_mark_take(&store);
    uint64_t start_ns = measure_now_ns();
    clients_run(&clients);
    double seconds = (double)(measure_now_ns() - start_ns) / 1e9;
    rate_row(bench, name, "durable submissions", load.count / seconds, 60000);
    report_add(bench->report, name, "floor: 32 clients, bare echo", echo_per_s, "/s");
    latency_rows(bench, name, &clients.latencies, 0);
    cpu_report(bench, name, &store, cpu, load.count);
    ledger_report_rows(bench, name, ledger, store_ledger_figures(&store), seconds);
    for (unsigned i = 0; i < CLIENTS; i++) line_close(&clients.lines[i]);
    samples_close(&clients.latencies);
    store_close(&store);
    load_close(&load);
    load_source_close(&source);
}
