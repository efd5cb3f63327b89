/* The table of commands, for main alone: the commands themselves are given their rows. */
#ifndef CLIENT_COMMAND_COMMANDS_H
#define CLIENT_COMMAND_COMMANDS_H

#include "client/command/input/command.h"

/* Returns the exit code; argv[0] is the command's name. A name that is no command's is said to be none. */
int commands_run(int argc, char **argv);

/* Prints the list of all commands to stdout. */
void commands_help_print(void);

#endif
