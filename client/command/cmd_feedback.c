/* `stepcare feedback`: what became of referrals, from a cursor on, page by page; --follow waits for more. */
#include "client/command/cmd.h"

#include "client/command/session/listing.h"

#define F(name) STEPCARE_FIELD_##name

enum { OPTION_ORGANISATION, OPTION_SINCE, OPTION_FOLLOW, FOLLOW_WAIT_MS = 30000 };

static const struct option_spec options[] = {[OPTION_ORGANISATION] = {.name = "organisation", .field = F(organisation)},
                                             [OPTION_SINCE] = {.name = "since", .field = F(cursor)},
                                             [OPTION_FOLLOW] = {.name = "follow", .is_switch = true},
                                             {0}};

static const uint8_t keys[] = {F(cursor),    F(organisation), F(referral_id), F(message_id),
                               F(reference), F(event),        F(at),          0};

static const struct table_column columns[] = {{F(cursor), true, false, "CURSOR"},
                                              {F(at), false, false, "WHEN"},
                                              {F(organisation), false, false, "ORGANISATION"},
                                              {F(referral_id), false, false, "REFERRAL"},
                                              {F(reference), false, false, "REFERENCE"},
                                              {F(event), false, false, "WHAT"},
                                              {F(tier), false, false, "TIER"},
                                              {F(urgency), false, false, "URGENCY"},
                                              {F(expected_wait_days), true, false, "EXPECTED WAIT (DAYS)"},
                                              {F(to_tier), false, false, "TO"},
                                              {F(contact_outcome), false, false, "CONTACT"},
                                              {F(phq_9), true, false, "PHQ-9"},
                                              {F(gad_7), true, false, "GAD-7"},
                                              {F(rmdq), true, false, "RMDQ"},
                                              {F(nrs), true, false, "NRS"},
                                              {F(codes), false, true, "WHY"},
                                              {F(reason), false, false, "REASON"},
                                              {F(end_text), false, true, "HOW IT ENDED"},
                                              {0}};

static const struct listing listing = {
    .verb = "feedback", .always = keys, .columns = columns, .nothing = "There is no news about these referrals."};

/* The cursor to go on from: the reply's, else that of its last row. */
static uint64_t cursor_next(const struct stepcare_record *page, const struct stepcare_records *rows, uint64_t before)
{
    uint64_t cursor = before;
    if (rows->count > 0) cursor = STEPCARE_GET(&rows->items[rows->count - 1], cursor, before);
    const uint64_t of_page = STEPCARE_GET(page, cursor, cursor);
    return of_page > cursor ? of_page : cursor;
}

static int feedback(struct session *session, struct stepcare_record *request, bool follow)
{
    static const struct stepcare_records none = {0};
    const struct arguments *arguments = session->arguments;
    uint64_t left = arguments->limit == 0 ? UINT64_MAX : arguments->limit, printed = 0;
    bool more = true;
    while (more && left > 0) {
        struct stepcare_reply *reply = NULL;
        uint32_t limit = left < STEPCARE_LISTING_COUNT_MAX ? (uint32_t)left : STEPCARE_LISTING_COUNT_MAX;
        STEPCARE_SET(request, limit, limit);
        if (follow) STEPCARE_SET(request, wait_ms, FOLLOW_WAIT_MS);
        int code = session_call(session, "feedback", request, &reply);
        if (code != EXIT_DONE) return code;
        const struct stepcare_record *page = stepcare_reply_record(reply);
        struct stepcare_records rows = STEPCARE_GET(page, rows, none);
        rows_print(arguments, &rows, &listing);
        fflush(stdout);
        printed += rows.count;
        left -= rows.count < left ? rows.count : left;
        uint64_t before = STEPCARE_GET(request, cursor, 0), cursor = cursor_next(page, &rows, before);
        STEPCARE_SET(request, cursor, cursor);
        more = follow || STEPCARE_HAS(page, after) || STEPCARE_HAS(page, count) ||
               (rows.count == limit && cursor > before);
        stepcare_reply_close(&reply);
    }
    if (printed == 0 && !arguments->json) puts(listing.nothing);
    return EXIT_DONE;
}

int cmd_feedback(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct session session;
    int code;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, options, &arguments, &request, &code)) return code;
    if (!arguments_count_check(&arguments, 0, 0)) return EXIT_USAGE;
    if (arguments.after != NULL && arguments.values[OPTION_SINCE] == NULL) {
        char problem[FIELD_PROBLEM_BYTES];
        if (!field_value_parse(&request, F(cursor), arguments.after, problem)) {
            usage_error(self, "--after: %s", problem);
            return EXIT_USAGE;
        }
    }
    bool follow = arguments.values[OPTION_FOLLOW] != NULL;
    if (session_open(&arguments, &session, &code)) code = feedback(&session, &request, follow);
    session_close(&session);
    return code;
}
