/* A store in a temporary directory, with the programs that serve it: what tests of whole processes begin with. */
#ifndef TESTS_SUPPORT_STORE_H
#define TESTS_SUPPORT_STORE_H

#include "tests/support/deadline.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

enum { STORE_READY_MS = DEADLINE_MS, STORE_COMMAND_MS = DEADLINE_MS };

struct test_store {
    struct temp_directory directory;
    char config[TEMP_PATH_BYTES + 32];
    struct process *router, *worker;
};

/* Purpose: `stepcare init` in a fresh directory, or in one that is there; the test ends where that fails. */
void test_store_make(struct test_store *out_store);
void test_store_make_in(const struct temp_directory *directory, struct test_store *out_store);
/* Purpose: end the programs, take the directory away. A failing test's router log goes to stderr with
 * test_store_tell. */
void test_store_remove(struct test_store *store);
void test_store_tell(const struct test_store *store);

/* Purpose: change one line of stepcare.yaml: the first that is `key: ...`, indented or not, becomes `key: value`. */
void test_store_set(const struct test_store *store, const char *key, const char *value);

/* Purpose: start the router and wait for `ready`; start a worker (kind NULL: all). */
bool test_store_router_start(struct test_store *store);
void test_store_worker_start(struct test_store *store, const char *kind);

/* Purpose: start the command with --config (and whatever else); run it to its end. Arguments end with NULL. */
struct process *test_store_command_start(const struct test_store *store, const char *const *arguments,
                                         const char *input, size_t input_bytes);
/* The same, with its output line by line: process_start_watched. */
struct process *test_store_command_watched(const struct test_store *store, const char *const *arguments,
                                           const char *input, size_t input_bytes);
/* Returns the ended process, for its output; its exit code in *out_code. */
struct process *test_store_command(const struct test_store *store, const char *const *arguments, const char *input,
                                   size_t input_bytes, int *out_code);

/* Purpose: a router that is not running is stopped already; else SIGTERM and its exit code. */
int test_store_router_stop(struct test_store *store);

/* Purpose: `count` valid referrals from `first`, one JSON object a line, recent, every message_id once. free() it. */
char *test_referrals(unsigned first, unsigned count, unsigned line_bytes_about, size_t *out_bytes);

#endif
