/* Rules that span fields of a referral, and the NHS number's check digit: called by the reader of both forms. */
#include "base/date.h"
#include "base/time_text.h"
#include "proto/referral_codec.h"

enum { BIRTH_YEAR_MIN = 1880, NHS_NUMBER_DIGITS = 10 };

/* Copied whole: walking the field table for every referral costs as much as decoding it. A test compares it with the
 * table. */
static const struct stepcare_referral blank = {
    .duration_weeks = STEPCARE_BLANK,
    .instruments =
        {
            .start_back_9 = {[0 ... 8] = STEPCARE_BLANK},
            .start_back_6 = {[0 ... 5] = STEPCARE_BLANK},
            .start_msk = STEPCARE_BLANK,
            .phq_9 = {[0 ... 8] = STEPCARE_BLANK},
            .gad_7 = {[0 ... 6] = STEPCARE_BLANK},
            .hads_anxiety = STEPCARE_BLANK,
            .hads_depression = STEPCARE_BLANK,
            .widespread_pain_index = STEPCARE_BLANK,
            .symptom_severity = STEPCARE_BLANK,
            .pain_regions = STEPCARE_BLANK,
            .fibromyalgia_months = STEPCARE_BLANK,
            .axspa_onset_age = STEPCARE_BLANK,
            .axspa_duration_months = STEPCARE_BLANK,
        },
};

void referral_init(struct stepcare_referral *referral)
{
    *referral = blank;
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
        if (override->service == STEPCARE_SERVICE_NONE)
            blame_once(errors, "override.service", "secondary_care needs a service");
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
