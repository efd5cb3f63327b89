/* The commands of `stepcare` that need one file each; those of several files have a folder. What `run` of struct
 * command promises holds for each. */
#ifndef CLIENT_COMMAND_CMD_H
#define CLIENT_COMMAND_CMD_H

#include "client/command/input/command.h"

int cmd_init(const struct command *self, int argc, char **argv);
int cmd_worklist(const struct command *self, int argc, char **argv);
int cmd_claim(const struct command *self, int argc, char **argv);
int cmd_act(const struct command *self, int argc, char **argv);  /* every command that changes one referral or tier */
int cmd_hold(const struct command *self, int argc, char **argv); /* hold release */
int cmd_review(const struct command *self, int argc, char **argv);
int cmd_inform(const struct command *self, int argc, char **argv);
int cmd_feedback(const struct command *self, int argc, char **argv);
int cmd_backlog(const struct command *self, int argc, char **argv);
int cmd_listing(const struct command *self, int argc, char **argv); /* caseload, holds, stuck, waits ... */
int cmd_store(const struct command *self, int argc, char **argv);   /* verify, backup, restore */

#endif
