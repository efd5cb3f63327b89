/* What would have changed a decision: small changes of answers, tried one by one. Called by explain.c. */
#include "pathway/explain_internal.h"

/* One small change to a referral. Returns false where it cannot be made. */
struct change {
    const char *words;
    bool (*make)(struct stepcare_referral *referral);
};

/* Turns the first answer `from` among items[first..last] into `to`. */
static bool answer_turn(int8_t *items, unsigned first, unsigned last, int8_t from, int8_t to)
{
    for (unsigned i = first; i <= last; i++) {
        if (items[i] != from) continue;
        items[i] = to;
        return true;
    }
    return false;
}

static bool item_step(int8_t *items, unsigned count, int step)
{
    for (unsigned i = 0; i < count; i++) {
        if (items[i] == STEPCARE_BLANK || items[i] + step < 0 || items[i] + step > 3) continue;
        items[i] = (int8_t)(items[i] + step);
        return true;
    }
    return false;
}

static bool value_step(int8_t *value, int step, int most)
{
    if (*value == STEPCARE_BLANK || *value + step < 0 || *value + step > most) return false;
    *value = (int8_t)(*value + step);
    return true;
}

static bool start_back_sent(const struct stepcare_referral *referral)
{
    return referral->instruments.has_start_back_9 && referral->problem == STEPCARE_PROBLEM_LOW_BACK_PAIN;
}

static bool subscale_more(struct stepcare_referral *referral)
{
    return start_back_sent(referral) && answer_turn(referral->instruments.start_back_9, 4, 7, 0, 1);
}
static bool subscale_less(struct stepcare_referral *referral)
{
    return start_back_sent(referral) && answer_turn(referral->instruments.start_back_9, 4, 7, 1, 0);
}
static bool other_more(struct stepcare_referral *referral)
{
    return start_back_sent(referral) && answer_turn(referral->instruments.start_back_9, 0, 3, 0, 1);
}
static bool other_less(struct stepcare_referral *referral)
{
    return start_back_sent(referral) && answer_turn(referral->instruments.start_back_9, 0, 3, 1, 0);
}
static bool six_more(struct stepcare_referral *referral)
{
    return referral->instruments.has_start_back_6 && answer_turn(referral->instruments.start_back_6, 0, 4, 0, 1);
}
static bool six_less(struct stepcare_referral *referral)
{
    return referral->instruments.has_start_back_6 && answer_turn(referral->instruments.start_back_6, 0, 4, 1, 0);
}
static bool msk_more(struct stepcare_referral *referral)
{
    return referral->instruments.has_start_msk && value_step(&referral->instruments.start_msk, 1, 12);
}
static bool msk_less(struct stepcare_referral *referral)
{
    return referral->instruments.has_start_msk && value_step(&referral->instruments.start_msk, -1, 12);
}
static bool phq_more(struct stepcare_referral *referral)
{
    return referral->instruments.has_phq_9 && item_step(referral->instruments.phq_9, 8, 1);
}
static bool phq_less(struct stepcare_referral *referral)
{
    return referral->instruments.has_phq_9 && item_step(referral->instruments.phq_9, 8, -1);
}
static bool gad_more(struct stepcare_referral *referral)
{
    return referral->instruments.has_gad_7 && item_step(referral->instruments.gad_7, 7, 1);
}
static bool gad_less(struct stepcare_referral *referral)
{
    return referral->instruments.has_gad_7 && item_step(referral->instruments.gad_7, 7, -1);
}
static bool hads_more(struct stepcare_referral *referral)
{
    struct stepcare_instruments *instruments = &referral->instruments;
    return instruments->has_hads &&
           value_step(instruments->hads_anxiety > instruments->hads_depression ? &instruments->hads_anxiety
                                                                               : &instruments->hads_depression,
                      1, 21);
}
static bool longer(struct stepcare_referral *referral)
{
    referral->duration_weeks++;
    return referral->duration_weeks <= STEPCARE_DURATION_WEEKS_MAX;
}
static bool shorter(struct stepcare_referral *referral)
{
    return referral->duration_weeks-- > 0;
}
static bool not_declined(struct stepcare_referral *referral)
{
    uint32_t before = referral->preferences;
    referral->preferences &= ~STEPCARE_BIT(STEPCARE_PREFERENCE_DECLINES_PSYCHOLOGY);
    return referral->preferences != before;
}
static bool no_override(struct stepcare_referral *referral)
{
    bool before = referral->override.present;
    referral->override.present = false;
    return before;
}

static const struct change changes[] = {
    {"one point more on the STarT Back subscale", subscale_more},
    {"one point less on the STarT Back subscale", subscale_less},
    {"one point more on STarT Back outside the subscale", other_more},
    {"one point less on STarT Back outside the subscale", other_less},
    {"one point more on the 6-item form", six_more},
    {"one point less on the 6-item form", six_less},
    {"one point more on STarT MSK", msk_more},
    {"one point less on STarT MSK", msk_less},
    {"one point more on PHQ-9", phq_more},
    {"one point less on PHQ-9", phq_less},
    {"one point more on GAD-7", gad_more},
    {"one point less on GAD-7", gad_less},
    {"one point more on the higher HADS subscale", hads_more},
    {"pain for one week longer", longer},
    {"pain for one week less", shorter},
    {"if psychology were not declined", not_declined},
    {"without the override", no_override},
};

static bool same_decision(const struct stepcare_decision *a, const struct stepcare_decision *b)
{
    return a->placement.tier == b->placement.tier && a->placement.service == b->placement.service &&
           a->placement.urgency == b->placement.urgency && a->parallel == b->parallel && strcmp(a->rule, b->rule) == 0;
}

void explain_changes(const struct pathway *pathway, const struct stepcare_referral *referral,
                     const struct stepcare_decision *decision, struct buffer *output)
{
    bool any = false;
    for (unsigned i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct stepcare_referral other = *referral;
        struct stepcare_decision then;
        if (!changes[i].make(&other)) continue;
        pathway_decide_intake(pathway, &other, &then);
        if (same_decision(decision, &then)) continue;
        if (!any) words_append(output, "  What would have changed the decision:\n");
        any = true;
        struct buffer words = {0};
        table_words_placement(then.placement, &words);
        if (then.parallel != 0) {
            words_append(&words, ", with an offer of ");
            table_words_mask(&stepcare_tiers, then.parallel, &words);
        }
        words_append(output, "    %s: ", changes[i].words);
        explain_plain(&words, output);
        words_append(output, ", by rule %s\n", then.rule);
    }
}
