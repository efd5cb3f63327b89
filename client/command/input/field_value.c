/* Values of a record from text and as text, by the record's field table. Used wherever the command reads or prints
 * one. */
#include "client/command/input/field_value.h"

#include "base/calendar.h"
#include "base/code_names.h"
#include "proto/record_fields.h"
#include "proto/record_json.h"
#include "stepcare/referral_id.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static bool uint_parse(const char *text, uint64_t *out_number, char problem[FIELD_PROBLEM_BYTES])
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        snprintf(problem, FIELD_PROBLEM_BYTES, "takes a whole number of 0 or more, not '%.40s'", text);
        return false;
    }
    *out_number = number;
    return true;
}

static bool code_parse(const struct stepcare_codeset *set, const char *text, size_t bytes, unsigned *out_number,
                       char problem[FIELD_PROBLEM_BYTES])
{
    unsigned number = stepcare_code_parse(set, text, bytes);
    if (number == 0) {
        char names[FIELD_PROBLEM_BYTES - 120];
        code_names_join(set, 0, names, sizeof names);
        snprintf(problem, FIELD_PROBLEM_BYTES, "unknown %s '%.*s': one of %s", set->noun, bytes > 40 ? 40 : (int)bytes,
                 text, names);
        return false;
    }
    *out_number = number;
    return true;
}

static bool mask_parse(const struct stepcare_codeset *set, const char *text, uint32_t *out_mask,
                       char problem[FIELD_PROBLEM_BYTES])
{
    uint32_t mask = 0;
    while (*text != '\0') {
        size_t bytes = strcspn(text, ", ");
        unsigned number = 0;
        if (bytes > 0 && !code_parse(set, text, bytes, &number, problem)) return false;
        if (bytes > 0) mask |= STEPCARE_BIT(number);
        text += bytes + (text[bytes] != '\0');
    }
    *out_mask = mask;
    return true;
}

static bool text_parse(unsigned key, const char *text, struct stepcare_text *out_text,
                       char problem[FIELD_PROBLEM_BYTES])
{
    size_t bytes = strlen(text);
    if (bytes > record_fields[key].limit) {
        snprintf(problem, FIELD_PROBLEM_BYTES, "takes at most %u bytes; this has %zu",
                 (unsigned)record_fields[key].limit, bytes);
        return false;
    }
    *out_text = (struct stepcare_text){text, (uint32_t)bytes};
    return true;
}

static bool time_value_parse(const char *text, int64_t *out_ms, char problem[FIELD_PROBLEM_BYTES])
{
    int16_t offset_min;
    if (time_parse(stepcare_text_of(text), out_ms, &offset_min)) return true;
    snprintf(problem, FIELD_PROBLEM_BYTES, "takes a time with its zone such as 2026-11-02T09:30:00Z, not '%.40s'",
             text);
    return false;
}

bool field_value_parse(struct stepcare_record *record, unsigned key, const char *text,
                       char problem[FIELD_PROBLEM_BYTES])
{
    const struct record_field *field = &record_fields[key];
    uint64_t number = 0;
    unsigned code = 0;
    bool good = false;
    switch (field->type) {
    case RECORD_ID:
        good = stepcare_referral_id_parse(stepcare_text_of(text), record_member(record, key, uint64_t));
        if (!good)
            snprintf(problem, FIELD_PROBLEM_BYTES,
                     "'%.40s' is no referral id: they look like 0000-0017, and the last "
                     "character checks the others",
                     text);
        break;
    case RECORD_UINT: good = uint_parse(text, record_member(record, key, uint64_t), problem); break;
    case RECORD_INT:
        good = uint_parse(text, &number, problem);
        if (good && number > INT32_MAX) {
            snprintf(problem, FIELD_PROBLEM_BYTES, "is far too large");
            good = false;
        }
        if (good) *record_member(record, key, int64_t) = (int64_t)number;
        break;
    case RECORD_TIME: good = time_value_parse(text, record_member(record, key, int64_t), problem); break;
    case RECORD_TEXT: good = text_parse(key, text, record_member(record, key, struct stepcare_text), problem); break;
    case RECORD_CODE:
        good = code_parse(field->codes, text, strlen(text), &code, problem);
        if (good) *record_member(record, key, uint8_t) = (uint8_t)code;
        break;
    case RECORD_MASK: good = mask_parse(field->codes, text, record_member(record, key, uint32_t), problem); break;
    default: snprintf(problem, FIELD_PROBLEM_BYTES, "cannot be typed"); break;
    }
    if (good) stepcare_record_mark(record, key);
    return good;
}

