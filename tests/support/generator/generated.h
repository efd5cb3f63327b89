/* Inside the referral generator: the line being written, and its parts. Not for others. */
#ifndef TESTS_SUPPORT_GENERATOR_GENERATED_H
#define TESTS_SUPPORT_GENERATOR_GENERATED_H

#include "stepcare/codes.h"
#include "tests/support/random.h"

#include <string.h>

struct generated_line {
    char *at; /* room is REFERRAL_GENERATOR_LINE_BYTES_MAX, and every part is bounded well below */
};

static inline void generated_text(struct generated_line *line, const char *text)
{
    size_t bytes = strlen(text);
    memcpy(line->at, text, bytes);
    line->at += bytes;
}

static inline void generated_number(struct generated_line *line, uint64_t number, unsigned digits_min)
{
    char digits[20];
    unsigned count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || count < digits_min);
    while (count > 0) *line->at++ = digits[--count];
}

/* What is wrong with a line on purpose. */
enum generated_mistake {
    MISTAKE_NONE,
    MISTAKE_BROKEN_JSON,
    MISTAKE_FIELD_TYPO,   /* "red_flag", "phq9": unknown fields */
    MISTAKE_ANSWER_RANGE, /* a PHQ-9 answer of 4 */
    MISTAKE_ANSWER_COUNT, /* eight PHQ-9 answers */
    MISTAKE_NAME_MISSING,
    MISTAKE_BIRTH_DATE,  /* 31 February */
    MISTAKE_REFERRED_AT, /* no zone */
    MISTAKE_SOURCE,      /* not one of the three */
    MISTAKE_FLAG_UNKNOWN,
    MISTAKE_DURATION,     /* below zero */
    MISTAKE_ORGANISATION, /* too short */
    MISTAKE_COUNT
};

struct generated_patient {
    unsigned age_years;
    bool pregnant, pregnant_known;
};

/* Numbers the streams of random.h that a line draws from. */
enum { STREAM_KIND, STREAM_PATIENT, STREAM_CLINIC, STREAM_LETTER, STREAM_IDENTITY, STREAM_CLINIC_CHANGED };

/* Purpose: ,"patient":{…} of patient number `index`; the same number is the same person. */
struct generated_patient generated_patient_write(struct generated_line *line, uint64_t seed, uint64_t index,
                                                 int year_now, enum generated_mistake mistake);
/* Purpose: everything clinical, from ,"problem" to ,"override". */
void generated_clinic_write(struct generated_line *line, struct random *random, enum stepcare_source source,
                            const struct generated_patient *patient, bool emergency, enum generated_mistake mistake);
/* Purpose: ,"instruments":{…}. severity and distress are 0-100. */
void generated_instruments_write(struct generated_line *line, struct random *random, enum stepcare_source source,
                                 enum stepcare_problem problem, int severity, int distress,
                                 enum generated_mistake mistake);
/* Purpose: ,"letter":"…" of about `bytes` bytes; nothing for 0. */
void generated_letter_write(struct generated_line *line, struct random *random, unsigned bytes);

#endif
