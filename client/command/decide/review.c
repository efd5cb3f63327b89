#include "client/command/decide/decide.h"

#include "base/json_writer.h"
#include "pathway/explain.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

enum { ITEMS_MAX = 64 };

/* --- reading a snapshot --------------------------------------------------------------------------------------------- */

enum field_type { FIELD_TIER, FIELD_CODE, FIELD_NUMBER, FIELD_BYTE, FIELD_PAIR, FIELD_FLAGS, FIELD_ID };

struct review_field {
    const char *name;
    enum field_type type;
    size_t offset;
    int least, most;
    const struct stepcare_codeset *codes;
};

#define NUMBER(name, least, most)                                                                                      \
    {                                                                                                                  \
#name, FIELD_NUMBER, offsetof(struct stepcare_review, name), least, most, NULL                                 \
    }
#define PAIR(name, most)                                                                                               \
    {                                                                                                                  \
#name, FIELD_PAIR, offsetof(struct stepcare_review, name), 0, most, NULL                                       \
    }
#define CODE(name, set)                                                                                                \
    {                                                                                                                  \
#name, FIELD_CODE, offsetof(struct stepcare_review, name), 0, 0, &set                                          \
    }

static const struct review_field fields[] = {
    {"tier", FIELD_TIER, offsetof(struct stepcare_review, tier), 0, 0, &stepcare_tiers},
    CODE(service, stepcare_services),
    NUMBER(contact, 0, 1000),
    NUMBER(max_contacts, 1, 1000),
    NUMBER(week, 0, STEPCARE_DURATION_WEEKS_MAX),
    PAIR(phq_9, 27),
    PAIR(gad_7, 21),
    PAIR(rmdq, 24),
    PAIR(nrs, 10),
    {"phq_9_item_9", FIELD_BYTE, offsetof(struct stepcare_review, phq_9_item_9), 0, 3, NULL},
    CODE(start_back_now, stepcare_risks),
    CODE(outcome, stepcare_treatment_outcomes),
    {"red_flags", FIELD_FLAGS, offsetof(struct stepcare_review, red_flags), 0, 0, &stepcare_red_flags},
    {"referral_id", FIELD_ID, 0, 0, 0, NULL},
};

static bool number_get(const json_t *value, const struct review_field *field, const char *path,
                       struct stepcare_field_errors *errors, int16_t *out_number)
{
    if (json_is_null(value)) {
        *out_number = STEPCARE_BLANK;
        return true;
    }
    if (!json_is_integer(value) || json_integer_value(value) < field->least ||
        json_integer_value(value) > field->most) {
        stepcare_field_errors_add(errors, path, "must be a whole number from %d to %d", field->least, field->most);
        return false;
    }
    *out_number = (int16_t)json_integer_value(value);
    return true;
}

static void pair_set(const json_t *value, const struct review_field *field, int16_t pair[2],
                     struct stepcare_field_errors *errors)
{
    int16_t read[2] = {STEPCARE_BLANK, STEPCARE_BLANK};
    char path[64];
    bool fine = true;

    if (json_is_null(value)) return;
    if (!json_is_array(value) || json_array_size(value) != 2) {
        stepcare_field_errors_add(errors, field->name, "must be a pair, [baseline, now], each from 0 to %d",
                                  field->most);
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s[%u]", field->name, i);
        fine &= number_get(json_array_get(value, i), field, path, errors, &read[i]);
    }
    if (fine) memcpy(pair, read, sizeof read);
}

static void names_list(const struct stepcare_codeset *codes, char *out_text, size_t bytes)
{
    size_t used = 0;

    out_text[0] = '\0';
    for (unsigned i = 1; i < codes->count && used < bytes; i++)
        used += (size_t)snprintf(out_text + used, bytes - used, "%s%s", i > 1 ? ", " : "", codes->names[i]);
}

static unsigned code_get(const json_t *value, const struct review_field *field, struct stepcare_field_errors *errors)
{
    unsigned number = json_is_string(value)
                          ? stepcare_code_parse(field->codes, json_string_value(value), json_string_length(value))
                          : 0;
    char allowed[100];

    if (number != 0 || json_is_null(value)) return number;
    names_list(field->codes, allowed, sizeof allowed);
    stepcare_field_errors_add(errors, field->name, "must be one of %s", allowed);
    return 0;
}

static void flags_set(const json_t *value, const struct review_field *field, uint32_t *mask,
                      struct stepcare_field_errors *errors)
{
    char path[64];

    if (!json_is_array(value) || json_array_size(value) > ITEMS_MAX) {
        stepcare_field_errors_add(errors, field->name, "must be a list of at most %d red-flag codes", ITEMS_MAX);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        unsigned number = json_is_string(item)
                              ? stepcare_code_parse(field->codes, json_string_value(item), json_string_length(item))
                              : 0;

        snprintf(path, sizeof path, "%s[%zu]", field->name, i);
        if (number == 0)
            stepcare_field_errors_add(errors, path, "is no red-flag code");
        else
            *mask |= STEPCARE_BIT(number);
    }
}

static void field_set(const struct review_field *field, const json_t *value, struct stepcare_review *review,
                      struct stepcare_text *out_referral_id, struct stepcare_field_errors *errors)
{
    char *member = (char *)review + field->offset;
    int16_t number = STEPCARE_BLANK;

