/* `stepcare refer`: lines go into the library's pipeline as they are read, and answers are printed in the file's
 * order. */
#include "client/command/refer/cmd_refer.h"

#include "client/command/refer/report.h"
#include "client/command/refer/summary.h"
#include "client/command/session/session.h"
#include "client/command/session/table.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    OPTION_NO_WAIT,
    REFER_WAIT_MS = 5000,
    IDLE_MS = 20,
    ARENA_BYTES_MAX = 4 * 1024 * 1024,
    STDOUT_BYTES = 256 * 1024
};
/* A line is filled in while every place of the window may still be open. */
enum { LINES = 2 * STEPCARE_PIPELINE_WINDOW };

static const struct option_spec options[] = {[OPTION_NO_WAIT] = {.name = "no-wait", .is_switch = true}, {0}};

struct refer {
    struct refer_report report;
    struct stepcare_pipeline *pipeline;
    struct source *source;
    struct arena *arena;
    struct buffer buffer;
    bool no_wait;
    uint64_t taken;       /* items given to the pipeline */
    uint64_t last_number; /* the line read last */
    struct refer_line lines[LINES];
};

static void answered(void *context, const struct stepcare_answer *answer)
{
    struct refer *refer = context;
    struct refer_line *line = &refer->lines[answer->tag % LINES];
    refer_report_line(&refer->report, line, answer);
    free(line->errors);
    line->errors = NULL;
}

/* Nothing to read for now: send what is gathered, show what has come. */
static enum stepcare_error idle(struct refer *refer)
{
    enum stepcare_error error = stepcare_pipeline_turn(refer->pipeline, 0);
    fflush(stdout);
    return error;
}

static enum stepcare_error item_send(struct refer *refer, const struct source_item *item, enum source_result result)
{
    struct refer_line *line = &refer->lines[refer->taken % LINES];
    *line = (struct refer_line){.number = item->number};
    line->wait_ms = refer->no_wait || refer->report.triage_missing ? 0 : REFER_WAIT_MS;
    refer->last_number = item->number;
    return refer_line_send(refer->pipeline, item, result, refer->arena, &refer->buffer, line, refer->taken++);
}

/* Returns the exit code for a source that cannot be read, EXIT_DONE otherwise; *out_error says how sending ended. */
static int lines_send(struct refer *refer, const char *path, enum stepcare_error *out_error)
{
    enum stepcare_error error = STEPCARE_OK;
    int code = EXIT_DONE;
    for (bool more = true; more && error == STEPCARE_OK;) {
        struct source_item item;
        enum source_result result = source_next(refer->source, IDLE_MS, &item);
        switch (result) {
        case SOURCE_IDLE: error = idle(refer); break;
        case SOURCE_END: more = false; break;
        case SOURCE_FAILED:
            fprintf(stderr, "stepcare refer: %s cannot be read on after line %llu: %s\n", path,
                    (unsigned long long)refer->last_number, strerror(errno));
            code = EXIT_USAGE;
            more = false;
            break;
        default: error = item_send(refer, &item, result); break;
        }
        refer_progress_draw(&refer->report, source_bytes_read(refer->source), source_bytes_total(refer->source));
    }
    if (error == STEPCARE_OK) error = stepcare_pipeline_drain(refer->pipeline);
    refer_progress_clear(&refer->report);
    *out_error = error;
    return code;
}

static int lost_print(const struct refer *refer, const struct session *session, enum stepcare_error error)
{
    const struct refer_report *report = &refer->report;
    fflush(stdout);
    fprintf(stderr, "stepcare refer: %s (%s).\n",
            error == STEPCARE_BUSY ? "the router is too busy to take more" : stepcare_error_text((int)error),
            session->config->client_endpoint);
    fprintf(stderr, "Answered: %llu. ", (unsigned long long)report->answered);
    if (report->last_number < refer->last_number) {
        fprintf(stderr, "Lines %llu to %llu were read and have no answer. ",
                (unsigned long long)report->last_number + 1, (unsigned long long)refer->last_number);
    }
    fputs(
        "Send the same file again once the router answers: whatever was recorded is found again, nothing is doubled.\n",
        stderr);
    return EXIT_UNREACHABLE;
}

static int refer_run(struct refer *refer, struct session *session, const char *path)
{
    enum stepcare_error error;
    if (arena_open(ARENA_BYTES_MAX, &refer->arena) != STEPCARE_OK ||
        stepcare_pipeline_open(session->client, answered, refer, &refer->pipeline) != STEPCARE_OK) {
        fputs("stepcare refer: out of memory\n", stderr);
        return EXIT_UNREACHABLE;
    }
    int code = lines_send(refer, path, &error);
    fflush(stdout);
    if (error != STEPCARE_OK) return lost_print(refer, session, error);
    if (!refer->report.json) refer_summary_print(&refer->report);
    if (code != EXIT_DONE) return code;
    if (refer->report.not_permitted > 0) return EXIT_NOT_PERMITTED;
    return refer->report.rejected + refer->report.conflicts > 0 ? EXIT_REFUSED : EXIT_DONE;
}

static void refer_close(struct refer *refer)
{
    stepcare_pipeline_close(&refer->pipeline);
    source_close(refer->source);
    arena_close(refer->arena);
    buffer_close(&refer->buffer);
    buffer_close(&refer->report.buffer);
    for (size_t i = 0; i < LINES; i++) free(refer->lines[i].errors);
    free(refer);
}

int cmd_refer(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct session session = {0};
    int code;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, options, &arguments, &request, &code)) return code;
    if (!arguments_count_check(&arguments, 0, 1)) return EXIT_USAGE;
    const char *path = arguments.positional_count == 0 ? "-" : arguments.positional[0];
    struct refer *refer = calloc(1, sizeof *refer);
    if (refer == NULL) return EXIT_UNREACHABLE;
    bool terminal = isatty(STDOUT_FILENO) == 1;
    if (!terminal) setvbuf(stdout, NULL, _IOFBF, STDOUT_BYTES);
    refer->no_wait = arguments.values[OPTION_NO_WAIT] != NULL;
    refer->report.json = arguments.json;
    refer->report.lines_coloured = colour_wanted(STDOUT_FILENO);
    refer->report.words_coloured = colour_wanted(STDERR_FILENO);
    refer->report.progress = isatty(STDERR_FILENO) == 1;
    if (!source_open(path, &refer->source)) {
        usage_error(self, "%s cannot be read: %s", path, strerror(errno));
        code = EXIT_USAGE;
    } else if (session_open(&arguments, &session, &code)) {
        code = refer_run(refer, &session, path);
    }
    refer_close(refer);
    session_close(&session);
    return code;
}
