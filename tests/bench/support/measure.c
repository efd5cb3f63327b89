/* Samples, percentiles and the floors that figures are held against, for every benchmark. */
#include "tests/bench/support/measure.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t measure_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

void bench_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("benchmark stopped: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void samples_add(struct samples *samples, uint64_t ns)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity ? samples->capacity * 2 : 4096;
        uint64_t *grown = realloc(samples->ns, capacity * sizeof(*grown));
        if (grown == NULL) bench_fail("out of memory");
        samples->ns = grown;
        samples->capacity = capacity;
    }
    samples->ns[samples->count++] = ns;
}

static int ns_compare(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

double samples_us(struct samples *samples, unsigned per_mille)
{
    if (samples->count == 0) return 0;
    qsort(samples->ns, samples->count, sizeof(*samples->ns), ns_compare);
    size_t at = samples->count * per_mille / 1000;
    return (double)samples->ns[at < samples->count ? at : samples->count - 1] / 1000.0;
}

void samples_close(struct samples *samples)
{
    free(samples->ns);
    *samples = (struct samples){0};
}

double process_cpu_seconds(pid_t process)
{
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    size_t bytes = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[bytes] = 0;
    const char *after_name = strrchr(line, ')'); /* the name may hold spaces */
    unsigned long user = 0, system = 0;
    if (after_name == NULL ||
        sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        return 0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

struct process_memory process_memory_of(pid_t process)
{
    struct process_memory memory = {0};
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen(path, "r");
    if (file == NULL) return memory;
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long kib;
        if (sscanf(line, "VmRSS: %lu", &kib) == 1) memory.resident_mib = (double)kib / 1024;
        if (sscanf(line, "RssAnon: %lu", &kib) == 1) memory.anonymous_mib = (double)kib / 1024;
    }
    fclose(file);
    return memory;
}

double self_cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double machine_cpu_seconds(void)
{
    unsigned long user = 0, nice = 0, system = 0, idle, waiting, interrupts = 0, soft = 0, stolen = 0;
    FILE *file = fopen("/proc/stat", "r");
    if (file == NULL) return 0;
    if (fscanf(file, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &waiting, &interrupts, &soft,
               &stolen) != 8)
        stolen = 0;
    fclose(file);
    return (double)(user + nice + system + interrupts + soft + stolen) / (double)sysconf(_SC_CLK_TCK);
}

static uint64_t directory_sum;

static int directory_visit(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    (void)path, (void)where;
    if (kind == FTW_F) directory_sum += (uint64_t)stat->st_blocks * 512;
    return 0;
}

uint64_t directory_bytes(const char *path)
{
    directory_sum = 0;
    nftw(path, directory_visit, 16, FTW_PHYS);
    return directory_sum;
}
