/* The shared end of every command that changes something: call, then print what stands now. */
#ifndef CLIENT_COMMAND_SESSION_ACT_H
#define CLIENT_COMMAND_SESSION_ACT_H

#include "client/command/session/session.h"

/* Purpose: open a session, make the call, print the outcome (state, owner, next action, due) or the refusal.
 * Returns the exit code. */
int act_run(const struct arguments *arguments, const char *verb, const struct stepcare_record *request);

/* Purpose: print an acting command's reply. */
void act_print(const struct arguments *arguments, const struct stepcare_record *reply);

#endif
