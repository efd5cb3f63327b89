/* A store of the benchmark's own, with its router and workers as real processes from the build's bin directory. */
#ifndef TESTS_BENCH_SUPPORT_STORE_H
#define TESTS_BENCH_SUPPORT_STORE_H

#include "tests/bench/support/measure.h"

#include <sys/types.h>

enum { BENCH_WORKERS_MAX = 4, BENCH_PATH_BYTES_MAX = 256 };

struct bench_settings {
    char programs[BENCH_PATH_BYTES_MAX];  /* directory of stepcare-router and stepcare-worker */
    char pathway[BENCH_PATH_BYTES_MAX];   /* pathway.yaml */
    char directory[BENCH_PATH_BYTES_MAX]; /* where stores are made */
    char additions[BENCH_PATH_BYTES_MAX]; /* a file whose lines are added to stepcare.yaml; empty: none */
    bool keep;                            /* leave the stores there */
    double scale;                         /* 1: full size */
};

struct bench_store {
    const struct bench_settings *settings;
    char path[BENCH_PATH_BYTES_MAX];
    char endpoint[BENCH_PATH_BYTES_MAX]; /* the clients' */
    pid_t router;
    pid_t workers[BENCH_WORKERS_MAX];
    unsigned worker_count;
};

/* What the ledger says about a run: a block is a flush. */
struct ledger_figures {
    uint64_t blocks, events, bytes;
};

void store_open(struct bench_store *store, const struct bench_settings *settings);
/* Purpose: start the router and wait for its "ready". Returns the milliseconds from exec to it. */
double store_router_start(struct bench_store *store);
/* Purpose: stop it by a signal and wait for its end. */
void store_router_stop(struct bench_store *store, int signal);
void store_worker_start(struct bench_store *store, const char *kind);
void store_workers_stop(struct bench_store *store);
/* Purpose: stop everything, remove everything (unless kept). */
void store_close(struct bench_store *store);

double store_workers_cpu_seconds(const struct bench_store *store);
/* Purpose: read the ledger's blocks. Calls: with the router stopped or running. */
struct ledger_figures store_ledger_figures(const struct bench_store *store);

#endif
