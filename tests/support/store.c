/* Stores for the tests of whole processes: made, configured, served and removed. */
#include "tests/support/store.h"

#include "tests/support/generator/referral_generator.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ARGUMENTS_MAX = 24, FILE_BYTES_MAX = 64 * 1024, REFERRALS_MAX = 1000000 };

static void must(bool done, const char *what, const char *more)
{
    if (!done) {
        fprintf(stderr, "%s: %s\n", what, more);
        abort();
    }
}

void test_store_make_in(const struct temp_directory *directory, struct test_store *out_store)
{
    struct test_store store = {.directory = *directory};
    char path[TEMP_PATH_BYTES + 8];
    snprintf(path, sizeof path, "%s/s", directory->path);
    const char *arguments[] = {"init", path, NULL};
    struct process *init = process_start("stepcare", arguments, NULL, 0);
    int code = process_wait(init, STORE_COMMAND_MS);
    must(code == 0, "stepcare init", process_errors(init));
    process_close(&init);
    snprintf(store.config, sizeof store.config, "%s/stepcare.yaml", path);
    *out_store = store;
}

void test_store_make(struct test_store *out_store)
{
    struct temp_directory directory = temp_directory_make();
    test_store_make_in(&directory, out_store);
}

void test_store_remove(struct test_store *store)
{
    process_close(&store->worker);
    process_close(&store->router);
    temp_directory_remove(&store->directory);
}

void test_store_tell(const struct test_store *store)
{
    if (store->router != NULL)
        fprintf(stderr, "--- router\n%s%s", process_output(store->router), process_errors(store->router));
    if (store->worker != NULL)
        fprintf(stderr, "--- worker\n%s%s", process_output(store->worker), process_errors(store->worker));
}

void test_store_set(const struct test_store *store, const char *key, const char *value)
{
    static char text[FILE_BYTES_MAX];
    FILE *file = fopen(store->config, "r");
    must(file != NULL, "open", store->config);
    size_t bytes = fread(text, 1, sizeof text - 1, file);
    text[bytes] = '\0';
    fclose(file);
    file = fopen(store->config, "w");
    must(file != NULL, "open", store->config);
    bool found = false;
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && (rest != NULL || *line != '\0');) {
        size_t indent = strspn(line, " "), length = strlen(key);
        if (!found && strncmp(line + indent, key, length) == 0 && line[indent + length] == ':') {
            fprintf(file, "%.*s%s: %s\n", (int)indent, line, key, value);
            found = true;
        } else {
            fprintf(file, "%s\n", line);
        }
    }
    must(fclose(file) == 0 && found, "no such key in stepcare.yaml", key);
}

bool test_store_router_start(struct test_store *store)
{
    const char *arguments[] = {"--config", store->config, NULL};
    process_close(&store->router);
    store->router = process_start("stepcare-router", arguments, NULL, 0);
    return process_wait_line(store->router, "ready", STORE_READY_MS);
}

void test_store_worker_start(struct test_store *store, const char *kind)
{
    const char *arguments[] = {"--config", store->config, "--kind", kind == NULL ? "all" : kind, NULL};
    process_close(&store->worker);
    store->worker = process_start("stepcare-worker", arguments, NULL, 0);
}

/* all: the arguments, and --config with the store's. */
static void command_arguments(const struct test_store *store, const char *const *arguments,
                              const char *all[ARGUMENTS_MAX])
{
    unsigned count = 0;
    for (; arguments[count] != NULL; count++) {
        must(count + 3 < ARGUMENTS_MAX, "too many arguments", arguments[0]);
        all[count] = arguments[count];
    }
    all[count++] = "--config";
    all[count++] = store->config;
    all[count] = NULL;
}

struct process *test_store_command_start(const struct test_store *store, const char *const *arguments,
                                         const char *input, size_t input_bytes)
{
    const char *all[ARGUMENTS_MAX];
    command_arguments(store, arguments, all);
    return process_start("stepcare", all, input, input_bytes);
}

struct process *test_store_command_watched(const struct test_store *store, const char *const *arguments,
                                           const char *input, size_t input_bytes)
{
    const char *all[ARGUMENTS_MAX];
    command_arguments(store, arguments, all);
    return process_start_watched("stepcare", all, input, input_bytes);
}

struct process *test_store_command(const struct test_store *store, const char *const *arguments, const char *input,
                                   size_t input_bytes, int *out_code)
{
    struct process *process = test_store_command_start(store, arguments, input, input_bytes);
    *out_code = process_wait(process, STORE_COMMAND_MS);
    return process;
}

int test_store_router_stop(struct test_store *store)
{
    if (store->router == NULL) return 0;
    process_signal(store->router, SIGTERM);
    return process_wait(store->router, STORE_READY_MS);
}

char *test_referrals(unsigned first, unsigned count, unsigned line_bytes_about, size_t *out_bytes)
{
    struct referral_generator_options options = {.seed = 3,
                                                 .count = REFERRALS_MAX,
                                                 .from_ms = referral_generator_days_before((int64_t)time(NULL) * 1000),
                                                 .emergencies_percent = 1,
                                                 .line_bytes_about = line_bytes_about};
    char line[REFERRAL_GENERATOR_LINE_BYTES_MAX + 1], *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    must(file != NULL, "memory", "open_memstream");
    for (unsigned i = first; i < first + count; i++) {
        size_t length = referral_generator_line(&options, i, line);
        line[length++] = '\n';
        fwrite(line, 1, length, file);
    }
    must(fclose(file) == 0, "memory", "open_memstream");
    *out_bytes = bytes;
    return text;
}
