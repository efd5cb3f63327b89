/* A referral, decoded: what a referrer sends, as numbers and borrowed text. One struct for JSON, wire and ledger.
 * Source: the referral format (proto/PROTOCOL.md, "The referral"). Instrument wording is licensed; only answers are
 * here. */
#ifndef STEPCARE_REFERRAL_H
#define STEPCARE_REFERRAL_H

#include "stepcare/codes.h"
#include "stepcare/date.h"
#include "stepcare/limits.h"
#include "stepcare/text.h"

enum { STEPCARE_BLANK = -1 }; /* an answer that was not given (JSON null, or a key left out inside an instrument) */

struct stepcare_instruments {
    bool has_start_back_9, has_start_back_6, has_start_msk, has_phq_9, has_gad_7, has_hads, has_fibromyalgia_2016,
        has_cwp_1990, has_axial_spa;
    int8_t start_back_9[9];                                       /* 0-1, the last raw 0-4 */
    int8_t start_back_6[6];                                       /* items 1, 3, 4, 7, 8 as 0-1, then item 9 raw 0-4 */
    int8_t start_msk;                                             /* 0-12 */
    int8_t phq_9[9];                                              /* 0-3 */
    int8_t gad_7[7];                                              /* 0-3 */
    int8_t hads_anxiety, hads_depression;                         /* 0-21 */
    int8_t widespread_pain_index, symptom_severity, pain_regions; /* 0-19, 0-12, 0-5 */
    int16_t fibromyalgia_months;                                  /* 0-1200 */
    bool cwp_1990;
    int16_t axspa_onset_age;       /* years, 0-130 */
    int16_t axspa_duration_months; /* 0-1200 */
    uint32_t axspa_features;       /* mask */
    enum stepcare_hla_b27 hla_b27; /* NONE where left out: read as unknown */
};

struct stepcare_override {
    bool present;
    enum stepcare_tier tier;
    enum stepcare_service service;
    struct stepcare_text reason;    /* absent or empty: not given */
    struct stepcare_text clinician; /* absent or empty: not given */
};

struct stepcare_referral {
    struct stepcare_text message_id;
    enum stepcare_source source;
    struct stepcare_text organisation, practitioner, reference;
    int64_t referred_at_ms;         /* Unix time, UTC */
    int16_t referred_at_offset_min; /* the zone it was written in: age counts on the date as written */
    struct stepcare_text nhs_number, family_name, given_name, postcode, phone;
    struct stepcare_date birth_date;
    bool pregnant;
    bool has_pregnant;          /* false where the field was left out */
    bool nhs_number_unverified; /* derived: the modulus-11 check digit does not fit */
    enum stepcare_problem problem;
    int16_t duration_weeks;
    bool red_flags_screened;
    uint32_t red_flags, findings, history, preferences; /* masks */
    struct stepcare_instruments instruments;
    struct stepcare_override override;
    struct stepcare_text letter;
};

/* One failing field of a rejected referral or command: its path ("instruments.phq_9[3]") and a sentence.
 * Texts never repeat the patient's data. */
struct stepcare_field_error {
    char field[64];
    char problem[128];
};

struct stepcare_field_errors {
    unsigned count;   /* named below */
    unsigned dropped; /* found beyond STEPCARE_ERRORS_MAX */
    struct stepcare_field_error items[STEPCARE_ERRORS_MAX];
};

/* Purpose: append one failing field, printf-like problem. Never fails: past the limit it counts. */
void stepcare_field_errors_add(struct stepcare_field_errors *errors, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
