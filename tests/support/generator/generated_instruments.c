/* Instruments with answers that hang together: one severity and one distress behind them all, noise on each answer. */
#include "tests/support/generator/generated.h"

#define NAME_OF(number, NAME, name) name,
static const char *const FEATURES[] = {STEPCARE_AXSPA_FEATURES(NAME_OF)};
static const char *const HLA_B27S[] = {STEPCARE_HLA_B27S(NAME_OF)};

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* An answer from 0 to highest, where `level` (0-100) is how strongly this patient tends to answer high. */
static int answer_pick(struct random *random, int level, int highest)
{
    return clamp((level * (highest + 1) + random_between(random, -60, 60) * (highest + 1) / 2) / 100, 0, highest);
}

/* ,"name":[…]; blanks: how many answers were left out. */
static void answers_write(struct generated_line *line, struct random *random, const char *name, const int *answers,
                          unsigned count, unsigned blanks)
{
    unsigned blank_from = blanks > 0 ? random_below(random, count) : count;
    generated_text(line, name);
    for (unsigned i = 0; i < count; i++) {
        generated_text(line, i == 0 ? "[" : ",");
        if ((i + count - blank_from) % count < blanks)
            generated_text(line, "null");
        else
            generated_number(line, (uint64_t)answers[i], 1);
    }
    generated_text(line, "]");
}

static unsigned blanks_pick(struct random *random)
{
    unsigned roll = random_below(random, 100);
    return roll < 93 ? 0 : roll < 97 ? 1 : roll < 99 ? 2 : 3;
}

static void start_back_write(struct generated_line *line, struct random *random, int severity, int distress, bool nine)
{
    int items[9];
    for (int i = 0; i < 8; i++) items[i] = random_percent(random, (unsigned)(i < 4 ? severity : distress));
    items[8] = answer_pick(random, (severity + distress) / 2, 4);
    if (nine) {
        answers_write(line, random, ",\"start_back_9\":", items, 9, blanks_pick(random));
        return;
    }
    const int six[6] = {items[0], items[2], items[3], items[6], items[7], items[8]};
    answers_write(line, random, ",\"start_back_6\":", six, 6, blanks_pick(random));
}

static void mood_write(struct generated_line *line, struct random *random, int distress, enum generated_mistake mistake)
{
    int items[9];
    for (int i = 0; i < 9; i++) items[i] = answer_pick(random, distress, 3);
    items[8] = answer_pick(random, distress - 55, 3); /* thoughts of self-harm are far rarer than the rest */
    if (mistake == MISTAKE_ANSWER_RANGE) items[random_below(random, 9)] = 4;
    answers_write(line, random, mistake == MISTAKE_FIELD_TYPO ? ",\"phq9\":" : ",\"phq_9\":", items,
                  mistake == MISTAKE_ANSWER_COUNT ? 8 : 9, mistake == MISTAKE_ANSWER_RANGE ? 0 : blanks_pick(random));
    if (!random_percent(random, 92)) return;
    for (int i = 0; i < 7; i++) items[i] = answer_pick(random, distress, 3);
    answers_write(line, random, ",\"gad_7\":", items, 7, blanks_pick(random));
}

static void pair_write(struct generated_line *line, const char *name, int value)
{
    generated_text(line, name);
    generated_number(line, (uint64_t)value, 1);
}

static void hads_write(struct generated_line *line, struct random *random, int distress)
{
    pair_write(line, ",\"hads\":{\"anxiety\":", clamp(distress / 5 + random_between(random, -3, 4), 0, 21));
    pair_write(line, ",\"depression\":", clamp(distress / 6 + random_between(random, -3, 4), 0, 21));
    generated_text(line, "}");
}

