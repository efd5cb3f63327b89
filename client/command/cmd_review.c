/* Scores of a review. A questionnaire's answers may be typed instead of its total: the total, and PHQ-9's item 9,
 * follow. */
#include "client/command/cmd.h"

#include "client/command/input/text_input.h"
#include "client/command/session/act.h"
#include "proto/record_copy.h"

#include <stdlib.h>
#include <unistd.h>

#define F(name) STEPCARE_FIELD_##name

enum { OPTION_PHQ_9, OPTION_GAD_7, OPTION_NOTE, OPTION_NO_WAIT };
enum { ITEM_BLANK = -1, ITEM_MOST = STEPCARE_PHQ_9_ITEM_MAX, PHQ_9_ITEMS = 9, GAD_7_ITEMS = 7 };

static const struct option_spec options[] = {[OPTION_PHQ_9] = {.name = "phq-9"},
                                             [OPTION_GAD_7] = {.name = "gad-7"},
                                             [OPTION_NOTE] = {.name = "note-file"},
                                             [OPTION_NO_WAIT] = {.name = "no-wait", .is_switch = true},
                                             {.name = "phq-9-item-9", .field = F(phq_9_item_9)},
                                             {.name = "rmdq", .field = F(rmdq)},
                                             {.name = "nrs", .field = F(nrs)},
                                             {.name = "start-back", .field = F(start_back_now)},
                                             {.name = "outcome", .field = F(treatment_outcome)},
                                             {.name = "week", .field = F(week)},
                                             {.name = "contact", .field = F(contact)},
                                             {.name = "red-flags", .field = F(red_flags)},
                                             {0}};

/* "1,0,2,..." into items, all answered. */
static bool items_parse(const char *text, unsigned count, int64_t *out_items)
{
    for (unsigned i = 0; i < count; i++) {
        if (text[0] < '0' || text[0] > '0' + ITEM_MOST) return false;
        out_items[i] = text[0] - '0';
        if (text[1] != (i + 1 < count ? ',' : '\0')) return false;
        text += 2;
    }
    return true;
}

static bool total_take(const struct command *command, const char *name, const char *text, unsigned count,
                       int64_t *out_total, int64_t *out_last)
{
    int64_t items[PHQ_9_ITEMS] = {0}, total = 0;
    *out_last = ITEM_BLANK;
    if (strchr(text, ',') == NULL) {
        char *end = NULL;
        long number = text[0] >= '0' && text[0] <= '9' ? strtol(text, &end, 10) : -1;
        if (number < 0 || *end != '\0' || number > (long)count * ITEM_MOST) {
            usage_error(command, "--%s takes a total from 0 to %u, or its %u answers (0 to %d) with commas between",
                        name, count * ITEM_MOST, count, ITEM_MOST);
            return false;
        }
        *out_total = number;
        return true;
    }
    if (!items_parse(text, count, items)) {
        usage_error(command, "--%s takes %u answers of 0 to %d with commas between and no blanks", name, count,
                    ITEM_MOST);
        return false;
    }
    for (unsigned i = 0; i < count; i++) total += items[i];
    *out_total = total;
    *out_last = items[count - 1];
    return true;
}

static bool scores_take(const struct arguments *arguments, struct stepcare_record *request)
{
    int64_t total, last;
    if (arguments->values[OPTION_PHQ_9] != NULL) {
        if (!total_take(arguments->command, "phq-9", arguments->values[OPTION_PHQ_9], PHQ_9_ITEMS, &total, &last))
            return false;
        STEPCARE_SET(request, phq_9, total);
        if (last != ITEM_BLANK && STEPCARE_HAS(request, phq_9_item_9) && request->phq_9_item_9 != last) {
            usage_error(arguments->command, "--phq-9-item-9 says %ld, but the ninth answer of --phq-9 is %ld",
                        (long)request->phq_9_item_9, (long)last);
            return false;
        }
        if (last != ITEM_BLANK) STEPCARE_SET(request, phq_9_item_9, last);
    }
    if (arguments->values[OPTION_GAD_7] != NULL) {
        if (!total_take(arguments->command, "gad-7", arguments->values[OPTION_GAD_7], GAD_7_ITEMS, &total, &last))
            return false;
        STEPCARE_SET(request, gad_7, total);
    }
    return true;
}

/* The answer of the tier's worker to the newest review; NULL while it is not there. */
static const struct stepcare_record *recommendation_find(const struct stepcare_record *shown)
{
    const struct stepcare_records none = {0}, history = STEPCARE_GET(shown, history, none);
    for (uint32_t i = history.count; i > 0; i--) {
        unsigned event = STEPCARE_GET(&history.items[i - 1], event, 0);
        if (event == STEPCARE_EVENT_REVIEW_RECOMMENDED) return &history.items[i - 1];
        if (event == STEPCARE_EVENT_REVIEW_RECORDED || event == STEPCARE_EVENT_REVIEW_FAILED) return NULL;
    }
    return NULL;
}

/* The router held its answer back until the recommendation was there, or a few seconds; the reasons are in the
 * history. */
static int recommendation_print(struct session *session, const struct stepcare_record *recorded)
{
    static const uint8_t recommended[] = {F(action), F(to_tier), F(to_service), F(holds), F(rule), F(codes), 0};
    struct stepcare_record result = *recorded, query;
    struct stepcare_reply *shown = NULL;
    int code = EXIT_DONE;
    stepcare_record_init(&query);
    STEPCARE_SET(&query, referral_id, recorded->referral_id);
    code = session_call(session, "show", &query, &shown);
    const struct stepcare_record *row = code == EXIT_DONE ? recommendation_find(stepcare_reply_record(shown)) : NULL;
    if (row != NULL) record_copy(&result, row, recommended);
    if (code == EXIT_DONE) act_print(session->arguments, &result);
    if (code == EXIT_DONE && !STEPCARE_HAS(&result, action) && !session->arguments->json) {
        puts("The recommendation is not there yet (is a worker running?): it will be in your caseload.");
    }
    stepcare_reply_close(&shown);
    return code;
}

static int review_run(const struct arguments *arguments, const struct stepcare_record *request)
{
    enum { RECOMMENDATION_WAIT_MS = 2500 };
    struct session session;
    struct stepcare_reply *reply = NULL;
    struct stepcare_record asked = *request;
    const bool wait = arguments->values[OPTION_NO_WAIT] == NULL;
    int code;
    if (wait) STEPCARE_SET(&asked, wait_ms, RECOMMENDATION_WAIT_MS);
    if (session_open(arguments, &session, &code)) {
        code = session_call(&session, "review", &asked, &reply);
        if (code == EXIT_DONE && wait) code = recommendation_print(&session, stepcare_reply_record(reply));
        if (code == EXIT_DONE && !wait) act_print(arguments, stepcare_reply_record(reply));
    }
    stepcare_reply_close(&reply);
    session_close(&session);
    return code;
}

int cmd_review(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct buffer note = {0};
    int code;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, options, &arguments, &request, &code)) return code;
    if (!arguments_count_check(&arguments, 1, 1) || !scores_take(&arguments, &request)) return EXIT_USAGE;
    code = referral_id_take(&arguments, 0, F(referral_id), &request);
    if (code != EXIT_DONE) return code;
    code = EXIT_USAGE;
    if (note_read(self, arguments.values[OPTION_NOTE], &note, &request)) code = review_run(&arguments, &request);
    buffer_close(&note);
    return code;
}
