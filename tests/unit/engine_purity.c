/* The pathway engine decides from what it is given alone: its sources include no transport, store, clock or log, and those that
 * run at a decision allocate nothing. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const sources[] = {"calendar.c",  "calendar.h",     "instruments.c",   "instruments.h",  "intake.c",
                                      "review.c",    "table.c",        "table.h",         "table_input.c",  "table_input.h",
                                      "table_words.c", "pathway_parts.h", "pathway_lookup.c", "pathway_diff.c", "explain.c",
                                      "explain_change.c", "explain_rules.c", "explain_scores.c", "pathway_check.c"};
static const char *const forbidden[] = {"<zmq.h>", "<lmdb.h>", "<time.h>", "<sys/time.h>", "config/log.h", "<unistd.h>", "<cyaml/cyaml.h>"};
static const char *const deciding[] = {"instruments.c", "intake.c", "review.c", "table.c", "pathway_lookup.c", "calendar.c"};
static const char *const allocating[] = {"alloc(", "strdup(", "free("};

static char *source_read(const char *name)
{
    const char *root = getenv("STEPCARE_SOURCE");
    char path[4096], *text = calloc(1, 200000);

    snprintf(path, sizeof path, "%s/workers/%s", root != NULL ? root : ".", name);
    FILE *stream = fopen(path, "re");
    cr_assert_not_null(stream, "%s cannot be read", path);
    cr_assert_gt(fread(text, 1, 199999, stream), 0);
    fclose(stream);
    return text;
}

Test(engine_purity, includes_no_transport_store_clock_or_log)
{
    for (unsigned i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        char *text = source_read(sources[i]);
        for (unsigned j = 0; j < sizeof forbidden / sizeof forbidden[0]; j++)
            cr_expect_null(strstr(text, forbidden[j]), "%s includes %s", sources[i], forbidden[j]);
        free(text);
    }
}

Test(engine_purity, what_decides_allocates_nothing)
{
    for (unsigned i = 0; i < sizeof deciding / sizeof deciding[0]; i++) {
        char *text = source_read(deciding[i]);
        for (unsigned j = 0; j < sizeof allocating / sizeof allocating[0]; j++)
            cr_expect_null(strstr(text, allocating[j]), "%s has %s", deciding[i], allocating[j]);
        free(text);
    }
}
