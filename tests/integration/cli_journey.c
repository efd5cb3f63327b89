/* One patient from referral to discharge, and the keys and exit codes that every command on the way must have. */
#include "tests/support/cli.h"
#include "tests/support/referral_lines.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define WORK_KEYS "referral_id tier service urgency due referred_at codes holds"
#define ACT_KEYS "referral_id state owner due"
#define SHOW_KEYS                                                                                                      \
    "referral_id message_id state tier service urgency owner next_action due patient referral decision linked_to "     \
    "history"

static struct cli_store store;
static struct cli_result result;
static json_t *lines;
static char id[16];

static void make(void)
{
    cli_store_open(&store);
    cli_router_start(&store);
    cli_worker_start(&store);
}

static void drop(void)
{
    json_decref(lines);
    cli_result_close(&result);
    cli_store_close(&store);
}

TestSuite(cli_journey, .init = make, .fini = drop);

static json_t *run(int code, const char *input, const char *const *arguments)
{
    const char *vector[24];
    size_t count = 0;
    for (; arguments[count] != NULL; count++) vector[count] = arguments[count];
    vector[count++] = "--json";
    vector[count] = NULL;
    json_decref(lines);
    cli_result_close(&result);
    result = cli_run(&store, input, vector);
    lines = cli_lines(&result);
    cr_expect_eq(result.code, code, "%s: exit %d, not %d: %s%s", arguments[0], result.code, code, result.out,
                 result.err);
    return json_array_get(lines, 0);
}
#define RUN(code, input, ...) run(code, input, (const char *const[]){__VA_ARGS__, NULL})

static void refer(const char *input)
{
    json_t *line = RUN(0, input, "refer", "-");
    snprintf(id, sizeof id, "%s", cli_text(line, "referral_id"));
    cr_assert_str_not_empty(id, "%s", result.err);
    if (!json_is_string(json_object_get(line, "tier"))) cli_triage_wait(&store, id);
}

static void claim(const char *tier, const char *who)
{
    json_t *line = RUN(0, NULL, "claim", tier, "--as", who);
    cr_assert_eq(json_array_size(lines), 1, "nothing was claimed: %s", result.err);
    cli_expect_keys(line, WORK_KEYS " token lease_expires");
    cr_expect_str_eq(cli_text(line, "referral_id"), id);
}

static void expect_refusal(json_t *line, const char *error)
{
    cli_expect_keys(line, "error problem referral_id");
    cr_expect_str_eq(cli_text(line, "error"), error, "%s", result.out);
    cr_expect_str_not_empty(cli_text(line, "problem"));
}

Test(cli_journey, physio_from_referral_to_discharge)
{
    refer(PHYSIO_LINE("m1"));
    json_t *line = RUN(0, NULL, "worklist", "physio");
    cli_expect_keys(line, WORK_KEYS);
    cr_expect_str_eq(cli_text(line, "referral_id"), id);
    claim("physio", "pat");
    line = RUN(0, NULL, "accept", id, "--as", "pat");
    cli_expect_keys(line, ACT_KEYS);
    cr_expect_str_eq(cli_text(line, "state"), "in_treatment");
    cr_expect_str_eq(cli_text(line, "owner"), "pat");
    line = RUN(0, NULL, "caseload", "--as", "pat");
    cli_expect_keys(line, WORK_KEYS);
    line = RUN(0, NULL, "contact", id, "--outcome", "attended", "--channel", "telephone", "--as", "pat");
    cli_expect_keys(line, ACT_KEYS);
    line = RUN(0, NULL, "review", id, "--rmdq", "14", "--nrs", "7", "--as", "pat");
    cli_expect_keys(line, ACT_KEYS);
    line = RUN(0, NULL, "discharge", id, "--end-code", "46", "--as", "pat");
    cli_expect_keys(line, ACT_KEYS);
    cr_expect_str_eq(cli_text(line, "state"), "closed");
    cr_expect(json_is_null(json_object_get(line, "owner")) && json_is_null(json_object_get(line, "due")));
    line = RUN(0, NULL, "show", id);
    cli_expect_keys(line, SHOW_KEYS);
    cr_expect_str_eq(cli_text(json_object_get(line, "patient"), "family_name"), "Testcase");
    cr_expect_str_eq(cli_text(json_object_get(line, "decision"), "tier"), "physio");
    json_t *history = json_object_get(line, "history");
    cr_assert_geq(json_array_size(history), 6);
    for (size_t i = 0; i < json_array_size(history); i++)
        cli_expect_keys(json_array_get(history, i), "sequence at event by");
    cr_expect_str_eq(cli_text(json_array_get(history, 0), "event"), "referral_received");
}

Test(cli_journey, feedback_tells_the_referrer_and_its_cursor_is_exclusive)
{
    refer(PHYSIO_LINE("m1"));
    json_t *line = RUN(0, NULL, "feedback", "--organisation", "Y05868");
    cli_expect_keys(line, "cursor organisation referral_id message_id reference event at");
    cr_expect_str_eq(cli_text(line, "message_id"), "m1");
    size_t count = json_array_size(lines);
    cr_assert_geq(count, 1);
    char cursor[32];
    snprintf(cursor, sizeof cursor, "%lld",
             (long long)json_integer_value(json_object_get(json_array_get(lines, count - 1), "cursor")));
    RUN(0, NULL, "feedback", "--organisation", "Y05868", "--since", cursor);
    cr_expect_str_empty(result.out);
}

