/* The subcommands of `stepcare`. Each takes its own argument vector: argv[0] is the subcommand's name ("worklist"),
 * as the user typed it, and argv[argc] is NULL, so that getopt_long works on it. Each returns the process's exit
 * code. */
#ifndef CLIENT_COMMAND_COMMANDS_H
#define CLIENT_COMMAND_COMMANDS_H

#include "client/command/common/command.h"
#include "client/command/decide/cmd_decide.h"
#include "client/command/pathway/cmd_pathway.h"
#include "client/command/refer/cmd_refer.h"
#include "client/command/show/cmd_show.h"

int cmd_init(int argc, char **argv);
int cmd_worklist(int argc, char **argv);
int cmd_claim(int argc, char **argv);
int cmd_act(int argc,
            char **argv); /* every command that changes one referral or tier; client/cmd_act.c has the table */
int cmd_review(int argc, char **argv);
int cmd_inform(int argc, char **argv);
int cmd_feedback(int argc, char **argv);
int cmd_backlog(int argc, char **argv);
int cmd_listing(int argc, char **argv); /* caseload, holds, stuck, waits, duplicates, unclaimable */
int cmd_hold(int argc, char **argv);    /* hold release */
int cmd_store(int argc, char **argv);   /* verify, backup, restore */
int cmd_completion(int argc, char **argv);
int cmd_help(int argc, char **argv);

#endif
