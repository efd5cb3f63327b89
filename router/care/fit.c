/* Profiles against referrals. See fit.h. */
#include "router/care/fit.h"

static bool has_code(const struct episode *episode, const char *name)
{
    struct stepcare_code_list list;
    episode_codes_list(&episode->codes, &list);
    for (unsigned i = 0; i < list.count; i++)
        if (stepcare_text_equal(list.items[i], stepcare_text_of(name))) return true;
    return false;
}

const char *fit_problem(const struct config_practitioner *practitioner, const struct episode *episode, uint8_t tier,
                        uint8_t service)
{
    static const struct {
        enum stepcare_preference preference;
        enum stepcare_channel channel;
        const char *problem;
    } channels[] = {
        {STEPCARE_PREFERENCE_TELEPHONE, STEPCARE_CHANNEL_TELEPHONE, "the patient prefers the telephone"},
        {STEPCARE_PREFERENCE_VIDEO, STEPCARE_CHANNEL_VIDEO, "the patient prefers video"},
        {STEPCARE_PREFERENCE_FACE_TO_FACE, STEPCARE_CHANNEL_FACE_TO_FACE, "the patient prefers face to face"}};
    if (practitioner->tiers != 0 && (practitioner->tiers & STEPCARE_BIT(tier)) == 0) return "another tier";
    if (service != 0 && practitioner->services != 0 && (practitioner->services & STEPCARE_BIT(service)) == 0)
        return "another service";
    if ((episode->preferences & STEPCARE_BIT(STEPCARE_PREFERENCE_NEEDS_INTERPRETER)) != 0 && !practitioner->interpreter)
        return "the patient needs an interpreter";
    unsigned preferred = 0, possible = 0;
    const char *problem = NULL;
    for (unsigned i = 0; i < sizeof channels / sizeof channels[0] && practitioner->channels != 0; i++) {
        if ((episode->preferences & STEPCARE_BIT(channels[i].preference)) == 0) continue;
        preferred++;
        if (practitioner->channels & STEPCARE_BIT(channels[i].channel))
            possible++;
        else
            problem = channels[i].problem;
    }
    if (preferred > 0 && possible == 0) return problem;
    const bool psychological = tier == STEPCARE_TIER_T_CBT || tier == STEPCARE_TIER_HI_CBT;
    const bool chronic = has_code(episode, "FM_2016_MET") || has_code(episode, "CWP_1990");
    if (psychological && chronic && !practitioner->chronic_pain_trained) return "chronic-pain training is needed";
    return NULL;
}
