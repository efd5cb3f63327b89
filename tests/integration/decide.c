/* `stepcare decide` and `stepcare pathway` as they are run: one line out for every line in, in order, whatever is wrong
 * with some. */
#include "tests/support/deadline.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define REFERRAL(id, more)                                                                                             \
    "{\"message_id\":\"" id "\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"                         \
    "\"referred_at\":\"2026-11-02T09:30:00Z\",\"patient\":{\"family_name\":\"Case\",\"birth_date\":\"1984-06-15\"},"   \
    "\"problem\":\"low_back_pain\",\"duration_weeks\":9" more "}"
#define SCREENED(list) ",\"red_flags\":{\"screened\":true,\"present\":[" list "]}"

/* Runs, checks the exit code, returns the process with what it said. */
static struct process *run(const char *const *arguments, const char *input, int exit_code)
{
    struct process *process = process_start("stepcare", arguments, input, input != NULL ? strlen(input) : 0);
    int got = process_wait(process, DEADLINE_MS);

    cr_assert_eq(got, exit_code, "exit %d, not %d: %s%s", got, exit_code, process_output(process),
                 process_errors(process));
    return process;
}

/* Line n of the output as JSON; the caller drops it. */
static json_t *line_of(struct process *process, unsigned n)
{
    const char *at = process_output(process);
    json_error_t error;

    for (; n > 0 && at != NULL; n--) at = strchr(at, '\n') != NULL ? strchr(at, '\n') + 1 : NULL;
    cr_assert(at != NULL && *at != '\0', "there is no such line: %s", process_output(process));
    json_t *line = json_loads(at, JSON_DISABLE_EOF_CHECK, &error);
    cr_assert_not_null(line, "not JSON: %s", at);
    return line;
}

static unsigned line_count(struct process *process)
{
    unsigned count = 0;

    for (const char *at = process_output(process); *at != '\0'; at++) count += *at == '\n';
    return count;
}

static const char *text_of(json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));

    return text != NULL ? text : "(none)";
}

Test(decide, every_line_has_its_answer_in_its_place)
{
    const char *arguments[] = {"decide", "intake", "-", NULL};
    struct process *process = run(
        arguments,
        REFERRAL("a", SCREENED("")) "\n" REFERRAL(
            "b",
            SCREENED(
                "\"sadle_anaesthesia\"")) "\n"
                                          "broken\n\n" REFERRAL("d", SCREENED("\"saddle_anaesthesia\"")) "\n" REFERRAL(
                                              "e", ",\"urgent\":true"),
        1);

    cr_assert_eq(line_count(process), 5);
    json_t *a = line_of(process, 0), *b = line_of(process, 1), *c = line_of(process, 2), *d = line_of(process, 3),
           *e = line_of(process, 4);
    cr_expect_str_eq(text_of(a, "rule"), "26");
    cr_expect_str_eq(text_of(b, "message_id"), "b");
    cr_expect_str_eq(text_of(json_array_get(json_object_get(b, "errors"), 0), "field"), "red_flags.present[0]");
    cr_expect(json_is_null(json_object_get(c, "message_id")));
    cr_expect_str_eq(text_of(json_array_get(json_object_get(c, "errors"), 0), "field"), "line");
    cr_expect_str_eq(text_of(d, "tier"), "emergency");
    cr_expect_str_eq(text_of(json_array_get(json_object_get(e, "errors"), 0), "field"), "urgent");
    cr_expect_str_eq(text_of(json_array_get(json_object_get(e, "errors"), 1), "field"), "red_flags");
    json_decref(a), json_decref(b), json_decref(c), json_decref(d), json_decref(e);
    process_close(&process);
}

Test(decide, a_json_array_is_taken_as_lines_are)
{
    const char *arguments[] = {"decide", "intake", NULL};
    struct process *process = run(arguments, "[" REFERRAL("a", SCREENED("")) ",\n" REFERRAL("b", SCREENED("")) "]", 0);

    cr_assert_eq(line_count(process), 2);
    process_close(&process);
}

