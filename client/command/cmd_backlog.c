/* `stepcare backlog`: a line for each tier, and for what waits for triage; once, or every two seconds. */
#include "client/command/cmd.h"

#include "client/command/session/listing.h"

#include "proto/record_json.h"

#include <unistd.h>

#define F(name) STEPCARE_FIELD_##name

enum { OPTION_WATCH, WATCH_S = 2 };

static const struct option_spec options[] = {[OPTION_WATCH] = {.name = "watch", .is_switch = true}, {0}};

static const uint8_t keys[] = {
    F(tier),     F(waiting),    F(held),         F(claimed), F(in_treatment), F(oldest_wait_days),
    F(breached), F(arrived_7d), F(completed_7d), 0};

static const struct table_column columns[] = {{F(tier), false, false, "TIER"},
                                              {F(waiting), true, false, "WAITING"},
                                              {F(held), true, false, "HELD"},
                                              {F(claimed), true, false, "CLAIMED"},
                                              {F(in_treatment), true, false, "IN TREATMENT"},
                                              {F(oldest_wait_days), true, false, "OLDEST WAIT (DAYS)"},
                                              {F(breached), true, false, "PAST DUE"},
                                              {F(arrived_7d), true, false, "ARRIVED 7 DAYS"},
                                              {F(completed_7d), true, false, "COMPLETED 7 DAYS"},
                                              {F(paused), false, false, "PAUSED"},
                                              {0}};

/* What is received but not triaged has a line of its own, whose tier is "triage": no tier of the pathway. */
static void row_write(struct buffer *buffer, const struct stepcare_record *row)
{
    if (STEPCARE_GET(row, tier, STEPCARE_TIER_NONE) != STEPCARE_TIER_NONE) {
        record_line_write(buffer, row, keys);
        return;
    }
    struct json_writer writer = {.buffer = buffer};
    json_object_begin(&writer);
    json_name(&writer, "tier");
    json_text(&writer, stepcare_text_of("triage"));
    for (const uint8_t *key = keys + 1; *key != 0; key++) record_json_field(&writer, row, *key);
    json_object_end(&writer);
    line_write(buffer);
}

static int backlog_print(struct session *session, bool watch)
{
    static const struct stepcare_records none = {0};
    static const struct listing listing = {.verb = "backlog", .always = keys, .columns = columns, .nothing = NULL};
    struct stepcare_reply *reply = NULL;
    struct buffer buffer = {0};
    int code = session_call(session, "backlog", NULL, &reply);
    if (code != EXIT_DONE) return code;
    const struct stepcare_record *record = stepcare_reply_record(reply);
    struct stepcare_records rows = STEPCARE_GET(record, rows, none);
    if (session->arguments->json) {
        for (uint32_t i = 0; i < rows.count; i++) row_write(&buffer, &rows.items[i]);
    } else {
        if (watch && isatty(STDOUT_FILENO) == 1) fputs("\033[H\033[2J", stdout);
        emergencies_warn(record);
        rows_print(session->arguments, &rows, &listing);
        unsigned long long workers = STEPCARE_GET(record, workers, 0);
        unsigned long long triage = 0;
        for (uint32_t i = 0; i < rows.count; i++) triage += STEPCARE_GET(&rows.items[i], workers, 0);
        printf("Workers connected: %llu, %llu of them for triage%s\n", workers, triage,
               triage == 0 ? " (nothing is triaged meanwhile; start one: stepcare-worker --config FILE)" : "");
    }
    fflush(stdout);
    buffer_close(&buffer);
    stepcare_reply_close(&reply);
    return code;
}

int cmd_backlog(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record nothing;
    struct session session;
    int code;
    stepcare_record_init(&nothing);
    if (!arguments_parse(self, argc, argv, options, &arguments, &nothing, &code)) return code;
    if (!arguments_count_check(&arguments, 0, 0)) return EXIT_USAGE;
    bool watch = arguments.values[OPTION_WATCH] != NULL;
    if (session_open(&arguments, &session, &code)) {
        do {
            code = backlog_print(&session, watch);
        } while (code == EXIT_DONE && watch && sleep(WATCH_S) == 0);
    }
    session_close(&session);
    return code;
}
