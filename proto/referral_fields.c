/* The referral's field table: names, keys, types and ranges, once, for JSON, wire, ledger and PROTOCOL.md. */
#include "proto/referral_fields.h"

#define AT(member) .offset = offsetof(struct stepcare_referral, member)
#define HAS(member) .has_offset = offsetof(struct stepcare_referral, member)
#define VALUE_SAYS .has_offset = REFERRAL_NO_FLAG
#define TEXT_CHARS(from, to) .type = REFERRAL_TEXT, VALUE_SAYS, .min = (from), .max = (to)
#define NUMBER16(from, to) .type = REFERRAL_INT16, VALUE_SAYS, .min = (from), .max = (to)
#define NUMBER8(from, to) .type = REFERRAL_INT8, VALUE_SAYS, .min = (from), .max = (to), .flags = REFERRAL_NULLABLE
#define CODE_OF(set) .type = REFERRAL_CODE, VALUE_SAYS, .codes = &(set)
#define MASK_OF(set) .type = REFERRAL_MASK, VALUE_SAYS, .codes = &(set)
#define GROUP_OF(number) .type = REFERRAL_GROUP, .group = (number)
#define ANSWERS_OF(member, answers, top, last)                                                                         \
    AT(instruments.member), HAS(instruments.has_##member), .type = REFERRAL_ANSWERS, .count = (answers), .max = (top), \
                                                           .last_max = (last), .flags = REFERRAL_NULLABLE

static const struct referral_field top[] = {
    {"message_id", "message_id", AT(message_id), .type = REFERRAL_MESSAGE_ID, VALUE_SAYS, .min = 1,
     .max = STEPCARE_MESSAGE_ID_BYTES_MAX, .flags = REFERRAL_REQUIRED | REFERRAL_FIXED},
    {"source", "source", AT(source), CODE_OF(stepcare_sources), .flags = REFERRAL_REQUIRED | REFERRAL_FIXED},
    {"referrer", "referrer", GROUP_OF(REFERRAL_REFERRER), VALUE_SAYS, .flags = REFERRAL_REQUIRED},
    {"referred_at", "referred_at", AT(referred_at_ms), .type = REFERRAL_TIME, VALUE_SAYS,
     .flags = REFERRAL_REQUIRED | REFERRAL_FIXED},
    {"patient", "patient", GROUP_OF(REFERRAL_PATIENT), VALUE_SAYS, .flags = REFERRAL_REQUIRED},
    {"problem", "problem", AT(problem), CODE_OF(stepcare_problems), .flags = REFERRAL_REQUIRED},
    {"duration_weeks", "duration_weeks", AT(duration_weeks), NUMBER16(0, STEPCARE_DURATION_WEEKS_MAX),
     .flags = REFERRAL_REQUIRED},
    {"red_flags", "red_flags", GROUP_OF(REFERRAL_RED_FLAGS), VALUE_SAYS, .flags = REFERRAL_REQUIRED},
    {"findings", "findings", AT(findings), MASK_OF(stepcare_findings)},
    {"instruments", "instruments", GROUP_OF(REFERRAL_INSTRUMENTS), VALUE_SAYS},
    {"history", "history", AT(history), MASK_OF(stepcare_histories)},
    {"preferences", "preferences", AT(preferences), MASK_OF(stepcare_preferences)},
    {"override", "override", GROUP_OF(REFERRAL_OVERRIDE), HAS(override.present)},
    {"letter", "letter", AT(letter), .type = REFERRAL_LETTER, VALUE_SAYS, .max = STEPCARE_LETTER_BYTES_MAX,
     .flags = REFERRAL_IDENTITY},
};

static const struct referral_field referrer[] = {
    {"organisation", "referrer.organisation", AT(organisation), .type = REFERRAL_ORGANISATION, VALUE_SAYS,
     .min = STEPCARE_ORGANISATION_BYTES_MIN, .max = STEPCARE_ORGANISATION_BYTES_MAX,
     .flags = REFERRAL_REQUIRED | REFERRAL_FIXED},
    {"practitioner", "referrer.practitioner", AT(practitioner), TEXT_CHARS(0, STEPCARE_TEXT_CHARS_MAX)},
    {"reference", "referrer.reference", AT(reference), TEXT_CHARS(0, STEPCARE_TEXT_CHARS_MAX),
     .flags = REFERRAL_IDENTITY},
};

static const struct referral_field patient[] = {
    {"nhs_number", "patient.nhs_number", AT(nhs_number), .type = REFERRAL_NHS_NUMBER, VALUE_SAYS, .min = 10, .max = 10,
     .flags = REFERRAL_IDENTITY},
    {"family_name", "patient.family_name", AT(family_name), TEXT_CHARS(1, STEPCARE_NAME_CHARS_MAX),
     .flags = REFERRAL_REQUIRED | REFERRAL_IDENTITY},
    {"given_name", "patient.given_name", AT(given_name), TEXT_CHARS(0, STEPCARE_NAME_CHARS_MAX),
     .flags = REFERRAL_IDENTITY},
    {"birth_date", "patient.birth_date", AT(birth_date), .type = REFERRAL_DATE, VALUE_SAYS, .flags = REFERRAL_REQUIRED},
    {"postcode", "patient.postcode", AT(postcode), TEXT_CHARS(0, STEPCARE_TEXT_CHARS_MAX), .flags = REFERRAL_IDENTITY},
    {"phone", "patient.phone", AT(phone), TEXT_CHARS(0, STEPCARE_TEXT_CHARS_MAX), .flags = REFERRAL_IDENTITY},
    {"pregnant", "patient.pregnant", AT(pregnant), HAS(has_pregnant), .type = REFERRAL_BOOL},
};

static const struct referral_field red_flags[] = {
    {"screened", "red_flags.screened", AT(red_flags_screened), .type = REFERRAL_BOOL, VALUE_SAYS,
     .flags = REFERRAL_REQUIRED},
    {"present", "red_flags.present", AT(red_flags), MASK_OF(stepcare_red_flags), .flags = REFERRAL_ALWAYS},
};

static const struct referral_field instruments[] = {
    {"start_back_9", "instruments.start_back_9", ANSWERS_OF(start_back_9, 9, 1, 4)},
    {"start_back_6", "instruments.start_back_6", ANSWERS_OF(start_back_6, 6, 1, 4)},
    {"start_msk", "instruments.start_msk", AT(instruments.start_msk), .type = REFERRAL_INT8,
     HAS(instruments.has_start_msk), .max = 12, .flags = REFERRAL_NULLABLE},
    {"phq_9", "instruments.phq_9", ANSWERS_OF(phq_9, 9, 3, 3)},
    {"gad_7", "instruments.gad_7", ANSWERS_OF(gad_7, 7, 3, 3)},
    {"hads", "instruments.hads", GROUP_OF(REFERRAL_HADS), HAS(instruments.has_hads), .flags = REFERRAL_NULLABLE},
    {"fibromyalgia_2016", "instruments.fibromyalgia_2016", GROUP_OF(REFERRAL_FIBROMYALGIA),
     HAS(instruments.has_fibromyalgia_2016), .flags = REFERRAL_NULLABLE},
    {"cwp_1990", "instruments.cwp_1990", AT(instruments.cwp_1990), HAS(instruments.has_cwp_1990), .type = REFERRAL_BOOL,
     .flags = REFERRAL_NULLABLE},
    {"axial_spa", "instruments.axial_spa", GROUP_OF(REFERRAL_AXIAL_SPA), HAS(instruments.has_axial_spa),
     .flags = REFERRAL_NULLABLE},
};

static const struct referral_field hads[] = {
    {"anxiety", "instruments.hads.anxiety", AT(instruments.hads_anxiety), NUMBER8(0, 21)},
    {"depression", "instruments.hads.depression", AT(instruments.hads_depression), NUMBER8(0, 21)},
};

static const struct referral_field fibromyalgia[] = {
    {"widespread_pain_index", "instruments.fibromyalgia_2016.widespread_pain_index",
     AT(instruments.widespread_pain_index), NUMBER8(0, 19)},
    {"symptom_severity", "instruments.fibromyalgia_2016.symptom_severity", AT(instruments.symptom_severity),
     NUMBER8(0, 12)},
    {"pain_regions", "instruments.fibromyalgia_2016.pain_regions", AT(instruments.pain_regions), NUMBER8(0, 5)},
    {"duration_months", "instruments.fibromyalgia_2016.duration_months", AT(instruments.fibromyalgia_months),
     NUMBER16(0, 1200), .flags = REFERRAL_NULLABLE},
};

static const struct referral_field axial_spa[] = {
    {"onset_age", "instruments.axial_spa.onset_age", AT(instruments.axspa_onset_age), NUMBER16(0, 130),
     .flags = REFERRAL_NULLABLE},
    {"duration_months", "instruments.axial_spa.duration_months", AT(instruments.axspa_duration_months),
     NUMBER16(0, 1200), .flags = REFERRAL_NULLABLE},
    {"features", "instruments.axial_spa.features", AT(instruments.axspa_features), MASK_OF(stepcare_axspa_features),
     .flags = REFERRAL_NULLABLE},
    {"hla_b27", "instruments.axial_spa.hla_b27", AT(instruments.hla_b27), CODE_OF(stepcare_hla_b27s),
     .flags = REFERRAL_NULLABLE},
};

static const struct referral_field override[] = {
    {"tier", "override.tier", AT(override.tier), CODE_OF(stepcare_tiers), .max = STEPCARE_TIER_SECONDARY_CARE,
     .flags = REFERRAL_REQUIRED},
    {"service", "override.service", AT(override.service), CODE_OF(stepcare_services)},
    {"reason", "override.reason", AT(override.reason), TEXT_CHARS(0, STEPCARE_REASON_CHARS_MAX)},
    {"clinician", "override.clinician", AT(override.clinician), TEXT_CHARS(0, STEPCARE_NAME_CHARS_MAX)},
};

#define GROUP_ROW(fields, prefix)                                                                                      \
    {                                                                                                                  \
        fields, sizeof fields / sizeof((fields)[0]), prefix                                                            \
    }

const struct referral_group referral_groups[REFERRAL_GROUP_COUNT] = {
    [REFERRAL_TOP] = GROUP_ROW(top, ""),
    [REFERRAL_REFERRER] = GROUP_ROW(referrer, "referrer."),
    [REFERRAL_PATIENT] = GROUP_ROW(patient, "patient."),
    [REFERRAL_RED_FLAGS] = GROUP_ROW(red_flags, "red_flags."),
    [REFERRAL_INSTRUMENTS] = GROUP_ROW(instruments, "instruments."),
    [REFERRAL_HADS] = GROUP_ROW(hads, "instruments.hads."),
    [REFERRAL_FIBROMYALGIA] = GROUP_ROW(fibromyalgia, "instruments.fibromyalgia_2016."),
    [REFERRAL_AXIAL_SPA] = GROUP_ROW(axial_spa, "instruments.axial_spa."),
    [REFERRAL_OVERRIDE] = GROUP_ROW(override, "override."),
};

bool referral_field_present(const struct stepcare_referral *referral, const struct referral_field *field)
{
    if (field->has_offset != REFERRAL_NO_FLAG) return *(const bool *)((const char *)referral + field->has_offset);
    switch ((enum referral_type)field->type) {
    case REFERRAL_TEXT:
    case REFERRAL_MESSAGE_ID:
    case REFERRAL_ORGANISATION:
    case REFERRAL_NHS_NUMBER:
    case REFERRAL_LETTER: return referral_member_const(referral, field, struct stepcare_text)->data != NULL;
    case REFERRAL_DATE: return referral_member_const(referral, field, struct stepcare_date)->year != 0;
    case REFERRAL_CODE: return *referral_member_const(referral, field, unsigned) != 0;
    case REFERRAL_MASK: return *referral_member_const(referral, field, uint32_t) != 0;
    case REFERRAL_INT8: return *referral_member_const(referral, field, int8_t) != STEPCARE_BLANK;
    case REFERRAL_INT16: return *referral_member_const(referral, field, int16_t) != STEPCARE_BLANK;
    case REFERRAL_TIME:
    case REFERRAL_BOOL:
    case REFERRAL_ANSWERS: return true;
    case REFERRAL_GROUP: break;
    }
    const struct referral_group *group = &referral_groups[field->group];
    for (unsigned i = 0; i < group->count; i++) {
        if (referral_field_present(referral, &group->fields[i])) return true;
    }
    return false;
}
