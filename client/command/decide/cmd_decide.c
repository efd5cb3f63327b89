/* `stepcare decide intake|review`: the clinical decision alone, offline. Streams: memory does not grow with the
 * input. */
#include "client/command/decide/cmd_decide.h"

#include "client/command/decide/intake.h"
#include "client/command/decide/review.h"
#include "client/command/input/command.h"
#include "client/command/input/source.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

enum {
    ARENA_BYTES_MAX = 16 * STEPCARE_LINE_BYTES_MAX, /* a name of two bytes takes a node of 80 in a review */
    OUTPUT_BYTES_FLUSH = 64 * 1024,
    MESSAGE_BYTES = 8192,
    IDLE_MS = 20
};

struct decide_options {
    const char *kind, *pathway, *input;
    bool explain;
};

static int usage(const char *problem, const char *what)
{
    fprintf(stderr, "stepcare decide: %s%s%s%s\n", problem, what != NULL ? " `" : "", what != NULL ? what : "",
            what != NULL ? "`" : "");
    fprintf(stderr, "Usage: stepcare decide intake|review [--pathway FILE] [--explain] [FILE|-]\n"
                    "More: stepcare help decide\n");
    return EXIT_USAGE;
}

/* Returns EXIT_DONE to go on; anything else, or help given (out_help), ends the command. */
static int options_read(int argc, char **argv, struct decide_options *options, bool *out_help)
{
    static const struct option known[] = {{"pathway", required_argument, NULL, 'p'},
                                          {"explain", no_argument, NULL, 'e'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    int option;

    optind = 0;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
        if (option == 'p') options->pathway = optarg;
        if (option == 'e') options->explain = true;
        if (option == 'h') *out_help = true;
        if (option == ':') return usage("a value is missing after", argv[optind - 1]);
        if (option == '?') return usage("unknown option", argv[optind - 1]);
    }
    if (*out_help) return EXIT_DONE;
    if (optind == argc) return usage("say intake or review", NULL);
    options->kind = argv[optind++];
    if (strcmp(options->kind, "intake") != 0 && strcmp(options->kind, "review") != 0)
        return usage("it decides intake or review, not", options->kind);
    options->input = optind < argc ? argv[optind++] : "-";
    return optind < argc ? usage("one file at a time; unexpected", argv[optind]) : EXIT_DONE;
}

static bool output_flush(struct buffer *output)
{
    size_t at = 0;

    while (!output->failed && at < output->bytes) {
        ssize_t written = write(STDOUT_FILENO, output->data + at, output->bytes - at);

        if (written < 0 && errno != EINTR) return false;
        at += written > 0 ? (size_t)written : 0;
    }
    buffer_clear(output);
    return true;
}

static bool item_decide(const struct decide *decide, bool intake, enum source_result result,
                        const struct source_item *item)
{
    struct stepcare_field_errors errors;

    arena_reset(decide->arena);
    if (result == SOURCE_ITEM)
        return intake ? decide_intake_line(decide, item->text) : decide_review_line(decide, item->text);
    errors.count = errors.dropped = 0;
    if (result == SOURCE_TOO_LONG)
        stepcare_field_errors_add(&errors, "line", "is longer than %d bytes", STEPCARE_LINE_BYTES_MAX);
    else
        stepcare_field_errors_add(&errors, "line", "%s", item->problem);
    decide_errors_append(decide->output, intake ? "message_id" : "referral_id", (struct stepcare_text){0}, intake,
                         &errors);
    return false;
}

static int source_decide(const struct decide *decide, bool intake, struct source *source, const char *input)
{
    int exit_code = EXIT_DONE;

    for (;;) {
        struct source_item item;
        enum source_result result = source_next(source, IDLE_MS, &item);

        if (result == SOURCE_END) break;
        if (result == SOURCE_FAILED) {
            output_flush(decide->output);
            fprintf(stderr, "stepcare decide: %s: cannot be read on: %s\n", input, strerror(errno));
            return EXIT_USAGE;
        }
        if (result != SOURCE_IDLE && !item_decide(decide, intake, result, &item)) exit_code = EXIT_REFUSED;
        if ((result == SOURCE_IDLE || decide->output->bytes >= OUTPUT_BYTES_FLUSH) && !output_flush(decide->output))
            break;
    }
    if (!output_flush(decide->output)) {
        fprintf(stderr, "stepcare decide: the answers cannot be written: %s\n", strerror(errno));
        return EXIT_USAGE;
    }
    return exit_code;
}

int cmd_decide(const struct command *self, int argc, char **argv)
{
    struct decide_options options = {0};
    struct pathway *pathway = NULL;
    struct buffer output = {0};
    struct arena *arena = NULL;
    struct source *source = NULL;
    char message[MESSAGE_BYTES] = "";
    bool help = false;
    int exit_code = options_read(argc, argv, &options, &help);

    if (help) command_help_print(self);
    if (help || exit_code != EXIT_DONE) return exit_code;
    exit_code = EXIT_USAGE;
    if ((options.pathway != NULL ? pathway_open(options.pathway, message, sizeof message, &pathway)
                                 : pathway_open_default(message, sizeof message, &pathway)) != STEPCARE_OK) {
        fprintf(stderr, "stepcare decide: the pathway cannot be used:\n%s\n", message);
        goto out;
    }
    if (!source_open(options.input, &source)) {
        fprintf(stderr, "stepcare decide: %s: cannot be read: %s\n", options.input, strerror(errno));
        goto out;
    }
    if (arena_open(ARENA_BYTES_MAX, &arena) != STEPCARE_OK) {
        fprintf(stderr, "stepcare decide: out of memory\n");
        goto out;
    }
    struct decide decide = {pathway, options.explain, arena, &output};
    exit_code = source_decide(&decide, strcmp(options.kind, "intake") == 0, source, options.input);
out:
    source_close(source);
    arena_close(arena);
    buffer_close(&output);
    pathway_close(pathway);
    return exit_code;
}
