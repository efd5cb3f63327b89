/* The benchmark's scenarios. Each makes a store of its own, measures, and adds its figures to the report. */
#ifndef TESTS_BENCH_SUPPORT_SCENARIO_H
#define TESTS_BENCH_SUPPORT_SCENARIO_H

#include "tests/bench/support/load.h"
#include "tests/bench/support/store.h"

struct bench {
    const struct bench_settings *settings;
    const struct pathway *pathway;
    void *zmq_context;
    struct report *report;
};

void scenario_floors(struct bench *bench);        /* append and flush; round trip */
void scenario_one_in_flight(struct bench *bench); /* latency of one submission at a time */
void scenario_throughput(struct bench *bench);    /* batches, many in flight, no worker */
void scenario_triaged(struct bench *bench);       /* the same with a triage worker beside, until all are triaged */
void scenario_clients(struct bench *bench);       /* 32 clients, one in flight each */
void scenario_lifecycle(struct bench *bench);     /* submitted, triaged, claimed, accepted, discharged */
void scenario_start(struct bench *bench);         /* start-up and memory with a million waiting */

/* Full size times --scale, at least 1000. */
unsigned bench_count(const struct bench *bench, unsigned full);

/* Purpose: wait until a submission through the worker comes back triaged, so that the worker is known to be there. */
void bench_worker_wait(struct bench *bench, const struct bench_store *store);

/* CPU of everything that took part, from one moment to another. */
struct cpu_mark {
    double router, workers, self, machine;
    uint64_t at_ns;
};
struct cpu_mark cpu_mark_take(const struct bench_store *store);
/* Purpose: rows "router CPU per 100,000" etc., in seconds; and how many processors others kept busy meanwhile: with
 * much of that, the run says little. */
void cpu_report(struct bench *bench, const char *scenario, const struct bench_store *store, struct cpu_mark start,
                uint64_t count);
/* Purpose: rows about flushes between two ledger readings. */
void ledger_report_rows(struct bench *bench, const char *scenario, struct ledger_figures before,
                        struct ledger_figures after, double seconds);

/* A window of submissions: what scenarios share. */
struct submission {
    const struct load *load;
    struct line *line;
    unsigned batch, window; /* commands a frame; commands in flight at most */
    uint64_t wait_ms;
    unsigned sent, done;
    uint64_t *sent_ns; /* by frame */
    struct samples latencies;
    void (*answered)(void *context, const struct wire_message *reply); /* may be NULL */
    void *context;
};
void submission_run(struct submission *submission);
void submission_close(struct submission *submission);

#endif
