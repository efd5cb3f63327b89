/* Copying fields and keeping texts. See record_copy.h. */
#include "proto/record_copy.h"

#include "proto/record_fields.h"

#define SIZE_ROW(key, type, name, extra) [key] = sizeof((struct stepcare_record *)0)->name,

static const uint16_t sizes[STEPCARE_FIELD_COUNT] = {STEPCARE_RECORD_FIELDS(SIZE_ROW)};

void record_copy(struct stepcare_record *to, const struct stepcare_record *from, const uint8_t *fields)
{
    for (; *fields != 0; fields++) {
        if (!stepcare_record_has(from, *fields)) continue;
        memcpy(record_member(to, *fields, char), record_member_const(from, *fields, char), sizes[*fields]);
        stepcare_record_mark(to, *fields);
    }
}

static bool text_keep(struct stepcare_text *text, struct arena *arena)
{
    if (text->bytes == 0) return true;
    char *const copy = arena_take(arena, text->bytes);
    if (copy != NULL) memcpy(copy, text->data, text->bytes);
    *text = copy != NULL ? (struct stepcare_text){copy, text->bytes} : (struct stepcare_text){"", 0};
    return copy != NULL;
}

static bool codes_keep(struct stepcare_code_list *list, struct arena *arena)
{
    bool kept = true;
    for (unsigned i = 0; i < list->count; i++) kept = text_keep(&list->items[i], arena) && kept;
    return kept;
}

bool record_keep(struct stepcare_record *record, struct arena *arena)
{
    bool kept = true;
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++) {
        if (!stepcare_record_has(record, key)) continue;
        switch (record_fields[key].type) {
        case RECORD_TEXT:
        case RECORD_BYTES: kept = text_keep(record_member(record, key, struct stepcare_text), arena) && kept; break;
        case RECORD_CODES:
            kept = codes_keep(record_member(record, key, struct stepcare_code_list), arena) && kept;
            break;
        default: break;
        }
    }
    return kept;
}
