/* The script that completes `stepcare` in bash, for the command `completion`. */
#ifndef CLIENT_COMMAND_COMPLETION_H
#define CLIENT_COMMAND_COMPLETION_H

#include "client/command/input/command.h"

/* Prints it to stdout. commands ends with name NULL. */
void completion_print(const struct command *commands);

#endif
