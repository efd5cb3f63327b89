/* Which command is allowed in which state: one table, data for tests and for the sentences that refusals give. */
#ifndef ROUTER_CARE_TRANSITION_H
#define ROUTER_CARE_TRANSITION_H

#include "stepcare/codes.h"

#include <stdbool.h>

/* Purpose: may this verb act on an episode in this state (leases, holds and hand-overs aside)? Verbs that act on no episode: true. */
bool transition_allowed(uint8_t verb, enum stepcare_state state);
/* Purpose: what can be done in this state instead; a clause for the end of a refusal. Never NULL. */
const char *transition_instead(uint8_t verb, enum stepcare_state state);

#endif
