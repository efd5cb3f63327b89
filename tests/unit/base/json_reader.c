/* The JSON reader: which tokens come, in what order, and how reading ends. */
#include "base/json_reader.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The tokens as one line: a letter for each kind, with its value. */
struct tokens {
    char line[512];
    unsigned stop_after; /* tokens; 0: never */
    unsigned count;
};

static bool token_note(void *context, const struct json_token *token)
{
    static const char letters[] = {
        [JSON_NULL] = 'n',       [JSON_BOOLEAN] = 'b',     [JSON_WHOLE] = 'w',    [JSON_REAL] = 'r',
        [JSON_VAST] = 'v',       [JSON_STRING] = 's',      [JSON_NAME] = ':',     [JSON_OBJECT_BEGIN] = '{',
        [JSON_OBJECT_END] = '}', [JSON_ARRAY_BEGIN] = '[', [JSON_ARRAY_END] = ']'};
    struct tokens *tokens = context;
    const size_t at = strlen(tokens->line);
    char *end = tokens->line + at;
    snprintf(end, sizeof tokens->line - at, "%c", letters[token->kind]);
    if (token->kind == JSON_BOOLEAN) strcat(end, token->truth ? "1" : "0");
    if (token->kind == JSON_WHOLE) snprintf(end + 1, sizeof tokens->line - at - 1, "%lld", (long long)token->whole);
    if (token->kind == JSON_STRING || token->kind == JSON_NAME)
        snprintf(end + 1, sizeof tokens->line - at - 1, "%.*s", (int)token->text.bytes, token->text.data);
    return ++tokens->count != tokens->stop_after;
}

static enum json_outcome read_into(struct tokens *tokens, const char *document, size_t *out_at)
{
    return json_read(stepcare_text_of(document), token_note, tokens, out_at);
}

static void tokens_are(const char *document, const char *line)
{
    struct tokens tokens = {.line = ""};
    size_t at;
    cr_expect_eq(read_into(&tokens, document, &at), JSON_DONE, "%s", document);
    cr_expect_str_eq(tokens.line, line, "%s", document);
    cr_expect_eq(at, strlen(document), "%s", document);
}

Test(json_reader, gives_every_token_in_the_documents_order)
{
    tokens_are("{\"a\":[1,\"x\",true,null],\"b\":{}}", "{:a[w1sxb1n]:b{}}");
    tokens_are(" [ ] ", "[]");
    tokens_are("[\"a\\nb\\u00e9\"]", "[sa\nb\u00e9]");
}

Test(json_reader, calls_whole_what_is_written_so_and_fits)
{
    tokens_are("[0,-0,-7,123456789012345678]", "[w0w0w-7w123456789012345678]");
    tokens_are("[9223372036854775807,-9223372036854775808]", "[w9223372036854775807w-9223372036854775808]");
    tokens_are("[1.0,1e2,-0.5]", "[rrr]");
    tokens_are("[9223372036854775808,1e999,-1e999]", "[vvv]");
}

Test(json_reader, says_how_reading_ended_and_where)
{
    static const struct {
        const char *document;
        enum json_outcome outcome;
        size_t at;
    } cases[] = {{"{\"a\":1", JSON_UNFINISHED, 6},
                 {"{\"a\" 1}", JSON_BROKEN, 6},
                 {"[1,]", JSON_BROKEN, 4},
                 {"{} {}", JSON_BROKEN, 4},
                 {"", JSON_UNFINISHED, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tokens tokens = {.line = ""};
        size_t at;
        cr_expect_eq(read_into(&tokens, cases[i].document, &at), cases[i].outcome, "%s", cases[i].document);
        cr_expect_eq(at, cases[i].at, "%s: %zu", cases[i].document, at);
    }
}

Test(json_reader, takes_nothing_but_space_after_the_documents_end)
{
    static const char *const rests[] = {"\"", "\"x", "\"x\\", "t", "nul", "-", "1", "}", ",", "\"a\"", "\xef"};
    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        for (unsigned gap = 0; gap < 2; gap++) {
            struct tokens tokens = {.line = ""};
            char document[32];
            size_t at;
            snprintf(document, sizeof document, "{\"a\":[1]}%s%s", gap == 1 ? " \r\n" : "", rests[i]);
            cr_expect_eq(read_into(&tokens, document, &at), JSON_BROKEN, "%s", document);
            cr_expect_geq(at, strlen("{\"a\":[1]}"), "%s", document);
        }
    }
    tokens_are("{\"a\":[1]} \t\r\n", "{:a[w1]}");
}

Test(json_reader, stops_where_the_taker_will_not_go_on)
{
    struct tokens tokens = {.line = "", .stop_after = 2};
    size_t at;
    cr_assert_eq(read_into(&tokens, "{\"name\":1,", &at), JSON_STOPPED);
    cr_assert_str_eq(tokens.line, "{:name");
    cr_assert_eq(at, strlen("{\"name\""));
}

struct kept {
    struct arena *arena;
    struct stepcare_text texts[4];
    unsigned count;
    bool full;
};

static bool text_keep(void *context, const struct json_token *token)
{
    struct kept *kept = context;
    if (token->kind != JSON_STRING) return true;
    kept->full = !json_text_keep(token, kept->arena, &kept->texts[kept->count++]);
    return !kept->full;
}

Test(json_reader, keeps_a_text_in_the_document_or_where_it_had_escapes_in_the_arena)
{
    static const char document[] = "[\"plain\",\"an \\\"escape\\\"\",\"\"]";
    struct kept kept = {.count = 0};
    size_t at;
    cr_assert_eq(arena_open(4096, &kept.arena), STEPCARE_OK);
    cr_assert_eq(json_read(stepcare_text_of(document), text_keep, &kept, &at), JSON_DONE);
    cr_assert_eq(kept.texts[0].data, document + 2, "not copied");
    cr_assert_eq(kept.texts[1].bytes, strlen("an \"escape\""));
    cr_assert_eq(memcmp(kept.texts[1].data, "an \"escape\"", kept.texts[1].bytes), 0);
    cr_assert_eq(kept.texts[2].bytes, 0);
    arena_close(kept.arena);
}
