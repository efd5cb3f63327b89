/* The intake table: every rule at its borders, from both sides, by the default pathway. */
#include "tests/support/pathway_case.h"

TestSuite(intake, .init = pathway_begin, .fini = pathway_finish);

#define F(name) STEPCARE_FLAG_##name

struct flag_case {
    uint32_t flags;
    const char *expected;
};

static void flags_check(const struct flag_case *cases, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct stepcare_referral referral = plain_referral();
        referral.red_flags = cases[i].flags;
        EXPECT_DECISION(referral, cases[i].expected);
    }
}

Test(intake, each_emergency_flag_is_an_emergency)
{
    const struct flag_case cases[] = {
        {FLAGS(F(BLADDER_DYSFUNCTION)), "emergency emergency 0 rule 1: RF_CES"},
        {FLAGS(F(BOWEL_DYSFUNCTION)), "emergency emergency 0 rule 1: RF_CES"},
        {FLAGS(F(SADDLE_ANAESTHESIA)), "emergency emergency 0 rule 1: RF_CES"},
        {FLAGS(F(SEXUAL_DYSFUNCTION)), "emergency emergency 0 rule 1: RF_CES"},
        {FLAGS(F(BILATERAL_LEG_NEUROLOGY)), "emergency emergency 0 rule 1: RF_CES"},
        {FLAGS(F(SPINAL_CORD_SIGNS)), "emergency emergency 0 rule 2: RF_CORD"},
        {FLAGS(F(CANCER_HISTORY), F(NEUROLOGICAL_SYMPTOMS)), "emergency emergency 0 rule 2: RF_CORD"},
        {FLAGS(F(SUSPECTED_SPINAL_INFECTION)), "emergency emergency 0 rule 3: RF_INFECTION"},
        {FLAGS(F(SYSTEMICALLY_UNWELL), F(IMMUNOSUPPRESSION)), "emergency emergency 0 rule 3: RF_INFECTION"},
        {FLAGS(F(MAJOR_TRAUMA)), "emergency emergency 0 rule 4: RF_TRAUMA"},
        {FLAGS(F(PROGRESSIVE_MOTOR_DEFICIT)), "emergency emergency 0 rule 5: RF_PROG_NEURO"},
        {FLAGS(F(SUICIDAL_INTENT)), "emergency emergency 0 rule 6: RF_SUICIDE"},
        {FLAGS(F(SUICIDAL_INTENT), F(MAJOR_TRAUMA)), "emergency emergency 0 rule 4: RF_TRAUMA"},
        {FLAGS(F(MAJOR_TRAUMA), F(SADDLE_ANAESTHESIA), F(CANCER_HISTORY)), "emergency emergency 0 rule 1: RF_CES"},
    };
    flags_check(cases, sizeof cases / sizeof cases[0]);
}

