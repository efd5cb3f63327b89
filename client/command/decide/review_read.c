/* Reading a review snapshot: the JSON reader's tokens go into struct stepcare_review by a field table. Stricter than a
 * referral's reading in one thing: a name may stand in an object only once, wherever it is. For decide/review.c. */
#include "client/command/decide/review_read.h"

#include "base/code_names.h"
#include "base/json_reader.h"
#include "client/command/decide/name_set.h"
#include "client/command/decide/sound_text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { NESTING_MAX = 2047, FLAGS_MAX = 64, REFERRAL_ID_BYTES_MAX = 64, PATH_BYTES = 64 };

/* --- the fields --- */

enum field_type { FIELD_CODE, FIELD_NUMBER, FIELD_BYTE, FIELD_PAIR, FIELD_FLAGS, FIELD_ID };

struct review_field {
    const char *name;
    enum field_type type;
    size_t offset;
    int least, most; /* of numbers; null is a number not measured */
    const struct stepcare_codeset *codes;
};

#define AT(member) offsetof(struct stepcare_review, member)

static const struct review_field fields[] = {
    {"tier", FIELD_CODE, AT(tier), .codes = &stepcare_tiers},
    {"service", FIELD_CODE, AT(service), .codes = &stepcare_services},
    {"contact", FIELD_NUMBER, AT(contact), .least = 0, .most = STEPCARE_CONTACTS_MAX},
    {"max_contacts", FIELD_NUMBER, AT(max_contacts), .least = 1, .most = STEPCARE_CONTACTS_MAX},
    {"week", FIELD_NUMBER, AT(week), .least = 0, .most = STEPCARE_DURATION_WEEKS_MAX},
    {"phq_9", FIELD_PAIR, AT(phq_9), .least = 0, .most = STEPCARE_PHQ_9_MAX},
    {"gad_7", FIELD_PAIR, AT(gad_7), .least = 0, .most = STEPCARE_GAD_7_MAX},
    {"rmdq", FIELD_PAIR, AT(rmdq), .least = 0, .most = STEPCARE_RMDQ_MAX},
    {"nrs", FIELD_PAIR, AT(nrs), .least = 0, .most = STEPCARE_NRS_MAX},
    {"phq_9_item_9", FIELD_BYTE, AT(phq_9_item_9), .least = 0, .most = STEPCARE_PHQ_9_ITEM_MAX},
    {"start_back_now", FIELD_CODE, AT(start_back_now), .codes = &stepcare_risks},
    {"outcome", FIELD_CODE, AT(outcome), .codes = &stepcare_treatment_outcomes},
    {"red_flags", FIELD_FLAGS, AT(red_flags), .codes = &stepcare_red_flags},
    {"referral_id", FIELD_ID, 0, .codes = NULL},
};

/* Code members are enums, and are written through a pointer to unsigned. */
_Static_assert(sizeof(enum stepcare_tier) == sizeof(unsigned), "an enum of codes has the size of unsigned");

/* --- the state of one reading --- */

/* A field's list, until it ends: only then is it known whether it is one at all. */
struct review_list {
    bool open;
    unsigned count;
    int16_t numbers[2]; /* PAIR: of the first two entries */
    uint64_t wrong;     /* bit n: entry n is not what belongs there */
    uint32_t flags;     /* FLAGS */
};

struct review_reading {
    struct stepcare_review *review;
    struct stepcare_text referral_id;
    struct stepcare_field_errors *errors;
    struct arena *arena;
    struct name_set names;
    uint32_t objects[NESTING_MAX + 1]; /* the number of the object at each depth */
    uint32_t object_last;
    unsigned depth; /* containers that are open */
    bool no_object, no_memory;
    const struct review_field *field; /* whose value is next; NULL: it is passed over */
    struct review_list list;
};

/* --- values into fields --- */

static bool number_read(const struct json_token *token, const struct review_field *field, int16_t *out_number)
{
    const bool whole = token->kind == JSON_WHOLE && token->whole >= field->least && token->whole <= field->most;
    if (!whole && token->kind != JSON_NULL) return false;
    *out_number = whole ? (int16_t)token->whole : STEPCARE_BLANK;
    return true;
}

static void number_refuse(struct review_reading *reading, const char *path)
{
    stepcare_field_errors_add(reading->errors, path, "must be a whole number from %d to %d", reading->field->least,
                              reading->field->most);
}

static unsigned code_read(const struct json_token *token, const struct stepcare_codeset *codes)
{
    return token->kind == JSON_STRING ? stepcare_code_parse(codes, token->text.data, token->text.bytes) : 0;
}

static void code_refuse(struct review_reading *reading)
{
    char allowed[100];
    code_names_join(reading->field->codes, 0, allowed, sizeof allowed);
    stepcare_field_errors_add(reading->errors, reading->field->name, "must be one of %s", allowed);
}

