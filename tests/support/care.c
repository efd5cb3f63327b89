/* Runs the command against a whole store and reads its JSON, for the tests named care_*. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE_BYTES = 4096, SAID_BYTES = 65536 };

static struct cli_store store;
static struct cli_result result;
static json_t *lines;

/* The template has both keys as empty lists; those of the test take their place. */
static void places_set(const char *places)
{
    char text[32768];
    FILE *file = fopen(store.config, "r");
    cr_assert_not_null(file);
    size_t bytes = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[bytes] = '\0';
    char *const sites = strstr(text, "\nsites: []"), *const people = strstr(text, "\npractitioners: []");
    cr_assert(sites != NULL && people != NULL);
    memset(sites + 1, ' ', strlen("sites: []"));
    memset(people + 1, ' ', strlen("practitioners: []"));
    file = fopen(store.config, "w");
    cr_assert_not_null(file);
    fprintf(file, "%s\n%s", text, places);
    cr_assert_eq(fclose(file), 0);
}

void care_open(const char *places)
{
    cli_store_open(&store);
    if (places != NULL) places_set(places);
    cli_router_start(&store);
    cli_worker_start(&store);
}

void care_close(void)
{
    json_decref(lines);
    lines = NULL;
    cli_result_close(&result);
    cli_store_close(&store);
}

const struct cli_store *care_store(void)
{
    return &store;
}

void care_router_crash(void)
{
    cli_router_stop(&store, SIGKILL);
    cli_worker_stop(&store, SIGKILL);
    cli_router_start(&store);
    cli_worker_start(&store);
}

json_t *care_run(int code, const char *input, const char *const *arguments)
{
    const char *vector[32];
    size_t count = 0;
    for (; arguments[count] != NULL; count++) vector[count] = arguments[count];
    vector[count++] = "--json";
    vector[count] = NULL;
    cli_result_close(&result);
    result = cli_run(&store, input, vector);
    cr_assert_eq(result.code, code, "%s: exit %d, not %d: %s%s", arguments[0], result.code, code, result.out,
                 result.err);
    json_decref(lines);
    lines = cli_lines(&result);
    return json_array_get(lines, 0);
}

json_t *care_lines(void)
{
    return lines;
}

const char *care_say(int code, const char *input, const char *const *arguments)
{
    static char said[SAID_BYTES];
    cli_result_close(&result);
    result = cli_run(&store, input, arguments);
    cr_assert_eq(result.code, code, "%s: exit %d, not %d: %s%s", arguments[0], result.code, code, result.out,
                 result.err);
    snprintf(said, sizeof said, "%s%s", result.out, result.err);
    return said;
}

void care_refused(json_t *line, const char *error, const char *words)
{
    char word[128];
    cr_assert_eq(json_array_size(lines), 1, "a refusal is one object");
    cli_expect_keys(line, "error problem referral_id");
    cr_expect_str_eq(cli_text(line, "error"), error, "%s", cli_text(line, "problem"));
    while (*words != '\0') {
        const size_t bytes = strcspn(words, "|");
        snprintf(word, sizeof word, "%.*s", (int)bytes, words);
        cr_expect_not_null(strstr(cli_text(line, "problem"), word), "\"%s\" is not in: %s", word,
                           cli_text(line, "problem"));
        words += bytes + (words[bytes] == '|');
    }
}

const char *care_referral(const char *message_id, const char *organisation, unsigned days_ago, const char *patient,
                          const char *more)
{
    static char buffers[4][LINE_BYTES];
    static unsigned next;
    char *const line = buffers[next++ % 4], when[32];
    /* A little over whole days, so that waits come out in whole days whenever the test runs. */
    const time_t at = time(NULL) - (time_t)days_ago * 86400 - 600;
    struct tm parts;
    gmtime_r(&at, &parts);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    const int bytes = snprintf(
        line, LINE_BYTES,
        "{\"message_id\":\"%s\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"%s\",\"reference\":\"ref %s\"},"
        "\"referred_at\":\"%s\",\"patient\":{\"family_name\":\"Testcase-%s\",\"birth_date\":\"1984-05-17\"%s},"
        "\"problem\":\"low_back_pain\",\"duration_weeks\":9%s}\n",
        message_id, organisation, message_id, when, message_id, patient, more);
    cr_assert(bytes > 0 && bytes < LINE_BYTES);
    return line;
}

const char *care_refer(const char *line)
{
    static char ids[5][CARE_ID_BYTES];
    static unsigned next;
    char *const id = ids[next++ % 5];
    json_t *told = CARE_INPUT(0, line, "refer", "-");
    snprintf(id, CARE_ID_BYTES, "%s", cli_text(told, "referral_id"));
    cr_assert_str_not_empty(id);
    if (!json_is_string(json_object_get(told, "tier"))) cli_triage_wait(&store, id);
    return id;
}

void care_take(const char *tier, const char *who, const char *id)
{
    json_t *line = CARE(0, "claim", tier, "--as", who);
    cr_assert_str_eq(cli_text(line, "referral_id"), id, "claimed another referral");
    CARE(0, "accept", id, "--as", who);
}
