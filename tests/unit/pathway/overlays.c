/* What lies over every lead: safety, psychological symptoms, offers beside it, overrides. */
#include "tests/support/pathway_case.h"

TestSuite(overlays, .init = pathway_begin, .fini = pathway_finish);

Test(overlays, self_harm_item_holds_without_changing_the_tier)
{
    struct stepcare_referral referral = plain_referral();
    phq_9_fill(&referral, "000000001");
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING PHQ9_ITEM9; hold safety_review");
    phq_9_fill(&referral, "00000000-");
    EXPECT_DECISION(
        referral, "physio routine 42 rule 26: STRAT_MISSING SAFETY_ITEM_MISSING PHQ_IMPUTED; hold information_needed");
    referral.red_flags = FLAGS(STEPCARE_FLAG_MAJOR_TRAUMA);
    phq_9_fill(&referral, "000000003");
    EXPECT_DECISION(referral, "emergency emergency 0 rule 4: RF_TRAUMA PHQ9_ITEM9; hold safety_review");
}

Test(overlays, unscreened_red_flags_hold_all_but_an_emergency)
{
    struct stepcare_referral referral = plain_referral();
    referral.red_flags_screened = false;
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING; hold red_flags_unscreened");
    referral.red_flags = FLAGS(STEPCARE_FLAG_CANCER_HISTORY, STEPCARE_FLAG_METASTATIC_PAIN_PATTERN);
    EXPECT_DECISION(referral,
                    "secondary_care/suspected_cancer urgent_24h 1 rule 7: RF_METS_PAIN; hold red_flags_unscreened");
    referral.red_flags = FLAGS(STEPCARE_FLAG_MAJOR_TRAUMA);
    EXPECT_DECISION(referral, "emergency emergency 0 rule 4: RF_TRAUMA");
}

Test(overlays, psychological_symptoms_are_offered_treatment_beside_the_lead)
{
    struct stepcare_referral referral = plain_referral();
    gad_7_fill(&referral, "1111111"); /* 7 */
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING");
    gad_7_fill(&referral, "2111111");
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING GAD_CASE; with t_cbt");
    gad_7_fill(&referral, "2222222"); /* 14 */
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING GAD_CASE; with t_cbt");
    gad_7_fill(&referral, "3222222");
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING GAD_CASE; with hi_cbt");
    referral.pregnant = true;
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING GAD_CASE PREG PERINATAL; with hi_cbt");
    referral.preferences = FLAGS(STEPCARE_PREFERENCE_DECLINES_PSYCHOLOGY);
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING PREF_DECLINE_PSY GAD_CASE PREG");
    referral.findings = FLAGS(STEPCARE_FINDING_RADICULAR_PAIN_FAILED_6_WEEKS);
    EXPECT_DECISION(referral, "secondary_care/spinal soon 28 rule 16: RADIC_6W GAD_CASE PREG");
}

Test(overlays, declined_psychology_is_named_where_it_would_have_been_offered)
{
    struct stepcare_referral referral = plain_referral();
    referral.preferences = FLAGS(STEPCARE_PREFERENCE_DECLINES_PSYCHOLOGY);
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING");
    gad_7_fill(&referral, "2111111");
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING PREF_DECLINE_PSY GAD_CASE");
}

Test(overlays, failed_step_2_raises_level_1_alone)
{
    struct stepcare_referral referral = plain_referral();
    referral.history = FLAGS(STEPCARE_HISTORY_STEP2_FAILED);
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING");
    hads_fill(&referral, 8, 0);
    EXPECT_DECISION(referral,
                    "physio routine 42 rule 26: STRAT_MISSING HADS_BORDERLINE PHQ_GAD_REQUESTED; with hi_cbt");
}

Test(overlays, a_failed_lead_keeps_its_offer)
{
    struct stepcare_referral referral = plain_referral();
    gad_7_fill(&referral, "2222222");
    referral.history = FLAGS(STEPCARE_HISTORY_PHYSIO_FAILED);
    EXPECT_DECISION(referral, "manual_review routine 2 rule 26: STRAT_MISSING FAILED_BEFORE GAD_CASE; with t_cbt");
}

