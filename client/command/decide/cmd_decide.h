/* `stepcare decide intake|review`: the clinical decision alone, offline. Returns the exit code. */
#ifndef CLIENT_COMMAND_DECIDE_CMD_DECIDE_H
#define CLIENT_COMMAND_DECIDE_CMD_DECIDE_H

int cmd_decide(int argc, char **argv);

#endif
