/* A `lookup` before the command's own verb. Used by `stepcare show`. */
#include "client/command/session/find.h"

static int not_found(const struct session *session)
{
    return refusal_print(session->arguments, STEPCARE_NOT_FOUND, NULL, "there is no referral with this message id",
                         NULL);
}

int referral_find(struct session *session, const char *message_id, const char *organisation,
                  struct stepcare_record *request)
{
    struct stepcare_text text = stepcare_text_of(message_id);
    struct stepcare_record query;
    struct stepcare_reply *reply = NULL;
    if (text.bytes == 0 || text.bytes > STEPCARE_MESSAGE_ID_BYTES_MAX) return not_found(session);
    stepcare_record_init(&query);
    STEPCARE_SET(&query, message_id, text);
    if (organisation != NULL) STEPCARE_SET(&query, organisation, stepcare_text_of(organisation));
    int code = session_call(session, "lookup", &query, &reply);
    if (code != EXIT_DONE) return code;
    const struct stepcare_record *found = stepcare_reply_record(reply);
    code = STEPCARE_HAS(found, referral_id) ? EXIT_DONE : not_found(session);
    if (code == EXIT_DONE) STEPCARE_SET(request, referral_id, found->referral_id);
    stepcare_reply_close(&reply);
    return code;
}
