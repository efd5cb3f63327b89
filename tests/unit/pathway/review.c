/* Review rules at their borders, by the default pathway. */
#include "tests/support/pathway_case.h"

TestSuite(review, .init = pathway_begin, .fini = pathway_finish);

enum { B = STEPCARE_BLANK };

static struct stepcare_review review_of(enum stepcare_tier tier)
{
    return (struct stepcare_review){.tier = tier,
                                    .contact = B,
                                    .max_contacts = B,
                                    .week = B,
                                    .phq_9 = {B, B},
                                    .gad_7 = {B, B},
                                    .rmdq = {B, B},
                                    .nrs = {B, B},
                                    .phq_9_item_9 = B};
}

/* "step_up to hi_cbt routine, psychological.8: NO_REL_CHANGE; hold safety_review" */
static const char *recommendation_text(const struct stepcare_review *review)
{
    static char text[DECISION_TEXT_BYTES];
    struct stepcare_recommendation recommendation;
    size_t used;
    pathway_decide_review(pathway, review, &recommendation);
    used = (size_t)snprintf(text, sizeof text, "%s", stepcare_code_name(&stepcare_actions, recommendation.action));
    if (recommendation.to.tier != STEPCARE_TIER_NONE) {
        used += (size_t)snprintf(text + used, sizeof text - used, " to ");
        used = placement_append(text, used, recommendation.to);
    }
    used += (size_t)snprintf(text + used, sizeof text - used, ", %s:", recommendation.rule);
    for (unsigned i = 0; i < recommendation.code_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %s", recommendation.codes[i]);
    names_append(text, used, "; hold", &stepcare_holds, recommendation.holds);
    return text;
}

#define EXPECT_RECOMMENDATION(review, expected)                                                                        \
    do {                                                                                                               \
        const char *got_ = recommendation_text(&(review));                                                             \
        cr_expect_str_eq(got_, expected, "got      %s\nexpected %s", got_, expected);                                  \
    } while (0)

struct psychological_case {
    enum stepcare_tier tier;
    int16_t contact, phq_9[2], gad_7[2];
    const char *expected;
};

static void psychological_check(const struct psychological_case *cases, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct stepcare_review review = review_of(cases[i].tier);
        review.contact = cases[i].contact;
        review.max_contacts = 8;
        memcpy(review.phq_9, cases[i].phq_9, sizeof review.phq_9);
        memcpy(review.gad_7, cases[i].gad_7, sizeof review.gad_7);
        EXPECT_RECOMMENDATION(review, cases[i].expected);
    }
}

#define T STEPCARE_TIER_T_CBT
#define H STEPCARE_TIER_HI_CBT

Test(review, psychological_change_is_reliable_from_six_and_four_points)
{
    static const struct psychological_case cases[] = {
        {T, 3, {12, 17}, {10, 10}, "continue, psychological.8:"},
        {T, 3, {12, 18}, {10, 10}, "step_up to hi_cbt routine, psychological.3: REL_DETERIORATION"},
        {T, 3, {12, 12}, {10, 13}, "continue, psychological.8:"},
        {T, 3, {12, 12}, {10, 14}, "step_up to hi_cbt routine, psychological.3: REL_DETERIORATION"},
        {H, 3, {12, 18}, {10, 14}, "step_up to secondary_care/pain routine, psychological.3: REL_DETERIORATION"},
        {T, 3, {18, 12}, {10, 14}, "clinician_review, psychological.2: MIXED_CHANGE"},
        {T, 3, {12, 18}, {14, 10}, "clinician_review, psychological.2: MIXED_CHANGE"},
        {T, 3, {18, 13}, {10, 14}, "step_up to hi_cbt routine, psychological.3: REL_DETERIORATION"},
    };
    psychological_check(cases, sizeof cases / sizeof cases[0]);
}

Test(review, psychological_below_case_level)
{
    static const struct psychological_case cases[] = {
        {T, 7, {9, 9}, {7, 7}, "continue, psychological.4: SUBTHRESHOLD"},
        {T, 8, {9, 9}, {7, 7}, "discharge, psychological.4: SUBTHRESHOLD"},
        {T, 9, {9, 3}, {7, 3}, "discharge, psychological.4: SUBTHRESHOLD"},
        {T, 2, {15, 9}, {7, 7}, "discharge, psychological.5: REL_RECOVERY"},
        {T, 2, {9, 9}, {11, 7}, "discharge, psychological.5: REL_RECOVERY"},
        {H, 2, {15, 9}, {7, 7}, "step_down to t_cbt routine, psychological.5: REL_RECOVERY"},
        {T, 7, {14, 9}, {7, 7}, "continue, psychological.6: RECOVERY_NOT_RELIABLE"},
        {T, 8, {14, 9}, {7, 7}, "discharge, psychological.6: RECOVERY_NOT_RELIABLE"},
        {T, 8, {9, 9}, {8, 7}, "discharge, psychological.6: RECOVERY_NOT_RELIABLE"},
    };
    psychological_check(cases, sizeof cases / sizeof cases[0]);
}