Test(overlays, answered_items_alone_reach_a_cut_off)
{
    struct stepcare_referral referral = plain_referral();
    phq_9_fill(&referral, "3331---00"); /* 10 from six answers */
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING PHQ_CASE; with t_cbt");
    phq_9_fill(&referral, "333----00"); /* 9 */
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING");
}

Test(overlays, hads_bands_and_conflicts)
{
    const struct {
        int anxiety, depression;
        const char *phq_9, *gad_7, *codes;
    } cases[] = {
        {7, 7, NULL, NULL, "PHQ_GAD_REQUESTED"},
        {8, 0, NULL, NULL, "HADS_BORDERLINE PHQ_GAD_REQUESTED"},
        {0, 10, NULL, NULL, "HADS_BORDERLINE PHQ_GAD_REQUESTED"},
        {11, 0, NULL, NULL, "HADS_CASE PHQ_GAD_REQUESTED"},
        {11, 0, "000000000", NULL, "HADS_CASE PSY_CONFLICT"},
        {10, 0, "000000000", NULL, "HADS_BORDERLINE"},
        {10, 0, "222222000", NULL, "PHQ_CASE HADS_BORDERLINE"},
        {7, 0, "222222000", NULL, "PHQ_CASE PSY_CONFLICT"},
        {7, 0, NULL, "2222000", "GAD_CASE PSY_CONFLICT"},
        {11, 0, NULL, "2222000", "GAD_CASE HADS_CASE"},
        {7, 0, "000000000", "0000000", ""},
        {STEPCARE_BLANK, 12, "000000000", NULL, "HADS_CASE PSY_CONFLICT"},
        {STEPCARE_BLANK, STEPCARE_BLANK, "222222000", NULL, "PHQ_CASE"},
        {11, 0, "0---00000", NULL, "HADS_CASE PHQ_GAD_REQUESTED"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_referral referral = plain_referral();
        char expected[200];
        referral.findings = FLAGS(STEPCARE_FINDING_SYNOVITIS_SINGLE_JOINT); /* rule 12 offers nothing beside it */
        hads_fill(&referral, cases[i].anxiety, cases[i].depression);
        if (cases[i].phq_9 != NULL) phq_9_fill(&referral, cases[i].phq_9);
        if (cases[i].gad_7 != NULL) gad_7_fill(&referral, cases[i].gad_7);
        snprintf(expected, sizeof expected, "secondary_care/rheumatology soon 42 rule 12: SYNOVITIS%s%s",
                 cases[i].codes[0] ? " " : "", cases[i].codes);
        EXPECT_DECISION(referral, expected);
    }
}

Test(overlays, an_override_is_taken_and_the_recommendation_kept)
{
    struct stepcare_referral referral = plain_referral();
    override_fill(&referral, STEPCARE_TIER_HI_CBT, STEPCARE_SERVICE_NONE);
    EXPECT_DECISION(referral, "hi_cbt routine 42 rule 26: STRAT_MISSING OVR_ACCEPTED; not physio routine");
    gad_7_fill(&referral, "2222222");
    EXPECT_DECISION(referral, "hi_cbt routine 42 rule 26: STRAT_MISSING OVR_ACCEPTED GAD_CASE; not physio routine");
    override_fill(&referral, STEPCARE_TIER_SECONDARY_CARE, STEPCARE_SERVICE_PAIN);
    EXPECT_DECISION(
        referral,
        "secondary_care/pain routine 126 rule 26: STRAT_MISSING OVR_ACCEPTED GAD_CASE; with t_cbt; not physio routine");
}

Test(overlays, an_override_that_agrees_keeps_the_urgency)
{
    struct stepcare_referral referral = plain_referral();
    start_back_9_fill(&referral, "000011110");
    override_fill(&referral, STEPCARE_TIER_PHYSIO, STEPCARE_SERVICE_NONE);
    EXPECT_DECISION(referral, "physio soon 28 rule 21: SB9_HIGH PIP OVR_ACCEPTED");
    override_fill(&referral, STEPCARE_TIER_GP_ADVICE, STEPCARE_SERVICE_NONE);
    EXPECT_DECISION(referral, "gp_advice routine 14 rule 21: SB9_HIGH PIP OVR_ACCEPTED; not physio soon");
    referral.findings = FLAGS(STEPCARE_FINDING_SYNOVITIS_SINGLE_JOINT);
    override_fill(&referral, STEPCARE_TIER_SECONDARY_CARE, STEPCARE_SERVICE_RHEUMATOLOGY);
    EXPECT_DECISION(referral, "secondary_care/rheumatology soon 42 rule 12: SYNOVITIS OVR_ACCEPTED");
    override_fill(&referral, STEPCARE_TIER_SECONDARY_CARE, STEPCARE_SERVICE_SPINAL);
    EXPECT_DECISION(
        referral,
        "secondary_care/spinal routine 126 rule 12: SYNOVITIS OVR_ACCEPTED; not secondary_care/rheumatology soon");
}

Test(overlays, an_override_without_reason_or_clinician_is_not_taken)
{
    struct stepcare_referral referral = plain_referral();
    override_fill(&referral, STEPCARE_TIER_GP_ADVICE, STEPCARE_SERVICE_NONE);
    referral.override.reason = (struct stepcare_text){0};
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING OVR_NO_REASON; hold information_needed");
    referral.override.reason = stepcare_text_of("reason");
    referral.override.clinician = stepcare_text_of("");
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING OVR_NO_REASON; hold information_needed");
    referral.red_flags = FLAGS(STEPCARE_FLAG_MAJOR_TRAUMA); /* the missing clinician is looked at first */
    EXPECT_DECISION(referral, "emergency emergency 0 rule 4: RF_TRAUMA OVR_NO_REASON; hold information_needed");
}

Test(overlays, nobody_overrides_what_is_urgent)
{
    const struct {
        uint32_t flags, findings;
        const char *expected;
    } cases[] = {
        {FLAGS(STEPCARE_FLAG_MAJOR_TRAUMA), 0,
         "emergency emergency 0 rule 4: RF_TRAUMA OVR_BLOCKED; hold second_clinician"},
        {FLAGS(STEPCARE_FLAG_CANCER_HISTORY, STEPCARE_FLAG_METASTATIC_PAIN_PATTERN), 0,
         "secondary_care/suspected_cancer urgent_24h 1 rule 7: RF_METS_PAIN OVR_BLOCKED; hold second_clinician"},
        {FLAGS(STEPCARE_FLAG_CANCER_HISTORY), 0,
         "secondary_care/suspected_cancer urgent_2w 14 rule 8: RF_CANCER OVR_BLOCKED; hold second_clinician"},
        {0, FLAGS(STEPCARE_FINDING_SYNOVITIS_MULTIPLE_JOINTS),
         "secondary_care/rheumatology urgent_3w 21 rule 11: SYNOVITIS_URGENT OVR_BLOCKED; hold second_clinician"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stepcare_referral referral = plain_referral();
        referral.red_flags = cases[i].flags;
        referral.findings = cases[i].findings;
        override_fill(&referral, STEPCARE_TIER_GP_ADVICE, STEPCARE_SERVICE_NONE);
        EXPECT_DECISION(referral, cases[i].expected);
    }
}

Test(overlays, perinatal_follows_an_override_into_psychology)
{
    struct stepcare_referral referral = plain_referral();
    referral.pregnant = true;
    EXPECT_DECISION(referral, "physio routine 42 rule 26: STRAT_MISSING PREG");
    override_fill(&referral, STEPCARE_TIER_T_CBT, STEPCARE_SERVICE_NONE);
    EXPECT_DECISION(referral,
                    "t_cbt routine 42 rule 26: STRAT_MISSING OVR_ACCEPTED PREG PERINATAL; not physio routine");
}