    switch (field->type) {
    case FIELD_TIER: review->tier = (enum stepcare_tier)code_get(value, field, errors); break;
    case FIELD_CODE: { /* every code enum of a review has the size of unsigned */
        unsigned code = code_get(value, field, errors);
        memcpy(member, &code, sizeof code);
        break;
    }
    case FIELD_NUMBER:
        if (number_get(value, field, field->name, errors, &number)) memcpy(member, &number, sizeof number);
        break;
    case FIELD_BYTE:
        if (number_get(value, field, field->name, errors, &number)) review->phq_9_item_9 = (int8_t)number;
        break;
    case FIELD_PAIR: pair_set(value, field, (int16_t *)(void *)member, errors); break;
    case FIELD_FLAGS: flags_set(value, field, &review->red_flags, errors); break;
    case FIELD_ID:
        if (json_is_string(value) && json_string_length(value) >= 1 && json_string_length(value) <= 64)
            *out_referral_id = (struct stepcare_text){json_string_value(value), (uint32_t)json_string_length(value)};
        else
            stepcare_field_errors_add(errors, field->name, "must be a text of 1 to 64 bytes");
        break;
    }
}

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

/* What a tier's rules cannot do without. */
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

bool decide_review_decode(struct stepcare_text text, struct stepcare_review *out_review,
                          struct stepcare_text *out_referral_id, struct stepcare_field_errors *errors, void **out_owner)
{
    struct stepcare_review review = {.contact = STEPCARE_BLANK,
                                     .max_contacts = STEPCARE_BLANK,
                                     .week = STEPCARE_BLANK,
                                     .phq_9 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .gad_7 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .rmdq = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .nrs = {STEPCARE_BLANK, STEPCARE_BLANK},
                                     .phq_9_item_9 = STEPCARE_BLANK};
    json_error_t where;
    json_t *object = json_loadb(text.data, text.bytes, JSON_REJECT_DUPLICATES, &where), *value;
    const char *name;

    *out_owner = object;
    *out_referral_id = (struct stepcare_text){0};
    if (!json_is_object(object)) {
        if (object == NULL) /* jansson's own text would repeat what it read */
            stepcare_field_errors_add(errors, "line", "is not JSON; reading stopped at character %d", where.column);
        else
            stepcare_field_errors_add(errors, "line", "must be one JSON object");
        return false;
    }
    json_object_foreach(object, name, value)
    {
        unsigned i = 0;

        while (i < sizeof fields / sizeof fields[0] && strcmp(fields[i].name, name) != 0) i++;
        if (i == sizeof fields / sizeof fields[0])
            stepcare_field_errors_add(errors, name, "is not a field of a review");
        else
            field_set(&fields[i], value, &review, out_referral_id, errors);
    }
    review_check(&review, errors);
    if (errors->count > 0) return false;
    *out_review = review;
    return true;
}

void decide_review_release(void *owner)
{
    json_decref(owner);
}

/* --- answering ------------------------------------------------------------------------------------------------------ */

static void recommendation_write(const struct decide *decide, struct stepcare_text referral_id,
                                 const struct stepcare_recommendation *recommendation)
{
    struct json_writer json = {.buffer = decide->output};

    json_object_begin(&json);
    if (referral_id.data != NULL) {
        json_name(&json, "referral_id");
        json_text(&json, referral_id);
    }
    json_name(&json, "action");
    json_code(&json, &stepcare_actions, recommendation->action);
    json_name(&json, "to");
    json_code(&json, &stepcare_tiers, recommendation->to.tier);
    json_name(&json, "service");
    json_code(&json, &stepcare_services, recommendation->to.service);
    json_name(&json, "urgency");
    json_code(&json, &stepcare_urgencies, recommendation->to.urgency);
    json_name(&json, "codes");
    json_array_begin(&json);
    for (unsigned i = 0; i < recommendation->code_count; i++)
        json_text(&json, stepcare_text_of(recommendation->codes[i]));
    json_array_end(&json);
    json_name(&json, "holds");
    json_mask(&json, &stepcare_holds, recommendation->holds);
    json_name(&json, "rule");
    json_text(&json, stepcare_text_of(recommendation->rule));
    json_name(&json, "pathway");
    json_text(&json, stepcare_text_of(pathway_version(decide->pathway)));
    json_object_end(&json);
    buffer_append_text(decide->output, "\n");
}

bool decide_review_line(const struct decide *decide, struct stepcare_text text)
{
    struct stepcare_review review;
    struct stepcare_recommendation recommendation;
    struct stepcare_field_errors errors;
    struct stepcare_text referral_id;
    void *owner = NULL;
    bool valid;

    errors.count = errors.dropped = 0;
    valid = decide_review_decode(text, &review, &referral_id, &errors, &owner);
    if (!valid) {
        decide_errors_append(decide->output, "referral_id", referral_id, false, &errors);
    } else if (decide->explain) {
        explain_review(decide->pathway, &review, decide->output);
    } else {
        pathway_decide_review(decide->pathway, &review, &recommendation);
        recommendation_write(decide, referral_id, &recommendation);
    }
    decide_review_release(owner);
    return valid;
}
