/* Does a practitioner's profile fit a referral? Tiers, services, channels, interpreter, skills. Pure. */
#ifndef ROUTER_CARE_FIT_H
#define ROUTER_CARE_FIT_H

#include "config/config.h"
#include "router/care/episode.h"

/* Purpose: NULL if they may and can treat it, else why not, for people to read. */
const char *fit_problem(const struct config_practitioner *practitioner, const struct episode *episode, uint8_t tier,
                        uint8_t service);

#endif
