/* Who gives a command, and what they may see and do. Made where a frame is admitted, before anything else looks at its
 * commands; borrowed by every command; the rules (verb_rules.h, guards.h) read it and nobody changes it. */
#ifndef ROUTER_CARE_CALLER_H
#define ROUTER_CARE_CALLER_H

#include "stepcare/codes.h"
#include "stepcare/text.h"

#include <stdbool.h>

enum { CALLER_ORGANISATIONS_MAX = 32 };

struct caller {
    struct stepcare_text name; /* as events keep it; the texts live as long as the frame they came in */
    uint32_t roles;            /* mask of enum stepcare_role */
    uint32_t tiers;            /* masks: those whose patients the caller cares for */
    uint32_t services;
    bool every_organisation; /* the list below limits nothing */
    unsigned organisation_count;
    struct stepcare_text organisations[CALLER_ORGANISATIONS_MAX];
};

/* A bit beside the roles: the router itself, for the commands that it gives by its own clock. */
#define CALLER_ROUTER (UINT32_C(1) << 31)

/* Purpose: somebody at this computer, where everybody may do everything: every role, tier, service and organisation.
 * Owns: name is borrowed. */
struct caller caller_local(struct stepcare_text name);
/* Purpose: the router itself; no role, and its own verbs only. */
struct caller caller_router(void);

#endif
