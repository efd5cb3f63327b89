/* `stepcare show`: the referral is found by its id or its sender's, fetched, and printed in one of two forms. */
#include "client/command/show/cmd_show.h"

#include "client/command/session/find.h"
#include "client/command/show/json.h"
#include "client/command/show/people.h"

enum { OPTION_MESSAGE_ID, OPTION_ORGANISATION, MESSAGE_BYTES = 1024 };

static const struct option_spec options[] = {
    [OPTION_MESSAGE_ID] = {.name = "message-id"}, [OPTION_ORGANISATION] = {.name = "organisation"}, {0}};

static int show_print(const struct session *session, const struct stepcare_record *shown)
{
    if (session->arguments->json) return show_json_print(shown) ? EXIT_DONE : EXIT_UNREACHABLE;
    char message[MESSAGE_BYTES];
    struct pathway *pathway = NULL;
    /* Only for the codes' meanings: a page without them is still a page. */
    if (pathway_open(session->config->pathway_path, message, sizeof message, &pathway) != STEPCARE_OK) pathway = NULL;
    show_people_print(shown, pathway);
    pathway_close(pathway);
    return EXIT_DONE;
}

int cmd_show(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct session session;
    struct stepcare_reply *reply = NULL;
    int code;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, options, &arguments, &request, &code)) return code;
    const char *message_id = arguments.values[OPTION_MESSAGE_ID];
    if (!arguments_count_check(&arguments, message_id == NULL ? 1 : 0, message_id == NULL ? 1 : 0)) return EXIT_USAGE;
    if (message_id == NULL) code = referral_id_take(&arguments, 0, STEPCARE_FIELD_referral_id, &request);
    if (message_id == NULL && code != EXIT_DONE) return code;
    if (session_open(&arguments, &session, &code)) {
        code = message_id == NULL
                   ? EXIT_DONE
                   : referral_find(&session, message_id, arguments.values[OPTION_ORGANISATION], &request);
        if (code == EXIT_DONE) code = session_call(&session, "show", &request, &reply);
        if (code == EXIT_DONE) code = show_print(&session, stepcare_reply_record(reply));
    }
    stepcare_reply_close(&reply);
    session_close(&session);
    return code;
}
