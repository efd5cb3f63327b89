/* `stepcare refer`: submits referrals, a line each. Returns the exit code. */
#ifndef CLIENT_COMMAND_REFER_CMD_REFER_H
#define CLIENT_COMMAND_REFER_CMD_REFER_H

#include "client/command/input/command.h"

int cmd_refer(const struct command *self, int argc, char **argv);

#endif