Test(review, psychological_still_a_case)
{
    static const struct psychological_case cases[] = {
        {T, 7, {20, 14}, {9, 9}, "continue, psychological.7: REL_IMPROVEMENT"},
        {T, 8, {20, 14}, {9, 9}, "step_up to hi_cbt routine, psychological.7: REL_IMPROVEMENT"},
        {H, 8, {20, 14}, {9, 9}, "step_up to secondary_care/pain routine, psychological.7: REL_IMPROVEMENT"},
        {T, 3, {14, 12}, {10, 9}, "continue, psychological.8:"},
        {T, 4, {14, 12}, {10, 9}, "step_up to hi_cbt routine, psychological.8: NO_REL_CHANGE"},
        {H, 4, {14, 12}, {10, 9}, "step_up to secondary_care/pain routine, psychological.8: NO_REL_CHANGE"},
        {T, 4, {9, 10}, {7, 7}, "step_up to hi_cbt routine, psychological.8: NO_REL_CHANGE"},
    };
    psychological_check(cases, sizeof cases / sizeof cases[0]);
}

Test(review, one_scale_alone_decides_half_a_scale_or_none_needs_a_clinician)
{
    static const struct psychological_case cases[] = {
        {T, 2, {16, 9}, {B, B}, "discharge, psychological.5: REL_RECOVERY"},
        {T, 2, {B, B}, {12, 7}, "discharge, psychological.5: REL_RECOVERY"},
        /* Measured at one end only: whether the patient is a case there nobody can say. */
        {T, 2, {16, 9}, {B, 12}, "clinician_review, psychological.half_measured: SCORES_MISSING"},
        {T, 8, {14, B}, {7, 4}, "clinician_review, psychological.half_measured: SCORES_MISSING"},
        {T, 2, {10, 16}, {7, B}, "step_up to hi_cbt routine, psychological.3: REL_DETERIORATION"},
        {T, 2, {B, 9}, {B, 7}, "clinician_review, psychological.no_scores: SCORES_MISSING"},
        {T, 2, {B, B}, {B, B}, "clinician_review, psychological.no_scores: SCORES_MISSING"},
    };
    psychological_check(cases, sizeof cases / sizeof cases[0]);
}

Test(review, last_contact_is_the_pathways_own_where_none_is_given)
{
    struct stepcare_review review = review_of(STEPCARE_TIER_HI_CBT);
    review.phq_9[0] = review.phq_9[1] = 5;
    review.contact = 15;
    EXPECT_RECOMMENDATION(review, "continue, psychological.4: SUBTHRESHOLD");
    review.contact = 16;
    EXPECT_RECOMMENDATION(review, "discharge, psychological.4: SUBTHRESHOLD");
}

Test(review, self_harm_item_holds_and_the_rules_go_on)
{
    struct stepcare_review review = review_of(STEPCARE_TIER_T_CBT);
    review.phq_9[0] = 16;
    review.phq_9[1] = 9;
    review.contact = 4;
    review.phq_9_item_9 = 1;
    EXPECT_RECOMMENDATION(review, "discharge, psychological.5: REL_RECOVERY; hold safety_review");
    review.phq_9_item_9 = 0;
    EXPECT_RECOMMENDATION(review, "discharge, psychological.5: REL_RECOVERY");
}

