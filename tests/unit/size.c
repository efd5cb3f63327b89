/* Everything can be read at a sitting: files, functions, lines and folders stay within their bounds, and each file
 * opens by saying what it is for. Product and tests alike. */
#include "tests/support/house/source_tree.h"

#include <criterion/criterion.h>
#include <string.h>

enum { FILE_LINES_MAX = 400, COLUMNS_MAX = 120, FUNCTION_LINES_MAX = 60, FOLDER_UNITS_MAX = 25 };

static size_t columns_of(const char *line, size_t bytes)
{
    size_t columns = 0;
    for (size_t i = 0; i < bytes; i++) columns += ((unsigned char)line[i] & 0xc0) != 0x80; /* UTF-8 goes on */
    return columns;
}

static bool line_is(const char *line, size_t bytes, const char *text)
{
    return bytes == strlen(text) && memcmp(line, text, bytes) == 0;
}

static struct source_tree *tree;

static void set_up(void)
{
    tree = source_tree_open(true);
}

static void tear_down(void)
{
    source_tree_close(tree);
}

TestSuite(size, .init = set_up, .fini = tear_down);

Test(size, files_and_lines_are_short)
{
    for (size_t i = 0; i < tree->count; i++) {
        const char *at = tree->files[i].text, *line;
        unsigned lines = 0;
        for (size_t bytes; source_line_next(&at, &line, &bytes);) {
            lines++;
            cr_expect_leq(columns_of(line, bytes), COLUMNS_MAX, "%s:%u has %zu columns", tree->files[i].path, lines,
                          columns_of(line, bytes));
        }
        cr_expect_leq(lines, FILE_LINES_MAX, "%s has %u lines", tree->files[i].path, lines);
    }
}

/* The formatter puts the braces of a function, and no others, on lines of their own without indent. */
Test(size, functions_are_short)
{
    unsigned functions = 0;
    for (size_t i = 0; i < tree->count; i++) {
        const char *at = tree->files[i].text, *line;
        unsigned number = 0, begin = 0;
        for (size_t bytes; source_line_next(&at, &line, &bytes);) {
            number++;
            if (line_is(line, bytes, "{")) begin = number;
            if (!line_is(line, bytes, "}") || begin == 0) continue;
            functions++;
            cr_expect_leq(number - begin + 1, FUNCTION_LINES_MAX, "%s:%u: a function of %u lines", tree->files[i].path,
                          begin, number - begin + 1);
            begin = 0;
        }
    }
    cr_assert_gt(functions, 1000, "only %u functions were seen", functions);
}

Test(size, every_file_opens_by_saying_what_it_is_for)
{
    for (size_t i = 0; i < tree->count; i++)
        cr_expect_eq(strncmp(tree->files[i].text, "/* ", 3), 0, "%s has no opening comment", tree->files[i].path);
}

Test(size, a_folder_is_one_screen)
{
    unsigned units = 0;
    char before[SOURCE_PATH_BYTES] = "", folder[SOURCE_PATH_BYTES], unit[SOURCE_PATH_BYTES],
         last[SOURCE_PATH_BYTES] = "";
    for (size_t i = 0; i < tree->count; i++) { /* in the order of their names, so that .c and .h are neighbours */
        source_folder(tree->files[i].path, folder);
        source_unit(tree->files[i].path, unit);
        if (strcmp(folder, before) != 0) units = 0;
        if (strcmp(unit, last) != 0) units++;
        cr_expect_leq(units, FOLDER_UNITS_MAX, "%s is unit %u of its folder", tree->files[i].path, units);
        memcpy(before, folder, sizeof before);
        memcpy(last, unit, sizeof last);
    }
}
