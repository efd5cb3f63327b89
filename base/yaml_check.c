/* A YAML document against its schema: for stepcare.yaml and pathway.yaml. */
#include "base/yaml_check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES_MAX = 160, ALLOWED_BYTES_MAX = 512 };

static void check_value(struct yaml_check *check, const cyaml_schema_value_t *schema, yaml_node_t *node,
                        const char *key);

/* What an appending printf needs to know: how much stands in text now. */
static size_t append_bounded(size_t used, size_t bytes_max, int written)
{
    if (written < 0) return used;
    return used + (size_t)written < bytes_max ? used + (size_t)written : bytes_max - 1;
}

__attribute__((format(printf, 4, 0))) static void check_write(struct yaml_check *check, size_t line, const char *key,
                                                              const char *format, va_list arguments)
{
    size_t *used = &check->used;
    check->problems++;
    if (check->message_bytes == 0) return;
    *used = append_bounded(*used, check->message_bytes,
                           snprintf(check->message + *used, check->message_bytes - *used, "%s%s:%zu: %s%s",
                                    *used > 0 ? "\n" : "", check->path, line, key != NULL ? key : "",
                                    key != NULL ? ": " : ""));
    *used = append_bounded(*used, check->message_bytes,
                           vsnprintf(check->message + *used, check->message_bytes - *used, format, arguments));
}

void yaml_check_add_at(struct yaml_check *check, size_t line, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    check_write(check, line, key, format, arguments);
    va_end(arguments);
}

static size_t node_line(const yaml_node_t *node)
{
    return node->start_mark.line + 1;
}

static bool node_is(const yaml_node_t *node, const char *text, size_t bytes)
{
    return node != NULL && node->type == YAML_SCALAR_NODE && node->data.scalar.length == bytes &&
           memcmp(node->data.scalar.value, text, bytes) == 0;
}

/* The child of a node that one step of a path names: "batch" or "[2]". out_line is the key's line. */
static yaml_node_t *node_step(yaml_document_t *document, yaml_node_t *node, const char *step, size_t bytes,
                              size_t *out_line)
{
    yaml_node_t *child;
    if (node->type == YAML_SEQUENCE_NODE && step[0] == '[') {
        yaml_node_item_t *item = node->data.sequence.items.start + strtoul(step + 1, NULL, 10);
        if (item >= node->data.sequence.items.top) return NULL;
        child = yaml_document_get_node(document, *item);
        if (child != NULL) *out_line = node_line(child);
        return child;
    }
    if (node->type != YAML_MAPPING_NODE) return NULL;
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *name = yaml_document_get_node(document, pair->key);
        if (!node_is(name, step, bytes)) continue;
        *out_line = node_line(name);
        return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}

/* The line where a key stands; its nearest parent's where it is absent. */
static size_t line_of(const struct yaml_check *check, const char *key)
{
    yaml_node_t *node = check->document != NULL ? yaml_document_get_root_node(check->document) : NULL;
    size_t line = 1;
    while (node != NULL && *key != '\0') {
        size_t bytes = key[0] == '[' ? strcspn(key, "]") + 1 : strcspn(key, ".[");
        node = node_step(check->document, node, key, bytes, &line);
        key += bytes;
        if (*key == '.') key++;
    }
    return line;
}

void yaml_check_add(struct yaml_check *check, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    check_write(check, line_of(check, key), key, format, arguments);
    va_end(arguments);
}

static void allowed_names(const cyaml_strval_t *strings, uint32_t count, char out_text[ALLOWED_BYTES_MAX])
{
    size_t used = 0;
    out_text[0] = '\0';
    for (uint32_t i = 0; i < count; i++)
        used = append_bounded(
            used, ALLOWED_BYTES_MAX,
            snprintf(out_text + used, ALLOWED_BYTES_MAX - used, "%s%s", i > 0 ? ", " : "", strings[i].str));
}

static void allowed_keys(const cyaml_schema_field_t *fields, char out_text[ALLOWED_BYTES_MAX])
{
    size_t used = 0;
    out_text[0] = '\0';
    for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++)
        used = append_bounded(
            used, ALLOWED_BYTES_MAX,
            snprintf(out_text + used, ALLOWED_BYTES_MAX - used, "%s%s", field > fields ? ", " : "", field->key));
}

static void check_key(struct yaml_check *check, const cyaml_schema_field_t *fields, yaml_node_t *mapping,
                      yaml_node_pair_t *pair, const char *parent)
{
    yaml_node_t *name = yaml_document_get_node(check->document, pair->key);
    yaml_node_t *value = yaml_document_get_node(check->document, pair->value);
    const cyaml_schema_field_t *field = fields;
    char key[KEY_BYTES_MAX], allowed[ALLOWED_BYTES_MAX];
    if (name == NULL || value == NULL || name->type != YAML_SCALAR_NODE) {
        yaml_check_add_at(check, node_line(mapping), parent, "has a key that is not plain text");
        return;
    }
    snprintf(key, sizeof key, "%.80s%s%.64s", parent != NULL ? parent : "", parent != NULL ? "." : "",
             (const char *)name->data.scalar.value);
    while (field->key != NULL && !node_is(name, field->key, strlen(field->key))) field++;
    if (field->key == NULL) {
        allowed_keys(fields, allowed);
        yaml_check_add_at(check, node_line(name), key, "there is no such key; allowed here: %s", allowed);
        return;
    }
    for (yaml_node_pair_t *other = mapping->data.mapping.pairs.start; other < pair; other++) {
        yaml_node_t *before = yaml_document_get_node(check->document, other->key);
        if (node_is(before, field->key, strlen(field->key)))
            yaml_check_add_at(check, node_line(name), key, "is given a second time; the first is on line %zu",
                              node_line(before));
    }
    check_value(check, &field->value, value, key);
}

