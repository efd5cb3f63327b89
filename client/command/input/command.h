/* What a command of `stepcare` is: one row of the table in client/command/commands.c, and how every command ends. A
 * command's run is given its own row, so nothing below the table looks anything up in it. */
#ifndef CLIENT_COMMAND_INPUT_COMMAND_H
#define CLIENT_COMMAND_INPUT_COMMAND_H

/* Exit codes: the contract of the command line. */
enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,     /* some items were refused */
    EXIT_USAGE = 2,       /* usage, unknown tier, unreadable or broken input file or configuration */
    EXIT_UNREACHABLE = 3, /* no router for the whole timeout, or the outcome is unknown */
    EXIT_NOT_PERMITTED = 4
};

/* `stepcare help` and the completion script are made from the rows, too.
 * run: argv[0] is the command's name as typed and argv[argc] is NULL, so that getopt_long works on it; returns the
 * process's exit code. */
struct command {
    const char *name;
    int (*run)(const struct command *self, int argc, char **argv);
    const char *usage;   /* after "stepcare " */
    const char *summary; /* one line */
    const char *options; /* space-separated long options, for completion; shown by help through details */
    const char *details; /* options explained, then examples */
};

/* Prints to stdout how the command is used, its own options and those that every command has. */
void command_help_print(const struct command *command);

/* Prints "stepcare COMMAND: sentence" to stderr, and where the help is. */
void usage_error(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
