/* `stepcare show`: one patient whole. Returns the exit code. */
#ifndef CLIENT_COMMAND_SHOW_CMD_SHOW_H
#define CLIENT_COMMAND_SHOW_CMD_SHOW_H

int cmd_show(int argc, char **argv);

#endif
