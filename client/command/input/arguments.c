/* Options by getopt_long, those of every command and a command's own table of them. Used by every command. */
#include "client/command/input/arguments.h"

#include <getopt.h>
#include <stdlib.h>

enum {
    OPTION_CONFIG = 1,
    OPTION_AS,
    OPTION_TIMEOUT,
    OPTION_JSON,
    OPTION_LIMIT,
    OPTION_AFTER,
    OPTION_HELP,
    OPTION_OWN = 64
};
enum { COMMON_COUNT = 7, TIMEOUT_S_MAX = 86400 };

static const struct option common[COMMON_COUNT] = {
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"as", required_argument, NULL, OPTION_AS},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"json", no_argument, NULL, OPTION_JSON},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"after", required_argument, NULL, OPTION_AFTER},
    {"help", no_argument, NULL, OPTION_HELP},
};

static bool number_option(const struct arguments *arguments, const char *name, const char *text, uint32_t least,
                          uint32_t most, uint32_t *out_number)
{
    char *end = NULL;
    unsigned long long number = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
    if (end == NULL || *end != '\0' || number < least || number > most) {
        usage_error(arguments->command, "--%s takes a whole number from %u to %u, not '%.40s'", name, least, most,
                    text);
        return false;
    }
    *out_number = (uint32_t)number;
    return true;
}

static bool common_option(struct arguments *arguments, int option, const char *value, int *out_exit)
{
    uint32_t seconds = 0;
    switch (option) {
    case OPTION_CONFIG: arguments->config_option = value; return true;
    case OPTION_AS:
        arguments->actor_option = value;
        if (value[0] != '\0' && strlen(value) <= STEPCARE_ACTOR_BYTES_MAX) return true;
        usage_error(arguments->command, "--as takes a name of 1 to %d bytes", STEPCARE_ACTOR_BYTES_MAX);
        return false;
    case OPTION_TIMEOUT:
        if (!number_option(arguments, "timeout", value, 1, TIMEOUT_S_MAX, &seconds)) return false;
        arguments->timeout_ms = seconds * 1000;
        return true;
    case OPTION_JSON: arguments->json = true; return true;
    case OPTION_LIMIT: return number_option(arguments, "limit", value, 1, INT32_MAX, &arguments->limit);
    case OPTION_AFTER: arguments->after = value; return true;
    default:
        command_help_print(arguments->command);
        *out_exit = EXIT_DONE;
        return false;
    }
}

static bool own_option(struct arguments *arguments, const struct option_spec *specs, unsigned index, const char *value,
                       struct stepcare_record *request)
{
    char problem[FIELD_PROBLEM_BYTES];
    arguments->values[index] = value == NULL ? "" : value;
    if (specs[index].field == 0) return true;
    if (field_value_parse(request, specs[index].field, value, problem)) return true;
    usage_error(arguments->command, "--%s: %s", specs[index].name, problem);
    return false;
}

/* The options table for getopt_long: the common ones, then the command's. Returns the number of its own. */
static unsigned options_gather(const struct option_spec *specs, struct option *out_options)
{
    unsigned count = 0;
    memcpy(out_options, common, sizeof common);
    for (; specs != NULL && specs[count].name != NULL && count < ARGUMENTS_OPTIONS_MAX; count++) {
        out_options[COMMON_COUNT + count] = (struct option){
            specs[count].name, specs[count].is_switch ? no_argument : required_argument, NULL, OPTION_OWN + (int)count};
    }
    out_options[COMMON_COUNT + count] = (struct option){NULL, 0, NULL, 0};
    return count;
}

/* getopt takes beginnings of names for the names. A --note that was meant to carry a note must not become --note-
 * file, with the note for a path in the error text: options are typed whole. */
static bool names_check(const struct command *self, int argc, char **argv, const struct option *options)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--", 2) != 0) continue;
        const char *name = argv[i] + 2;
        const size_t bytes = strcspn(name, "=");
        const struct option *option = options;
        while (option->name != NULL && (strlen(option->name) != bytes || memcmp(option->name, name, bytes) != 0))
            option++;
        if (option->name == NULL) {
            usage_error(self, "there is no option --%.*s", (int)bytes, name);
            return false;
        }
        if (option->has_arg == required_argument && name[bytes] == '\0') i++;
    }
    return true;
}

static bool required_check(const struct arguments *arguments, const struct option_spec *specs, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (!specs[i].required || arguments->values[i] != NULL) continue;
        usage_error(arguments->command, "needs --%s", specs[i].name);
        return false;
    }
    return true;
}

bool arguments_parse(const struct command *self, int argc, char **argv, const struct option_spec *specs,
                     struct arguments *out_arguments, struct stepcare_record *request, int *out_exit)
{
    struct option options[COMMON_COUNT + ARGUMENTS_OPTIONS_MAX + 1];
    unsigned own_count = options_gather(specs, options);
    struct arguments arguments = {.command = self};
    *out_exit = EXIT_USAGE;
    if (!names_check(self, argc, argv, options)) return false;
    optind = 0; /* GNU: start anew */
    opterr = 0;
    for (;;) {
        int option = getopt_long(argc, argv, ":", options, NULL);
        if (option == -1) break;
        if (option == '?') {
            usage_error(self, "there is no option %s", argv[optind - 1]);
            return false;
        }
        if (option == ':') {
            usage_error(self, "%s needs a value", argv[optind - 1]);
            return false;
        }
        bool good = option < OPTION_OWN
                        ? common_option(&arguments, option, optarg, out_exit)
                        : own_option(&arguments, specs, (unsigned)(option - OPTION_OWN), optarg, request);
        if (!good) return false;
    }
    if (!required_check(&arguments, specs, own_count)) return false;
    arguments.positional = argv + optind;
    arguments.positional_count = (unsigned)(argc - optind);
    *out_arguments = arguments;
    return true;
}

bool arguments_count_check(const struct arguments *arguments, unsigned least, unsigned most)
{
    if (arguments->positional_count >= least && arguments->positional_count <= most) return true;
    usage_error(arguments->command, "%s; it is used as: stepcare %s",
                arguments->positional_count < least ? "something is missing" : "there is more than it takes",
                arguments->command->usage);
    return false;
}

bool arguments_positional(const struct arguments *arguments, unsigned index, unsigned field,
                          struct stepcare_record *request)
{
    char problem[FIELD_PROBLEM_BYTES];
    if (field_value_parse(request, field, arguments->positional[index], problem)) return true;
    usage_error(arguments->command, "%s", problem);
    return false;
}
