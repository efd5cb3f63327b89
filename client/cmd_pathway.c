/* `stepcare pathway show|check|diff`: the clinical rules for those who read, change and sign them. */
#include "client/cmd.h"
#include "client/pathway_compare.h"
#include "client/pathway_page.h"

#include <getopt.h>
#include <stdio.h>

enum { MESSAGE_BYTES = 16384 };

struct pathway_options {
    const char *format, *over, *pathway;
    bool json, help;
};

static int usage(const char *problem, const char *what)
{
    fprintf(stderr, "stepcare pathway: %s%s%s%s\n", problem, what != NULL ? " `" : "", what != NULL ? what : "",
            what != NULL ? "`" : "");
    fprintf(stderr, "Usage: stepcare pathway show [--format text|markdown|html] [FILE]\n"
                    "       stepcare pathway check FILE\n"
                    "       stepcare pathway diff OLD NEW --over REFERRALS [--json]\n"
                    "More: stepcare help pathway\n");
    return EXIT_USAGE;
}

static int options_read(int argc, char **argv, struct pathway_options *options)
{
    static const struct option known[] = {{"format", required_argument, NULL, 'f'}, {"over", required_argument, NULL, 'o'},
                                          {"pathway", required_argument, NULL, 'p'}, {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int option;

    optind = 0;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
        switch (option) {
        case 'f': options->format = optarg; break;
        case 'o': options->over = optarg; break;
        case 'p': options->pathway = optarg; break;
        case 'j': options->json = true; break;
        case 'h': options->help = true; break;
        case ':': return usage("a value is missing after", argv[optind - 1]);
        default: return usage("unknown option", argv[optind - 1]);
        }
    }
    return EXIT_DONE;
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

static int show(const char *path, const char *format)
{
    static const char *const names[] = {"text", "markdown", "html"};
    struct wire_buffer output = {0};
    struct pathway *pathway;
    unsigned chosen = 0;

    while (format != NULL && chosen < 3 && strcmp(names[chosen], format) != 0) chosen++;
    if (chosen == 3) return usage("the formats are text, markdown and html, not", format);
    if (!open_or_say(path, &pathway)) return EXIT_USAGE;
    pathway_page_write(pathway, (enum page_format)chosen, &output);
    if (output.bytes > 0) fwrite(output.data, 1, output.bytes, stdout);
    wire_buffer_close(&output);
    pathway_close(pathway);
    return EXIT_DONE;
}

static int check(const char *path)
{
    struct pathway *pathway;

    if (path == NULL) return usage("name the file to check", NULL);
    if (!open_or_say(path, &pathway)) return EXIT_USAGE;
    printf("%s: version %s is sound: %u intake rules, every one can lead and every referral finds one; %u review tables; %u codes\n"
           "hash %s\n",
           path, pathway->version, pathway->intake.count, pathway->review_count, pathway->code_count, pathway->hash_hex);
    pathway_close(pathway);
    return EXIT_DONE;
}

static int compare(const char *before_path, const char *after_path, const struct pathway_options *options)
{
    struct pathway *before = NULL, *after = NULL;
    int exit_code = EXIT_USAGE;

    if (before_path == NULL || after_path == NULL) return usage("name the old file and the new one", NULL);
    if (options->over == NULL) return usage("say over which referrals: --over FILE", NULL);
    if (open_or_say(before_path, &before) && open_or_say(after_path, &after))
        exit_code = pathway_compare(before, after, options->over, options->json);
    pathway_close(before);
    pathway_close(after);
    return exit_code;
}

int cmd_pathway(int argc, char **argv)
{
    struct pathway_options options = {0};
    int exit_code = options_read(argc, argv, &options);
    const char *verb, *first, *second;

    if (exit_code != EXIT_DONE) return exit_code;
    if (options.help) {
        command_help_print(command_find("pathway"));
        return EXIT_DONE;
    }
    verb = optind < argc ? argv[optind++] : "show";
    first = optind < argc ? argv[optind++] : options.pathway;
    second = optind < argc ? argv[optind++] : NULL;
    if (optind < argc) return usage("unexpected", argv[optind]);
    if (strcmp(verb, "diff") == 0) return compare(first, second, &options);
    if (second != NULL) return usage("unexpected", second);
    if (strcmp(verb, "show") == 0) return show(first, options.format);
    if (strcmp(verb, "check") == 0) return check(first);
    return usage("it can show, check and diff, not", verb);
}
