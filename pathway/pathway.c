/* What a loaded pathway says of targets, limits, codes, reasons and totals: for the router's deciders, the command, and
 * workers. Pure. */
#include "pathway/internal.h"

const char *pathway_version(const struct pathway *pathway)
{
    return pathway->version;
}

const char *pathway_hash_hex(const struct pathway *pathway)
{
    return pathway->hash_hex;
}

uint16_t pathway_target_days(const struct pathway *pathway, struct stepcare_placement placement)
{
    if ((unsigned)placement.tier >= STEPCARE_TIER_COUNT || (unsigned)placement.service >= STEPCARE_SERVICE_COUNT ||
        (unsigned)placement.urgency >= STEPCARE_URGENCY_COUNT)
        return 0;
    return pathway->target_days[placement.tier][placement.service][placement.urgency];
}

const struct stepcare_limits_table *pathway_limits(const struct pathway *pathway)
{
    return &pathway->limits;
}

const char *pathway_end_code_text(const struct pathway *pathway, unsigned end_code)
{
    for (unsigned i = 0; i < pathway->end_code_count; i++)
        if (pathway->end_codes[i].code == end_code) return pathway->end_codes[i].meaning;
    return NULL;
}

static const struct pathway_reason *reason_find(const struct pathway *pathway, struct stepcare_text reason)
{
    for (unsigned i = 0; i < pathway->reason_count; i++)
        if (stepcare_text_equal(stepcare_text_of(pathway->reasons[i].name), reason)) return &pathway->reasons[i];
    return NULL;
}

bool pathway_reason_known(const struct pathway *pathway, struct stepcare_text reason)
{
    return reason_find(pathway, reason) != NULL;
}

bool pathway_reason_needs_note(const struct pathway *pathway, struct stepcare_text reason)
{
    const struct pathway_reason *found = reason_find(pathway, reason);
    return found != NULL && found->needs_note;
}

const char *pathway_reason_at(const struct pathway *pathway, unsigned index)
{
    return index < pathway->reason_count ? pathway->reasons[index].name : NULL;
}

const char *pathway_advice_text(const struct pathway *pathway, enum stepcare_tier tier)
{
    return (unsigned)tier < STEPCARE_TIER_COUNT ? pathway->advice[tier] : NULL;
}

const char *pathway_code_meaning(const struct pathway *pathway, const char *code)
{
    for (unsigned i = 0; i < pathway->code_count; i++)
        if (strcmp(pathway->codes[i].name, code) == 0) return pathway->codes[i].meaning;
    return NULL;
}

static int total_or_blank(struct instrument_total total)
{
    return total.scored == SCORED_COMPLETE || total.scored == SCORED_IMPUTED ? total.value : STEPCARE_BLANK;
}

int pathway_phq_9_total(const struct pathway *pathway, const struct stepcare_instruments *instruments)
{
    return total_or_blank(instrument_phq_9(&pathway->instruments, instruments));
}

int pathway_gad_7_total(const struct pathway *pathway, const struct stepcare_instruments *instruments)
{
    return total_or_blank(instrument_gad_7(&pathway->instruments, instruments));
}