Test(decide, every_key_is_always_there)
{
    static const char *const keys[] = {"message_id", "tier",  "service",  "urgency",     "target_days", "rule",
                                       "codes",      "holds", "parallel", "recommended", "pathway"};
    static const char *const review_keys[] = {"action", "to",   "service", "urgency",    "codes",
                                              "holds",  "rule", "pathway", "referral_id"};
    const char *arguments[] = {"decide", "intake", NULL}, *review[] = {"decide", "review", NULL};
    struct process *process = run(arguments, REFERRAL("a", SCREENED("")), 0);
    json_t *line = line_of(process, 0);

    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        cr_expect_not_null(json_object_get(line, keys[i]), "%s", keys[i]);
    cr_expect_eq(json_object_size(line), sizeof keys / sizeof keys[0]);
    json_decref(line);
    process_close(&process);
    process = run(review, "{\"tier\":\"secondary_care\",\"outcome\":\"ongoing\",\"referral_id\":\"0000-0017\"}", 0);
    line = line_of(process, 0);
    for (unsigned i = 0; i < sizeof review_keys / sizeof review_keys[0]; i++)
        cr_expect_not_null(json_object_get(line, review_keys[i]), "%s", review_keys[i]);
    json_decref(line);
    process_close(&process);
}

Test(decide, order_and_repeats_in_lists_do_not_matter)
{
    const char *arguments[] = {"decide", "intake", NULL};
    struct process *process = run(
        arguments,
        REFERRAL("a", SCREENED("\"night_pain\",\"thoracic_pain\"")) "\n" REFERRAL(
            "a",
            SCREENED("\"thoracic_pain\",\"night_pain\",\"night_pain\"")) "\n" REFERRAL("a",
                                                                                       SCREENED("\"night_pain\","
                                                                                                "\"night_pain\"")) "\n",
        0);
    json_t *first = line_of(process, 0), *second = line_of(process, 1), *third = line_of(process, 2);

    cr_expect(json_equal(first, second));
    cr_expect_str_eq(text_of(first, "rule"), "10");
    cr_expect_str_eq(text_of(third, "rule"), "26", "one weak flag said twice is one");
    json_decref(first), json_decref(second), json_decref(third);
    process_close(&process);
}

Test(decide, a_review_with_mistakes_names_each)
{
    const char *arguments[] = {"decide", "review", NULL};
    struct process *process =
        run(arguments,
            "{\"tier\":\"t_cbt\",\"contct\":3,\"phq_9\":[28,1],\"red_flags\":[\"saddle\"],\"referral_id\":\"r1\"}\n"
            "{\"tier\":\"emergency\"}\n[]\n"
            "{\"tier\":\"physio\",\"week\":4,\"rmdq\":[10,7],\"start_back_now\":\"low\"}\n",
            1);
    json_t *first = line_of(process, 0), *last;

    cr_expect_str_eq(text_of(first, "referral_id"), "r1");
    cr_expect_eq(json_array_size(json_object_get(first, "errors")), 4, "%s", process_output(process));
    last = line_of(process, line_count(process) - 1);
    cr_expect_str_eq(text_of(last, "action"), "discharge");
    json_decref(first), json_decref(last);
    process_close(&process);
}

Test(decide, explains_in_words_and_says_what_would_change_it)
{
    const char *arguments[] = {"decide", "intake", "--explain", NULL};
    struct process *process =
        run(arguments, REFERRAL("a", SCREENED("") ",\"instruments\":{\"start_back_9\":[1,0,0,0,1,1,1,0,2]}"), 0);
    const char *said = process_output(process);

    cr_expect(strstr(said, "total 4, subscale 3, medium") != NULL, "%s", said);
    cr_expect(strstr(said, "YES 22   Low back pain, STarT Back medium: DECIDES") != NULL, "%s", said);
    cr_expect(strstr(said, "one point more on the STarT Back subscale: physio, soon, by rule 21") != NULL, "%s", said);
    process_close(&process);
}

Test(decide, usage_and_unreadable_files_exit_2)
{
    static const char *const cases[][6] = {{"decide", NULL},
                                           {"decide", "both", NULL},
                                           {"decide", "intake", "--nope", NULL},
                                           {"decide", "intake", "/nonexistent/file", NULL},
                                           {"decide", "intake", "--pathway", "/nonexistent/pathway.yaml", NULL},
                                           {"pathway", "check", NULL},
                                           {"pathway", "diff", "a", "b", NULL},
                                           {"pathway", "show", "--format", "pdf", NULL}};

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct process *process = run(cases[i], "", 2);
        cr_expect(strlen(process_errors(process)) > 0, "case %u says nothing", i);
        process_close(&process);
    }
}

