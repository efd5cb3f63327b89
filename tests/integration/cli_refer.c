/* `stepcare refer`: a line out for every line in, in order, with its keys, and an exit code that says the worst. */
#include "tests/support/cli.h"
#include "tests/support/referral_lines.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS "line message_id referral_id reference outcome errors tier service urgency due codes holds"

static struct cli_store store;
static struct cli_result result;
static json_t *lines;

static void make(void)
{
    cli_store_open(&store);
    cli_router_start(&store);
}

static void drop(void)
{
    json_decref(lines);
    lines = NULL;
    cli_result_close(&result);
    cli_store_close(&store);
}

TestSuite(cli_refer, .init = make, .fini = drop);

static void refer(const char *input, const char *option)
{
    json_decref(lines);
    cli_result_close(&result);
    result = CLI_RUN(&store, input, "refer", "-", "--json", option);
    lines = cli_lines(&result);
}

static json_t *line(size_t index)
{
    json_t *object = json_array_get(lines, index);
    cr_assert_not_null(object, "there is no line %zu; stderr: %s", index, result.err);
    return object;
}

static const char *first_field(json_t *object)
{
    return cli_text(json_array_get(json_object_get(object, "errors"), 0), "field");
}

Test(cli_refer, every_line_has_its_keys_and_its_outcome_in_order)
{
    cli_worker_start(&store);
    refer(PHYSIO_LINE("m1") "\n{broken\n" REFERRAL_LINE("m2", ",\"red_flag\":{}") EMERGENCY_LINE("m3")
              GP_ADVICE_LINE("m4"),
          NULL);
    static const char *const outcomes[] = {"accepted", "rejected", "rejected", "accepted", "accepted"};
    static const char *const tiers[] = {"physio", "", "", "emergency", "gp_advice"};
    static const int numbers[] = {1, 3, 4, 5, 6};
    cr_assert_eq(json_array_size(lines), 5, "%s%s", result.out, result.err);
    for (size_t i = 0; i < 5; i++) {
        cli_expect_keys(line(i), KEYS);
        cr_expect_eq(json_integer_value(json_object_get(line(i), "line")), numbers[i]);
        cr_expect_str_eq(cli_text(line(i), "outcome"), outcomes[i], "line %zu", i);
        cr_expect_str_eq(cli_text(line(i), "tier"), tiers[i], "line %zu", i);
    }
    cr_expect_eq(result.code, 1);
    cr_expect_str_eq(first_field(line(1)), "line");
    cr_expect_str_eq(cli_text(line(0), "urgency"), "soon");
    cr_expect_str_eq(cli_text(line(0), "reference"), "ref m1");
    cr_expect(json_is_null(json_object_get(line(1), "referral_id")));
    cr_expect(json_array_size(json_object_get(line(2), "errors")) >= 1);
}

Test(cli_refer, a_line_that_breaks_off_is_rejected_even_with_an_id_used_before)
{
    const char *cut = "{\"message_id\":\"m1\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"refer\n";
    char both[4096];
    snprintf(both, sizeof both, "%s%s", PHYSIO_LINE("m1"), cut);
    cli_worker_start(&store);
    refer(both, NULL);
    cr_assert_eq(json_array_size(lines), 2, "%s%s", result.out, result.err);
    cr_expect_str_eq(cli_text(line(1), "outcome"), "rejected");
    cr_expect_str_eq(first_field(line(1)), "line");
    cr_expect(json_is_null(json_object_get(line(1), "referral_id")));
    cr_expect_eq(result.code, 1);
}

Test(cli_refer, emergency_is_told_in_words_on_stderr)
{
    cli_worker_start(&store);
    refer(EMERGENCY_LINE("m1"), NULL);
    cr_expect_eq(result.code, 0);
    cr_expect_not_null(strstr(result.err, "EMERGENCY"), "%s", result.err);
    cr_expect_null(strstr(result.err, "Testcase"), "no patient's name outside the patient's own page");
}

Test(cli_refer, same_message_is_one_referral_and_other_content_is_said)
{
    char first[32];
    refer(PHYSIO_LINE("m1"), "--no-wait");
    cr_assert_eq(result.code, 0, "%s", result.err);
    strncpy(first, cli_text(line(0), "referral_id"), sizeof first - 1);
    refer(PHYSIO_LINE("m1") GP_ADVICE_LINE("m1") REFERRAL_LINE("m1", ",\"typo\":1"), "--no-wait");
    cr_expect_eq(result.code, 1);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_str_eq(cli_text(line(i), "outcome"), "duplicate", "line %zu: %s", i, result.out);
        cr_expect_str_eq(cli_text(line(i), "referral_id"), first);
    }
    cr_expect_eq(json_array_size(json_object_get(line(0), "errors")), 0);
    cr_expect_str_eq(first_field(line(1)), "message_id");
    cr_expect_str_eq(first_field(line(2)), "message_id");
    refer(PHYSIO_LINE("m1"), "--no-wait");
    cr_expect_eq(result.code, 0, "an equal message again is no refusal");
}

Test(cli_refer, rejected_id_is_not_used_up)
{
    refer(REFERRAL_LINE("m1", ",\"typo\":1"), "--no-wait");
    cr_expect_eq(result.code, 1);
    cr_expect_str_eq(cli_text(line(0), "outcome"), "rejected");
    refer(PHYSIO_LINE("m1"), "--no-wait");
    cr_expect_str_eq(cli_text(line(0), "outcome"), "accepted");
}

Test(cli_refer, json_array_is_read_by_elements)
{
    char *input = strdup("[" PHYSIO_LINE("m1") "," PHYSIO_LINE("m2") "]");
    refer(input, "--no-wait");
    free(input);
    cr_expect_eq(result.code, 0, "%s", result.err);
    cr_assert_eq(json_array_size(lines), 2);
    cr_expect_eq(json_integer_value(json_object_get(line(1), "line")), 2);
    cr_expect_str_eq(cli_text(line(1), "message_id"), "m2");
}

Test(cli_refer, without_triage_it_is_recorded_and_said)
{
    refer(PHYSIO_LINE("m1"), NULL);
    cr_expect_eq(result.code, 0);
    cr_expect_str_eq(cli_text(line(0), "outcome"), "accepted");
    cr_expect(json_is_null(json_object_get(line(0), "tier")));
    cr_expect_not_null(strstr(result.err, "Triage is not running"), "%s", result.err);
}

Test(cli_refer, nothing_in_it_is_nothing_out)
{
    refer("", "--no-wait");
    cr_expect_eq(result.code, 0);
    cr_expect_str_empty(result.out);
}

Test(cli_refer, people_get_lines_a_summary_and_reasons)
{
    cli_worker_start(&store);
    result = CLI_RUN(&store, PHYSIO_LINE("m1") "{broken\n", "refer");
    cr_expect_eq(result.code, 1);
    cr_expect_not_null(strstr(result.out, "1 accepted"), "%s", result.out);
    cr_expect_not_null(strstr(result.out, "1 rejected"), "%s", result.out);
    cr_expect_not_null(strstr(result.out, "line 2: line:"), "%s", result.out);
    cr_expect_null(strstr(result.out, "\033"), "no colour without a terminal");
}
