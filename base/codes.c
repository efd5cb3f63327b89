/* The closed sets of stepcare/codes.h as data: numbers to names and back, for wire, JSON, files and command line. */
#include "stepcare/codes.h"

#include <string.h>

#define CODE_NAME(number, NAME, name) [number] = name,
#define CODESET(symbol, what, LIST)                                                                                    \
    static const char *const symbol##_names[] = {LIST(CODE_NAME)};                                                     \
    const struct stepcare_codeset symbol = {what, symbol##_names, sizeof(symbol##_names) / sizeof(symbol##_names[0])};

CODESET(stepcare_tiers, "tier", STEPCARE_TIERS)
CODESET(stepcare_services, "service", STEPCARE_SERVICES)
CODESET(stepcare_urgencies, "urgency", STEPCARE_URGENCIES)
CODESET(stepcare_holds, "hold", STEPCARE_HOLDS)
CODESET(stepcare_sources, "source", STEPCARE_SOURCES)
CODESET(stepcare_problems, "problem", STEPCARE_PROBLEMS)
CODESET(stepcare_red_flags, "red flag", STEPCARE_RED_FLAGS)
CODESET(stepcare_findings, "finding", STEPCARE_FINDINGS)
CODESET(stepcare_histories, "history code", STEPCARE_HISTORIES)
CODESET(stepcare_preferences, "preference", STEPCARE_PREFERENCES)
CODESET(stepcare_axspa_features, "feature", STEPCARE_AXSPA_FEATURES)
CODESET(stepcare_hla_b27s, "HLA-B27 result", STEPCARE_HLA_B27S)
CODESET(stepcare_risks, "risk", STEPCARE_RISKS)
CODESET(stepcare_outcomes, "outcome", STEPCARE_OUTCOMES)
CODESET(stepcare_states, "state", STEPCARE_STATES)
CODESET(stepcare_next_actions, "next action", STEPCARE_NEXT_ACTIONS)
CODESET(stepcare_kinds, "worker kind", STEPCARE_KINDS)
CODESET(stepcare_actions, "action", STEPCARE_ACTIONS)
CODESET(stepcare_treatment_outcomes, "treatment outcome", STEPCARE_TREATMENT_OUTCOMES)
CODESET(stepcare_contact_outcomes, "contact outcome", STEPCARE_CONTACT_OUTCOMES)
CODESET(stepcare_channels, "channel", STEPCARE_CHANNELS)
CODESET(stepcare_handover_phases, "hand-over phase", STEPCARE_HANDOVER_PHASES)
CODESET(stepcare_roles, "role", STEPCARE_ROLES)
CODESET(stepcare_events, "event", STEPCARE_EVENTS)

const char *stepcare_code_name(const struct stepcare_codeset *set, unsigned number)
{
    return number < set->count ? set->names[number] : NULL;
}

unsigned stepcare_code_parse(const struct stepcare_codeset *set, const char *name, size_t bytes)
{
    for (unsigned number = 1; number < set->count; number++) {
        const char *known = set->names[number];
        if (known != NULL && strlen(known) == bytes && memcmp(known, name, bytes) == 0) return number;
    }
    return 0;
}
