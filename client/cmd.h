/* The subcommands of `stepcare`. Each takes its own argument vector: argv[0] is the subcommand's name ("worklist"),
 * as the user typed it, and argv[argc] is NULL, so that getopt_long works on it. Each returns the process's exit
 * code. */
#ifndef CLIENT_CMD_H
#define CLIENT_CMD_H

/* Exit codes: the contract of the command line. */
enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,     /* some items were refused */
    EXIT_USAGE = 2,       /* usage, unknown tier, unreadable or broken input file or configuration */
    EXIT_UNREACHABLE = 3, /* no router for the whole timeout, or the outcome is unknown */
    EXIT_NOT_PERMITTED = 4
};

int cmd_init(int argc, char **argv);
int cmd_refer(int argc, char **argv);
int cmd_decide(int argc, char **argv);
int cmd_pathway(int argc, char **argv);
int cmd_worklist(int argc, char **argv);
int cmd_claim(int argc, char **argv);
int cmd_act(int argc,
            char **argv); /* every command that changes one referral or tier; client/cmd_act.c has the table */
int cmd_review(int argc, char **argv);
int cmd_inform(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_feedback(int argc, char **argv);
int cmd_backlog(int argc, char **argv);
int cmd_listing(int argc, char **argv); /* caseload, holds, stuck, waits, duplicates, unclaimable */
int cmd_hold(int argc, char **argv);    /* hold release */
int cmd_store(int argc, char **argv);   /* verify, backup, restore */
int cmd_completion(int argc, char **argv);
int cmd_help(int argc, char **argv);

/* One row of the table of commands: what `stepcare help` and the completion script are made from. */
struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage;   /* after "stepcare " */
    const char *summary; /* one line */
    const char *options; /* space-separated long options, for completion; shown by help through details */
    const char *details; /* options explained, then examples */
};
extern const struct command commands[]; /* ends with name NULL */
const struct command *command_find(const char *name);
void command_help_print(const struct command *command);

#endif
