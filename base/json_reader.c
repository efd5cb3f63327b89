/* yajl's callbacks become tokens. Used by proto's referral decoder and by `stepcare decide review`. */
#include "base/json_reader.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

enum { POOL_BYTES = 4096, POOL_ALIGNMENT = 16, NUMBER_CHARS_MAX = 400 };

/* yajl asks for half a dozen small blocks for each document; they come from the stack. */
struct pool {
    size_t used;
    _Alignas(POOL_ALIGNMENT) uint8_t bytes[POOL_BYTES];
};

struct json_reader {
    struct stepcare_text document;
    json_token_fn token_take;
    void *context;
    yajl_handle parser;
    unsigned depth; /* of containers that have begun */
    size_t end;     /* where the document's container ends; 0: it has not, or the document is none */
    struct pool pool;
};

/* Each block has its size in front, for realloc. A block that does not fit comes from the heap. */
static void *pool_take(void *context, size_t bytes)
{
    struct pool *pool = context;
    size_t rounded = (bytes + 2 * POOL_ALIGNMENT - 1) & ~(size_t)(POOL_ALIGNMENT - 1);
    bool fits = rounded <= POOL_BYTES - pool->used;
    uint8_t *block = fits ? pool->bytes + pool->used : malloc(rounded);
    if (block == NULL) return NULL;
    if (fits) pool->used += rounded;
    memcpy(block, &bytes, sizeof bytes);
    return block + POOL_ALIGNMENT;
}

static void pool_free(void *context, void *taken)
{
    struct pool *pool = context;
    uint8_t *block = (uint8_t *)taken - POOL_ALIGNMENT;
    if (taken != NULL && (block < pool->bytes || block >= pool->bytes + POOL_BYTES)) free(block);
}

static void *pool_retake(void *context, void *taken, size_t bytes)
{
    size_t old_bytes = 0;
    void *grown = pool_take(context, bytes);
    if (grown == NULL || taken == NULL) return grown;
    memcpy(&old_bytes, (uint8_t *)taken - POOL_ALIGNMENT, sizeof old_bytes);
    memcpy(grown, taken, old_bytes < bytes ? old_bytes : bytes);
    pool_free(context, taken);
    return grown;
}

static int token_give(void *context, struct json_token token)
{
    const struct json_reader *reader = context;
    return reader->token_take(reader->context, &token);
}

static int on_null(void *context)
{
    return token_give(context, (struct json_token){.kind = JSON_NULL});
}

static int on_boolean(void *context, int value)
{
    return token_give(context, (struct json_token){.kind = JSON_BOOLEAN, .truth = value != 0});
}