void london_time_format(int64_t ms, char out_text[32])
{
    time_t seconds = (time_t)(ms / 1000 + calendar_london_offset_min(ms) * 60);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(out_text, 32, "%a %d %b %Y %H:%M", &parts);
}

void duration_format(int64_t ms, char out_text[32])
{
    int64_t minutes = ms / 60000;
    if (minutes < 1) {
        snprintf(out_text, 32, "%ld s", (long)(ms / 1000));
    } else if (minutes < 120) {
        snprintf(out_text, 32, "%ld min", (long)minutes);
    } else if (minutes < 48 * 60) {
        snprintf(out_text, 32, "%ld h", (long)(minutes / 60));
    } else {
        snprintf(out_text, 32, "%ld days", (long)(minutes / (24 * 60)));
    }
}

/* Control characters in names and notes must not steer the terminal. */
static size_t text_copy(struct stepcare_text text, char *out, size_t room)
{
    size_t at = 0;
    for (uint32_t i = 0; i < text.bytes && at + 1 < room; i++) {
        unsigned char c = (unsigned char)text.data[i];
        out[at++] = c < 0x20 || c == 0x7f ? ' ' : (char)c;
    }
    while (at > 0 && at + 1 >= room && ((unsigned char)out[at - 1] & 0xc0) == 0x80)
        at--; /* no half character at the cut */
    out[at] = '\0';
    return at;
}

static size_t codes_text(const struct stepcare_code_list *list, char out_text[FIELD_TEXT_BYTES])
{
    size_t at = 0;
    for (unsigned i = 0; i < list->count && at + 2 < FIELD_TEXT_BYTES; i++) {
        if (i > 0) out_text[at++] = ' ';
        at += text_copy(list->items[i], out_text + at, FIELD_TEXT_BYTES - at);
    }
    return at;
}

static size_t mask_text(const struct stepcare_codeset *set, uint32_t mask, char out_text[FIELD_TEXT_BYTES])
{
    size_t at = 0;
    for (unsigned i = 1; i < set->count && at < FIELD_TEXT_BYTES - 1; i++) {
        if ((mask & STEPCARE_BIT(i)) == 0) continue;
        int more = snprintf(out_text + at, FIELD_TEXT_BYTES - at, "%s%s", at == 0 ? "" : " ", set->names[i]);
        at += more > 0 ? (size_t)more : 0;
    }
    return at < FIELD_TEXT_BYTES ? at : FIELD_TEXT_BYTES - 1;
}

size_t field_value_text(const struct stepcare_record *record, unsigned key, char out_text[FIELD_TEXT_BYTES])
{
    const struct record_field *field = &record_fields[key];
    const char *name;
    out_text[0] = '\0';
    if (!stepcare_record_has(record, key)) return 0;
    switch (field->type) {
    case RECORD_ID: stepcare_referral_id_format(*record_member_const(record, key, uint64_t), out_text); break;
    case RECORD_UINT:
        snprintf(out_text, FIELD_TEXT_BYTES, "%llu", (unsigned long long)*record_member_const(record, key, uint64_t));
        break;
    case RECORD_INT:
        snprintf(out_text, FIELD_TEXT_BYTES, "%lld", (long long)*record_member_const(record, key, int64_t));
        break;
    case RECORD_TIME: london_time_format(*record_member_const(record, key, int64_t), out_text); break;
    case RECORD_BOOL:
        snprintf(out_text, FIELD_TEXT_BYTES, "%s", *record_member_const(record, key, bool) ? "yes" : "no");
        break;
    case RECORD_TEXT:
        return text_copy(*record_member_const(record, key, struct stepcare_text), out_text, FIELD_TEXT_BYTES);
    case RECORD_CODE:
        name = stepcare_code_name(field->codes, *record_member_const(record, key, uint8_t));
        snprintf(out_text, FIELD_TEXT_BYTES, "%s", name == NULL ? "" : name);
        break;
    case RECORD_MASK: return mask_text(field->codes, *record_member_const(record, key, uint32_t), out_text);
    case RECORD_CODES: return codes_text(record_member_const(record, key, struct stepcare_code_list), out_text);
    default: break;
    }
    return strlen(out_text);
}