Test(cli_journey, backlog_has_a_line_for_each_tier_and_for_triage)
{
    static const char *const tiers[] = {"gp_advice",      "t_cbt",     "physio",        "hi_cbt",
                                        "secondary_care", "emergency", "manual_review", "triage"};
    refer(PHYSIO_LINE("m1"));
    RUN(0, NULL, "backlog");
    cr_assert_eq(json_array_size(lines), 8);
    for (size_t t = 0; t < 8; t++) {
        json_t *found = NULL;
        for (size_t i = 0; i < 8; i++) {
            if (strcmp(cli_text(json_array_get(lines, i), "tier"), tiers[t]) == 0) found = json_array_get(lines, i);
        }
        cr_assert_not_null(found, "no line for %s", tiers[t]);
        cli_expect_keys(found,
                        "tier waiting held claimed in_treatment oldest_wait_days breached arrived_7d completed_7d");
        cr_expect(json_is_integer(json_object_get(found, "waiting")));
        if (strcmp(tiers[t], "physio") == 0) cr_expect_eq(json_integer_value(json_object_get(found, "waiting")), 1);
    }
}

Test(cli_journey, refusals_are_objects_with_exit_1)
{
    refer(PHYSIO_LINE("m1"));
    expect_refusal(RUN(1, NULL, "accept", id, "--as", "pat"), "wrong_state");
    claim("physio", "pat");
    expect_refusal(RUN(1, NULL, "accept", id, "--as", "sam"), "not_holder");
    expect_refusal(RUN(1, NULL, "accept", id, "--as", "pat", "--token", "999999"), "stale_token");
    expect_refusal(RUN(1, NULL, "show", "no such id"), "not_found");
    expect_refusal(RUN(1, NULL, "release", id, "--reason", "because", "--as", "pat"), "invalid");
}

Test(cli_journey, held_work_is_listed_and_not_claimed_until_released)
{
    refer(HELD_LINE("m1"));
    json_t *line = RUN(0, NULL, "worklist", "physio");
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(line, "holds"), 0)), "red_flags_unscreened");
    RUN(0, NULL, "claim", "physio", "--as", "pat");
    cr_expect_str_empty(result.out);
    RUN(0, NULL, "holds");
    cr_expect_eq(json_array_size(lines), 1);
    line = RUN(0, NULL, "hold", "release", id, "red_flags_unscreened", "--reason", "clinical_judgement");
    cli_expect_keys(line, ACT_KEYS);
    claim("physio", "pat");
}

Test(cli_journey, added_information_is_merged)
{
    refer(HELD_LINE("m1"));
    json_t *line =
        RUN(0, "{\"patient\":{\"phone\":\"01632 960001\"},\"red_flags\":{\"screened\":true}}", "inform", id, "-");
    cli_expect_keys(line, ACT_KEYS);
    line = RUN(0, NULL, "show", id);
    cr_expect_str_eq(cli_text(json_object_get(line, "patient"), "phone"), "01632 960001");
    cr_expect_str_eq(cli_text(json_object_get(line, "patient"), "family_name"), "Testcase");
    expect_refusal(RUN(1, "{\"patient\":{\"phon\":\"1\"}}", "inform", id, "-"), "invalid");
    RUN(1, "{", "inform", id, "-");
}

Test(cli_journey, note_comes_from_a_file_and_stands_in_the_history)
{
    refer(PHYSIO_LINE("m1"));
    RUN(0, "Prefers mornings\n", "note", id, "--note-file", "-");
    json_t *line = RUN(0, NULL, "show", id);
    json_t *history = json_object_get(line, "history");
    json_t *last = json_array_get(history, json_array_size(history) - 1);
    cr_expect_str_eq(cli_text(last, "event"), "note_added");
    cr_expect_str_eq(cli_text(last, "note"), "Prefers mornings");
}

Test(cli_journey, paging_by_the_last_referral_gives_everything_once)
{
    refer(PHYSIO_LINE("m1") PHYSIO_LINE("m2") PHYSIO_LINE("m3"));
    RUN(0, NULL, "worklist", "physio");
    cr_assert_eq(json_array_size(lines), 3);
    char ids[3][16];
    for (size_t i = 0; i < 3; i++)
        snprintf(ids[i], sizeof ids[i], "%s", cli_text(json_array_get(lines, i), "referral_id"));
    json_t *line = RUN(0, NULL, "worklist", "physio", "--limit", "1");
    cr_assert_eq(json_array_size(lines), 1);
    cr_expect_str_eq(cli_text(line, "referral_id"), ids[0]);
    line = RUN(0, NULL, "worklist", "physio", "--limit", "2", "--after", ids[0]);
    cr_assert_eq(json_array_size(lines), 2);
    cr_expect_str_eq(cli_text(line, "referral_id"), ids[1]);
    cr_expect_str_eq(cli_text(json_array_get(lines, 1), "referral_id"), ids[2]);
    RUN(0, NULL, "worklist", "physio", "--after", ids[2]);
    cr_expect_str_empty(result.out);
}

Test(cli_journey, show_finds_by_the_senders_id)
{
    refer(PHYSIO_LINE("m1"));
    json_t *line = RUN(0, NULL, "show", "--message-id", "m1", "--organisation", "Y05868");
    cr_expect_str_eq(cli_text(line, "referral_id"), id);
    line = RUN(0, NULL, "show", "--message-id", "m1");
    cr_expect_str_eq(cli_text(line, "referral_id"), id);
    expect_refusal(RUN(1, NULL, "show", "--message-id", "m2"), "not_found");
}
