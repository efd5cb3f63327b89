/* No patient in a log, an error text or an argument: a patient with identifiers that occur nowhere else is led
 * through everything. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names and numbers in every spelling that the test brings in; each would be found as a part of a line. */
static const char *const identifiers[] = {"Quixwort",   "Zephrine",    "9434765919",   "9434765870",
                                          "ZZ9 9QX",    "ZZ99QX",      "960001",       "1951-11-23",
                                          "1951-11-24", "slept badly", "mornings suit"};

#define PATIENT                                                                                                        \
    ",\"given_name\":\"Zephrine\",\"nhs_number\":\"9434765919\",\"postcode\":\"ZZ9 9QX\",\"phone\":\"01632 960001\""

static void make(void)
{
    care_open(NULL);
}

TestSuite(care_privacy, .init = make, .fini = care_close);

static void expect_none(const char *text, const char *where)
{
    for (size_t i = 0; i < sizeof identifiers / sizeof identifiers[0]; i++)
        cr_expect_null(strstr(text, identifiers[i]), "%s has \"%s\": %s", where, identifiers[i], text);
}

static void expect_log_clean(const char *name)
{
    static char text[1 << 20];
    FILE *file = fopen(temp_path(&care_store()->directory, name), "r");
    cr_assert_not_null(file, "there is no %s", name);
    const size_t bytes = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[bytes] = '\0';
    cr_assert_gt(bytes, 0, "%s is empty: nothing was proved", name);
    expect_none(text, name);
}

static const char *line_of(const char *message_id, const char *more)
{
    static char changed[4096];
    const char *line = care_referral(message_id, "Y05868", 5, PATIENT, more), *name = strstr(line, "\"Testcase-"),
               *birth = strstr(line, "1984-05-17");
    cr_assert(name != NULL && birth != NULL);
    snprintf(changed, sizeof changed, "%.*s\"Quixwort\"%.*s1951-11-23%s", (int)(name - line), line,
             (int)(birth - (strchr(name + 1, '"') + 1)), strchr(name + 1, '"') + 1, birth + strlen("1984-05-17"));
    return changed;
}

static void lead_through_everything(void)
{
    const char *id = care_refer(line_of("m1", CARE_PHYSIO_AND_CBT ",\"letter\":\"She slept badly\""));
    care_refer(line_of("m2", CARE_PHYSIO));
    care_refer(line_of("m3", CARE_EMERGENCY));
    CARE_INPUT(0, "{\"patient\":{\"nhs_number\":\"9434765870\",\"birth_date\":\"1951-11-24\"}}", "inform", id, "-");
    CARE_INPUT(0, "mornings suit\n", "note", id, "--note-file", "-");
    care_take("physio", "pat", id);
    CARE_INPUT(0, "mornings suit\n", "contact", id, "--outcome", "attended", "--as", "pat", "--note-file", "-");
    CARE(0, "review", id, "--rmdq", "9", "--as", "pat");
    CARE(0, "step-up", id, "--to", "hi_cbt", "--reason", "clinical_judgement", "--as", "pat");
    CARE(0, "duplicates");
    CARE(0, "feedback");
    care_router_crash();
    CARE(0, "show", id);
    CARE(0, "backlog");
    CARE(0, "stuck");
}

Test(care_privacy, logs_carry_no_patient_through_a_whole_life_and_a_crash)
{
    lead_through_everything();
    cr_expect_eq(cli_worker_stop((struct cli_store *)care_store(), SIGTERM), 0);
    cr_expect_eq(cli_router_stop((struct cli_store *)care_store(), SIGTERM), 0);
    expect_log_clean("router.log");
    expect_log_clean("worker.log");
}

Test(care_privacy, refusals_of_referrals_name_fields_and_no_values)
{
    static const struct {
        const char *from, *to;
    } breaks[] = {{"1951-11-23", "1951-11-23x"},
                  {"\"9434765919\"", "\"9434765919Quixwort\""},
                  {"\"ZZ9 9QX\"", "17"},
                  {"\"Quixwort\"", "[\"Quixwort\"]"},
                  {"\"phone\"", "\"Zephrine\""},
                  {"\"low_back_pain\"", "\"Quixwort\""},
                  {"\"screened\":true", "\"screened\":\"Quixwort\""},
                  {"}\n", ",\"Quixwort\":\"9434765919\n"}};
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        char broken[4500];
        const char *line = line_of("m1", CARE_PHYSIO), *at = strstr(line, breaks[i].from);
        cr_assert_not_null(at, "%s", breaks[i].from);
        snprintf(broken, sizeof broken, "%.*s%s%s", (int)(at - line), line, breaks[i].to, at + strlen(breaks[i].from));
        json_t *row = CARE_INPUT(1, broken, "refer", "-");
        cr_expect_str_eq(cli_text(row, "outcome"), "rejected");
        size_t e;
        json_t *each;
        json_array_foreach(json_object_get(row, "errors"), e, each)
        {
            if (strstr(cli_text(each, "field"), "Quixwort") == NULL &&
                strstr(cli_text(each, "field"), "Zephrine") == NULL)
                expect_none(cli_text(each, "field"), "a field"); /* an unknown field is refused by its name */
            expect_none(cli_text(each, "problem"), breaks[i].to);
        }
    }
    cli_worker_stop((struct cli_store *)care_store(), SIGTERM);
    expect_log_clean("router.log");
}

Test(care_privacy, refused_commands_tell_nothing_of_the_patient)
{
    static const char *const refused[][10] = {
        {"accept", "ID"},
        {"discharge", "ID", "--end-code", "46"},
        {"cancel", "ID", "--reason", "other"},
        {"assign", "ID", "--to", "secondary_care", "--reason", "clinical_judgement"},
        {"judge", "ID", "ID", "--reason", "other"},
    };
    const char *id = care_refer(line_of("m1", CARE_PHYSIO));
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const char *arguments[12];
        size_t n = 0;
        for (; refused[i][n] != NULL; n++) arguments[n] = strcmp(refused[i][n], "ID") == 0 ? id : refused[i][n];
        arguments[n] = NULL;
        json_t *row = care_run(1, NULL, arguments);
        expect_none(cli_text(row, "problem"), arguments[0]);
    }
}

Test(care_privacy, a_note_is_read_from_a_file_or_standard_input_alone)
{
    const char *id = care_refer(line_of("m1", CARE_PHYSIO));
    expect_none(CARE_SAY(2, "note", id, "--note", "mornings suit"), "the refusal");
    expect_none(CARE_SAY(2, "cancel", id, "--reason", "other", "--note=mornings suit"), "the refusal");
    CARE_INPUT(0, "mornings suit", "note", id, "--note-file", "-");
    json_t *history = json_object_get(CARE(0, "show", id), "history");
    cr_expect_str_eq(cli_text(json_array_get(history, json_array_size(history) - 1), "note"), "mornings suit");
}