static void widespread_write(struct generated_line *line, struct random *random, int severity)
{
    if (random_percent(random, 80)) {
        int widespread_pain_index = clamp(severity / 6 + random_between(random, -2, 5), 0, 19);
        pair_write(line, ",\"fibromyalgia_2016\":{\"widespread_pain_index\":", widespread_pain_index);
        pair_write(line, ",\"symptom_severity\":", clamp(severity / 9 + random_between(random, -2, 4), 0, 12));
        pair_write(line, ",\"pain_regions\":", clamp(widespread_pain_index / 3 + random_between(random, 0, 2), 0, 5));
        pair_write(line, ",\"duration_months\":", random_between(random, 2, 120));
        generated_text(line, "}");
    }
    if (random_percent(random, 35))
        generated_text(line, random_percent(random, 70) ? ",\"cwp_1990\":true" : ",\"cwp_1990\":false");
}

static void axial_spa_write(struct generated_line *line, struct random *random)
{
    pair_write(line, ",\"axial_spa\":{\"onset_age\":", random_between(random, 18, 48));
    pair_write(line, ",\"duration_months\":", random_between(random, 2, 60));
    generated_text(line, ",\"features\":[");
    const char *comma = "";
    for (unsigned i = 0; i < sizeof(FEATURES) / sizeof(FEATURES[0]); i++) {
        if (!random_percent(random, 32)) continue;
        generated_text(line, comma);
        generated_text(line, "\"");
        generated_text(line, FEATURES[i]);
        generated_text(line, "\"");
        comma = ",";
    }
    generated_text(line, "]");
    if (random_percent(random, 60)) {
        generated_text(line, ",\"hla_b27\":\"");
        generated_text(line, RANDOM_PICK(random, HLA_B27S));
        generated_text(line, "\"");
    }
    generated_text(line, "}");
}

/* Which stratifying tool comes along, in percent. Practices use the six-item form of the IMPaCT Back study, MSK
 * services the full one. */
static void stratifier_write(struct generated_line *line, struct random *random, enum stepcare_source source,
                             enum stepcare_problem problem, int severity, int distress)
{
    if (problem == STEPCARE_PROBLEM_LOW_BACK_PAIN) {
        bool practice = source == STEPCARE_SOURCE_GP;
        if (random_percent(random, practice ? 45 : 80)) start_back_write(line, random, severity, distress, true);
        if (random_percent(random, practice ? 50 : 5)) start_back_write(line, random, severity, distress, false);
        return;
    }
    if (random_percent(random, source == STEPCARE_SOURCE_RHEUMATOLOGY ? 30 : 75))
        pair_write(line,
                   ",\"start_msk\":", clamp((severity + distress) * 12 / 200 + random_between(random, -2, 3), 0, 12));
    if (random_percent(random, 2)) /* the wrong tool for the site */
        start_back_write(line, random, severity, distress, true);
}

void generated_instruments_write(struct generated_line *line, struct random *random, enum stepcare_source source,
                                 enum stepcare_problem problem, int severity, int distress,
                                 enum generated_mistake mistake)
{
    bool rheumatology = source == STEPCARE_SOURCE_RHEUMATOLOGY;
    bool mood_needed =
        mistake == MISTAKE_ANSWER_RANGE || mistake == MISTAKE_ANSWER_COUNT || mistake == MISTAKE_FIELD_TYPO;
    generated_text(line, ",\"instruments\":{");
    char *first = line->at;
    stratifier_write(line, random, source, problem, severity, distress);
    if (mood_needed || random_percent(random, rheumatology ? 35 : 65)) mood_write(line, random, distress, mistake);
    if (random_percent(random, rheumatology ? 50 : 4)) hads_write(line, random, distress);
    if (problem == STEPCARE_PROBLEM_CHRONIC_WIDESPREAD_PAIN) widespread_write(line, random, severity);
    if (random_percent(random, rheumatology ? 12 : 4)) axial_spa_write(line, random);
    if (line->at > first) { /* each part begins with a comma: the first one is one too many */
        memmove(first, first + 1, (size_t)(line->at - first - 1));
        line->at--;
    }
    generated_text(line, "}");
}
