/* A referral from JSON: the tokens' values go straight into the struct, by the field table. */
#include "base/json_reader.h"
#include "base/time_text.h"
#include "proto/referral_codec.h"
#include "proto/referral_json.h"
#include "proto/referral_reader.h"

enum { NESTING_MAX = 3 };

struct decoding {
    struct referral_reader reader;
    uint8_t groups[NESTING_MAX]; /* the objects that are open, the outermost first */
    unsigned depth;
    const struct referral_field *field; /* whose value is next; NULL: pass it over */
    const struct referral_field *guess; /* after the last field: senders mostly keep the order */
    struct arena *arena;
    bool in_list, no_object, no_memory;
    uint32_t index;   /* in the list */
    unsigned skipped; /* open containers of a value that is passed over */
};

static void text_set(struct decoding *decoding, struct stepcare_text text)
{
    const struct referral_field *field = decoding->field;
    struct stepcare_date date;
    int64_t ms;
    int16_t offset_min;
    if (field->type == REFERRAL_CODE) {
        referral_set_code(&decoding->reader, field, stepcare_code_parse(field->codes, text.data, text.bytes));
    } else if (field->type == REFERRAL_DATE && date_parse(text, &date)) {
        referral_set_date(&decoding->reader, field, date);
    } else if (field->type == REFERRAL_TIME && time_parse(text, &ms, &offset_min)) {
        referral_set_time(&decoding->reader, field, ms, offset_min);
    } else {
        referral_set_text(&decoding->reader, field, text);
    }
}

/* A plain value into its list's next place. */
static void item_set(struct decoding *decoding, const struct json_token *token, struct stepcare_text text)
{
    struct referral_reader *reader = &decoding->reader;
    const uint32_t index = decoding->index++;
    if (token->kind == JSON_NULL) {
        referral_list_null(reader, decoding->field, index);
    } else if (token->kind == JSON_STRING) {
        referral_list_text(reader, decoding->field, index, text);
    } else if (token->kind == JSON_WHOLE) {
        referral_list_number(reader, decoding->field, index, token->whole);
    } else {
        referral_list_refuse(reader, decoding->field, index);
    }
}

/* A plain value into its field. */
static void value_set(struct decoding *decoding, const struct json_token *token, struct stepcare_text text)
{
    struct referral_reader *reader = &decoding->reader;
    switch (token->kind) {
    case JSON_NULL: referral_set_null(reader, decoding->field); break;
    case JSON_BOOLEAN: referral_set_bool(reader, decoding->field, token->truth); break;
    case JSON_WHOLE: referral_set_number(reader, decoding->field, token->whole); break;
    case JSON_STRING: text_set(decoding, text); break;
    default: referral_refuse(reader, decoding->field); break;
    }
}

/* A document that is one plain value is no referral: reading ends. */
static bool value_take(struct decoding *decoding, const struct json_token *token)
{
    struct stepcare_text text = {0};
    decoding->no_object = decoding->no_object || decoding->depth == 0;
    if (decoding->no_object) return false;
    if (decoding->skipped > 0 || decoding->field == NULL) return true;
    if (token->kind == JSON_STRING && !json_text_keep(token, decoding->arena, &text)) {
        decoding->no_memory = true;
        return false;
    }
    if (decoding->in_list) {
        item_set(decoding, token, text);
    } else {
        value_set(decoding, token, text);
    }
    return true;
}

/* A container where none belongs: its field or entry is named, and it is passed over to its end. */
static bool container_refuse(struct decoding *decoding)
{
    if (decoding->field != NULL && decoding->in_list)
        referral_list_refuse(&decoding->reader, decoding->field, decoding->index++);
    if (decoding->field != NULL && !decoding->in_list) referral_refuse(&decoding->reader, decoding->field);
    decoding->skipped = 1;
    return true;
}

static void group_enter(struct decoding *decoding, unsigned group)
{
    decoding->groups[decoding->depth++] = (uint8_t)group;
    decoding->guess = referral_groups[group].fields;
}

static bool object_begin(struct decoding *decoding)
{
    if (decoding->skipped > 0) {
        decoding->skipped++;
        return true;
    }
    if (decoding->depth == 0) {
        group_enter(decoding, REFERRAL_TOP);
        return true;
    }
    if (decoding->field == NULL || decoding->in_list || decoding->field->type != REFERRAL_GROUP)
        return container_refuse(decoding);
    referral_set_group(&decoding->reader, decoding->field);
    group_enter(decoding, decoding->field->group);
    return true;
}

