/* The real programs for integration tests: a store in a temporary directory, router and worker processes, and the
 * command run on it. Programs come from $STEPCARE_BIN. Every function fails the test on trouble of its own. */
#ifndef TESTS_SUPPORT_CLI_H
#define TESTS_SUPPORT_CLI_H

#include "tests/support/temp_directory.h"

#include <jansson.h>
#include <sys/types.h>

struct cli_store {
    struct temp_directory directory;
    char config[300];
    pid_t router, worker; /* 0: not running */
};

/* What a command printed and how it ended; cli_result_close frees. */
struct cli_result {
    int code; /* the exit code, or -signal */
    char *out, *err;
};

/* Purpose: `stepcare init` in a fresh directory; nothing runs yet. */
void cli_store_open(struct cli_store *store);
/* Purpose: start the router and wait for `ready`; start a worker for every kind and wait until the router knows it. */
void cli_router_start(struct cli_store *store);
void cli_worker_start(struct cli_store *store);
/* Purpose: end a process by a signal and wait for its end; returns its exit code or -signal. */
int cli_router_stop(struct cli_store *store, int signal_number);
int cli_worker_stop(struct cli_store *store, int signal_number);
/* Purpose: end what runs, remove the directory. */
void cli_store_close(struct cli_store *store);

/* Purpose: run `stepcare` with the arguments (NULL at the end), STEPCARE_CONFIG naming the store unless store is
 * NULL, and input (may be NULL) on its standard input. */
struct cli_result cli_run(const struct cli_store *store, const char *input, const char *const *arguments);
#define CLI_RUN(store, input, ...) cli_run(store, input, (const char *const[]){__VA_ARGS__, NULL})
void cli_result_close(struct cli_result *result);
/* Purpose: wait until a referral has been triaged. `refer` waits some seconds for it, which a busy machine may need. */
void cli_triage_wait(const struct cli_store *store, const char *id);

/* Purpose: the printed lines as a JSON array; fails the test where a line is no JSON object. The caller json_decrefs
 * it. */
json_t *cli_lines(const struct cli_result *result);
/* Purpose: is every key there; the missing one is named in the failure. keys: names with blanks between. */
void cli_expect_keys(json_t *object, const char *keys);
/* Purpose: a member's text; "" where it is null or no text. */
const char *cli_text(json_t *object, const char *key);

#endif
