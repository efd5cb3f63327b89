/* Who may take whom: profile, preferences and skills. */
#include "router/care/fit.h"

#include <criterion/criterion.h>

static struct episode asks_for(uint8_t preferences, const char *code)
{
    struct episode episode;
    struct stepcare_code_list list = {.count = 2, .items = {stepcare_text_of("PHQ_CASE"), stepcare_text_of(code)}};
    episode_init(&episode);
    episode.preferences = preferences;
    episode_codes_set(&episode.codes, &list);
    return episode;
}

static const char *problem(const struct config_practitioner *who, uint8_t preferences, uint8_t tier, uint8_t service)
{
    const struct episode episode = asks_for(preferences, "SB9_MED");
    return fit_problem(who, &episode, tier, service);
}

#define PREFERS(name) STEPCARE_BIT(STEPCARE_PREFERENCE_##name)

Test(fit, an_empty_profile_may_do_anything_but_what_needs_a_skill)
{
    const struct config_practitioner anybody = {.name = "a"};
    cr_assert_null(problem(&anybody, 0, STEPCARE_TIER_PHYSIO, 0));
    cr_assert_null(problem(&anybody, PREFERS(VIDEO), STEPCARE_TIER_SECONDARY_CARE, STEPCARE_SERVICE_PAIN));
    cr_assert_not_null(problem(&anybody, PREFERS(NEEDS_INTERPRETER), STEPCARE_TIER_PHYSIO, 0));
}

Test(fit, tiers_and_services_are_kept)
{
    const struct config_practitioner who = {.tiers = STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE),
                                            .services = STEPCARE_BIT(STEPCARE_SERVICE_SPINAL)};
    cr_assert_str_eq(problem(&who, 0, STEPCARE_TIER_PHYSIO, 0), "another tier");
    cr_assert_str_eq(problem(&who, 0, STEPCARE_TIER_SECONDARY_CARE, STEPCARE_SERVICE_PAIN), "another service");
    cr_assert_null(problem(&who, 0, STEPCARE_TIER_SECONDARY_CARE, STEPCARE_SERVICE_SPINAL));
}

Test(fit, one_of_the_channels_that_the_patient_prefers_is_enough)
{
    const struct config_practitioner who = {.channels = STEPCARE_BIT(STEPCARE_CHANNEL_TELEPHONE)};
    cr_assert_null(problem(&who, 0, STEPCARE_TIER_PHYSIO, 0));
    cr_assert_null(problem(&who, PREFERS(TELEPHONE) | PREFERS(FACE_TO_FACE), STEPCARE_TIER_PHYSIO, 0));
    cr_assert_str_eq(problem(&who, PREFERS(FACE_TO_FACE), STEPCARE_TIER_PHYSIO, 0), "the patient prefers face to face");
}

Test(fit, widespread_pain_asks_for_training_in_the_psychological_tiers_alone)
{
    const struct config_practitioner untrained = {.name = "a"}, trained = {.name = "b", .chronic_pain_trained = true};
    const char *codes[] = {"FM_2016_MET", "CWP_1990"};
    for (unsigned i = 0; i < 2; i++) {
        const struct episode episode = asks_for(0, codes[i]);
        cr_assert_not_null(fit_problem(&untrained, &episode, STEPCARE_TIER_T_CBT, 0));
        cr_assert_not_null(fit_problem(&untrained, &episode, STEPCARE_TIER_HI_CBT, 0));
        cr_assert_null(fit_problem(&untrained, &episode, STEPCARE_TIER_PHYSIO, 0));
        cr_assert_null(fit_problem(&trained, &episode, STEPCARE_TIER_T_CBT, 0));
    }
}
