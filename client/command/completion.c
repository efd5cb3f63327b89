/* The completion script is made from the table of commands and the code sets, so it always knows what they know. */
#include "client/command/completion.h"

#include "stepcare/codes.h"

#include <stdio.h>

static void names_print(const struct stepcare_codeset *set)
{
    for (unsigned i = 1; i < set->count; i++) printf("%s%s", i == 1 ? "" : " ", set->names[i]);
}

static void values_case_print(const char *options, const struct stepcare_codeset *set)
{
    printf("    %s) words=\"", options);
    names_print(set);
    puts("\" ;;");
}

void completion_print(const struct command *commands)
{
    puts("# bash completion for stepcare: source <(stepcare completion bash)\n_stepcare() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"");
    for (const struct command *command = commands; command->name != NULL; command++) printf("%s ", command->name);
    puts("\"\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\")); return\n  fi\n  case $before in\n"
         "    --config|--note-file|--pathway) COMPREPLY=($(compgen -f -- \"$word\")); return ;;");
    values_case_print("--service", &stepcare_services);
    values_case_print("--to|--tier|worklist|claim|pause|resume", &stepcare_tiers);
    values_case_print("--action", &stepcare_actions);
    values_case_print("--channel", &stepcare_channels);
    values_case_print("--start-back", &stepcare_risks);
    values_case_print("--red-flags", &stepcare_red_flags);
    puts("    --outcome) if [ \"${COMP_WORDS[1]}\" = review ]; then words=\"");
    names_print(&stepcare_treatment_outcomes);
    puts("\"; else words=\"");
    names_print(&stepcare_contact_outcomes);
    puts("\"; fi ;;");
    puts("    refer|inform|decide|backup|restore|init) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
         "    hold) words=release ;;\n    completion) words=bash ;;\n  esac\n  if [ -z \"$words\" ]; then\n"
         "    case ${COMP_WORDS[1]} in");
    for (const struct command *command = commands; command->name != NULL; command++) {
        printf("      %s) words=\"%s\" ;;\n", command->name, command->options);
    }
    puts("    esac\n    words=\"$words --config --as --json --limit --after --timeout --help\"\n  fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\ncomplete -o default -F _stepcare stepcare");
}
