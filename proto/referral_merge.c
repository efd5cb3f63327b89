/* What `inform` adds to a referral that was sent before, and which fields that changed. */
#include "proto/referral_codec.h"
#include "proto/referral_json.h"

#include <stdio.h>

static bool values_equal(const struct stepcare_referral *a, const struct stepcare_referral *b,
                         const struct referral_field *field)
{
    if (referral_field_present(a, field) != referral_field_present(b, field)) return false;
    switch ((enum referral_type)field->type) {
    case REFERRAL_TEXT:
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
    case REFERRAL_LETTER:
        return stepcare_text_equal(*referral_member_const(a, field, struct stepcare_text),
                                   *referral_member_const(b, field, struct stepcare_text));
    case REFERRAL_DATE:
    case REFERRAL_CODE:
    case REFERRAL_MASK:
        return memcmp(referral_member_const(a, field, char), referral_member_const(b, field, char), sizeof(uint32_t)) ==
               0;
    case REFERRAL_INT16: return *referral_member_const(a, field, int16_t) == *referral_member_const(b, field, int16_t);
    case REFERRAL_INT8: return *referral_member_const(a, field, int8_t) == *referral_member_const(b, field, int8_t);
    case REFERRAL_BOOL: return *referral_member_const(a, field, bool) == *referral_member_const(b, field, bool);
    case REFERRAL_ANSWERS:
        return memcmp(referral_member_const(a, field, char), referral_member_const(b, field, char), field->count) == 0;
    case REFERRAL_TIME: /* fixed */
    case REFERRAL_GROUP: break;
    }
    return true;
}

_Static_assert(sizeof(struct stepcare_date) == sizeof(uint32_t) && sizeof(enum stepcare_tier) == sizeof(uint32_t),
               "values_equal compares dates and codes as four bytes");

struct changes {
    char *text;
    size_t bytes, capacity;
    bool full;
};

static void change_add(struct changes *changes, const char *path)
{
    size_t room = changes->capacity - changes->bytes;
    size_t needed = strlen(path) + (changes->bytes > 0) + 1;
    if (changes->full || needed > room) {
        changes->full = true;
        return;
    }
    changes->bytes +=
        (size_t)snprintf(changes->text + changes->bytes, room, "%s%s", changes->bytes > 0 ? "," : "", path);
}

static void changes_find(struct changes *changes, const struct stepcare_referral *before,
                         const struct stepcare_referral *after, unsigned group)
{
    for (unsigned i = 0; i < referral_groups[group].count; i++) {
        const struct referral_field *field = &referral_groups[group].fields[i];
        size_t bytes_before = changes->bytes;
        if (field->type == REFERRAL_GROUP) changes_find(changes, before, after, field->group);
        /* A group that came or went with nothing in it: named itself, as no field in it is. */
        if (changes->bytes == bytes_before && !values_equal(before, after, field)) change_add(changes, field->path);
    }
}

enum stepcare_error referral_json_merge(const char *json, size_t bytes, struct arena *arena,
                                        struct stepcare_referral *referral, char *out_changed, size_t changed_bytes,
                                        struct stepcare_field_errors *out_errors)
{
    struct stepcare_referral merged = *referral;
    struct referral_reader reader = {.referral = &merged, .errors = out_errors, .merging = true};
    struct changes changes = {out_changed, 0, changed_bytes, false};
    out_errors->count = out_errors->dropped = 0;
    enum stepcare_error error = referral_json_read(json, bytes, arena, &reader);
    if (error != STEPCARE_OK) return error;
    out_changed[0] = '\0';
    changes_find(&changes, referral, &merged, REFERRAL_TOP);
    *referral = merged;
    return STEPCARE_OK;
}
