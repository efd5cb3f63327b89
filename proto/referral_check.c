#include "proto/referral_codec.h"
#include "proto/referral_fields.h"
#include "proto/time_text.h"

enum { BIRTH_YEAR_MIN = 1880, NHS_NUMBER_DIGITS = 10 };

static void group_init(struct stepcare_referral *referral, unsigned group)
{
    for (unsigned i = 0; i < referral_groups[group].count; i++) {
        const struct referral_field *field = &referral_groups[group].fields[i];
        if (field->type == REFERRAL_GROUP) group_init(referral, field->group);
        if (field->type == REFERRAL_INT8) *referral_member(referral, field, int8_t) = STEPCARE_BLANK;
        if (field->type == REFERRAL_INT16) *referral_member(referral, field, int16_t) = STEPCARE_BLANK;
        if (field->type == REFERRAL_ANSWERS) memset(referral_member(referral, field, int8_t), STEPCARE_BLANK, field->count);
    }
}

void referral_init(struct stepcare_referral *referral)
{
    memset(referral, 0, sizeof(*referral));
    group_init(referral, REFERRAL_TOP);
}

bool referral_nhs_number_valid(struct stepcare_text nhs_number)
{
    unsigned sum = 0;
    if (nhs_number.bytes != NHS_NUMBER_DIGITS) return false;
    for (unsigned i = 0; i < NHS_NUMBER_DIGITS; i++) {
        if (nhs_number.data[i] < '0' || nhs_number.data[i] > '9') return false;
        if (i < NHS_NUMBER_DIGITS - 1) sum += (NHS_NUMBER_DIGITS - i) * (unsigned)(nhs_number.data[i] - '0');
    }
    unsigned check = (11 - sum % 11) % 11; /* 10 fits no digit: such numbers are not issued */
    return check == (unsigned)(nhs_number.data[NHS_NUMBER_DIGITS - 1] - '0');
}

static bool named(const struct stepcare_field_errors *errors, const char *field)
{
    for (unsigned i = 0; i < errors->count; i++) {
        if (strcmp(errors->items[i].field, field) == 0) return true;
    }
    return false;
}

static void blame_once(struct stepcare_field_errors *errors, const char *field, const char *problem)
{
    if (!named(errors, field)) stepcare_field_errors_add(errors, field, "%s", problem);
}

static bool date_after(struct stepcare_date a, struct stepcare_date b)
{
    if (a.year != b.year) return a.year > b.year;
    if (a.month != b.month) return a.month > b.month;
    return a.day > b.day;
}

static void birth_date_check(const struct stepcare_referral *referral, struct stepcare_field_errors *errors)
{
    if (referral->birth_date.year == 0) return;
    if (referral->birth_date.year < BIRTH_YEAR_MIN) {
        blame_once(errors, "patient.birth_date", "must not lie before 1880");
        return;
    }
    if (errors->count > 0 && (named(errors, "referred_at") || errors->dropped > 0)) return;
    struct stepcare_date referred = date_of_time(referral->referred_at_ms, referral->referred_at_offset_min);
    if (date_after(referral->birth_date, referred)) {
        blame_once(errors, "patient.birth_date", "must not lie after the day of referred_at");
    }
}

static void override_check(const struct stepcare_referral *referral, struct stepcare_field_errors *errors)
{
    const struct stepcare_override *override = &referral->override;
    if (!override->present) return;
    if (override->tier == STEPCARE_TIER_NONE) {
        blame_once(errors, "override.tier", "is missing");
    } else if (override->tier == STEPCARE_TIER_SECONDARY_CARE) {
        if (override->service == STEPCARE_SERVICE_NONE) blame_once(errors, "override.service", "secondary_care needs a service");
    } else if (override->service != STEPCARE_SERVICE_NONE) {
        blame_once(errors, "override.service", "only secondary_care has services: leave it out");
    }
}

void referral_check(struct stepcare_referral *referral, struct stepcare_field_errors *errors)
{
    birth_date_check(referral, errors);
    override_check(referral, errors);
    referral->nhs_number_unverified =
        referral->nhs_number.data != NULL && !referral_nhs_number_valid(referral->nhs_number);
}