static void list_refuse(struct review_reading *reading)
{
    const struct review_field *field = reading->field;
    if (field->type == FIELD_PAIR) {
        stepcare_field_errors_add(reading->errors, field->name, "must be a pair, [baseline, now], each from %d to %d",
                                  field->least, field->most);
    } else {
        stepcare_field_errors_add(reading->errors, field->name, "must be a list of at most %d red-flag codes",
                                  FLAGS_MAX);
    }
}

static void id_set(struct review_reading *reading, const struct json_token *token)
{
    const uint32_t bytes = token->kind == JSON_STRING ? token->text.bytes : 0;
    if (bytes == 0 || bytes > REFERRAL_ID_BYTES_MAX) {
        stepcare_field_errors_add(reading->errors, reading->field->name, "must be a text of 1 to %d bytes",
                                  REFERRAL_ID_BYTES_MAX);
    } else {
        reading->no_memory = !json_text_keep(token, reading->arena, &reading->referral_id);
    }
}

/* A field's value, if it is no list; a container is never right here. */
static void value_set(struct review_reading *reading, const struct json_token *token)
{
    const struct review_field *field = reading->field;
    void *member = (char *)reading->review + field->offset;
    int16_t number;
    unsigned code;
    switch (field->type) {
    case FIELD_CODE:
        code = code_read(token, field->codes);
        memcpy(member, &code, sizeof code);
        if (code == 0 && token->kind != JSON_NULL) code_refuse(reading);
        break;
    case FIELD_NUMBER:
    case FIELD_BYTE:
        if (!number_read(token, field, &number)) {
            number_refuse(reading, field->name);
        } else if (field->type == FIELD_BYTE) {
            *(int8_t *)member = (int8_t)number;
        } else {
            memcpy(member, &number, sizeof number);
        }
        break;
    case FIELD_PAIR:
        if (token->kind != JSON_NULL) list_refuse(reading);
        break;
    case FIELD_FLAGS: list_refuse(reading); break;
    case FIELD_ID: id_set(reading, token); break;
    }
}

static void item_take(struct review_reading *reading, const struct json_token *token)
{
    struct review_list *list = &reading->list;
    const unsigned index = list->count++;
    bool right = false;
    if (reading->field->type == FIELD_PAIR) {
        if (index >= 2) return;
        right = number_read(token, reading->field, &list->numbers[index]);
    } else {
        if (index >= FLAGS_MAX) return;
        const unsigned flag = code_read(token, reading->field->codes);
        right = flag != 0;
        if (right) list->flags |= STEPCARE_BIT(flag);
    }
    if (!right) list->wrong |= UINT64_C(1) << index;
}

static void list_end(struct review_reading *reading)
{
    const struct review_field *field = reading->field;
    struct review_list *list = &reading->list;
    const bool pair = field->type == FIELD_PAIR;
    list->open = false;
    if (pair ? list->count != 2 : list->count > FLAGS_MAX) {
        list_refuse(reading);
        return;
    }
    for (unsigned i = 0; i < list->count; i++) {
        char path[PATH_BYTES];
        if ((list->wrong >> i & 1) == 0) continue;
        snprintf(path, sizeof path, "%s[%u]", field->name, i);
        if (pair) {
            number_refuse(reading, path);
        } else {
            stepcare_field_errors_add(reading->errors, path, "is no red-flag code");
        }
    }
    if (pair && list->wrong == 0) memcpy((char *)reading->review + field->offset, list->numbers, sizeof list->numbers);
    if (!pair) reading->review->red_flags |= list->flags;
}

/* --- tokens --- */

static bool name_take(struct review_reading *reading, const struct json_token *token)
{
    struct stepcare_text name;
    if (!json_text_keep(token, reading->arena, &name)) {
        reading->no_memory = true;
        return false;
    }
    const enum name_added added = name_set_add(&reading->names, reading->objects[reading->depth], name);
    reading->no_memory = added == NAME_NO_MEMORY;
    if (added != NAME_NEW) return false;
    if (reading->depth != 1) return true;
    reading->field = NULL;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0] && reading->field == NULL; i++) {
        const bool same = strlen(fields[i].name) == name.bytes && memcmp(fields[i].name, name.data, name.bytes) == 0;
        if (same) reading->field = &fields[i];
    }
    if (reading->field == NULL) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%.*s", (int)name.bytes, name.data);
        stepcare_field_errors_add(reading->errors, path, "is not a field of a review");
    }
    return true;
}

/* A value where one belongs: plain, or a container's beginning. */
static void value_take(struct review_reading *reading, const struct json_token *token)
{
    if (reading->depth == 1 && reading->field != NULL) {
        const bool has_list = reading->field->type == FIELD_PAIR || reading->field->type == FIELD_FLAGS;
        if (has_list && token->kind == JSON_ARRAY_BEGIN) {
            reading->list = (struct review_list){.open = true};
        } else {
            value_set(reading, token);
        }
    } else if (reading->depth == 2 && reading->list.open) {
        item_take(reading, token);
    }
}

