/* Runs the programs of the build for integration tests: a store, its router, its worker, the command. */
#include "tests/support/cli.h"

#include "tests/support/deadline.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 40, OUTPUT_BYTES_MAX = 64 * 1024 * 1024 };

static const char *program_path(const char *name)
{
    static char paths[2][600];
    static unsigned next;
    const char *bin = getenv("STEPCARE_BIN");
    cr_assert_not_null(bin, "run by ctest, or set STEPCARE_BIN to the directory of the programs");
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", bin, name);
    return path;
}

/* A child that dies with the test. out and err replace its standard output and error where they are not negative. */
static pid_t spawn(const char *program, const char *const *arguments, const char *config, int in, int out, int err)
{
    const char *vector[ARGUMENTS_MAX] = {program};
    unsigned count = 1;
    for (; arguments[count - 1] != NULL; count++) {
        cr_assert_lt(count, ARGUMENTS_MAX - 1);
        vector[count] = arguments[count - 1];
    }
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child > 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    unsetenv("STEPCARE_AS");
    if (config != NULL) {
        setenv("STEPCARE_CONFIG", config, 1);
    } else {
        unsetenv("STEPCARE_CONFIG");
    }
    if (in >= 0) dup2(in, STDIN_FILENO);
    if (out >= 0) dup2(out, STDOUT_FILENO);
    if (err >= 0) dup2(err, STDERR_FILENO);
    execv(program, (char *const *)vector);
    _exit(127);
}

static int end_of(pid_t child)
{
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void cli_store_open(struct cli_store *store)
{
    *store = (struct cli_store){.directory = temp_directory_make()};
    snprintf(store->config, sizeof store->config, "%s/stepcare.yaml", store->directory.path);
    struct cli_result made = CLI_RUN(NULL, NULL, "init", store->directory.path);
    cr_assert_eq(made.code, 0, "%s", made.err);
    cli_result_close(&made);
}

void cli_router_start(struct cli_store *store)
{
    int ends[2];
    char text[4096] = "";
    size_t bytes = 0;
    const char *const arguments[] = {"--config", store->config, NULL};
    cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
    int log = open(temp_path(&store->directory, "router.log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    store->router = spawn(program_path("stepcare-router"), arguments, NULL, -1, ends[1], log);
    close(ends[1]);
    close(log);
    struct pollfd item = {.fd = ends[0], .events = POLLIN};
    while (strstr(text, "ready") == NULL) {
        cr_assert_eq(poll(&item, 1, DEADLINE_MS), 1, "the router never said ready; its log is in %s",
                     store->directory.path);
        ssize_t more = read(ends[0], text + bytes, sizeof text - bytes - 1);
        cr_assert_gt(more, 0, "the router ended before it was ready");
        bytes += (size_t)more;
        text[bytes] = '\0';
    }
    close(ends[0]);
}

static bool worker_known(void *context)
{
    struct cli_result result = CLI_RUN((struct cli_store *)context, NULL, "backlog");
    bool known = result.code == 0 && strstr(result.out, "connected: 0") == NULL;
    cli_result_close(&result);
    return known;
}

void cli_worker_start(struct cli_store *store)
{
    const char *const arguments[] = {"--config", store->config, "--kind", "all", NULL};
    int log = open(temp_path(&store->directory, "worker.log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    store->worker = spawn(program_path("stepcare-worker"), arguments, NULL, -1, log, log);
    close(log);
    cr_assert(deadline_wait(DEADLINE_MS, worker_known, store), "the router never saw the worker");
}

static int stop(pid_t *child, int signal_number)
{
    if (*child == 0) return 0;
    kill(*child, signal_number);
    int code = end_of(*child);
    *child = 0;
    return code;
}

int cli_router_stop(struct cli_store *store, int signal_number)
{
    return stop(&store->router, signal_number);
}

int cli_worker_stop(struct cli_store *store, int signal_number)
{
    return stop(&store->worker, signal_number);
}

void cli_store_close(struct cli_store *store)
{
    cli_worker_stop(store, SIGKILL);
    cli_router_stop(store, SIGKILL);
    temp_directory_remove(&store->directory);
}

static char *file_text(FILE *file)
{
    fseek(file, 0, SEEK_END);
    long bytes = ftell(file);
    cr_assert(bytes >= 0 && bytes < OUTPUT_BYTES_MAX);
    char *text = malloc((size_t)bytes + 1);
    rewind(file);
    size_t got = fread(text, 1, (size_t)bytes, file);
    text[got] = '\0';
    fclose(file);
    return text;
}

struct cli_result cli_run(const struct cli_store *store, const char *input, const char *const *arguments)
{
    FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();
    struct cli_result result;
    cr_assert(in != NULL && out != NULL && err != NULL);
    if (input != NULL) fputs(input, in);
    rewind(in);
    pid_t child = spawn(program_path("stepcare"), arguments, store == NULL ? NULL : store->config, fileno(in),
                        fileno(out), fileno(err));
    result.code = end_of(child);
    fclose(in);
    result.out = file_text(out);
    result.err = file_text(err);
    return result;
}

void cli_result_close(struct cli_result *result)
{
    free(result->out);
    free(result->err);
    *result = (struct cli_result){.code = 0};
}

struct triage {
    const struct cli_store *store;
    const char *id;
};

static bool is_triaged(void *context)
{
    const struct triage *triage = context;
    struct cli_result result = CLI_RUN(triage->store, NULL, "show", triage->id, "--json");
    cr_assert_eq(result.code, 0, "show %s: %s%s", triage->id, result.out, result.err);
    json_t *lines = cli_lines(&result);
    bool known = json_is_string(json_object_get(json_array_get(lines, 0), "tier"));
    json_decref(lines);
    cli_result_close(&result);
    return known;
}

void cli_triage_wait(const struct cli_store *store, const char *id)
{
    struct triage triage = {.store = store, .id = id};
    cr_assert(deadline_wait(DEADLINE_MS, is_triaged, &triage), "%s is never triaged", id);
}

json_t *cli_lines(const struct cli_result *result)
{
    json_t *lines = json_array();
    for (const char *at = result->out; *at != '\0';) {
        size_t bytes = strcspn(at, "\n");
        json_error_t error;
        json_t *object = json_loadb(at, bytes, 0, &error);
        cr_assert(json_is_object(object), "no JSON object: %.*s (%s)", (int)bytes, at, error.text);
        json_array_append_new(lines, object);
        at += bytes + (at[bytes] == '\n');
    }
    return lines;
}

void cli_expect_keys(json_t *object, const char *keys)
{
    char name[64];
    while (*keys != '\0') {
        size_t bytes = strcspn(keys, " ");
        snprintf(name, sizeof name, "%.*s", (int)bytes, keys);
        cr_expect_not_null(json_object_get(object, name), "key %s is missing", name);
        keys += bytes + (keys[bytes] == ' ');
    }
}

const char *cli_text(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}
