/* What is printed of each line, for programs or for people, as its answer comes; and the progress bar. */
#include "client/command/refer/report.h"

#include "base/clock.h"
#include "client/command/session/session.h"
#include "client/command/session/table.h"
#include "proto/record_json.h"

#include <unistd.h>

#define F(name) STEPCARE_FIELD_##name

static const uint8_t keys[] = {F(message_id), F(referral_id), F(reference), F(outcome), F(errors), F(tier),
                               F(service),    F(urgency),     F(due),       F(codes),   F(holds),  0};

/* The outcome of a line that the router refused, with the reasons. */
static void refused(struct stepcare_record *shown, const struct refer_line *line, enum stepcare_error error,
                    struct stepcare_field_errors *errors)
{
    char text[FIELD_TEXT_BYTES];
    if (line->errors != NULL) {
        *errors = *line->errors;
    } else if (STEPCARE_HAS(shown, errors) && shown->errors.list->count > 0) {
        *errors = *shown->errors.list;
    } else if (error == STEPCARE_STORE_FULL) {
        stepcare_field_errors_add(errors, "store",
                                  "the store is full: nothing was kept of this; send it again once there is room");
    } else {
        bool explained = field_value_text(shown, F(problem), text) > 0;
        stepcare_field_errors_add(errors, error == STEPCARE_NOT_PERMITTED ? "referrer.organisation" : "line", "%s",
                                  explained ? text : stepcare_error_text((int)error));
    }
    STEPCARE_SET(shown, outcome, STEPCARE_OUTCOME_REJECTED);
}

/* What is shown of a line: the router's record, completed by what was sent. */
static void shown_make(const struct refer_line *line, enum stepcare_error error, const struct stepcare_record *record,
                       struct stepcare_field_errors *errors, struct stepcare_record *shown)
{
    errors->count = errors->dropped = 0;
    bool found = record != NULL && error == STEPCARE_OK;
    if (record == NULL || (line->errors != NULL && !found)) {
        stepcare_record_init(shown);
    } else {
        *shown = *record;
    }
    if (found && line->errors == NULL && STEPCARE_GET(shown, outcome, 0) != STEPCARE_OUTCOME_REJECTED) {
        if (STEPCARE_HAS(shown, errors)) *errors = *shown->errors.list;
        if (!STEPCARE_HAS(shown, outcome)) STEPCARE_SET(shown, outcome, STEPCARE_OUTCOME_ACCEPTED);
    } else if (found && line->errors != NULL) {
        STEPCARE_SET(shown, outcome, STEPCARE_OUTCOME_DUPLICATE);
        stepcare_field_errors_add(errors, "message_id",
                                  "this id was used before with other content; the first referral "
                                  "stands");
    } else {
        refused(shown, line, error, errors);
    }
    shown->errors.list = errors;
    stepcare_record_mark(shown, F(errors));
    if (line->message_id[0] != '\0') STEPCARE_SET(shown, message_id, stepcare_text_of(line->message_id));
    if (line->reference[0] != '\0') STEPCARE_SET(shown, reference, stepcare_text_of(line->reference));
}

static void json_print(struct refer_report *report, const struct refer_line *line, const struct stepcare_record *shown)
{
    struct json_writer writer = {.buffer = &report->buffer};
    buffer_clear(&report->buffer);
    json_object_begin(&writer);
    json_name(&writer, "line");
    json_uint(&writer, line->number);
    record_json_members(&writer, shown, keys);
    json_object_end(&writer);
    line_write(&report->buffer);
}

