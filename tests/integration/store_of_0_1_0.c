/* A store that 0.1.0 wrote and was killed on: it opens, answers as before, verifies, and goes on. See
 * tests/fixtures/README.md. */
#include "tests/support/cli.h"
#include "tests/support/referral_lines.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_BYTES_MAX = 256 * 1024 };

static struct cli_store store;

static void unpack(void)
{
    const char *source = getenv("STEPCARE_SOURCE");
    char archive[600];
    store = (struct cli_store){.directory = temp_directory_make()};
    snprintf(archive, sizeof archive, "%s/tests/fixtures/store-0.1.0.tar.gz", source == NULL ? "." : source);
    const pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        execlp("tar", "tar", "-xzf", archive, "-C", store.directory.path, "--strip-components=1", (char *)NULL);
        _exit(127);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s cannot be unpacked", archive);
    snprintf(store.config, sizeof store.config, "%s/stepcare.yaml", store.directory.path);
}

static void drop(void)
{
    cli_store_close(&store);
}

TestSuite(store_of_0_1_0, .init = unpack, .fini = drop);

static char *file_text(const char *name)
{
    char *text = calloc(1, TEXT_BYTES_MAX);
    FILE *file = fopen(temp_path(&store.directory, name), "r");
    cr_assert_not_null(file, "%s is missing", name);
    cr_assert_gt(fread(text, 1, TEXT_BYTES_MAX - 1, file), 0);
    fclose(file);
    return text;
}

/* Everything that was said then is said now; more may be said. */
static bool says(const json_t *now, const json_t *then)
{
    const char *key;
    json_t *member;
    if (json_is_array(then)) {
        if (json_array_size(now) != json_array_size(then)) return false;
        for (size_t i = 0; i < json_array_size(then); i++)
            if (!says(json_array_get(now, i), json_array_get(then, i))) return false;
        return true;
    }
    if (!json_is_object(then)) return json_equal(now, then);
    json_object_foreach((json_t *)then, key, member) if (!says(json_object_get(now, key), member)) return false;
    return true;
}

static void every_episode_answers_as_before(void)
{
    char *shown = file_text("shown.ndjson"), *rest = NULL;
    unsigned episodes = 0;
    for (char *line = strtok_r(shown, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        json_t *then = json_loads(line, 0, NULL);
        const char *id = cli_text(then, "referral_id");
        struct cli_result result = CLI_RUN(&store, NULL, "show", id, "--json");
        json_t *lines = cli_lines(&result);
        cr_expect_eq(result.code, 0, "%s", result.err);
        cr_expect(says(json_array_get(lines, 0), then), "then: %s\nnow:  %s", line, result.out);
        json_decref(lines);
        json_decref(then);
        cli_result_close(&result);
        episodes++;
    }
    free(shown);
    cr_assert_eq(episodes, 16);
}

static void verifies(void)
{
    struct cli_result result = CLI_RUN(&store, NULL, "verify");
    cr_expect_eq(result.code, 0, "%s%s", result.out, result.err);
    cr_expect_not_null(strstr(result.out, "equal to the ledger's fold"), "%s", result.out);
    cli_result_close(&result);
}

static void run(const char *input, const char *const *arguments)
{
    struct cli_result result = cli_run(&store, input, arguments);
    cr_expect_eq(result.code, 0, "%s: %s%s", arguments[0], result.out, result.err);
    cli_result_close(&result);
}
#define RUN(input, ...) run(input, (const char *const[]){__VA_ARGS__, NULL})

Test(store_of_0_1_0, opens_answers_as_before_verifies_and_goes_on)
{
    cli_router_start(&store);
    char *log = file_text("router.log");
    cr_expect_not_null(strstr(log, "event=state_made_anew"), "%s", log);
    cr_expect_not_null(strstr(log, "nothing is to be done"), "%s", log);
    free(log);
    every_episode_answers_as_before();

    cli_worker_start(&store);
    RUN(PHYSIO_LINE("after-the-upgrade"), "refer", "-");
    RUN(NULL, "claim", "physio", "--as", "pat");
    RUN(NULL, "feedback");
    cr_assert_eq(cli_router_stop(&store, SIGTERM), 0);
    verifies();
}

Test(store_of_0_1_0, is_made_anew_once_however_often_the_router_is_killed)
{
    for (unsigned i = 0; i < 3; i++) {
        cli_router_start(&store);
        cli_router_stop(&store, SIGKILL);
    }
    cli_router_start(&store);
    every_episode_answers_as_before();
    cr_assert_eq(cli_router_stop(&store, SIGTERM), 0);
    cli_router_start(&store); /* after a checkpoint there is nothing to make anew */
    char *log = file_text("router.log");
    const char *last = NULL;
    for (const char *at = log; (at = strstr(at, "event=ready")) != NULL; at++) last = at;
    cr_assert_not_null(last);
    cr_assert_eq(cli_router_stop(&store, SIGTERM), 0);
    unsigned anew = 0, ready = 0;
    for (const char *at = log; (at = strstr(at, "event=state_made_anew")) != NULL; at++) anew++;
    for (const char *at = log; (at = strstr(at, "event=ready")) != NULL; at++) ready++;
    cr_expect_eq(ready, 5);
    cr_expect_lt(anew, ready);
    free(log);
}
