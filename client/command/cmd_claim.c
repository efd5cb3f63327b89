/* `stepcare claim`: takes the next patients of a tier on a lease. */
#include "client/command/cmd.h"

#include "client/command/session/listing.h"

#define F(name) STEPCARE_FIELD_##name

static const struct option_spec options[] = {{.name = "service", .field = F(service)},
                                             {.name = "count", .field = F(count)},
                                             {.name = "request-key", .field = F(request_key)},
                                             {0}};

static const uint8_t keys[] = {F(referral_id), F(tier),  F(service), F(urgency),       F(due), F(referred_at),
                               F(codes),       F(holds), F(token),   F(lease_expires), 0};

static const struct table_column columns[] = {{F(referral_id), false, false, "REFERRAL"},
                                              {F(service), false, false, "SERVICE"},
                                              {F(urgency), false, false, "URGENCY"},
                                              {F(due), false, false, "DUE"},
                                              {F(referred_at), false, false, "REFERRED"},
                                              {F(lease_expires), false, false, "YOURS UNTIL"},
                                              {F(token), true, false, "TOKEN"},
                                              {F(codes), false, true, "WHY"},
                                              {0}};

static const struct listing listing = {.verb = "claim", .always = keys, .columns = columns, .nothing = NULL};

static int claim(struct session *session, const struct stepcare_record *request)
{
    static const struct stepcare_records none = {0};
    struct stepcare_reply *reply = NULL;
    int code = session_call(session, "claim", request, &reply);
    if (code != EXIT_DONE) return code;
    const struct stepcare_record *record = stepcare_reply_record(reply);
    struct stepcare_records rows = STEPCARE_GET(record, rows, none);
    if (!session->arguments->json) emergencies_warn(record);
    rows_print(session->arguments, &rows, &listing);
    if (!session->arguments->json && rows.count == 0) puts("There is nothing to claim here now.");
    if (!session->arguments->json && rows.count > 0) {
        puts("Next: `stepcare accept ID` takes a patient on; `release` or `decline` gives one back.");
    }
    stepcare_reply_close(&reply);
    return code;
}

int cmd_claim(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct session session;
    char key[STEPCARE_REQUEST_KEY_BYTES + 1];
    int code;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, options, &arguments, &request, &code)) return code;
    if (!arguments_count_check(&arguments, 1, 1) || !arguments_positional(&arguments, 0, F(tier), &request))
        return EXIT_USAGE;
    if (STEPCARE_HAS(&request, count) && (request.count == 0 || request.count > STEPCARE_CLAIM_COUNT_MAX)) {
        usage_error(self, "--count takes 1 to %d", STEPCARE_CLAIM_COUNT_MAX);
        return EXIT_USAGE;
    }
    if (!STEPCARE_HAS(&request, request_key)) {
        if (stepcare_request_key_make(key) != STEPCARE_OK) {
            return refusal_print(&arguments, STEPCARE_SYSTEM, NULL, "the system gives no random numbers", NULL);
        }
        STEPCARE_SET(&request, request_key, stepcare_text_of(key));
    }
    if (session_open(&arguments, &session, &code)) code = claim(&session, &request);
    session_close(&session);
    return code;
}
