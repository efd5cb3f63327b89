/* Making callers. See caller.h. */
#include "router/care/caller.h"

#define EVERY(count) (STEPCARE_BIT(count) - 1)

struct caller caller_local(struct stepcare_text name)
{
    return (struct caller){.name = name,
                           .roles = EVERY(STEPCARE_ROLE_COUNT),
                           .tiers = EVERY(STEPCARE_TIER_COUNT),
                           .services = EVERY(STEPCARE_SERVICE_COUNT),
                           .every_organisation = true};
}

struct caller caller_router(void)
{
    return (struct caller){.name = stepcare_text_of("router"), .roles = CALLER_ROUTER};
}
