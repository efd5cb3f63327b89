/* Running a command, whoever gave it: a client (request.c), a worker (result.c), a timer (timers.c) or an adoption
 * (adopt.c). View, decide, execute; then everybody who must hear of the events does. */
#ifndef ROUTER_COMMAND_H
#define ROUTER_COMMAND_H

#include "router/dispatch.h"
#include "router/outward.h"
#include "router/pathways.h"
#include "router/turn.h"
#include "router/waiting.h"

/* Where commands are run: the parts are borrowed. */
struct commands {
    struct store *store;
    const struct pathways *pathways;
    const struct turn *turn;
    struct dispatch *dispatch;
    struct waiting *waiting;
    struct outward *outward;
    bool traced;      /* events go to the log */
    struct view view; /* what the command at hand may look at; filled anew for each, read by nobody else */
};

/* Purpose: decide, execute, pass on what happened. The outcome is in *out, which is the caller's: what is in it stays
 * as it is until the caller gives it to another command. Returns out->error.
 * Errors: the decision's; STORE_FULL or INVALID where it could not be recorded (nothing happened); STOPPING where the
 * store failed: nothing is answered then. out->problem says why, except for STOPPING. */
int command_run(struct commands *commands, const struct command *command, struct decision *out);

#endif