static bool object_end(struct decoding *decoding)
{
    if (decoding->skipped > 0) {
        decoding->skipped--;
        return true;
    }
    decoding->depth--;
    decoding->field = NULL;
    decoding->guess = decoding->depth > 0 ? referral_groups[decoding->groups[decoding->depth - 1]].fields : NULL;
    return true;
}

static const struct referral_field *field_find(const struct decoding *decoding, const struct referral_group *group,
                                               struct stepcare_text name)
{
    unsigned from = (unsigned)(decoding->guess - group->fields);
    for (unsigned i = 0; i < group->count; i++) {
        const struct referral_field *field = &group->fields[(from + i) % group->count];
        if (strlen(field->name) == name.bytes && memcmp(field->name, name.data, name.bytes) == 0) return field;
    }
    return NULL;
}

static bool name_take(struct decoding *decoding, struct stepcare_text name)
{
    if (decoding->skipped > 0) return true;
    unsigned number = decoding->groups[decoding->depth - 1];
    const struct referral_group *group = &referral_groups[number];
    decoding->field = field_find(decoding, group, name);
    if (decoding->field == NULL) {
        referral_field_unknown(&decoding->reader, number, name);
        return true;
    }
    decoding->guess = decoding->field + 1 == group->fields + group->count ? group->fields : decoding->field + 1;
    if (!referral_field_begin(&decoding->reader, number, decoding->field)) decoding->field = NULL;
    return true;
}

static bool array_begin(struct decoding *decoding)
{
    decoding->no_object = decoding->no_object || decoding->depth == 0;
    if (decoding->no_object) return false;
    if (decoding->skipped > 0) {
        decoding->skipped++;
        return true;
    }
    bool list = decoding->field != NULL &&
                (decoding->field->type == REFERRAL_MASK || decoding->field->type == REFERRAL_ANSWERS);
    if (!list || decoding->in_list) return container_refuse(decoding);
    decoding->in_list = true;
    decoding->index = 0;
    referral_list_begin(&decoding->reader, decoding->field);
    return true;
}

static bool array_end(struct decoding *decoding)
{
    if (decoding->skipped > 0) {
        decoding->skipped--;
        return true;
    }
    decoding->in_list = false;
    referral_list_end(&decoding->reader, decoding->field, decoding->index);
    decoding->field = NULL;
    return true;
}

static bool token_take(void *context, const struct json_token *token)
{
    struct decoding *decoding = context;
    switch (token->kind) {
    case JSON_NAME: return name_take(decoding, token->text);
    case JSON_OBJECT_BEGIN: return object_begin(decoding);
    case JSON_OBJECT_END: return object_end(decoding);
    case JSON_ARRAY_BEGIN: return array_begin(decoding);
    case JSON_ARRAY_END: return array_end(decoding);
    default: return value_take(decoding, token);
    }
}

/* Broken JSON: what was read of it proves nothing, so the line alone is named. */
static void line_blame(struct decoding *decoding, enum json_outcome outcome, size_t at)
{
    struct stepcare_field_errors *errors = decoding->reader.errors;
    errors->count = errors->dropped = 0;
    if (decoding->no_object) {
        stepcare_field_errors_add(errors, "line", "is not a JSON object");
    } else if (outcome == JSON_UNFINISHED) {
        stepcare_field_errors_add(errors, "line", "ends before its JSON does");
    } else {
        stepcare_field_errors_add(errors, "line", "is not JSON: broken at byte %zu", at + 1);
    }
}

enum stepcare_error referral_json_read(const char *json, size_t bytes, struct arena *arena,
                                       struct referral_reader *reader)
{
    struct decoding decoding = {.reader = *reader, .arena = arena};
    size_t at;
    if (bytes > STEPCARE_LINE_BYTES_MAX) {
        stepcare_field_errors_add(reader->errors, "line", "is longer than %d bytes", STEPCARE_LINE_BYTES_MAX);
        return STEPCARE_INVALID;
    }
    const struct stepcare_text document = {json, (uint32_t)bytes};
    const enum json_outcome outcome = json_read(document, token_take, &decoding, &at);
    *reader = decoding.reader;
    if (decoding.no_memory || outcome == JSON_NO_MEMORY) return STEPCARE_NO_MEMORY;
    if (outcome != JSON_DONE || decoding.no_object) {
        line_blame(&decoding, outcome, at);
        return STEPCARE_INVALID;
    }
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