/* Up to 18 digits: no strtoll needed, and none of its errors possible. */
static bool whole_read(const char *text, size_t bytes, int64_t *out_whole)
{
    int64_t value = 0;
    size_t at = text[0] == '-';
    if (bytes - at > 18) return false;
    for (size_t i = at; i < bytes; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    *out_whole = at ? -value : value;
    return true;
}

/* Numbers that are not short and whole, which no field wants: what they are is only said in an error. */
static struct json_token number_read(const char *text, size_t bytes)
{
    char digits[NUMBER_CHARS_MAX];
    struct json_token token = {.kind = JSON_VAST};
    bool whole = true;
    for (size_t i = 0; i < bytes; i++) whole = whole && text[i] != '.' && text[i] != 'e' && text[i] != 'E';
    char *copy = bytes < sizeof digits ? digits : malloc(bytes + 1);
    if (copy == NULL) return token;
    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    errno = 0;
    if (whole) {
        token.whole = strtoll(copy, NULL, 10);
        if (errno == 0) token.kind = JSON_WHOLE;
    } else if (isfinite(strtod(copy, NULL))) {
        token.kind = JSON_REAL;
    }
    if (copy != digits) free(copy);
    return token;
}

static int on_number(void *context, const char *text, size_t bytes)
{
    struct json_token token = {.kind = JSON_WHOLE};
    return token_give(context, whole_read(text, bytes, &token.whole) ? token : number_read(text, bytes));
}

/* Text without escapes lies in the document itself; unescaped text lies in yajl's buffer for this callback only. */
static int text_give(const struct json_reader *reader, enum json_token_kind kind, const unsigned char *data,
                     size_t bytes)
{
    const char *from = (const char *)data;
    const bool inside = from >= reader->document.data && from < reader->document.data + reader->document.bytes;
    const struct json_token token = {.kind = kind, .text = {from, (uint32_t)bytes}, .unescaped = !inside};
    return reader->token_take(reader->context, &token);
}

static int on_string(void *context, const unsigned char *data, size_t bytes)
{
    return text_give(context, JSON_STRING, data, bytes);
}

static int on_name(void *context, const unsigned char *data, size_t bytes)
{
    return text_give(context, JSON_NAME, data, bytes);
}

static int container_begin(struct json_reader *reader, enum json_token_kind kind)
{
    reader->depth++;
    return token_give(reader, (struct json_token){.kind = kind});
}

static int container_end(struct json_reader *reader, enum json_token_kind kind)
{
    if (--reader->depth == 0) reader->end = yajl_get_bytes_consumed(reader->parser);
    return token_give(reader, (struct json_token){.kind = kind});
}

static int on_object_begin(void *context)
{
    return container_begin(context, JSON_OBJECT_BEGIN);
}

static int on_object_end(void *context)
{
    return container_end(context, JSON_OBJECT_END);
}

static int on_array_begin(void *context)
{
    return container_begin(context, JSON_ARRAY_BEGIN);
}

static int on_array_end(void *context)
{
    return container_end(context, JSON_ARRAY_END);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object_begin,
    .yajl_map_key = on_name,
    .yajl_end_map = on_object_end,
    .yajl_start_array = on_array_begin,
    .yajl_end_array = on_array_end,
};

/* Where something other than space begins after the document's container; document.bytes: nowhere. yajl refuses only
 * whole tokens there: text that does not end it passes over. */
static size_t rest_find(const struct json_reader *reader)
{
    const struct stepcare_text document = reader->document;
    size_t at = reader->end == 0 ? document.bytes : reader->end;
    while (at < document.bytes && memchr(" \t\r\n\v\f", document.data[at], 6) != NULL) at++;
    return at;
}

enum json_outcome json_read(struct stepcare_text document, json_token_fn token_take, void *context, size_t *out_at)
{
    struct json_reader reader; /* the pool is as large as the rest is small: it is not cleared */
    reader.document = document;
    reader.token_take = token_take;
    reader.context = context;
    reader.depth = 0;
    reader.end = 0;
    reader.pool.used = 0;
    *out_at = 0;
    yajl_alloc_funcs memory = {pool_take, pool_retake, pool_free, &reader.pool};
    yajl_handle parser = yajl_alloc(&callbacks, &memory, &reader);
    if (parser == NULL) return JSON_NO_MEMORY;
    reader.parser = parser;
    yajl_config(parser, yajl_dont_validate_strings, 1); /* decoders check field by field, and name the field */
    yajl_status status = yajl_parse(parser, (const unsigned char *)document.data, document.bytes);
    *out_at = yajl_get_bytes_consumed(parser);
    const bool consumed = status == yajl_status_ok;
    if (consumed) status = yajl_complete_parse(parser);
    yajl_free(parser);
    const size_t rest = rest_find(&reader);
    if (consumed && rest < document.bytes) {
        *out_at = rest;
        return JSON_BROKEN;
    }
    if (status == yajl_status_ok) return JSON_DONE;
    if (status == yajl_status_client_canceled) return JSON_STOPPED;
    return consumed ? JSON_UNFINISHED : JSON_BROKEN;
}

bool json_text_keep(const struct json_token *token, struct arena *arena, struct stepcare_text *out_text)
{
    struct stepcare_text text = token->text;
    if (token->unescaped) {
        char *copy = arena_take(arena, text.bytes > 0 ? text.bytes : 1);
        if (copy == NULL) return false;
        memcpy(copy, text.data, text.bytes);
        text.data = copy;
    }
    *out_text = text;
    return true;
}