Test(intake, urgent_flags_by_strength)
{
    const struct flag_case cases[] = {
        {FLAGS(F(CANCER_HISTORY), F(METASTATIC_PAIN_PATTERN)),
         "secondary_care/suspected_cancer urgent_24h 1 rule 7: RF_METS_PAIN"},
        {FLAGS(F(CANCER_HISTORY)), "secondary_care/suspected_cancer urgent_2w 14 rule 8: RF_CANCER"},
        {FLAGS(F(UNEXPLAINED_WEIGHT_LOSS)), "secondary_care/suspected_cancer urgent_2w 14 rule 8: RF_CANCER"},
        {FLAGS(F(CANCER_HISTORY), F(NIGHT_PAIN)), "secondary_care/suspected_cancer urgent_2w 14 rule 8: RF_CANCER"},
        {FLAGS(F(SYSTEMICALLY_UNWELL)), "secondary_care/spinal urgent_2w 14 rule 9: RF_STRONG"},
        {FLAGS(F(IMMUNOSUPPRESSION)), "secondary_care/spinal urgent_2w 14 rule 9: RF_STRONG"},
        {FLAGS(F(RAISED_INFLAMMATORY_MARKERS)), "secondary_care/spinal urgent_2w 14 rule 9: RF_STRONG"},
        {FLAGS(F(OSTEOPOROSIS_NEW_SEVERE_PAIN)), "secondary_care/spinal urgent_2w 14 rule 9: RF_STRONG"},
        {FLAGS(F(MAJOR_MOTOR_WEAKNESS)), "secondary_care/spinal urgent_2w 14 rule 9: RF_STRONG"},
        {FLAGS(F(METASTATIC_PAIN_PATTERN)), "secondary_care/spinal urgent_2w 14 rule 9: RF_STRONG"},
        {FLAGS(F(FIRST_ONSET_OVER_60), F(NIGHT_PAIN)), "secondary_care/spinal urgent_2w 14 rule 10: RF_WEAK_COMBO"},
        {FLAGS(F(LONG_TERM_STEROIDS), F(THORACIC_PAIN), F(NEUROLOGICAL_SYMPTOMS)),
         "secondary_care/spinal urgent_2w 14 rule 10: RF_WEAK_COMBO"},
        {FLAGS(F(NEUROLOGICAL_SYMPTOMS)), "physio routine 42 rule 26: RF_WEAK_ONE STRAT_MISSING"},
        {FLAGS(F(FIRST_ONSET_OVER_60)), "physio routine 42 rule 26: RF_WEAK_ONE STRAT_MISSING"},
        {FLAGS(F(LONG_TERM_STEROIDS)), "physio routine 42 rule 26: RF_WEAK_ONE STRAT_MISSING"},
        {FLAGS(F(THORACIC_PAIN)), "physio routine 42 rule 26: RF_WEAK_ONE STRAT_MISSING"},
        {FLAGS(F(NIGHT_PAIN)), "physio routine 42 rule 26: RF_WEAK_ONE STRAT_MISSING"},
        {0, "physio routine 42 rule 26: STRAT_MISSING"},
    };
    flags_check(cases, sizeof cases / sizeof cases[0]);
}

Test(intake, synovitis_goes_to_rheumatology)
{
    struct stepcare_referral referral = plain_referral();
    referral.findings = FLAGS(STEPCARE_FINDING_SYNOVITIS_SINGLE_JOINT);
    EXPECT_DECISION(referral, "secondary_care/rheumatology soon 42 rule 12: SYNOVITIS");
    referral.findings |= FLAGS(STEPCARE_FINDING_SYNOVITIS_MULTIPLE_JOINTS);
    EXPECT_DECISION(referral, "secondary_care/rheumatology urgent_3w 21 rule 11: SYNOVITIS_URGENT");
    referral.red_flags = FLAGS(F(NIGHT_PAIN));
    EXPECT_DECISION(referral, "secondary_care/rheumatology urgent_3w 21 rule 11: RF_WEAK_ONE SYNOVITIS_URGENT");
}

