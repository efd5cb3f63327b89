/* What the command says and exits with before any router is asked. */
#include "tests/support/cli.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct cli_result result;

static void drop(void)
{
    cli_result_close(&result);
}

TestSuite(cli_usage, .fini = drop);

Test(cli_usage, no_configuration_names_both_ways)
{
    result = CLI_RUN(NULL, NULL, "worklist", "physio");
    cr_expect_eq(result.code, 2);
    cr_expect(strstr(result.err, "--config") != NULL && strstr(result.err, "STEPCARE_CONFIG") != NULL, "%s",
              result.err);
    cr_expect_str_empty(result.out);
}

Test(cli_usage, unknown_tier_lists_the_tiers)
{
    static const char *const tiers[] = {"gp_advice",      "t_cbt",     "physio",       "hi_cbt",
                                        "secondary_care", "emergency", "manual_review"};
    result = CLI_RUN(NULL, NULL, "claim", "homeopathy", "--json");
    cr_expect_eq(result.code, 2);
    for (size_t i = 0; i < sizeof tiers / sizeof tiers[0]; i++)
        cr_expect_not_null(strstr(result.err, tiers[i]), "%s", tiers[i]);
}

Test(cli_usage, unknown_command_option_and_missing_option_are_usage)
{
    static const char *const wrong[][6] = {{"cure", NULL},
                                           {"worklist", "physio", "--fast", NULL},
                                           {"release", "0000-0017", NULL},
                                           {"claim", "physio", "--count", "many", NULL},
                                           {"worklist", NULL},
                                           {"note", "0000-0017", "words on the command line", NULL},
                                           {"worklist", "physio", "--limit", "0", NULL}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cli_result_close(&result);
        result = cli_run(NULL, NULL, wrong[i]);
        cr_expect_eq(result.code, 2, "%s: %d", wrong[i][0], result.code);
        cr_expect_str_not_empty(result.err);
    }
}

Test(cli_usage, help_and_version_succeed)
{
    result = CLI_RUN(NULL, NULL, "help", "refer");
    cr_expect_eq(result.code, 0);
    cr_expect_not_null(strstr(result.out, "Example"));
    cli_result_close(&result);
    result = CLI_RUN(NULL, NULL, "refer", "--help");
    cr_expect_eq(result.code, 0);
    cr_expect_not_null(strstr(result.out, "Example"));
    cli_result_close(&result);
    result = CLI_RUN(NULL, NULL, "--version");
    cr_expect_eq(result.code, 0);
}

Test(cli_usage, every_listed_command_has_help_with_an_example)
{
    result = CLI_RUN(NULL, NULL, "help");
    char *line = strstr(result.out, "\n  init");
    cr_assert_not_null(line);
    for (char *next = strtok(line, "\n"); next != NULL && next[0] == ' '; next = strtok(NULL, "\n")) {
        char name[32];
        cr_assert_eq(sscanf(next, " %31s", name), 1);
        struct cli_result help = CLI_RUN(NULL, NULL, "help", name);
        cr_expect_eq(help.code, 0, "%s", name);
        cr_expect_not_null(strstr(help.out, "Example"), "%s has no example", name);
        cli_result_close(&help);
    }
}

Test(cli_usage, completion_script_is_valid_bash)
{
    result = CLI_RUN(NULL, NULL, "completion", "bash");
    cr_expect_eq(result.code, 0);
    FILE *shell = popen("bash -n", "w");
    cr_assert_not_null(shell);
    fputs(result.out, shell);
    cr_expect_eq(pclose(shell), 0);
}

Test(cli_usage, init_refuses_an_existing_store_and_a_too_long_path)
{
    struct cli_store store;
    char longer[600];
    cli_store_open(&store);
    result = CLI_RUN(NULL, NULL, "init", store.directory.path);
    cr_expect_eq(result.code, 2);
    cr_expect_not_null(strstr(result.err, "already"));
    cli_result_close(&result);
    snprintf(longer, sizeof longer, "%s/%0120d", store.directory.path, 0);
    result = CLI_RUN(NULL, NULL, "init", longer);
    cr_expect_eq(result.code, 2);
    cr_expect_not_null(strstr(result.err, "too long"));
    cli_store_close(&store);
}

Test(cli_usage, absent_router_is_exit_3_and_says_nothing_was_done)
{
    struct cli_store store;
    cli_store_open(&store);
    result = CLI_RUN(&store, NULL, "accept", "0000-0017", "--timeout", "1", "--json");
    cr_expect_eq(result.code, 3);
    json_t *lines = cli_lines(&result);
    cr_expect_eq(json_array_size(lines), 1);
    cr_expect_str_eq(cli_text(json_array_get(lines, 0), "error"), "unreachable");
    cli_expect_keys(json_array_get(lines, 0), "error problem referral_id");
    json_decref(lines);
    cli_store_close(&store);
}

Test(cli_usage, unreadable_input_is_exit_2)
{
    struct cli_store store;
    cli_store_open(&store);
    result = CLI_RUN(&store, NULL, "refer", "/nonexistent/referrals.ndjson");
    cr_expect_eq(result.code, 2);
    cr_expect_not_null(strstr(result.err, "/nonexistent/referrals.ndjson"));
    cli_store_close(&store);
}
