/* Checks a YAML document against a libcyaml schema before libcyaml loads it, because libcyaml stops at the first
 * mistake and does not say what would be allowed. Every mistake found is one line: "file:line: key: what is wrong and
 * what is allowed". */
#ifndef BASE_YAML_CHECK_H
#define BASE_YAML_CHECK_H

#include <cyaml/cyaml.h>
#include <stddef.h>
#include <yaml.h>

struct yaml_check {
    const char *path;          /* the file, as named in the lines */
    yaml_document_t *document; /* borrowed; NULL for an empty file */
    char *message;
    size_t message_bytes, used;
    unsigned problems; /* all found, also those that no longer fit message */
};

/* Purpose: the whole document: unknown, repeated and missing keys, types, lengths, names outside their lists.
 * Shape: keys are shown as paths ("batch.count_max", "practitioners[2].tiers"). */
void yaml_check_document(struct yaml_check *check, const cyaml_schema_value_t *schema);

/* Purpose: report a mistake that the schema cannot know, at the line where the key
 * stands, its nearest parent's where it is absent. */
void yaml_check_add(struct yaml_check *check, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Purpose: the same with the line known; key may be NULL. */
void yaml_check_add_at(struct yaml_check *check, size_t line, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
