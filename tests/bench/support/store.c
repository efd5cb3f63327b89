/* Stores for benchmarks: made, copied, and served by the programs of the build. */
#include "tests/bench/support/store.h"

#include "router/ledger/segment/segment_engine.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_TIMEOUT_MS = 120000, SEGMENT_BYTES = 32 * 1024 * 1024 };

static void path_make(char *out_path, const char *directory, const char *name)
{
    if (snprintf(out_path, BENCH_PATH_BYTES_MAX, "%s/%s", directory, name) >= BENCH_PATH_BYTES_MAX)
        bench_fail("the path %s is too long; choose another --directory", directory);
}

static void file_append(FILE *to, const char *path)
{
    char line[1024];
    FILE *from = fopen(path, "r");
    if (from == NULL) bench_fail("%s cannot be read: %s", path, strerror(errno));
    while (fgets(line, sizeof line, from) != NULL) fputs(line, to);
    fclose(from);
}

void store_open(struct bench_store *store, const struct bench_settings *settings)
{
    char config[BENCH_PATH_BYTES_MAX], run[BENCH_PATH_BYTES_MAX], socket[BENCH_PATH_BYTES_MAX];
    *store = (struct bench_store){.settings = settings};
    path_make(store->path, settings->directory, "stepcare-bench-XXXXXX");
    if (mkdtemp(store->path) == NULL)
        bench_fail("no directory can be made in %s: %s", settings->directory, strerror(errno));
    path_make(run, store->path, "run");
    mkdir(run, 0700);
    path_make(config, store->path, "stepcare.yaml");
    FILE *file = fopen(config, "w");
    if (file == NULL) bench_fail("%s cannot be written: %s", config, strerror(errno));
    fprintf(file, "mode: local\npathway: %s\n", settings->pathway);
    if (settings->additions[0] != 0) file_append(file, settings->additions);
    fclose(file);
    path_make(socket, store->path, "run/client.sock");
    if (snprintf(store->endpoint, sizeof store->endpoint, "ipc://%s", socket) > 107)
        bench_fail("the path %s is too long for a socket; choose another --directory", socket);
}

/* Starts a program of the build with --config; its stderr goes to NAME.log in the store. Returns its pid and, when
 * asked, the reading end of its stdout. */
static pid_t program_start(struct bench_store *store, const char *name, const char *kind, int *out_stdout)
{
    char program[BENCH_PATH_BYTES_MAX], config[BENCH_PATH_BYTES_MAX], log[BENCH_PATH_BYTES_MAX], file[64];
    int ends[2] = {-1, -1};
    path_make(program, store->settings->programs, name);
    path_make(config, store->path, "stepcare.yaml");
    snprintf(file, sizeof file, "%s.log", name);
    path_make(log, store->path, file);
    if (out_stdout != NULL && pipe2(ends, O_CLOEXEC) != 0) bench_fail("no pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0) bench_fail("no process: %s", strerror(errno));
    if (child == 0) {
        int log_file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(log_file, STDERR_FILENO);
        dup2(ends[1] >= 0 ? ends[1] : log_file, STDOUT_FILENO);
        if (kind != NULL)
            execl(program, program, "--config", config, "--kind", kind, NULL);
        else
            execl(program, program, "--config", config, NULL);
        dprintf(log_file, "%s cannot be started: %s\n", program, strerror(errno));
        _exit(127);
    }
    if (out_stdout != NULL) {
        close(ends[1]);
        *out_stdout = ends[0];
    }
    return child;
}

double store_router_start(struct bench_store *store)
{
    char text[4096];
    size_t bytes = 0;
    int output;
    uint64_t start_ns = measure_now_ns();
    store->router = program_start(store, "stepcare-router", NULL, &output);
    for (;;) {
        struct pollfd poll_on = {.fd = output, .events = POLLIN};
        if (poll(&poll_on, 1, READY_TIMEOUT_MS) <= 0)
            bench_fail("the router said no \"ready\" within %d s; see %s", READY_TIMEOUT_MS / 1000, store->path);
        ssize_t got = read(output, text + bytes, sizeof text - 1 - bytes);
        if (got <= 0) {
            store->router = 0;
            bench_fail("the router ended before \"ready\"; see %s/stepcare-router.log", store->path);
        }
        bytes += (size_t)got;
        text[bytes] = 0;
        if (strstr(text, "ready") != NULL) break;
        if (bytes == sizeof text - 1) bytes = 0;
    }
    double ready_ms = (double)(measure_now_ns() - start_ns) / 1e6;
    close(output); /* it says nothing more there */
    return ready_ms;
}

static void process_stop(pid_t *process, int signal)
{
    if (*process <= 0) return;
    kill(*process, signal);
    waitpid(*process, NULL, 0);
    *process = 0;
}

void store_router_stop(struct bench_store *store, int signal)
{
    process_stop(&store->router, signal);
}

void store_worker_start(struct bench_store *store, const char *kind)
{
    if (store->worker_count == BENCH_WORKERS_MAX) bench_fail("more than %d workers", BENCH_WORKERS_MAX);
    store->workers[store->worker_count++] = program_start(store, "stepcare-worker", kind, NULL);
}

void store_workers_stop(struct bench_store *store)
{
    while (store->worker_count > 0) process_stop(&store->workers[--store->worker_count], SIGTERM);
}

static int file_remove(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    (void)stat, (void)kind, (void)where;
    return remove(path);
}

void store_close(struct bench_store *store)
{
    store_workers_stop(store);
    store_router_stop(store, SIGTERM);
    if (store->path[0] != 0 && !store->settings->keep) nftw(store->path, file_remove, 16, FTW_DEPTH | FTW_PHYS);
    store->path[0] = 0;
}

double store_workers_cpu_seconds(const struct bench_store *store)
{
    double seconds = 0;
    for (unsigned i = 0; i < store->worker_count; i++) seconds += process_cpu_seconds(store->workers[i]);
    return seconds;
}

static enum stepcare_error event_ignore(void *context, const struct ledger_event_view *event)
{
    (void)context, (void)event;
    return STEPCARE_OK;
}

struct ledger_figures store_ledger_figures(const struct bench_store *store)
{
    char directory[BENCH_PATH_BYTES_MAX];
    struct ledger_mark beginning = {0};
    struct ledger_report report = {0};
    struct ledger *ledger = NULL;
    path_make(directory, store->path, "data/ledger");
    struct segment_options options = {.directory = directory,
                                      .segment_bytes = SEGMENT_BYTES,
                                      .block_bytes_max = SEGMENT_BYTES / 4,
                                      .read_only = true};
    if (segment_ledger_open(&options, &beginning, event_ignore, NULL, &report, &ledger) != STEPCARE_OK)
        bench_fail("the ledger in %s cannot be read: %s", directory, report.where);
    ledger_close(ledger);
    return (struct ledger_figures){report.blocks, report.events, report.bytes};
}
