/* Time, percentiles and the table that a benchmark prints. */
#ifndef TESTS_BENCH_SUPPORT_MEASURE_H
#define TESTS_BENCH_SUPPORT_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

uint64_t measure_now_ns(void); /* monotonic */

/* A run of durations; owned by whoever declared it, zeroed to begin with. */
struct samples {
    uint64_t *ns;
    size_t count, capacity;
};
void samples_add(struct samples *samples, uint64_t ns);
/* Sorts; per_mille 500 is the median. 0 without samples. */
double samples_us(struct samples *samples, unsigned per_mille);
void samples_close(struct samples *samples);

/* One figure. target 0: there is none; target_is_floor: at least (throughput) rather than at most (time). */
struct figure {
    char scenario[32], name[64], unit[24], note[96];
    double value, target;
    bool target_is_floor;
};

enum { REPORT_FIGURES_MAX = 128 };
struct report {
    unsigned count;
    struct figure figures[REPORT_FIGURES_MAX];
};
struct figure *report_add(struct report *report, const char *scenario, const char *name, double value,
                          const char *unit);
void report_print(const struct report *report, FILE *out, bool json);
/* The value of an earlier figure; 0 if there is none. */
double report_value(const struct report *report, const char *scenario, const char *name);

/* Purpose: p50 in µs of writing 4 KiB and fdatasync in a file of `directory` that was written before. */
double floor_append_us(const char *directory);
/* Purpose: p50 in µs of a 600-byte round trip, DEALER to ROUTER in another process and back, over ipc. */
double floor_round_trip_us(const char *directory);
/* Purpose: round trips/s of so many clients (at most 64) with one in flight each, to the same other process: what the
 * transport allows with clients and server on this machine. */
double floor_clients_per_s(const char *directory, unsigned clients);

/* Of a process: CPU seconds used so far, and resident memory. 0 if it is gone. */
double process_cpu_seconds(pid_t process);
struct process_memory {
    double resident_mib, anonymous_mib;
};
struct process_memory process_memory_of(pid_t process);
double self_cpu_seconds(void);
double machine_cpu_seconds(void); /* all processors, all processes, since boot */

/* Bytes allocated on disk by the files below a directory. */
uint64_t directory_bytes(const char *path);
/* A scenario cannot go on: says why and exits 1. */
void bench_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
