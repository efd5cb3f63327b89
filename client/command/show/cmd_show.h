/* `stepcare show`: one patient whole. Returns the exit code. */
#ifndef CLIENT_COMMAND_SHOW_CMD_SHOW_H
#define CLIENT_COMMAND_SHOW_CMD_SHOW_H

#include "client/command/input/command.h"

int cmd_show(const struct command *self, int argc, char **argv);

#endif
