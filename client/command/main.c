/* stepcare: the command. Finds the subcommand and hands the rest over. */
#include "client/command/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        cmd_help(1, argv);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("stepcare " STEPCARE_VERSION);
        return EXIT_DONE;
    }
    bool wants_help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
    const struct command *command = command_find(wants_help ? "help" : argv[1]);
    if (command == NULL) {
        fprintf(stderr, "stepcare: there is no command '%.40s'. See: stepcare help\n", argv[1]);
        return EXIT_USAGE;
    }
    int code = command->run(argc - 1, argv + 1);
    if (fflush(stdout) != 0 && code == EXIT_DONE) {
        fputs("stepcare: the output could not be written\n", stderr);
        code = EXIT_REFUSED;
    }
    return code;
}