Test(intake, axial_spa_needs_four_features_or_three_and_b27)
{
    const struct {
        int onset, months;
        uint32_t features;
        enum stepcare_hla_b27 b27;
        const char *expected;
    } cases[] = {
        {40, 4, 0xf, STEPCARE_HLA_B27_NEGATIVE, "secondary_care/rheumatology soon 42 rule 13: AXSPA_4"},
        {34, 4, 0x7, STEPCARE_HLA_B27_NEGATIVE, "secondary_care/rheumatology soon 42 rule 13: AXSPA_4"},
        {35, 4, 0x7, STEPCARE_HLA_B27_POSITIVE, "secondary_care/rheumatology soon 42 rule 13: AXSPA_3_B27POS"},
        {35, 4, 0x7, STEPCARE_HLA_B27_NEGATIVE, "physio routine 42 rule 26: STRAT_MISSING"},
        {35, 4, 0x7, STEPCARE_HLA_B27_UNKNOWN, "physio routine 42 rule 26: AXSPA_3_HLAB27_NEEDED STRAT_MISSING"},
        {35, 4, 0x7, STEPCARE_HLA_B27_NONE, "physio routine 42 rule 26: AXSPA_3_HLAB27_NEEDED STRAT_MISSING"},
        {35, 4, 0x3, STEPCARE_HLA_B27_POSITIVE, "physio routine 42 rule 26: STRAT_MISSING"},
        {45, 4, 0xff, STEPCARE_HLA_B27_POSITIVE, "physio routine 42 rule 26: STRAT_MISSING"},
        {40, 3, 0xff, STEPCARE_HLA_B27_POSITIVE, "physio routine 42 rule 26: STRAT_MISSING"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_referral referral = plain_referral();
        axial_spa_fill(&referral, cases[i].onset, cases[i].months, cases[i].features, cases[i].b27);
        EXPECT_DECISION(referral, cases[i].expected);
    }
}

Test(intake, age_decides_on_the_day_as_written)
{
    struct stepcare_referral referral = plain_referral(); /* 2026-11-02 */
    referral.birth_date = (struct stepcare_date){2010, 11, 3};
    EXPECT_DECISION(referral, "secondary_care/paediatrics soon 28 rule 14: AGE_U16");
    referral.problem = STEPCARE_PROBLEM_LOW_BACK_PAIN;
    EXPECT_DECISION(referral, "secondary_care/paediatrics urgent_2w 14 rule 14: AGE_U16");
    referral.birth_date = (struct stepcare_date){2010, 11, 2};
    EXPECT_DECISION(referral, "manual_review routine 2 rule 15: AGE_16_17");
    referral.birth_date = (struct stepcare_date){2008, 11, 3};
    EXPECT_DECISION(referral, "manual_review routine 2 rule 15: AGE_16_17");
    referral.birth_date = (struct stepcare_date){2008, 11, 2};
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING");
    referral.referred_at_ms = INT64_C(1793577600000); /* 2026-11-02T00:00:00Z, written as 23:00 the day before */
    referral.referred_at_offset_min = -60;
    EXPECT_DECISION(referral, "manual_review routine 2 rule 15: AGE_16_17");
}

Test(intake, under_16_keeps_the_lead_but_goes_to_paediatrics)
{
    struct stepcare_referral referral = plain_referral();
    referral.birth_date = (struct stepcare_date){2012, 1, 1};
    referral.findings = FLAGS(STEPCARE_FINDING_SYNOVITIS_SINGLE_JOINT);
    EXPECT_DECISION(referral, "secondary_care/paediatrics soon 28 rule 12: SYNOVITIS AGE_U16");
    referral.problem = STEPCARE_PROBLEM_LOW_BACK_PAIN;
    EXPECT_DECISION(referral, "secondary_care/paediatrics urgent_2w 14 rule 12: SYNOVITIS AGE_U16");
    referral.findings = FLAGS(STEPCARE_FINDING_SYNOVITIS_MULTIPLE_JOINTS);
    EXPECT_DECISION(referral, "secondary_care/paediatrics urgent_2w 14 rule 11: SYNOVITIS_URGENT AGE_U16");
    referral.problem = STEPCARE_PROBLEM_CHRONIC_WIDESPREAD_PAIN;
    EXPECT_DECISION(referral, "secondary_care/paediatrics urgent_3w 21 rule 11: SYNOVITIS_URGENT AGE_U16");
    referral.red_flags = FLAGS(F(CANCER_HISTORY), F(METASTATIC_PAIN_PATTERN));
    EXPECT_DECISION(referral, "secondary_care/paediatrics urgent_24h 1 rule 7: RF_METS_PAIN AGE_U16");
    referral.red_flags = FLAGS(F(MAJOR_TRAUMA));
    EXPECT_DECISION(referral, "emergency emergency 0 rule 4: RF_TRAUMA");
    referral.red_flags = FLAGS(F(NIGHT_PAIN));
    referral.findings = 0;
    EXPECT_DECISION(referral, "secondary_care/paediatrics soon 28 rule 14: RF_WEAK_ONE AGE_U16");
}

Test(intake, radicular_pain_and_failed_steps)
{
    struct stepcare_referral referral = plain_referral();
    referral.history = FLAGS(STEPCARE_HISTORY_PHYSIO_FAILED, STEPCARE_HISTORY_STEP3_FAILED);
    EXPECT_DECISION(referral, "secondary_care/pain routine 126 rule 17: ALL_STEPS_FAILED");
    referral.findings = FLAGS(STEPCARE_FINDING_RADICULAR_PAIN_FAILED_6_WEEKS);
    EXPECT_DECISION(referral, "secondary_care/spinal soon 28 rule 16: RADIC_6W");
    referral.findings = 0;
    referral.history = FLAGS(STEPCARE_HISTORY_PHYSIO_FAILED);
    EXPECT_DECISION(referral, "manual_review routine 2 rule 26: STRAT_MISSING FAILED_BEFORE");
    referral.duration_weeks = 5;
    EXPECT_DECISION(referral, "gp_advice routine 14 rule 26: STRAT_MISSING");
}

Test(intake, widespread_pain_by_psychological_level)
{
    struct stepcare_referral referral = plain_referral();
    fibromyalgia_fill(&referral);
    EXPECT_DECISION(referral, "physio routine 42 rule 20: FM_2016_MET OFFER_TCBT");
    phq_9_fill(&referral, "221111110"); /* 10 */
    EXPECT_DECISION(referral, "t_cbt routine 42 rule 19: FM_2016_MET PHQ_CASE");
    referral.pregnant = true;
    EXPECT_DECISION(referral, "t_cbt soon 28 rule 19: FM_2016_MET PHQ_CASE PREG PERINATAL");
    referral.pregnant = false;
    referral.history = FLAGS(STEPCARE_HISTORY_STEP2_FAILED);
    EXPECT_DECISION(referral, "hi_cbt routine 42 rule 18: FM_2016_MET PHQ_CASE");
    referral.history = FLAGS(STEPCARE_HISTORY_STEP2_FAILED, STEPCARE_HISTORY_STEP3_FAILED);
    EXPECT_DECISION(referral, "manual_review routine 2 rule 18: FM_2016_MET FAILED_BEFORE PHQ_CASE");
    referral.history = 0;
    phq_9_fill(&referral, "222222210"); /* 15 */
    EXPECT_DECISION(referral, "hi_cbt routine 42 rule 18: FM_2016_MET PHQ_CASE PHQ_SEV");
    phq_9_fill(&referral, "333333100"); /* 19 */
    EXPECT_DECISION(referral, "hi_cbt routine 42 rule 18: FM_2016_MET PHQ_CASE PHQ_SEV");
    phq_9_fill(&referral, "333333110"); /* 20 */
    EXPECT_DECISION(referral, "hi_cbt soon 28 rule 18: FM_2016_MET PHQ_CASE PHQ_SEV");
    referral.preferences = FLAGS(STEPCARE_PREFERENCE_DECLINES_PSYCHOLOGY);
    EXPECT_DECISION(referral, "physio routine 42 rule 20: FM_2016_MET PREF_DECLINE_PSY PHQ_CASE PHQ_SEV");
    referral.history = FLAGS(STEPCARE_HISTORY_PHYSIO_FAILED);
    EXPECT_DECISION(referral,
                    "manual_review routine 2 rule 20: FM_2016_MET PREF_DECLINE_PSY FAILED_BEFORE PHQ_CASE PHQ_SEV");
}

Test(intake, widespread_criteria_in_order)
{
    struct stepcare_referral referral = plain_referral();
    referral.instruments.has_cwp_1990 = referral.instruments.cwp_1990 = true;
    EXPECT_DECISION(referral, "physio routine 42 rule 20: CWP_1990 OFFER_TCBT");
    fibromyalgia_fill(&referral);
    EXPECT_DECISION(referral, "physio routine 42 rule 20: FM_2016_MET OFFER_TCBT");
    referral = plain_referral();
    referral.problem = STEPCARE_PROBLEM_CHRONIC_WIDESPREAD_PAIN;
    EXPECT_DECISION(referral, "physio routine 42 rule 26: CWP_NOT_MET STRAT_MISSING");
    referral.instruments.has_start_msk = true;
    referral.instruments.start_msk = 9;
    EXPECT_DECISION(referral, "physio soon 28 rule 25: CWP_NOT_MET MSK_HIGH PIP");
}

Test(intake, widespread_pain_of_the_back_takes_a_determinate_start_back)
{
    struct stepcare_referral referral = plain_referral();
    fibromyalgia_fill(&referral);
    start_back_9_fill(&referral, "000011110");
    EXPECT_DECISION(referral, "physio soon 28 rule 20: FM_2016_MET OFFER_TCBT SB9_HIGH PIP");
    start_back_9_fill(&referral, "-00011110");
    EXPECT_DECISION(referral, "physio soon 28 rule 20: FM_2016_MET OFFER_TCBT SB9_HIGH PIP SB9_PARTIAL");
    start_back_9_fill(&referral, "00001110-");
    EXPECT_DECISION(referral, "physio routine 42 rule 20: FM_2016_MET OFFER_TCBT");
    start_back_9_fill(&referral, "111111100");
    EXPECT_DECISION(referral, "physio routine 42 rule 20: FM_2016_MET OFFER_TCBT");
}

Test(intake, back_pain_by_start_back)
{
    struct stepcare_referral referral = plain_referral();
    start_back_9_fill(&referral, "000011110");
    EXPECT_DECISION(referral, "physio soon 28 rule 21: SB9_HIGH PIP");
    start_back_9_fill(&referral, "111100000");
    EXPECT_DECISION(referral, "physio routine 42 rule 22: SB9_MED");
    start_back_9_fill(&referral, "111000000");
    EXPECT_DECISION(referral, "gp_advice routine 14 rule 23: SB9_LOW");
    start_back_9_fill(&referral, "-00011110");
    EXPECT_DECISION(referral, "physio soon 28 rule 21: SB9_HIGH SB9_PARTIAL PIP");
    start_back_9_fill(&referral, "00001110-");
    EXPECT_DECISION(referral, "physio soon 28 rule 21: SB9_INDETERMINATE PIP; hold information_needed");
    start_back_9_fill(&referral, "11100000-");
    EXPECT_DECISION(referral, "physio routine 42 rule 22: SB9_INDETERMINATE; hold information_needed");
    start_back_9_fill(&referral, "---000000");
    EXPECT_DECISION(referral, "gp_advice routine 14 rule 23: SB9_LOW SB9_PARTIAL");
}

Test(intake, the_nine_item_form_decides_where_the_forms_disagree)
{
    struct stepcare_referral referral = plain_referral();
    start_back_6_fill(&referral, "110003");
    EXPECT_DECISION(referral, "physio routine 42 rule 24: SB6_NOTLOW");
    start_back_9_fill(&referral, "111000000");
    EXPECT_DECISION(referral, "gp_advice routine 14 rule 23: SB_CONFLICT SB9_LOW");
    start_back_9_fill(&referral, "111100000");
    EXPECT_DECISION(referral, "physio routine 42 rule 22: SB9_MED");
    start_back_6_fill(&referral, "110002");
    EXPECT_DECISION(referral, "physio routine 42 rule 22: SB_CONFLICT SB9_MED");
    start_back_6_fill(&referral, "11-002");
    EXPECT_DECISION(referral, "physio routine 42 rule 22: SB9_MED");
    referral.instruments.has_start_back_9 = false;
    EXPECT_DECISION(referral, "physio routine 42 rule 24: SB6_INDETERMINATE; hold information_needed");
    start_back_6_fill(&referral, "110002");
    EXPECT_DECISION(referral, "gp_advice routine 14 rule 24: SB6_LOW");
}

Test(intake, start_back_counts_for_back_pain_alone)
{
    struct stepcare_referral referral = plain_referral();
    start_back_9_fill(&referral, "11111111-");
    referral.problem = STEPCARE_PROBLEM_REGIONAL_MSK_PAIN;
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING SB_NOT_VALID_FOR_SITE");
}

Test(intake, start_msk_and_no_stratifier)
{
    static const char *const expected[13] = {[4] = "gp_advice routine 14 rule 25: MSK_LOW",
                                             [5] = "physio routine 42 rule 25: MSK_MED",
                                             [8] = "physio routine 42 rule 25: MSK_MED",
                                             [9] = "physio soon 28 rule 25: MSK_HIGH PIP"};
    struct stepcare_referral referral = plain_referral();
    referral.duration_weeks = 6;
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING");
    referral.duration_weeks = 5;
    EXPECT_DECISION(referral, "gp_advice routine 14 rule 26: STRAT_MISSING");
    referral.instruments.has_start_msk = true;
    for (int8_t total = 0; total <= 12; total++) {
        referral.instruments.start_msk = total;
        if (expected[total] != NULL) EXPECT_DECISION(referral, expected[total]);
    }
}
