/* `stepcare pathway show|check|diff`: the clinical rules for those who read, change and sign them. */
#include "client/command/pathway/cmd_pathway.h"

#include "client/command/pathway/compare.h"
#include "client/command/pathway/show.h"
#include "pathway/compiled.h"

#include <stdio.h>

enum { MESSAGE_BYTES = 16384 };

enum { OPTION_FORMAT, OPTION_OVER, OPTION_STORE, OPTION_PATHWAY };

static const struct option_spec options[] = {[OPTION_FORMAT] = {.name = "format"},
                                             [OPTION_OVER] = {.name = "over"},
                                             [OPTION_STORE] = {.name = "store", .is_switch = true},
                                             [OPTION_PATHWAY] = {.name = "pathway"},
                                             {0}};

static int usage(const struct arguments *arguments, const char *problem, const char *what)
{
    usage_error(arguments->command, "%s%s%s%s", problem, what != NULL ? " `" : "", what != NULL ? what : "",
                what != NULL ? "`" : "");
    return EXIT_USAGE;
}

/* path NULL: the built-in one. */
static bool open_or_say(const char *path, struct pathway **out_pathway)
{
    char message[MESSAGE_BYTES] = "";

    if ((path != NULL ? pathway_open(path, message, sizeof message, out_pathway)
                      : pathway_open_default(message, sizeof message, out_pathway)) == STEPCARE_OK)
        return true;
    fprintf(stderr, "%s\n", message);
    return false;
}

static int show(const struct arguments *arguments, const char *path)
{
    static const char *const names[] = {"text", "markdown", "html"};
    struct buffer output = {0};
    struct pathway *pathway;
    const char *format = arguments->values[OPTION_FORMAT];
    unsigned chosen = 0;

    while (format != NULL && chosen < 3 && strcmp(names[chosen], format) != 0) chosen++;
    if (chosen == 3) return usage(arguments, "the formats are text, markdown and html, not", format);
    if (!open_or_say(path, &pathway)) return EXIT_USAGE;
    pathway_page_write(pathway, (enum page_format)chosen, &output);
    if (output.bytes > 0) fwrite(output.data, 1, output.bytes, stdout);
    buffer_close(&output);
    pathway_close(pathway);
    return EXIT_DONE;
}

static int check(const struct arguments *arguments, const char *path)
{
    struct pathway *pathway;

    if (path == NULL) return usage(arguments, "name the file to check", NULL);
    if (!open_or_say(path, &pathway)) return EXIT_USAGE;
    printf("%s: version %s is sound: %u intake rules, every one can lead and every referral finds one; %u review "
           "tables; %u codes\n"
           "hash %s\n",
           path, pathway->version, pathway->intake.count, pathway->review_count, pathway->code_count,
           pathway->hash_hex);
    pathway_close(pathway);
    return EXIT_DONE;
}

static int compare(const struct arguments *arguments, const char *before_path, const char *after_path)
{
    struct pathway *before = NULL, *after = NULL;
    struct session session = {0};
    struct pathway_compared compared = {.path = arguments->values[OPTION_OVER]};
    const bool store = arguments->values[OPTION_STORE] != NULL;
    int exit_code = EXIT_USAGE;

    if (before_path == NULL || after_path == NULL) return usage(arguments, "name the old file and the new one", NULL);
    if (store == (compared.path != NULL))
        return usage(arguments, "say over which referrals: --over FILE, or --store for those of the running router",
                     NULL);
    if (!open_or_say(before_path, &before) || !open_or_say(after_path, &after)) goto out;
    if (store) {
        if (!session_open(arguments, &session, &exit_code)) goto out;
        compared.session = &session;
    }
    exit_code = pathway_compare(before, after, &compared, arguments->json);
out:
    session_close(&session);
    pathway_close(before);
    pathway_close(after);
    return exit_code;
}

int cmd_pathway(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record nothing;
    int exit_code;

    stepcare_record_init(&nothing);
    if (!arguments_parse(self, argc, argv, options, &arguments, &nothing, &exit_code)) return exit_code;
    const char *words[3] = {"show", arguments.values[OPTION_PATHWAY], NULL};
    if (arguments.positional_count > 3) return usage(&arguments, "unexpected", arguments.positional[3]);
    for (unsigned i = 0; i < arguments.positional_count; i++) words[i] = arguments.positional[i];
    if (strcmp(words[0], "diff") == 0) return compare(&arguments, words[1], words[2]);
    if (words[2] != NULL) return usage(&arguments, "unexpected", words[2]);
    if (strcmp(words[0], "show") == 0) return show(&arguments, words[1]);
    if (strcmp(words[0], "check") == 0) return check(&arguments, words[1]);
    return usage(&arguments, "it can show, check and diff, not", words[0]);
}
