/* What a command of `stepcare` is, and how every one of them ends. */
#ifndef CLIENT_COMMAND_COMMON_COMMAND_H
#define CLIENT_COMMAND_COMMON_COMMAND_H

/* Exit codes: the contract of the command line. */
enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,     /* some items were refused */
    EXIT_USAGE = 2,       /* usage, unknown tier, unreadable or broken input file or configuration */
    EXIT_UNREACHABLE = 3, /* no router for the whole timeout, or the outcome is unknown */
    EXIT_NOT_PERMITTED = 4
};

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
