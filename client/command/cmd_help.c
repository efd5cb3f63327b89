#include "client/command/commands.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

int cmd_help(int argc, char **argv)
{
    if (argc > 1 && argv[1][0] != '-') {
        const struct command *command = command_find(argv[1]);
        if (command == NULL) {
            fprintf(stderr, "stepcare: there is no command '%.40s'. See: stepcare help\n", argv[1]);
            return EXIT_USAGE;
        }
        command_help_print(command);
        return EXIT_DONE;
    }
    puts("stepcare: referrals for stepped care of pain\n\nusage: stepcare COMMAND [ARGUMENTS]\n");
    for (const struct command *command = commands; command->name != NULL; command++) {
        printf("  %-12s %s\n", command->name, command->summary);
    }
    puts("\n`stepcare help COMMAND` says what a command takes, with examples; `stepcare --version` says which one this "
         "is.\n"
         "Commands need a running router: stepcare-router --config FILE; and workers: stepcare-worker --config FILE.");
    return EXIT_DONE;
}
