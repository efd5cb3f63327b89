/* The loop: one turn after another until the router is stopped or has failed. Called by main. */
#ifndef ROUTER_LOOP_H
#define ROUTER_LOOP_H

#include "router/router.h"

/* Purpose: serve. signals is a signalfd: SIGHUP reads the configuration again, any other ends the loop. Returns the
 * exit code. */
int loop_run(struct router *router, int signals);

#endif
