/* What every command says of itself: its help, and that it was used wrongly. */
#include "client/command/input/command.h"

#include <stdarg.h>
#include <stdio.h>

void command_help_print(const struct command *command)
{
    printf("stepcare %s\n  %s\n\n%s\n", command->usage, command->summary, command->details);
    puts("Always:\n"
         "  --config FILE       the store's configuration (else STEPCARE_CONFIG)\n"
         "  --as NAME           who does it (else STEPCARE_AS, else the login name)\n"
         "  --json              a JSON object a line\n"
         "  --limit N, --after  for listings: at most N rows; go on behind a row\n"
         "  --timeout SECONDS   give up without an answer (default 30)\n"
         "Exit codes: 0 done, 1 some refused, 2 usage or input, 3 no answer or outcome unknown, 4 not permitted.");
}

void usage_error(const struct command *command, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "stepcare %s: ", command->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nSee: stepcare help %s\n", command->name);
}
