/* Scoring by the default pathway: cut-offs from both sides, blanks, rounding. */
#include "pathway/internal.h"
#include "pathway/pathway.h"

#include <criterion/criterion.h>

#define B STEPCARE_BLANK

static struct pathway *pathway;

static void open_default(void)
{
    char message[2000] = "";
    cr_assert_eq(pathway_open_default(message, sizeof message, &pathway), STEPCARE_OK, "%s", message);
}

static void close_default(void)
{
    pathway_close(pathway);
}

TestSuite(instruments, .init = open_default, .fini = close_default);

struct start_back_9_case {
    int8_t items[9];
    enum stepcare_risk risk;
    enum answers answers;
};

Test(instruments, start_back_9_classes_by_total_and_subscale)
{
    static const struct start_back_9_case cases[] = {
        {{0, 0, 0, 0, 0, 0, 0, 0, 0}, STEPCARE_RISK_LOW, ANSWERS_COMPLETE},
        {{1, 1, 1, 0, 0, 0, 0, 0, 2}, STEPCARE_RISK_LOW, ANSWERS_COMPLETE},
        {{1, 1, 1, 0, 0, 0, 0, 0, 3}, STEPCARE_RISK_MEDIUM, ANSWERS_COMPLETE},
        {{1, 1, 1, 1, 0, 0, 0, 0, 0}, STEPCARE_RISK_MEDIUM, ANSWERS_COMPLETE},
        {{0, 0, 0, 0, 1, 1, 1, 0, 2}, STEPCARE_RISK_LOW, ANSWERS_COMPLETE},
        {{0, 0, 0, 0, 1, 1, 1, 0, 3}, STEPCARE_RISK_HIGH, ANSWERS_COMPLETE},
        {{1, 1, 1, 1, 1, 1, 1, 0, 2}, STEPCARE_RISK_MEDIUM, ANSWERS_COMPLETE},
        {{0, 0, 0, 0, 1, 1, 1, 1, 0}, STEPCARE_RISK_HIGH, ANSWERS_COMPLETE},
        {{1, 1, 1, 1, B, B, 0, 0, 1}, STEPCARE_RISK_MEDIUM, ANSWERS_PARTIAL},
        {{1, 0, 1, 1, 0, B, 0, 0, 1}, STEPCARE_RISK_MEDIUM, ANSWERS_INDETERMINATE},
        {{0, 0, 0, 0, 1, 1, 1, 1, B}, STEPCARE_RISK_HIGH, ANSWERS_PARTIAL},
        {{0, 0, 0, 0, 1, 1, 1, 0, B}, STEPCARE_RISK_HIGH, ANSWERS_INDETERMINATE},
        {{B, B, B, 0, 0, 0, 0, 0, 0}, STEPCARE_RISK_LOW, ANSWERS_PARTIAL},
        {{B, B, B, B, B, B, B, B, B}, STEPCARE_RISK_HIGH, ANSWERS_INDETERMINATE},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_instruments instruments = {.has_start_back_9 = true};
        memcpy(instruments.start_back_9, cases[i].items, 9);
        struct instrument_class got = instrument_start_back_9(&pathway->instruments, &instruments);
        cr_expect_eq(got.class, cases[i].risk, "case %u: class %u", i, got.class);
        cr_expect_eq(got.answers, cases[i].answers, "case %u: answers %u", i, got.answers);
    }
}

/* The brute-force way: every completion by itself. */
static unsigned classes_by_completion(struct stepcare_instruments instruments)
{
    for (unsigned i = 0; i < 9; i++) {
        if (instruments.start_back_9[i] != B) continue;
        instruments.start_back_9[i] = 0;
        unsigned without = classes_by_completion(instruments);
        instruments.start_back_9[i] = i == 8 ? 4 : 1;
        return without | classes_by_completion(instruments);
    }
    return STEPCARE_BIT(instrument_start_back_9(&pathway->instruments, &instruments).class);
}

Test(instruments, start_back_9_with_blanks_covers_exactly_its_completions)
{
    static const int8_t last[] = {0, 2, 3, 4, B};
    for (unsigned code = 0; code < 6561; code += 7) { /* three answers each for eight items */
        for (unsigned l = 0; l < 5; l++) {
            struct stepcare_instruments instruments = {.has_start_back_9 = true};
            unsigned rest = code;
            for (unsigned i = 0; i < 8; i++, rest /= 3)
                instruments.start_back_9[i] = (int8_t)(rest % 3) == 2 ? B : (int8_t)(rest % 3);
            instruments.start_back_9[8] = last[l];
            struct instrument_class got = instrument_start_back_9(&pathway->instruments, &instruments);
            unsigned classes = classes_by_completion(instruments);
            cr_assert_eq(got.class, 32 - __builtin_clz(classes));
            cr_assert_eq(got.answers == ANSWERS_INDETERMINATE, (classes & (classes - 1)) != 0);
        }
    }
}

Test(instruments, start_back_6_is_not_low_from_three)
{
    static const struct {
        int8_t items[6];
        enum not_low class;
        enum answers answers;
    } cases[] = {
        {{1, 1, 0, 0, 0, 2}, NOT_LOW_LOW, ANSWERS_COMPLETE},
        {{1, 1, 0, 0, 0, 3}, NOT_LOW_NOT_LOW, ANSWERS_COMPLETE},
        {{1, 1, B, 0, 0, 0}, NOT_LOW_NOT_LOW, ANSWERS_INDETERMINATE},
        {{1, 1, 1, B, 0, 0}, NOT_LOW_NOT_LOW, ANSWERS_PARTIAL},
        {{1, 0, B, 0, 0, 0}, NOT_LOW_LOW, ANSWERS_PARTIAL},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_instruments instruments = {.has_start_back_6 = true};
        memcpy(instruments.start_back_6, cases[i].items, 6);
        struct instrument_class got = instrument_start_back_6(&pathway->instruments, &instruments);
        cr_expect_eq(got.class, cases[i].class, "case %u", i);
        cr_expect_eq(got.answers, cases[i].answers, "case %u", i);
    }
}

