/* yajl calls back for every token; the values go straight into the struct, no tree is built. */
#include "base/time_text.h"
#include "proto/referral_codec.h"
#include "proto/referral_json.h"
#include "proto/referral_reader.h"

#include <stdlib.h>
#include <yajl/yajl_parse.h>

enum { NESTING_MAX = 3, POOL_BYTES = 4096, POOL_ALIGNMENT = 16 };

/* yajl asks for half a dozen small blocks for each document; they come from the stack. */
struct pool {
    size_t used;
    _Alignas(POOL_ALIGNMENT) uint8_t bytes[POOL_BYTES];
};

struct json_reader {
    struct referral_reader reader;
    struct arena *arena;
    const char *json;
    size_t bytes;
    uint8_t groups[NESTING_MAX]; /* the objects that are open, the outermost first */
    unsigned depth;
    const struct referral_field *field; /* whose value is next; NULL: pass it over */
    const struct referral_field *guess; /* behind the last field: senders mostly keep the order */
    bool in_list, no_object, no_memory;
    uint32_t index;   /* in the list */
    unsigned skipped; /* open containers of a value that is passed over */
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
    memcpy(block, &bytes, sizeof(bytes));
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
    memcpy(&old_bytes, (uint8_t *)taken - POOL_ALIGNMENT, sizeof(old_bytes));
    memcpy(grown, taken, old_bytes < bytes ? old_bytes : bytes);
    pool_free(context, taken);
    return grown;
}

/* Text without escapes lies in the input itself; unescaped text lies in yajl's buffer for this callback only. */
static bool text_keep(struct json_reader *json, const unsigned char *data, size_t bytes, struct stepcare_text *out_text)
{
    const char *from = (const char *)data;
    if (from < json->json || from >= json->json + json->bytes) {
        char *copy = arena_take(json->arena, bytes > 0 ? bytes : 1);
        if (copy == NULL) {
            json->no_memory = true;
            return false;
        }
        memcpy(copy, data, bytes);
        from = copy;
    }
    *out_text = (struct stepcare_text){from, (uint32_t)bytes};
    return true;
}

/* Is a plain value to be passed over? A document that is one plain value is no referral: *out_go_on becomes 0. */
static bool value_skipped(struct json_reader *json, int *out_go_on)
{
    json->no_object = json->no_object || json->depth == 0;
    *out_go_on = !json->no_object;
    return json->no_object || json->skipped > 0 || json->field == NULL;
}

static int on_null(void *context)
{
    struct json_reader *json = context;
    int go_on;
    if (value_skipped(json, &go_on)) return go_on;
    if (json->in_list) {
        referral_list_null(&json->reader, json->field, json->index++);
    } else {
        referral_set_null(&json->reader, json->field);
    }
    return 1;
}

static int on_boolean(void *context, int value)
{
    struct json_reader *json = context;
    int go_on;
    if (value_skipped(json, &go_on)) return go_on;
    if (json->in_list) {
        referral_list_refuse(&json->reader, json->field, json->index++);
    } else {
        referral_set_bool(&json->reader, json->field, value != 0);
    }
    return 1;
}

