/* Timers are commands that the router gives itself when a deadline in the table `timer` has passed. */
#ifndef ROUTER_TIMERS_H
#define ROUTER_TIMERS_H

#include "router/command.h"

enum { TIMERS_PER_TURN_MAX = 256 };

/* Purpose: give the commands whose time has come, at most TIMERS_PER_TURN_MAX; called by the loop once a turn.
 * decision: room for each command's outcome. */
void timers_run(struct commands *commands, struct decision *decision);

#endif
