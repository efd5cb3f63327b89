/* Scoring. Every cut-off comes from the pathway file. A blank never yields less care than every way of filling it:
 * STarT Back takes the most intensive class that some completion has; totals are imputed over few blanks, else stand
 * for what the answered items alone reach. Pure.
 * Source: the pathway file's `instruments` names one for each. */
#ifndef PATHWAY_INSTRUMENTS_H
#define PATHWAY_INSTRUMENTS_H

#include "stepcare/referral.h"

struct instrument_range {
    int16_t least, most; /* inclusive */
};

struct instrument_cut_off {
    const char *name;
    int16_t from;
};

enum { INSTRUMENT_CUT_OFFS_MAX = 8, FIBROMYALGIA_CRITERIA_MAX = 4 };

struct instrument_scale {
    int16_t maximum;
    uint8_t blanks_imputed;
    uint8_t cut_off_count;
    struct instrument_cut_off cut_offs[INSTRUMENT_CUT_OFFS_MAX]; /* ascending */
};

struct instrument_rules {
    struct {
        struct instrument_range item_9_positive, low_total, high_subscale;
    } start_back_9;
    struct {
        struct instrument_range item_9_positive, not_low_total;
    } start_back_6;
    struct {
        struct instrument_range medium, high;
        int16_t maximum;
    } start_msk;
    struct instrument_scale phq_9, gad_7, hads;
    struct {
        unsigned criterion_count;
        struct {
            struct instrument_range widespread_pain_index, symptom_severity;
        } criteria[FIBROMYALGIA_CRITERIA_MAX];
        struct instrument_range pain_regions, duration_months;
    } fibromyalgia_2016;
    struct {
        struct instrument_range onset_age, duration_months, young_onset_age;
    } axial_spa;
};

/* The order is that of the choices in table_input.h. */
enum answers { ANSWERS_NONE, ANSWERS_COMPLETE, ANSWERS_PARTIAL, ANSWERS_INDETERMINATE };
enum scored { SCORED_NONE, SCORED_COMPLETE, SCORED_IMPUTED, SCORED_NOT };
enum not_low { NOT_LOW_NONE, NOT_LOW_LOW, NOT_LOW_NOT_LOW };

/* least and most: the totals over all completions of the blanks. */
struct instrument_class {
    uint8_t class; /* enum stepcare_risk, for the 6-item form enum not_low; 0 where the form was not sent */
    enum answers answers;
    int16_t total_least, total_most, subscale_least, subscale_most;
};

struct instrument_total {
    int16_t value; /* total; where not scored, what the answered items reach; STEPCARE_BLANK where not sent */
    enum scored scored;
    uint8_t blanks;
};

static inline bool instrument_range_has(struct instrument_range range, int value)
{
    return value >= range.least && value <= range.most;
}

struct instrument_class instrument_start_back_9(const struct instrument_rules *rules,
                                                const struct stepcare_instruments *instruments);
struct instrument_class instrument_start_back_6(const struct instrument_rules *rules,
                                                const struct stepcare_instruments *instruments);
enum stepcare_risk instrument_start_msk(const struct instrument_rules *rules,
                                        const struct stepcare_instruments *instruments);
struct instrument_total instrument_phq_9(const struct instrument_rules *rules,
                                         const struct stepcare_instruments *instruments);
struct instrument_total instrument_gad_7(const struct instrument_rules *rules,
                                         const struct stepcare_instruments *instruments);
/* The highest answered subscale; STEPCARE_BLANK if none is. */
int16_t instrument_hads(const struct stepcare_instruments *instruments);
bool instrument_fibromyalgia_met(const struct instrument_rules *rules, const struct stepcare_instruments *instruments);
/* Features of axial spondyloarthritis, young onset included; 0 where onset or duration exclude it or are blank. */
int16_t instrument_axial_spa_features(const struct instrument_rules *rules,
                                      const struct stepcare_instruments *instruments);

/* The name of the highest cut-off that a value reaches; NULL below the first. */
const char *instrument_band(const struct instrument_scale *scale, int value);
bool instrument_cut_off_find(const struct instrument_scale *scale, const char *name, size_t bytes, int16_t *out_from);

#endif