/* The built-in pathway's text, changed in one place, in a file. */
static const char *changed_pathway(const struct temp_directory *directory, const char *from, const char *to)
{
    char source[4096], text[100000];
    const char *path = temp_path(directory, "changed.yaml"), *root = getenv("STEPCARE_SOURCE");

    snprintf(source, sizeof source, "%s/config/pathway.yaml", root != NULL ? root : ".");
    FILE *stream = fopen(source, "re");
    cr_assert_not_null(stream);
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    char *at = strstr(text, from);
    cr_assert_not_null(at);
    stream = fopen(path, "we");
    fprintf(stream, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    fclose(stream);
    return path;
}

Test(decide, another_pathway_decides_and_is_named)
{
    struct temp_directory directory = temp_directory_make();
    const char *path = changed_pathway(&directory, "version: \"2026.11\"", "version: \"test.1\"");
    const char *arguments[] = {"decide", "intake", "--pathway", path, NULL};
    struct process *process = run(arguments, REFERRAL("a", SCREENED("")), 0);
    json_t *line = line_of(process, 0);

    cr_expect_str_eq(text_of(line, "pathway"), "test.1");
    json_decref(line);
    process_close(&process);
    temp_directory_remove(&directory);
}

Test(decide, a_broken_pathway_is_refused_with_its_line)
{
    struct temp_directory directory = temp_directory_make();
    const char *path = changed_pathway(&directory, "codes: [RF_CES]", "codes: [RF_CE]");
    const char *arguments[] = {"pathway", "check", path, NULL};
    struct process *process = run(arguments, NULL, 2);

    cr_expect(strstr(process_errors(process), "changed.yaml:") != NULL &&
                  strstr(process_errors(process), "did you mean `RF_CES`") != NULL,
              "%s", process_errors(process));
    process_close(&process);
    temp_directory_remove(&directory);
}

Test(decide, a_changed_rule_shows_who_would_move)
{
    struct temp_directory directory = temp_directory_make();
    const char *path = changed_pathway(&directory, "high_subscale: at least 4", "high_subscale: at least 3");
    char built_in[4096];

    snprintf(built_in, sizeof built_in, "%s/config/pathway.yaml",
             getenv("STEPCARE_SOURCE") != NULL ? getenv("STEPCARE_SOURCE") : ".");
    const char *arguments[] = {"pathway", "diff", built_in, path, "--over", "-", "--json", NULL};
    struct process *process =
        run(arguments,
            REFERRAL("a", SCREENED("") ",\"instruments\":{\"start_back_9\":[1,0,0,0,1,1,1,0,2]}") "\n" REFERRAL(
                "b", SCREENED("")) "\n",
            0);
    json_t *line = line_of(process, 0);

    cr_expect_eq(line_count(process), 1);
    cr_expect_eq(json_integer_value(json_object_get(line, "count")), 1);
    cr_expect_str_eq(text_of(json_object_get(line, "from"), "rule"), "22");
    cr_expect_str_eq(text_of(json_object_get(line, "to"), "rule"), "21");
    cr_expect_str_eq(text_of(line, "example"), "a");
    json_decref(line);
    process_close(&process);
    temp_directory_remove(&directory);
}

Test(decide, the_pathway_prints_in_three_dresses)
{
    static const char *const formats[][2] = {
        {"text", "Suspected cauda equina syndrome"}, {"markdown", "## Intake rules"}, {"html", "</svg>"}};

    for (unsigned i = 0; i < 3; i++) {
        const char *arguments[] = {"pathway", "show", "--format", formats[i][0], NULL};
        struct process *process = run(arguments, NULL, 0);
        cr_expect(strstr(process_output(process), formats[i][1]) != NULL, "%s", formats[i][0]);
        cr_expect(strstr(process_output(process), "href=\"http") == NULL &&
                      strstr(process_output(process), "src=") == NULL,
                  "self-contained");
        process_close(&process);
    }
}
