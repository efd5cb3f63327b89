/* `stepcare decide intake|review`: the clinical decision alone, offline. Returns the exit code. */
#ifndef CLIENT_COMMAND_DECIDE_CMD_DECIDE_H
#define CLIENT_COMMAND_DECIDE_CMD_DECIDE_H

#include "client/command/input/command.h"

int cmd_decide(const struct command *self, int argc, char **argv);

#endif