Test(instruments, start_msk_bands)
{
    static const enum stepcare_risk bands[13] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
    for (int8_t total = 0; total <= 12; total++) {
        struct stepcare_instruments instruments = {.has_start_msk = true, .start_msk = total};
        cr_expect_eq(instrument_start_msk(&pathway->instruments, &instruments), bands[total], "total %d", total);
    }
}

Test(instruments, phq_9_imputes_two_blanks_rounding_half_up_and_no_more)
{
    static const struct {
        int8_t items[9];
        int value;
        enum scored scored;
    } cases[] = {
        {{1, 1, 1, 1, 1, 1, 1, 1, 1}, 9, SCORED_COMPLETE},
        {{1, 1, 1, 1, 1, 1, 1, 1, B}, 9, SCORED_IMPUTED},
        {{1, 0, 0, 0, 0, 0, 0, 0, B}, 1, SCORED_IMPUTED}, /* 1.125 */
        {{1, 1, 1, 1, 0, 0, 0, 0, B}, 5, SCORED_IMPUTED}, /* 4.5: half goes up */
        {{3, 3, 3, 3, 3, 3, 3, B, B}, 27, SCORED_IMPUTED},
        {{2, 2, 2, 1, 0, 0, 0, B, B}, 9, SCORED_IMPUTED}, /* 7 x 9 / 7 */
        {{1, 1, 1, 1, 1, 0, 0, B, B}, 6, SCORED_IMPUTED}, /* 6.43 */
        {{3, 3, 3, 1, 0, 0, B, B, B}, 10, SCORED_NOT},    /* what is answered */
        {{B, B, B, B, B, B, B, B, B}, 0, SCORED_NOT},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_instruments instruments = {.has_phq_9 = true};
        memcpy(instruments.phq_9, cases[i].items, 9);
        struct instrument_total got = instrument_phq_9(&pathway->instruments, &instruments);
        cr_expect_eq(got.value, cases[i].value, "case %u: %d", i, got.value);
        cr_expect_eq(got.scored, cases[i].scored, "case %u", i);
        cr_expect_eq(pathway_phq_9_total(pathway, &instruments), cases[i].scored == SCORED_NOT ? B : cases[i].value);
    }
}

Test(instruments, gad_7_half_goes_up)
{
    struct stepcare_instruments instruments = {.has_gad_7 = true, .gad_7 = {3, 0, 0, 0, 0, 0, B}};
    cr_assert_eq(pathway_gad_7_total(pathway, &instruments), 4, "3.5");
    instruments.has_gad_7 = false;
    cr_assert_eq(pathway_gad_7_total(pathway, &instruments), B);
}

Test(instruments, fibromyalgia_2016_border)
{
    static const struct {
        int8_t index, severity, regions;
        int16_t months;
        bool met;
    } cases[] = {
        {7, 5, 4, 3, true},   {6, 5, 4, 3, false},  {7, 4, 4, 3, false},  {7, 5, 3, 3, false},     {7, 5, 4, 2, false},
        {6, 9, 4, 3, true},   {4, 9, 4, 3, true},   {3, 9, 4, 3, false},  {6, 8, 4, 3, false},     {B, 9, 5, 9, false},
        {12, B, 5, 9, false}, {12, 8, B, 9, false}, {12, 8, 5, B, false}, {19, 12, 5, 1200, true},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_instruments instruments = {.has_fibromyalgia_2016 = true,
                                                   .widespread_pain_index = cases[i].index,
                                                   .symptom_severity = cases[i].severity,
                                                   .pain_regions = cases[i].regions,
                                                   .fibromyalgia_months = cases[i].months};
        cr_expect_eq(instrument_fibromyalgia_met(&pathway->instruments, &instruments), cases[i].met, "case %u", i);
    }
}

Test(instruments, axial_spa_counts_with_young_onset_and_only_within_its_bounds)
{
    static const struct {
        int16_t onset, months, expected;
    } cases[] = {{34, 4, 4}, {35, 4, 3}, {44, 4, 3}, {45, 4, 0}, {34, 3, 0}, {B, 9, 0}, {30, B, 0}};

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_instruments instruments = {.has_axial_spa = true,
                                                   .axspa_onset_age = cases[i].onset,
                                                   .axspa_duration_months = cases[i].months,
                                                   .axspa_features = 7};
        cr_expect_eq(instrument_axial_spa_features(&pathway->instruments, &instruments), cases[i].expected, "case %u",
                     i);
    }
}

Test(instruments, bands_are_named_by_the_highest_cut_off)
{
    cr_assert_null(instrument_band(&pathway->instruments.phq_9, 4));
    cr_assert_str_eq(instrument_band(&pathway->instruments.phq_9, 9), "mild");
    cr_assert_str_eq(instrument_band(&pathway->instruments.phq_9, 10), "case");
    cr_assert_str_eq(instrument_band(&pathway->instruments.hads, 10), "borderline");
    cr_assert_str_eq(instrument_band(&pathway->instruments.hads, 11), "case");
}
