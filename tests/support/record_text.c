/* Reads a record from a line of text, for stories and tests of decisions. */
#include "tests/support/record_text.h"

#include "proto/record_fields.h"

#include <stdio.h>
#include <stdlib.h>

static void refuse(const char *name, const char *value)
{
    fprintf(stderr, "a test's record has no field that reads %s=%s\n", name, value);
    abort();
}

static unsigned key_of(const char *name)
{
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++)
        if (record_fields[key].name != NULL && strcmp(record_fields[key].name, name) == 0) return key;
    refuse(name, "");
    return 0;
}

static uint32_t mask_read(const struct stepcare_codeset *codes, char *names)
{
    uint32_t mask = 0;
    for (char *name; (name = strsep(&names, ",")) != NULL;) {
        const unsigned number = stepcare_code_parse(codes, name, strlen(name));
        if (number == 0) refuse(codes->noun, name);
        mask |= STEPCARE_BIT(number);
    }
    return mask;
}

static void value_read(struct stepcare_record *record, unsigned key, char *value)
{
    const struct record_field *field = &record_fields[key];
    switch (field->type) {
    case RECORD_ID:
    case RECORD_UINT: *record_member(record, key, uint64_t) = strtoull(value, NULL, 10); break;
    case RECORD_INT:
    case RECORD_TIME: *record_member(record, key, int64_t) = strtoll(value, NULL, 10); break;
    case RECORD_BOOL: *record_member(record, key, bool) = strcmp(value, "true") == 0; break;
    case RECORD_CODE:
        *record_member(record, key, uint8_t) = (uint8_t)stepcare_code_parse(field->codes, value, strlen(value));
        if (*record_member(record, key, uint8_t) == 0) refuse(field->name, value);
        break;
    case RECORD_MASK: *record_member(record, key, uint32_t) = mask_read(field->codes, value); break;
    case RECORD_TEXT:
        for (char *at = value; *at != '\0'; at++)
            if (*at == '+') *at = ' ';
        *record_member(record, key, struct stepcare_text) = stepcare_text_of(value);
        break;
    default: refuse(field->name, value);
    }
    stepcare_record_mark(record, key);
}

void record_text_read(const char *line, struct record_text *out_record)
{
    stepcare_record_init(&out_record->record);
    if (snprintf(out_record->text, sizeof out_record->text, "%s", line) >= (int)sizeof out_record->text)
        refuse("too long", line);
    char *rest = out_record->text;
    for (char *pair; (pair = strsep(&rest, " ")) != NULL;) {
        if (*pair == '\0') continue;
        char *value = strchr(pair, '=');
        if (value == NULL) refuse(pair, "");
        *value++ = '\0';
        value_read(&out_record->record, key_of(pair), value);
    }
}
