/* Totals, classes and bands of the instruments by the file's rules: for the facts of decisions and for baselines. */
#include "pathway/instruments.h"

/* --- STarT Back: which classes the completions of the blanks have ------------------------------------------------- */

/* Adds an answered item to both ends of the range, and a blank to the upper end alone. */
static void item_add(int8_t answer, struct instrument_range positive, int16_t *least, int16_t *most)
{
    if (answer == STEPCARE_BLANK) {
        (*most)++;
    } else if (instrument_range_has(positive, answer)) {
        (*least)++;
        (*most)++;
    }
}

static const struct instrument_range yes = {1, 1};

static enum stepcare_risk start_back_9_class(const struct instrument_rules *rules, int total, int subscale)
{
    if (instrument_range_has(rules->start_back_9.low_total, total)) return STEPCARE_RISK_LOW;
    return instrument_range_has(rules->start_back_9.high_subscale, subscale) ? STEPCARE_RISK_HIGH
                                                                             : STEPCARE_RISK_MEDIUM;
}

/* One class: it counts; several: the most intensive. The class depends on the two sums alone, so all completions are
 * covered by all pairs of sums. */
struct instrument_class instrument_start_back_9(const struct instrument_rules *rules,
                                                const struct stepcare_instruments *instruments)
{
    enum { ITEMS = 9, SUBSCALE_FIRST = 4 }; /* the subscale is items 5 to 9 */
    struct instrument_class out = {0};
    int16_t rest_least = 0, rest_most = 0;
    unsigned classes = 0, blanks = 0;
    if (!instruments->has_start_back_9) return out;
    for (unsigned i = 0; i < ITEMS; i++) {
        int8_t answer = instruments->start_back_9[i];
        struct instrument_range positive = i == ITEMS - 1 ? rules->start_back_9.item_9_positive : yes;
        blanks += answer == STEPCARE_BLANK;
        if (i < SUBSCALE_FIRST)
            item_add(answer, positive, &rest_least, &rest_most);
        else
            item_add(answer, positive, &out.subscale_least, &out.subscale_most);
    }
    for (int subscale = out.subscale_least; subscale <= out.subscale_most; subscale++)
        for (int rest = rest_least; rest <= rest_most; rest++)
            classes |= STEPCARE_BIT(start_back_9_class(rules, subscale + rest, subscale));
    out.total_least = (int16_t)(rest_least + out.subscale_least);
    out.total_most = (int16_t)(rest_most + out.subscale_most);
    out.class = (uint8_t)(32 - __builtin_clz(classes));
    out.answers = blanks == 0                      ? ANSWERS_COMPLETE
                  : (classes & (classes - 1)) == 0 ? ANSWERS_PARTIAL
                                                   : ANSWERS_INDETERMINATE;
    return out;
}

struct instrument_class instrument_start_back_6(const struct instrument_rules *rules,
                                                const struct stepcare_instruments *instruments)
{
    enum { ITEMS = 6 };
    struct instrument_class out = {0};
    bool can_be_low = false, can_be_not_low = false;
    unsigned blanks = 0;
    if (!instruments->has_start_back_6) return out;
    for (unsigned i = 0; i < ITEMS; i++) {
        blanks += instruments->start_back_6[i] == STEPCARE_BLANK;
        item_add(instruments->start_back_6[i], i == ITEMS - 1 ? rules->start_back_6.item_9_positive : yes,
                 &out.total_least, &out.total_most);
    }
    for (int total = out.total_least; total <= out.total_most; total++) {
        bool not_low = instrument_range_has(rules->start_back_6.not_low_total, total);
        can_be_low |= !not_low;
        can_be_not_low |= not_low;
    }
    out.class = can_be_not_low ? NOT_LOW_NOT_LOW : NOT_LOW_LOW;
    out.answers = blanks == 0                    ? ANSWERS_COMPLETE
                  : can_be_low && can_be_not_low ? ANSWERS_INDETERMINATE
                                                 : ANSWERS_PARTIAL;
    return out;
}

enum stepcare_risk instrument_start_msk(const struct instrument_rules *rules,
                                        const struct stepcare_instruments *instruments)
{
    if (!instruments->has_start_msk || instruments->start_msk == STEPCARE_BLANK) return STEPCARE_RISK_NONE;
    if (instrument_range_has(rules->start_msk.high, instruments->start_msk)) return STEPCARE_RISK_HIGH;
    return instrument_range_has(rules->start_msk.medium, instruments->start_msk) ? STEPCARE_RISK_MEDIUM
                                                                                 : STEPCARE_RISK_LOW;
}

