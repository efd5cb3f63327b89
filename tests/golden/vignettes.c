/* The published vignettes, one by one: each says what a referral or review must be answered with, and why. */

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static FILE *vignettes_open(void)
{
    const char *source = getenv("STEPCARE_SOURCE");
    char path[4096];

    snprintf(path, sizeof path, "%s/tests/golden/vignettes.ndjson", source != NULL ? source : ".");
    FILE *stream = fopen(path, "re");
    cr_assert_not_null(stream, "%s cannot be opened", path);
    return stream;
}

/* Runs the command itself on the vignette's input: the whole way, as outside checks go it. */
static json_t *answer_of(const char *kind, const json_t *input)
{
    const char *programs = getenv("STEPCARE_BIN");
    char path[] = "/tmp/stepcare-vignette-XXXXXX", command[4300], line[8192] = "";
    int file = mkstemp(path);
    char *text = json_dumps(input, JSON_COMPACT);

    cr_assert(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    snprintf(command, sizeof command, "%s/stepcare decide %s %s", programs != NULL ? programs : ".", kind, path);
    FILE *output = popen(command, "re");
    cr_assert_not_null(output);
    cr_assert_not_null(fgets(line, sizeof line, output), "no answer from: %s", command);
    cr_assert_eq(pclose(output), 0);
    unlink(path);
    free(text);
    json_t *answer = json_loads(line, 0, NULL);
    cr_assert_not_null(answer, "not JSON: %s", line);
    return answer;
}

static bool list_has(const json_t *list, const json_t *item)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), item)) return true;
    return false;
}

static void list_check(const char *id, const char *key, const json_t *expected, const json_t *got, bool whole)
{
    for (size_t i = 0; i < json_array_size(expected); i++)
        cr_expect(list_has(got, json_array_get(expected, i)), "%s: %s lacks %s", id, key,
                  json_string_value(json_array_get(expected, i)));
    if (whole) cr_expect_eq(json_array_size(got), json_array_size(expected), "%s: %s has more than it should", id, key);
}

static void vignette_check(const json_t *vignette)
{
    const char *id = json_string_value(json_object_get(vignette, "id")), *key;
    json_t *answer =
        answer_of(json_string_value(json_object_get(vignette, "kind")), json_object_get(vignette, "input"));
    json_t *expected;

    json_object_foreach(json_object_get(vignette, "expect"), key, expected)
    {
        if (strcmp(key, "must") == 0)
            list_check(id, key, expected, json_object_get(answer, "codes"), false);
        else if (json_is_array(expected))
            list_check(id, key, expected, json_object_get(answer, key), true);
        else
            cr_expect(json_equal(expected, json_object_get(answer, key)), "%s: %s is not as expected", id, key);
    }
    json_decref(answer);
}

Test(vignettes, every_published_vignette_is_answered_as_it_says)
{
    FILE *stream = vignettes_open();
    char line[65536];
    unsigned count = 0;

    while (fgets(line, sizeof line, stream) != NULL) {
        json_t *vignette = json_loads(line, 0, NULL);
        cr_assert_not_null(vignette);
        vignette_check(vignette);
        json_decref(vignette);
        count++;
    }
    fclose(stream);
    cr_assert_geq(count, 20);
}