static void people_print(struct refer_report *report, const struct refer_line *line,
                         const struct stepcare_record *shown)
{
    char id[FIELD_TEXT_BYTES], tier[FIELD_TEXT_BYTES], service[FIELD_TEXT_BYTES], urgency[FIELD_TEXT_BYTES];
    char due[FIELD_TEXT_BYTES], holds[FIELD_TEXT_BYTES], codes[FIELD_TEXT_BYTES], wait[64] = "";
    bool colour = report->lines_coloured;
    if (shown->outcome == STEPCARE_OUTCOME_REJECTED) {
        printf("%sline %-6llu rejected   %s: %s%s\n", colour ? "\033[31m" : "", (unsigned long long)line->number,
               shown->errors.list->items[0].field, shown->errors.list->items[0].problem, colour ? "\033[0m" : "");
        return;
    }
    field_value_text(shown, F(referral_id), id);
    field_value_text(shown, F(tier), tier);
    field_value_text(shown, F(service), service);
    field_value_text(shown, F(urgency), urgency);
    field_value_text(shown, F(due), due);
    field_value_text(shown, F(holds), holds);
    field_value_text(shown, F(codes), codes);
    if (STEPCARE_HAS(shown, expected_wait_days)) {
        snprintf(wait, sizeof wait, ", wait about %llu days", (unsigned long long)shown->expected_wait_days);
    }
    bool emergency = STEPCARE_GET(shown, tier, 0) == STEPCARE_TIER_EMERGENCY;
    const char *tint = emergency                                      ? "\033[1;31m"
                       : shown->outcome == STEPCARE_OUTCOME_DUPLICATE ? "\033[33m"
                                                                      : "\033[32m";
    printf("%sline %-6llu %-10s %s%s  %s%s%s%s%s%s%s%s%s%s%s%s\n", colour ? tint : "", (unsigned long long)line->number,
           stepcare_code_name(&stepcare_outcomes, shown->outcome), id, colour ? "\033[0m" : "",
           tier[0] == '\0' ? "waits for triage" : tier, service[0] == '\0' ? "" : " / ", service,
           urgency[0] == '\0' ? "" : ", ", urgency, due[0] == '\0' ? "" : ", due ", due, wait,
           codes[0] == '\0' ? "" : "  ", codes, holds[0] == '\0' ? "" : "  held: ", holds);
    if (shown->errors.list->count > 0) {
        printf("            %s: %s\n", shown->errors.list->items[0].field, shown->errors.list->items[0].problem);
    }
}

/* Loud, at once, in words; also where stdout carries JSON. */
static void emergency_shout(const struct refer_report *report, const struct refer_line *line,
                            const struct stepcare_record *shown)
{
    char id[FIELD_TEXT_BYTES], reference[FIELD_TEXT_BYTES];
    field_value_text(shown, F(referral_id), id);
    field_value_text(shown, F(reference), reference);
    const char *on = report->words_coloured ? "\033[1;37;41m" : "", *off = report->words_coloured ? "\033[0m" : "";
    fflush(stdout);
    fprintf(stderr, "\n%s!! EMERGENCY !!%s line %llu, referral %s%s%s\n", on, off, (unsigned long long)line->number, id,
            reference[0] == '\0' ? "" : ", your reference ", reference);
    if (STEPCARE_HAS(shown, advice) && shown->advice.bytes > 0) {
        fprintf(stderr, "%s%.*s%s\n", on, (int)shown->advice.bytes, shown->advice.data, off);
    } else {
        fprintf(stderr, "%sThis patient needs emergency care today: do not wait for this service, arrange it now.%s\n",
                on, off);
    }
    fprintf(stderr, "It stays at the head of every list until a named person has it.\n\n");
}

static void reason_keep(struct refer_report *report, const struct refer_line *line,
                        const struct stepcare_field_errors *errors)
{
    if (report->reason_count == REFER_REASONS_MAX || errors->count == 0) return;
    report->reasons[report->reason_count++] = (struct refer_reason){
        .number = line->number, .more = errors->count - 1 + errors->dropped, .first = errors->items[0]};
}

