/* What the user typed after the subcommand: options that every command has, its own options, and the rest in order. */
#ifndef CLIENT_COMMAND_INPUT_ARGUMENTS_H
#define CLIENT_COMMAND_INPUT_ARGUMENTS_H

#include "client/command/input/command.h"
#include "client/command/input/field_value.h"

enum { ARGUMENTS_OPTIONS_MAX = 24 };

/* One option of a command; a table of them ends with name NULL. */
struct option_spec {
    const char *name; /* without the dashes */
    uint8_t field;    /* the request's field that its value goes into; 0: the command reads it itself */
    bool is_switch;   /* takes no value */
    bool required;
};

struct arguments {
    const struct command *command;
    const char *config_option, *actor_option, *after;
    uint32_t timeout_ms; /* 0: the library's default */
    uint32_t limit;      /* 0: everything, page by page */
    bool json;
    const char
        *values[ARGUMENTS_OPTIONS_MAX]; /* by the place of the option in its table; NULL where it was not given */
    unsigned positional_count;
    char **positional;
};

/* Purpose: parse argv (argv[0] is the command). Options with a field go into request, which the caller has
 * initialised. Prints what is wrong, or the help that was asked for.
 * False: the process should exit with *out_exit. */
bool arguments_parse(const struct command *self, int argc, char **argv, const struct option_spec *specs,
                     struct arguments *out_arguments, struct stepcare_record *request, int *out_exit);

/* Purpose: check that between least and most positional arguments were given; else says how the command is used. */
bool arguments_count_check(const struct arguments *arguments, unsigned least, unsigned most);

/* Purpose: positional argument `index` into a field. False after saying what is wrong (exit 2). */
bool arguments_positional(const struct arguments *arguments, unsigned index, unsigned field,
                          struct stepcare_record *request);

#endif
