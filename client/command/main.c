/* stepcare: the command. The first argument names the command that is run; everything after it is that command's. */
#include "client/command/commands.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        commands_help_print();
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("stepcare " STEPCARE_VERSION);
        return EXIT_DONE;
    }
    char help[] = "help";
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) argv[1] = help;
    int code = commands_run(argc - 1, argv + 1);
    if (fflush(stdout) != 0 && code == EXIT_DONE) {
        fputs("stepcare: the output could not be written\n", stderr);
        code = EXIT_REFUSED;
    }
    return code;
}
