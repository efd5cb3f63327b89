/* `stepcare pathway show|check|diff`: the rules, for people. Returns the exit code. */
#ifndef CLIENT_COMMAND_PATHWAY_CMD_PATHWAY_H
#define CLIENT_COMMAND_PATHWAY_CMD_PATHWAY_H

#include "client/command/input/command.h"

int cmd_pathway(const struct command *self, int argc, char **argv);

#endif
