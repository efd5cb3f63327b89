/* A decision allocates nothing: what runs at a decision calls no allocator. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const deciding[] = {
    "pathway/instruments.c", "pathway/facts.c",   "pathway/intake.c", "pathway/review.c",
    "pathway/table.c",       "pathway/pathway.c", "base/date.c"};
static const char *const allocating[] = {"alloc(", "strdup(", "free("};

static char *source_read(const char *name)
{
    const char *root = getenv("STEPCARE_SOURCE");
    char path[4096], *text = calloc(1, 200000);
    snprintf(path, sizeof path, "%s/%s", root != NULL ? root : ".", name);
    FILE *stream = fopen(path, "re");
    cr_assert_not_null(stream, "%s cannot be read", path);
    cr_assert_gt(fread(text, 1, 199999, stream), 0);
    fclose(stream);
    return text;
}

Test(purity, what_decides_allocates_nothing)
{
    for (unsigned i = 0; i < sizeof deciding / sizeof deciding[0]; i++) {
        char *text = source_read(deciding[i]);
        for (unsigned j = 0; j < sizeof allocating / sizeof allocating[0]; j++)
            cr_expect_null(strstr(text, allocating[j]), "%s has %s", deciding[i], allocating[j]);
        free(text);
    }
}