static void check_mapping(struct yaml_check *check, const cyaml_schema_field_t *fields, yaml_node_t *node,
                          const char *key)
{
    size_t line = 0;
    if (node->type != YAML_MAPPING_NODE) {
        yaml_check_add_at(check, node_line(node), key, "must be a group of `key: value` lines");
        return;
    }
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
        check_key(check, fields, node, pair, key);
    for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++)
        if (!(field->value.flags & CYAML_FLAG_OPTIONAL) &&
            node_step(check->document, node, field->key, strlen(field->key), &line) == NULL)
            yaml_check_add_at(check, node_line(node), key, "lacks `%s`, which is required", field->key);
}

static void check_sequence(struct yaml_check *check, const cyaml_schema_value_t *schema, yaml_node_t *node,
                           const char *key)
{
    size_t count;
    char entry[KEY_BYTES_MAX];
    if (node->type != YAML_SEQUENCE_NODE) {
        yaml_check_add_at(check, node_line(node), key, "must be a list ([] for none)");
        return;
    }
    count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (count > schema->sequence.max)
        yaml_check_add_at(check, node_line(node), key, "has %zu entries; at most %u are allowed", count,
                          schema->sequence.max);
    for (size_t i = 0; i < count; i++) {
        yaml_node_t *child = yaml_document_get_node(check->document, node->data.sequence.items.start[i]);
        snprintf(entry, sizeof entry, "%.120s[%zu]", key, i);
        if (child != NULL) check_value(check, schema->sequence.entry, child, entry);
    }
}

static void check_names(struct yaml_check *check, const cyaml_schema_value_t *schema, yaml_node_t *node,
                        const char *key)
{
    char allowed[ALLOWED_BYTES_MAX];
    allowed_names(schema->enumeration.strings, schema->enumeration.count, allowed);
    if (node->type != YAML_SEQUENCE_NODE) {
        yaml_check_add_at(check, node_line(node), key, "must be a list of: %s", allowed);
        return;
    }
    for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        yaml_node_t *child = yaml_document_get_node(check->document, *item);
        bool known = false;
        for (uint32_t i = 0; i < schema->enumeration.count; i++)
            known |= node_is(child, schema->enumeration.strings[i].str, strlen(schema->enumeration.strings[i].str));
        if (known || child == NULL) continue;
        yaml_check_add_at(check, node_line(child), key, "`%.40s` is not allowed; allowed: %s",
                          child->type == YAML_SCALAR_NODE ? (const char *)child->data.scalar.value : "a list", allowed);
    }
}

/* libcyaml takes every word but false, no, disable and 0 as true; a typo must not become a skill. */
static bool scalar_bool(const yaml_node_t *node)
{
    return node_is(node, "true", 4) || node_is(node, "false", 5) || node_is(node, "yes", 3) || node_is(node, "no", 2);
}

static bool scalar_uint(const yaml_node_t *node, uint64_t max)
{
    const char *text = (const char *)node->data.scalar.value;
    size_t length = node->data.scalar.length;
    return length > 0 && length <= 19 && strspn(text, "0123456789") == length && strtoull(text, NULL, 10) <= max;
}

static void check_scalar(struct yaml_check *check, const cyaml_schema_value_t *schema, yaml_node_t *node,
                         const char *key)
{
    uint64_t max = schema->data_size >= 8 ? UINT64_MAX : (UINT64_C(1) << (8 * schema->data_size)) - 1;
    size_t length;
    if (node->type != YAML_SCALAR_NODE) {
        yaml_check_add_at(check, node_line(node), key, "must be a single value, not a list or a group");
        return;
    }
    length = node->data.scalar.length;
    if (schema->type == CYAML_BOOL && !scalar_bool(node))
        yaml_check_add_at(check, node_line(node), key, "must be true or false");
    else if (schema->type == CYAML_UINT && !scalar_uint(node, max))
        yaml_check_add_at(check, node_line(node), key, "must be a whole number from 0 to %llu",
                          (unsigned long long)max);
    else if (schema->type == CYAML_STRING && (length < schema->string.min || length > schema->string.max))
        yaml_check_add_at(check, node_line(node), key, "is %zu bytes long; %u to %u are allowed", length,
                          schema->string.min, schema->string.max);
    else if (strlen((const char *)node->data.scalar.value) != length)
        yaml_check_add_at(check, node_line(node), key, "must not hold a NUL character");
}

static void check_value(struct yaml_check *check, const cyaml_schema_value_t *schema, yaml_node_t *node,
                        const char *key)
{
    switch (schema->type) {
    case CYAML_MAPPING: check_mapping(check, schema->mapping.fields, node, key); break;
    case CYAML_SEQUENCE: check_sequence(check, schema, node, key); break;
    case CYAML_FLAGS: check_names(check, schema, node, key); break;
    default: check_scalar(check, schema, node, key); break;
    }
}

void yaml_check_document(struct yaml_check *check, const cyaml_schema_value_t *schema)
{
    yaml_node_t *root = yaml_document_get_root_node(check->document);
    if (root != NULL) check_value(check, schema, root, NULL);
}
