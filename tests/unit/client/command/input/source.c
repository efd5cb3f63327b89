/* The command's files are in no library: the test takes the module in. */
#include "client/command/input/source.c"

#include "tests/support/temp_directory.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct temp_directory directory;
static struct source *source;

static void make(void)
{
    directory = temp_directory_make();
}

static void drop(void)
{
    source_close(source);
    source = NULL;
    temp_directory_remove(&directory);
}

TestSuite(source, .init = make, .fini = drop);

static void open_text(const char *text)
{
    const char *path = temp_path(&directory, "referrals");
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    cr_assert(source_open(path, &source));
}

static void expect_item(uint64_t number, const char *text)
{
    struct source_item item;
    enum source_result result = source_next(source, 0, &item);
    cr_assert_eq(result, SOURCE_ITEM, "result %d where '%s' was expected", (int)result, text);
    cr_expect_eq(item.number, number, "%s is number %llu", text, (unsigned long long)item.number);
    cr_expect(stepcare_text_equal(item.text, stepcare_text_of(text)), "'%.*s' is not '%s'", (int)item.text.bytes,
              item.text.data, text);
}

static void expect_result(enum source_result expected)
{
    struct source_item item;
    cr_expect_eq(source_next(source, 0, &item), expected);
}

Test(source, lines_keep_their_numbers_across_blank_ones)
{
    open_text("{\"a\":1}\n\n  \r\n{\"b\":2}\r\n{\"c\":3}");
    expect_item(1, "{\"a\":1}");
    expect_item(4, "{\"b\":2}");
    expect_item(5, "{\"c\":3}");
    expect_result(SOURCE_END);
    expect_result(SOURCE_END);
}

Test(source, empty_file_and_empty_array_have_nothing)
{
    open_text(" \n");
    expect_result(SOURCE_END);
    source_close(source);
    open_text(" [ \n ] \n");
    expect_result(SOURCE_END);
    expect_result(SOURCE_END);
}

Test(source, array_elements_are_cut_at_their_own_commas)
{
    open_text("\xef\xbb\xbf [ {\"a\":[1,2],\"s\":\"],{\\\"\"} ,\n {\"b\":{}}, ] ");
    expect_item(1, "{\"a\":[1,2],\"s\":\"],{\\\"\"}");
    expect_item(2, "{\"b\":{}}");
    expect_item(3, ""); /* the comma before the end: for the decoder to refuse */
    expect_result(SOURCE_END);
}

Test(source, array_that_breaks_off_says_so_after_what_was_whole)
{
    open_text("[{\"a\":1}, {\"b\":");
    expect_item(1, "{\"a\":1}");
    expect_result(SOURCE_BROKEN);
    expect_result(SOURCE_END);
    source_close(source);
    open_text("[{\"a\":1}] x");
    expect_item(1, "{\"a\":1}");
    expect_result(SOURCE_BROKEN);
    expect_result(SOURCE_END);
}

static void write_long(FILE *file, char first)
{
    putc(first, file);
    for (unsigned i = 0; i < 2 * STEPCARE_LINE_BYTES_MAX; i++) putc('x', file);
}

Test(source, too_long_line_is_passed_over_and_the_next_is_whole)
{
    const char *path = temp_path(&directory, "long");
    FILE *file = fopen(path, "w");
    write_long(file, '{');
    fputs("\n{\"b\":2}\n", file);
    write_long(file, '{');
    fclose(file);
    cr_assert(source_open(path, &source));
    expect_result(SOURCE_TOO_LONG);
    expect_item(2, "{\"b\":2}");
    expect_result(SOURCE_TOO_LONG);
    expect_result(SOURCE_END);
}

Test(source, too_long_element_is_passed_over_and_the_next_is_whole)
{
    const char *path = temp_path(&directory, "long");
    FILE *file = fopen(path, "w");
    fputs("[\"", file);
    write_long(file, ',');
    fputs("\",{\"b\":2}]", file);
    fclose(file);
    cr_assert(source_open(path, &source));
    expect_result(SOURCE_TOO_LONG);
    expect_item(2, "{\"b\":2}");
    expect_result(SOURCE_END);
}

Test(source, longest_legal_line_is_taken)
{
    const char *path = temp_path(&directory, "longest");
    FILE *file = fopen(path, "w");
    struct source_item item;
    for (unsigned line = 0; line < 5; line++) {
        for (unsigned i = 0; i < STEPCARE_LINE_BYTES_MAX; i++) putc('x', file);
        putc('\n', file);
    }
    fclose(file);
    cr_assert(source_open(path, &source));
    for (unsigned line = 1; line <= 5; line++) {
        cr_assert_eq(source_next(source, 0, &item), SOURCE_ITEM);
        cr_expect_eq(item.text.bytes, STEPCARE_LINE_BYTES_MAX);
    }
    expect_result(SOURCE_END);
}

Test(source, pipe_without_data_is_idle_not_ended)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    int saved = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    cr_assert(source_open("-", &source));
    expect_result(SOURCE_IDLE);
    cr_assert_eq(write(ends[1], "{}\n{", 4), 4);
    expect_item(1, "{}");
    expect_result(SOURCE_IDLE);
    cr_assert_eq(write(ends[1], "}", 1), 1);
    close(ends[1]);
    expect_item(2, "{}");
    expect_result(SOURCE_END);
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(ends[0]);
}

Test(source, missing_file_and_directory_are_refused)
{
    cr_expect_not(source_open(temp_path(&directory, "missing"), &source));
    cr_expect_eq(errno, ENOENT);
    cr_expect_not(source_open(directory.path, &source));
    cr_expect_eq(errno, EISDIR);
}