static bool token_take(void *context, const struct json_token *token)
{
    struct review_reading *reading = context;
    const bool container = token->kind == JSON_OBJECT_BEGIN || token->kind == JSON_ARRAY_BEGIN;
    if (token->kind == JSON_NAME) return name_take(reading, token);
    if (token->kind == JSON_OBJECT_END || token->kind == JSON_ARRAY_END) {
        reading->depth--;
        if (reading->depth == 1 && reading->list.open) list_end(reading);
        return true;
    }
    if (reading->depth > NESTING_MAX || token->kind == JSON_VAST) return false;
    if (reading->depth == 0 && !container) return false;
    if (reading->depth == 0) reading->no_object = token->kind == JSON_ARRAY_BEGIN;
    value_take(reading, token);
    if (container) reading->depth++;
    if (token->kind == JSON_OBJECT_BEGIN) reading->objects[reading->depth] = ++reading->object_last;
    return !reading->no_memory;
}

/* --- the text --- */

/* Was the text read to its end, as JSON? If not, the line alone is named: what was read of it proves nothing. */
static bool text_read(struct stepcare_text text, struct review_reading *reading)
{
    size_t at;
    const struct stepcare_text sound = {text.data, sound_text_bytes(text)};
    const enum json_outcome outcome = json_read(sound, token_take, reading, &at);
    reading->no_memory = reading->no_memory || outcome == JSON_NO_MEMORY;
    if (reading->no_memory) return false;
    const bool whole = outcome == JSON_DONE && sound.bytes == text.bytes && sound_text_ends(text);
    if (whole && !reading->no_object) return true;
    reading->errors->count = reading->errors->dropped = 0;
    reading->referral_id = (struct stepcare_text){0};
    if (whole) {
        stepcare_field_errors_add(reading->errors, "line", "must be one JSON object");
    } else {
        const bool stopped = outcome == JSON_BROKEN || outcome == JSON_STOPPED;
        stepcare_field_errors_add(reading->errors, "line", "is not JSON; reading stopped at character %u",
                                  sound_text_column(text, stopped ? (uint32_t)at : sound.bytes));
    }
    return false;
}

/* --- what a tier's rules cannot do without --- */
static void needed(bool given, const char *name, const char *why, struct stepcare_field_errors *errors)
{
    for (unsigned i = 0; i < errors->count; i++)
        if (strncmp(errors->items[i].field, name, strlen(name)) == 0) return;
    if (!given) stepcare_field_errors_add(errors, name, "is missing; %s", why);
}

static bool pair_given(const int16_t pair[2])
{
    return pair[0] != STEPCARE_BLANK && pair[1] != STEPCARE_BLANK;
}

static void review_check(const struct stepcare_review *review, struct stepcare_field_errors *errors)
{
    switch (review->tier) {
    case STEPCARE_TIER_T_CBT:
    case STEPCARE_TIER_HI_CBT:
        needed(review->contact != STEPCARE_BLANK, "contact", "it is the number of this contact", errors);
        needed(pair_given(review->phq_9) || pair_given(review->gad_7), "phq_9",
               "give phq_9, gad_7 or both, each as [baseline, now]", errors);
        break;
    case STEPCARE_TIER_PHYSIO:
        needed(review->week != STEPCARE_BLANK, "week", "it is the week of treatment", errors);
        needed(pair_given(review->rmdq) || pair_given(review->nrs), "rmdq",
               "give rmdq, nrs or both, each as [baseline, now]", errors);
        break;
    case STEPCARE_TIER_SECONDARY_CARE:
        needed(review->outcome != STEPCARE_TREATMENT_NONE, "outcome", "it is what the specialist decided", errors);
        break;
    default:
        needed(review->tier != STEPCARE_TIER_NONE, "tier", "reviews are of t_cbt, hi_cbt, physio or secondary_care",
               errors);
        if (review->tier != STEPCARE_TIER_NONE)
            stepcare_field_errors_add(errors, "tier",
                                      "has no reviews; these have: t_cbt, hi_cbt, physio, secondary_care");
    }
}

enum stepcare_error review_read(struct stepcare_text text, struct arena *arena, struct stepcare_review *out_review,
                                struct stepcare_text *out_referral_id, struct stepcare_field_errors *errors)
{
    struct stepcare_review review = {.contact = STEPCARE_BLANK,
                                     .max_contacts = STEPCARE_BLANK,
                                     .week = STEPCARE_BLANK,
                                     .phq_9 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .gad_7 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .rmdq = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .nrs = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .phq_9_item_9 = STEPCARE_BLANK};
    struct review_reading reading = {.review = &review, .errors = errors, .arena = arena, .names = {.arena = arena}};
    const bool whole = text_read(text, &reading);
    *out_referral_id = reading.referral_id;
    if (reading.no_memory) return STEPCARE_NO_MEMORY;
    if (whole) review_check(&review, errors);
    if (errors->count > 0) return STEPCARE_INVALID;
    *out_review = review;
    return STEPCARE_OK;
}
