/* What the scenarios of bench_router share: processor time and the ledger's own figures. */
#include "tests/bench/support/scenario.h"

#include <stdlib.h>
#include <time.h>

unsigned bench_count(const struct bench *bench, unsigned full)
{
    double count = full * bench->settings->scale;
    return count < 1000 ? 1000 : (unsigned)count;
}

struct cpu_mark cpu_mark_take(const struct bench_store *store)
{
    return (struct cpu_mark){process_cpu_seconds(store->router), store_workers_cpu_seconds(store), self_cpu_seconds(),
                             machine_cpu_seconds(), measure_now_ns()};
}

void cpu_report(struct bench *bench, const char *scenario, const struct bench_store *store, struct cpu_mark start,
                uint64_t count)
{
    struct cpu_mark now = cpu_mark_take(store);
    double per = 100000.0 / (double)count, seconds = (double)(now.at_ns - start.at_ns) / 1e9;
    double ours = now.router - start.router + now.workers - start.workers + now.self - start.self;
    double others = (now.machine - start.machine - ours) / seconds;
    report_add(bench->report, scenario, "router CPU per 100,000", (now.router - start.router) * per, "s");
    if (store->worker_count > 0)
        report_add(bench->report, scenario, "workers' CPU per 100,000", (now.workers - start.workers) * per, "s");
    report_add(bench->report, scenario, "this client's CPU per 100,000", (now.self - start.self) * per, "s");
    struct figure *figure =
        report_add(bench->report, scenario, "processors busy with other things", others > 0 ? others : 0, "");
    if (others > 0.2) snprintf(figure->note, sizeof figure->note, "disturbed: repeat on a quiet machine");
}

void ledger_report_rows(struct bench *bench, const char *scenario, struct ledger_figures before,
                        struct ledger_figures after, double seconds)
{
    double blocks = (double)(after.blocks - before.blocks), events = (double)(after.events - before.events);
    report_add(bench->report, scenario, "flushes", blocks / seconds, "/s");
    if (blocks > 0) report_add(bench->report, scenario, "events per flush", events / blocks, "");
    if (events > 0)
        report_add(bench->report, scenario, "ledger bytes per event", (double)(after.bytes - before.bytes) / events,
                   "B");
}

static void submission_reply(void *context, const struct wire_message *reply, uint64_t now_ns)
{
    struct submission *submission = context;
    reply_check(reply);
    samples_add(&submission->latencies, now_ns - submission->sent_ns[reply->request_id / submission->batch]);
    submission->done++;
    if (submission->answered != NULL) submission->answered(submission->context, reply);
}

void submission_run(struct submission *submission)
{
    const unsigned count = submission->load->count;
    submission->sent_ns = calloc(count / submission->batch + 1, sizeof(uint64_t));
    if (submission->sent_ns == NULL) bench_fail("out of memory");
    while (submission->done < count) {
        while (submission->sent < count &&
               submission->sent - submission->done + submission->batch <= submission->window) {
            submission->sent_ns[submission->sent / submission->batch] = measure_now_ns();
            for (unsigned i = 0; i < submission->batch && submission->sent < count; i++, submission->sent++)
                line_stage_submit(submission->line, submission->sent, load_at(submission->load, submission->sent),
                                  submission->wait_ms);
            line_send(submission->line);
        }
        line_receive(submission->line, true, submission_reply, submission);
    }
}

void submission_close(struct submission *submission)
{
    free(submission->sent_ns);
    samples_close(&submission->latencies);
}

struct triage_seen {
    bool triaged;
};

static void triage_reply(void *context, const struct wire_message *reply, uint64_t now_ns)
{
    struct triage_seen *seen = context;
    (void)now_ns;
    reply_check(reply);
    seen->triaged = STEPCARE_HAS(&reply->record, tier) && reply->record.tier != STEPCARE_TIER_NONE;
}

void bench_worker_wait(struct bench *bench, const struct bench_store *store)
{
    enum { TRIES = 6, WAIT_MS = 5000 };
    struct load_source source;
    struct line line;
    struct triage_seen seen = {false};
    load_source_open(&source, 99, TRIES, LOAD_ANY, NULL);
    line_open(&line, bench->zmq_context, store->endpoint);
    for (int i = 0; i < TRIES && !seen.triaged; i++) {
        load_source_next(&source);
        line_stage_submit(&line, 1,
                          (struct stepcare_text){(const char *)source.encoded.data, (uint32_t)source.encoded.bytes},
                          WAIT_MS);
        line_send(&line);
        line_receive(&line, true, triage_reply, &seen);
    }
    if (!seen.triaged) bench_fail("no worker triages; see %s/stepcare-worker.log", store->path);
    line_close(&line);
    load_source_close(&source);
}