/* --- totals ------------------------------------------------------------------------------------------------------- */

static struct instrument_total scale_total(const struct instrument_scale *scale, const int8_t *items, unsigned count)
{
    unsigned answered = 0, sum = 0;
    for (unsigned i = 0; i < count; i++) {
        if (items[i] == STEPCARE_BLANK) continue;
        answered++;
        sum += (unsigned)items[i];
    }
    uint8_t blanks = (uint8_t)(count - answered);
    if (blanks == 0) return (struct instrument_total){(int16_t)sum, SCORED_COMPLETE, 0};
    if (blanks > scale->blanks_imputed || answered == 0)
        return (struct instrument_total){(int16_t)sum, SCORED_NOT, blanks};
    /* mean of the answered x items, rounded half up, in integers */
    return (struct instrument_total){(int16_t)((2 * sum * count + answered) / (2 * answered)), SCORED_IMPUTED, blanks};
}

struct instrument_total instrument_phq_9(const struct instrument_rules *rules,
                                         const struct stepcare_instruments *instruments)
{
    if (!instruments->has_phq_9) return (struct instrument_total){STEPCARE_BLANK, SCORED_NONE, 0};
    return scale_total(&rules->phq_9, instruments->phq_9, 9);
}

struct instrument_total instrument_gad_7(const struct instrument_rules *rules,
                                         const struct stepcare_instruments *instruments)
{
    if (!instruments->has_gad_7) return (struct instrument_total){STEPCARE_BLANK, SCORED_NONE, 0};
    return scale_total(&rules->gad_7, instruments->gad_7, 7);
}

int16_t instrument_hads(const struct stepcare_instruments *instruments)
{
    if (!instruments->has_hads) return STEPCARE_BLANK;
    return instruments->hads_anxiety > instruments->hads_depression ? instruments->hads_anxiety
                                                                    : instruments->hads_depression;
}

/* --- criteria: a blank meets none --------------------------------------------------------------------------------- */

static bool answered_in(struct instrument_range range, int value)
{
    return value != STEPCARE_BLANK && instrument_range_has(range, value);
}

bool instrument_fibromyalgia_met(const struct instrument_rules *rules, const struct stepcare_instruments *instruments)
{
    if (!instruments->has_fibromyalgia_2016 ||
        !answered_in(rules->fibromyalgia_2016.pain_regions, instruments->pain_regions) ||
        !answered_in(rules->fibromyalgia_2016.duration_months, instruments->fibromyalgia_months))
        return false;
    for (unsigned i = 0; i < rules->fibromyalgia_2016.criterion_count; i++)
        if (answered_in(rules->fibromyalgia_2016.criteria[i].widespread_pain_index,
                        instruments->widespread_pain_index) &&
            answered_in(rules->fibromyalgia_2016.criteria[i].symptom_severity, instruments->symptom_severity))
            return true;
    return false;
}

int16_t instrument_axial_spa_features(const struct instrument_rules *rules,
                                      const struct stepcare_instruments *instruments)
{
    if (!instruments->has_axial_spa || !answered_in(rules->axial_spa.onset_age, instruments->axspa_onset_age) ||
        !answered_in(rules->axial_spa.duration_months, instruments->axspa_duration_months))
        return 0;
    return (int16_t)(__builtin_popcount(instruments->axspa_features) +
                     (answered_in(rules->axial_spa.young_onset_age, instruments->axspa_onset_age) ? 1 : 0));
}

/* --- bands -------------------------------------------------------------------------------------------------------- */

const char *instrument_band(const struct instrument_scale *scale, int value)
{
    const char *name = NULL;
    for (unsigned i = 0; i < scale->cut_off_count; i++)
        if (value >= scale->cut_offs[i].from) name = scale->cut_offs[i].name;
    return name;
}

bool instrument_cut_off_find(const struct instrument_scale *scale, const char *name, size_t bytes, int16_t *out_from)
{
    for (unsigned i = 0; i < scale->cut_off_count; i++) {
        if (strlen(scale->cut_offs[i].name) != bytes || memcmp(scale->cut_offs[i].name, name, bytes) != 0) continue;
        *out_from = scale->cut_offs[i].from;
        return true;
    }
    return false;
}