Test(review, physio_in_integers)
{
    static const struct {
        int16_t week, rmdq[2], nrs[2];
        enum stepcare_risk now;
        const char *expected;
    } cases[] = {
        {4, {10, 15}, {5, 5}, 1, "clinician_review, physio.1: DETERIORATED"},
        {4, {10, 14}, {5, 6}, 2, "continue, physio.3:"},
        {4, {10, 10}, {5, 7}, 1, "clinician_review, physio.1: DETERIORATED"},
        {4, {20, 10}, {5, 7}, 1, "clinician_review, physio.1: DETERIORATED"},
        {4, {10, 7}, {5, 5}, 1, "discharge, physio.2: IMPROVED"}, /* 30 % exactly */
        {4, {10, 8}, {5, 5}, 1, "continue, physio.3:"},
        {4, {7, 5}, {5, 5}, 1, "continue, physio.3:"},           /* 28.6 % */
        {4, {3, 2}, {5, 5}, 1, "discharge, physio.2: IMPROVED"}, /* 33 % of a small score */
        {4, {0, 0}, {5, 5}, 1, "continue, physio.3:"},
        {11, {10, 7}, {5, 5}, 2, "continue, physio.2: IMPROVED"},
        {12, {10, 7}, {5, 5}, 2, "clinician_review, physio.2: IMPROVED"},
        {12, {10, 7}, {5, 5}, 0, "clinician_review, physio.2: IMPROVED"},
        {4, {10, 10}, {6, 4}, 1, "discharge, physio.2: IMPROVED"}, /* 2 and 33 % */
        {4, {10, 10}, {7, 5}, 1, "continue, physio.3:"},           /* 2, but 28.6 % */
        {4, {10, 10}, {3, 2}, 1, "continue, physio.3:"},           /* 33 %, but 1 */
        {11, {14, 12}, {7, 6}, 3, "continue, physio.3:"},
        {12, {14, 12}, {7, 6}, 3, "step_up to t_cbt routine, physio.3: NOT_IMPROVED_12W"},
        {12, {14, 12}, {7, 6}, 2, "step_up to secondary_care/pain routine, physio.3: NOT_IMPROVED_12W"},
        {12, {14, 12}, {7, 6}, 0, "step_up to secondary_care/pain routine, physio.3: NOT_IMPROVED_12W"},
        {12, {B, B}, {6, 4}, 1, "discharge, physio.2: IMPROVED"},
        {12, {B, B}, {B, B}, 1, "clinician_review, physio.no_scores: SCORES_MISSING"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_review review = review_of(STEPCARE_TIER_PHYSIO);
        review.week = cases[i].week;
        memcpy(review.rmdq, cases[i].rmdq, sizeof review.rmdq);
        memcpy(review.nrs, cases[i].nrs, sizeof review.nrs);
        review.start_back_now = cases[i].now;
        EXPECT_RECOMMENDATION(review, cases[i].expected);
    }
}

Test(review, the_specialist_decides_in_secondary_care)
{
    static const char *const expected[STEPCARE_TREATMENT_COUNT] = {
        [STEPCARE_TREATMENT_NONE] = "clinician_review, secondary_care.no_outcome: SCORES_MISSING",
        [STEPCARE_TREATMENT_TREATED] = "discharge, secondary_care.1:",
        [STEPCARE_TREATMENT_PLAN_PHYSIO] = "step_down to physio routine, secondary_care.2:",
        [STEPCARE_TREATMENT_PLAN_T_CBT] = "step_down to t_cbt routine, secondary_care.3:",
        [STEPCARE_TREATMENT_ONGOING] = "continue, secondary_care.4:",
    };
    for (unsigned outcome = 0; outcome < STEPCARE_TREATMENT_COUNT; outcome++) {
        struct stepcare_review review = review_of(STEPCARE_TIER_SECONDARY_CARE);
        review.service = STEPCARE_SERVICE_PAIN;
        review.outcome = (enum stepcare_treatment_outcome)outcome;
        EXPECT_RECOMMENDATION(review, expected[outcome]);
    }
}

Test(review, a_red_flag_steps_up_before_anything_else)
{
    struct stepcare_review review = review_of(STEPCARE_TIER_T_CBT);
    review.phq_9[0] = 16;
    review.phq_9[1] = 9;
    review.contact = 4;
    review.red_flags = FLAGS(STEPCARE_FLAG_SADDLE_ANAESTHESIA);
    EXPECT_RECOMMENDATION(review, "step_up to emergency emergency, 1: RF_CES");
    review.phq_9_item_9 = 2;
    EXPECT_RECOMMENDATION(review, "step_up to emergency emergency, 1: RF_CES; hold safety_review");
    review.phq_9_item_9 = 0;
    review.red_flags = FLAGS(STEPCARE_FLAG_NIGHT_PAIN, STEPCARE_FLAG_THORACIC_PAIN);
    EXPECT_RECOMMENDATION(review, "step_up to secondary_care/spinal urgent_2w, 10: RF_WEAK_COMBO");
    review.red_flags = FLAGS(STEPCARE_FLAG_NIGHT_PAIN);
    EXPECT_RECOMMENDATION(review, "discharge, psychological.5: REL_RECOVERY");
}

Test(review, a_tier_without_reviews_is_for_a_clinician)
{
    struct stepcare_review review = review_of(STEPCARE_TIER_GP_ADVICE);
    EXPECT_RECOMMENDATION(review, "clinician_review, no_table:");
}
