/* `stepcare refer`: submits referrals, a line each. Returns the exit code. */
#ifndef CLIENT_COMMAND_REFER_CMD_REFER_H
#define CLIENT_COMMAND_REFER_CMD_REFER_H

int cmd_refer(int argc, char **argv);

#endif