static void counts_take(struct refer_report *report, const struct refer_line *line, const struct stepcare_record *shown)
{
    uint8_t tier = STEPCARE_GET(shown, tier, 0);
    report->answered++;
    report->last_number = line->number;
    if (shown->outcome == STEPCARE_OUTCOME_REJECTED) {
        report->rejected++;
    } else if (shown->outcome == STEPCARE_OUTCOME_DUPLICATE) {
        report->duplicates++;
        if (shown->errors.list->count > 0) report->conflicts++;
    } else {
        report->accepted++;
        report->tiers[tier < STEPCARE_TIER_COUNT ? tier : 0]++;
        if (tier == 0) report->untriaged++;
    }
    if (shown->errors.list->count > 0) reason_keep(report, line, shown->errors.list);
    if (tier == STEPCARE_TIER_GP_ADVICE && STEPCARE_HAS(shown, advice)) {
        snprintf(report->gp_advice, sizeof report->gp_advice, "%.*s", (int)shown->advice.bytes, shown->advice.data);
    }
    if (tier < STEPCARE_TIER_COUNT && STEPCARE_HAS(shown, expected_wait_days)) {
        report->expected_wait_days[tier] = shown->expected_wait_days + 1;
    }
}

void refer_report_line(struct refer_report *report, const struct refer_line *line, const struct stepcare_answer *answer)
{
    struct stepcare_field_errors errors;
    struct stepcare_record shown;
    shown_make(line, answer->error, answer->record, &errors, &shown);
    if (answer->error == STEPCARE_NOT_PERMITTED) report->not_permitted++;
    if (shown.outcome == STEPCARE_OUTCOME_DUPLICATE && answer->sendings > 1) report->repeated++;
    counts_take(report, line, &shown);
    refer_progress_clear(report);
    if (report->json) {
        json_print(report, line, &shown);
    } else {
        people_print(report, line, &shown);
    }
    bool open = STEPCARE_GET(&shown, state, 0) != STEPCARE_STATE_CLOSED;
    if (shown.outcome != STEPCARE_OUTCOME_REJECTED && STEPCARE_GET(&shown, tier, 0) == STEPCARE_TIER_EMERGENCY &&
        open) {
        report->emergencies++;
        emergency_shout(report, line, &shown);
    }
    bool waited_in_vain = shown.outcome == STEPCARE_OUTCOME_ACCEPTED && STEPCARE_GET(&shown, tier, 0) == 0 &&
                          line->wait_ms > 0 && answer->waited_ms >= line->wait_ms - line->wait_ms / 5;
    if (!waited_in_vain || report->triage_missing) return;
    report->triage_missing = true;
    fprintf(stderr, "Triage is not running: referrals are recorded safely, and are placed as soon as a worker runs "
                    "(stepcare-worker --config FILE). The rest is sent without waiting for it.\n");
}

void refer_progress_clear(struct refer_report *report)
{
    if (!report->drawn) return;
    fputs("\r\033[K", stderr);
    report->drawn = false;
}

void refer_progress_draw(struct refer_report *report, uint64_t bytes_read, uint64_t bytes_total)
{
    enum { WIDTH = 30, REDRAW_MS = 100 };
    if (!report->progress) return;
    const int64_t now_ms = clock_steady_ms();
    if (report->started_ms == 0) report->started_ms = now_ms;
    if (now_ms - report->drawn_ms < REDRAW_MS) return;
    report->drawn_ms = now_ms;
    char bar[WIDTH + 1] = "";
    unsigned percent = bytes_total == 0 ? 0 : (unsigned)(bytes_read * 100 / bytes_total);
    for (unsigned i = 0; i < WIDTH; i++) bar[i] = i * 100 < percent * WIDTH ? '#' : '.';
    bar[WIDTH] = '\0';
    double seconds = (double)(now_ms - report->started_ms) / 1000.0;
    fflush(stdout);
    fprintf(stderr, "\r\033[K[%s] %3u %%  %llu answered, %.0f a second", bytes_total == 0 ? "" : bar, percent,
            (unsigned long long)report->answered, seconds > 0.0 ? (double)report->answered / seconds : 0.0);
    report->drawn = true;
}
