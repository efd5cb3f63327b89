#include "client/find.h"

#include "stepcare/referral_id.h"

static int not_found(const struct session *session)
{
    return refusal_print(session->arguments, STEPCARE_NOT_FOUND, NULL, "there is no referral with this message id", NULL);
}

static int by_organisation(struct session *session, struct stepcare_text message_id, const char *organisation,
                           struct stepcare_record *request)
{
    struct stepcare_record query;
    struct stepcare_reply *reply = NULL;
    stepcare_record_init(&query);
    STEPCARE_SET(&query, message_id, message_id);
    STEPCARE_SET(&query, organisation, stepcare_text_of(organisation));
    int code = session_call(session, "lookup", &query, &reply);
    if (code != EXIT_DONE) return code;
    const struct stepcare_record *found = stepcare_reply_record(reply);
    code = STEPCARE_HAS(found, referral_id) ? EXIT_DONE : not_found(session);
    if (code == EXIT_DONE) STEPCARE_SET(request, referral_id, found->referral_id);
    stepcare_reply_close(&reply);
    return code;
}

/* The news of a page that are about this message. False when two organisations used it. */
static bool page_search(const struct stepcare_records *rows, struct stepcare_text message_id, struct stepcare_record *request,
                        char organisation[STEPCARE_ORGANISATION_BYTES_MAX + 1])
{
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct stepcare_record *row = &rows->items[i];
        if (!STEPCARE_HAS(row, message_id) || !STEPCARE_HAS(row, referral_id) || !STEPCARE_HAS(row, organisation) ||
            !stepcare_text_equal(row->message_id, message_id)) {
            continue;
        }
        if (organisation[0] != '\0' && !stepcare_text_equal(stepcare_text_of(organisation), row->organisation)) return false;
        snprintf(organisation, STEPCARE_ORGANISATION_BYTES_MAX + 1, "%.*s", (int)row->organisation.bytes, row->organisation.data);
        if (!STEPCARE_HAS(request, referral_id)) STEPCARE_SET(request, referral_id, row->referral_id);
    }
    return true;
}

static int among_all(struct session *session, struct stepcare_text message_id, struct stepcare_record *request)
{
    static const struct stepcare_records none = {0};
    char organisation[STEPCARE_ORGANISATION_BYTES_MAX + 1] = "";
    struct stepcare_record query;
    stepcare_record_init(&query);
    STEPCARE_SET(&query, limit, STEPCARE_LISTING_COUNT_MAX);
    for (bool more = true; more;) {
        struct stepcare_reply *reply = NULL;
        int code = session_call(session, "feedback", &query, &reply);
        if (code != EXIT_DONE) return code;
        const struct stepcare_record *page = stepcare_reply_record(reply);
        struct stepcare_records rows = STEPCARE_GET(page, rows, none);
        bool single = page_search(&rows, message_id, request, organisation);
        uint64_t cursor = rows.count == 0 ? 0 : STEPCARE_GET(&rows.items[rows.count - 1], cursor, 0);
        more = rows.count > 0 && cursor > STEPCARE_GET(&query, cursor, 0);
        STEPCARE_SET(&query, cursor, cursor);
        stepcare_reply_close(&reply);
        if (!single) {
            return refusal_print(session->arguments, STEPCARE_INVALID, NULL,
                                 "more than one organisation used this message id: say which by --organisation", NULL);
        }
    }
    return STEPCARE_HAS(request, referral_id) ? EXIT_DONE : not_found(session);
}

int referral_find(struct session *session, const char *message_id, const char *organisation, struct stepcare_record *request)
{
    struct stepcare_text text = stepcare_text_of(message_id);
    if (text.bytes == 0 || text.bytes > STEPCARE_MESSAGE_ID_BYTES_MAX) return not_found(session);
    return organisation != NULL ? by_organisation(session, text, organisation, request) : among_all(session, text, request);
}
