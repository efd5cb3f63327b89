/* The reply of an acting command in words. Used by every command that changes an episode. */
#include "client/command/session/act.h"

#define F(name) STEPCARE_FIELD_##name

static const uint8_t keys[] = {F(referral_id), F(state), F(owner), F(due), 0};

static void part_print(const struct stepcare_record *reply, unsigned field, const char *lead)
{
    char text[FIELD_TEXT_BYTES];
    if (field_value_text(reply, field, text) > 0) printf("%s%s", lead, text);
}

void act_print(const struct arguments *arguments, const struct stepcare_record *reply)
{
    if (arguments->json) {
        struct buffer buffer = {0};
        record_line_write(&buffer, reply, keys);
        buffer_close(&buffer);
        return;
    }
    if (STEPCARE_HAS(reply, referral_id) || STEPCARE_HAS(reply, tier)) {
        part_print(reply, STEPCARE_HAS(reply, referral_id) ? F(referral_id) : F(tier), "");
    } else {
        fputs("Done", stdout);
    }
    part_print(reply, F(state), ": ");
    if (STEPCARE_HAS(reply, referral_id)) part_print(reply, F(tier), " in ");
    part_print(reply, F(service), " / ");
    part_print(reply, F(owner), "; owner ");
    part_print(reply, F(next_action), "; next: ");
    part_print(reply, F(due), " by ");
    part_print(reply, F(action), "; recommended: ");
    part_print(reply, F(handover), "; hand-over ");
    part_print(reply, F(to_tier), STEPCARE_HAS(reply, handover) ? " to " : ", to ");
    part_print(reply, F(to_service), " / ");
    part_print(reply, F(codes), " because ");
    part_print(reply, F(holds), "; held by ");
    part_print(reply, F(linked_to), "; linked to ");
    if (STEPCARE_HAS(reply, paused)) fputs(reply->paused ? ": paused" : ": taking claims", stdout);
    part_print(reply, F(pathway), "; pathway ");
    putchar('\n');
    part_print(reply, F(advice), "Advice: ");
    if (STEPCARE_HAS(reply, advice) && reply->advice.bytes > 0) putchar('\n');
}

/* An episode that has ended leaves its linked one open: say so, with whom it is, and what would end it too. */
static void linked_tell(struct session *session, const struct stepcare_record *ended)
{
    struct stepcare_record query;
    struct stepcare_reply *reply = NULL;
    char id[FIELD_TEXT_BYTES];
    if (STEPCARE_GET(ended, state, 0) != STEPCARE_STATE_CLOSED || field_value_text(ended, F(linked_to), id) == 0)
        return;
    stepcare_record_init(&query);
    STEPCARE_SET(&query, referral_id, ended->linked_to);
    if (session_call(session, "show", &query, &reply) != EXIT_DONE) return;
    const struct stepcare_record *linked = stepcare_reply_record(reply);
    const uint8_t state = STEPCARE_GET(linked, state, 0);
    if (state != STEPCARE_STATE_CLOSED) {
        printf("The linked episode %s is still open:", id);
        part_print(linked, F(state), " ");
        part_print(linked, F(tier), " in ");
        if (state != STEPCARE_STATE_WAITING) part_print(linked, F(owner), ", with ");
        part_print(linked, F(next_action), "; next: ");
        part_print(linked, F(due), " by ");
        const char *whose = state == STEPCARE_STATE_IN_TREATMENT ? "its practitioner types" : "type";
        const char *command = state == STEPCARE_STATE_IN_TREATMENT ? "discharge" : "cancel";
        const char *option = state == STEPCARE_STATE_IN_TREATMENT ? "--end-code N" : "--reason CODE";
        printf(".\nIs it to end as well? Then %s: stepcare %s %s %s. If not, nothing is to be done: it goes on by "
               "itself.\n"
               "To read it: stepcare show %s\n",
               whose, command, id, option, id);
    }
    stepcare_reply_close(&reply);
}

int act_run(const struct arguments *arguments, const char *verb, const struct stepcare_record *request)
{
    struct session session;
    int code;
    if (session_open(arguments, &session, &code)) {
        struct stepcare_reply *reply = NULL;
        code = session_call(&session, verb, request, &reply);
        if (code == EXIT_DONE) act_print(arguments, stepcare_reply_record(reply));
        if (code == EXIT_DONE && !arguments->json) linked_tell(&session, stepcare_reply_record(reply));
        stepcare_reply_close(&reply);
    }
    session_close(&session);
    return code;
}