/* A whole number as written: "9" is one, "9.0" and "9e0" are not. Past nine digits no field goes. */
static bool whole_number(const char *text, size_t bytes, int64_t *out_value)
{
    int64_t value = 0;
    size_t at = text[0] == '-';
    if (bytes - at > 9) return false;
    for (size_t i = at; i < bytes; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    *out_value = at ? -value : value;
    return true;
}

static int on_number(void *context, const char *text, size_t bytes)
{
    struct json_reader *json = context;
    int64_t value = 0;
    int go_on;
    if (value_skipped(json, &go_on)) return go_on;
    bool whole = whole_number(text, bytes, &value);
    if (json->in_list && whole) {
        referral_list_number(&json->reader, json->field, json->index++, value);
    } else if (json->in_list) {
        referral_list_refuse(&json->reader, json->field, json->index++);
    } else if (whole) {
        referral_set_number(&json->reader, json->field, value);
    } else {
        referral_refuse(&json->reader, json->field);
    }
    return 1;
}

static void text_set(struct json_reader *json, struct stepcare_text text)
{
    const struct referral_field *field = json->field;
    struct stepcare_date date;
    int64_t ms;
    int16_t offset_min;
    if (field->type == REFERRAL_CODE) {
        referral_set_code(&json->reader, field, stepcare_code_parse(field->codes, text.data, text.bytes));
    } else if (field->type == REFERRAL_DATE && date_parse(text, &date)) {
        referral_set_date(&json->reader, field, date);
    } else if (field->type == REFERRAL_TIME && time_parse(text, &ms, &offset_min)) {
        referral_set_time(&json->reader, field, ms, offset_min);
    } else {
        referral_set_text(&json->reader, field, text);
    }
}

static int on_string(void *context, const unsigned char *data, size_t bytes)
{
    struct json_reader *json = context;
    struct stepcare_text text;
    int go_on;
    if (value_skipped(json, &go_on)) return go_on;
    if (!text_keep(json, data, bytes, &text)) return 0;
    if (json->in_list) {
        referral_list_text(&json->reader, json->field, json->index++, text);
    } else {
        text_set(json, text);
    }
    return 1;
}

/* A container where none belongs: its field or entry is named, and it is passed over to its end. */
static int container_refuse(struct json_reader *json)
{
    if (json->field != NULL && json->in_list) referral_list_refuse(&json->reader, json->field, json->index++);
    if (json->field != NULL && !json->in_list) referral_refuse(&json->reader, json->field);
    json->skipped = 1;
    return 1;
}

static void group_enter(struct json_reader *json, unsigned group)
{
    json->groups[json->depth++] = (uint8_t)group;
    json->guess = referral_groups[group].fields;
}

static int on_object_begin(void *context)
{
    struct json_reader *json = context;
    if (json->skipped > 0) {
        json->skipped++;
        return 1;
    }
    if (json->depth == 0) {
        group_enter(json, REFERRAL_TOP);
        return 1;
    }
    if (json->field == NULL || json->in_list || json->field->type != REFERRAL_GROUP) return container_refuse(json);
    referral_set_group(&json->reader, json->field);
    group_enter(json, json->field->group);
    return 1;
}

static int on_object_end(void *context)
{
    struct json_reader *json = context;
    if (json->skipped > 0) {
        json->skipped--;
        return 1;
    }
    json->depth--;
    json->field = NULL;
    json->guess = json->depth > 0 ? referral_groups[json->groups[json->depth - 1]].fields : NULL;
    return 1;
}

static const struct referral_field *field_find(const struct json_reader *json, const struct referral_group *group,
                                               struct stepcare_text name)
{
    unsigned from = (unsigned)(json->guess - group->fields);
    for (unsigned i = 0; i < group->count; i++) {
        const struct referral_field *field = &group->fields[(from + i) % group->count];
        if (strlen(field->name) == name.bytes && memcmp(field->name, name.data, name.bytes) == 0) return field;
    }
    return NULL;
}

static int on_name(void *context, const unsigned char *data, size_t bytes)
{
    struct json_reader *json = context;
    if (json->skipped > 0) return 1;
    unsigned number = json->groups[json->depth - 1];
    const struct referral_group *group = &referral_groups[number];
    struct stepcare_text name = {(const char *)data, (uint32_t)bytes};
    json->field = field_find(json, group, name);
    if (json->field == NULL) {
        referral_field_unknown(&json->reader, number, name);
        return 1;
    }
    json->guess = json->field + 1 == group->fields + group->count ? group->fields : json->field + 1;
    if (!referral_field_begin(&json->reader, number, json->field)) json->field = NULL;
    return 1;
}

static int on_array_begin(void *context)
{
    struct json_reader *json = context;
    json->no_object = json->no_object || json->depth == 0;
    if (json->no_object) return 0;
    if (json->skipped > 0) {
        json->skipped++;
        return 1;
    }
    bool list = json->field != NULL && (json->field->type == REFERRAL_MASK || json->field->type == REFERRAL_ANSWERS);
    if (!list || json->in_list) return container_refuse(json);
    json->in_list = true;
    json->index = 0;
    referral_list_begin(&json->reader, json->field);
    return 1;
}

static int on_array_end(void *context)
{
    struct json_reader *json = context;
    if (json->skipped > 0) {
        json->skipped--;
        return 1;
    }
    json->in_list = false;
    referral_list_end(&json->reader, json->field, json->index);
    json->field = NULL;
    return 1;
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

/* Broken JSON: what was read of it proves nothing, so the line alone is named. */
static void line_blame(struct json_reader *json, bool complete, size_t at)
{
    struct stepcare_field_errors *errors = json->reader.errors;
    errors->count = errors->dropped = 0;
    if (json->no_object) {
        stepcare_field_errors_add(errors, "line", "is not a JSON object");
    } else if (complete) {
        stepcare_field_errors_add(errors, "line", "ends before its JSON does");
    } else {
        stepcare_field_errors_add(errors, "line", "is not JSON: broken at byte %zu", at + 1);
    }
}

/* STEPCARE_OK means that the JSON was whole, not that its fields were right. */
static enum stepcare_error json_run(struct json_reader *json)
{
    yajl_alloc_funcs memory = {pool_take, pool_retake, pool_free, &json->pool};
    yajl_handle parser = yajl_alloc(&callbacks, &memory, json);
    if (parser == NULL) return STEPCARE_NO_MEMORY;
    yajl_config(parser, yajl_dont_validate_strings, 1); /* checked field by field, so that the field can be named */
    yajl_status status = yajl_parse(parser, (const unsigned char *)json->json, json->bytes);
    size_t at = yajl_get_bytes_consumed(parser);
    bool complete = status == yajl_status_ok;
    if (complete) status = yajl_complete_parse(parser);
    yajl_free(parser);
    if (json->no_memory) return STEPCARE_NO_MEMORY;
    if (status == yajl_status_ok && !json->no_object) return STEPCARE_OK;
    line_blame(json, complete, at);
    return STEPCARE_INVALID;
}

enum stepcare_error referral_json_read(const char *json, size_t bytes, struct arena *arena,
                                       struct referral_reader *reader)
{
    struct json_reader whole;
    memset(&whole, 0, offsetof(struct json_reader, pool));
    whole.pool.used = 0;
    whole.reader = *reader;
    whole.arena = arena;
    whole.json = json;
    whole.bytes = bytes;
    if (bytes > STEPCARE_LINE_BYTES_MAX) {
        stepcare_field_errors_add(reader->errors, "line", "is longer than %d bytes", STEPCARE_LINE_BYTES_MAX);
        return STEPCARE_INVALID;
    }
    enum stepcare_error error = json_run(&whole);
    *reader = whole.reader;
    if (error != STEPCARE_OK) return error;
    referral_reader_finish(reader);
    return reader->errors->count == 0 ? STEPCARE_OK : STEPCARE_INVALID;
}

enum stepcare_error referral_json_decode(const char *json, size_t bytes, struct arena *arena,
                                         struct stepcare_referral *out_referral,
                                         struct stepcare_field_errors *out_errors)
{
    struct referral_reader reader = {.referral = out_referral, .errors = out_errors};
    referral_init(out_referral);
    out_errors->count = out_errors->dropped = 0;
    return referral_json_read(json, bytes, arena, &reader);
}
