/* Added information: the referral as it stands is fetched, what was typed is merged into it, and the whole goes back
 * with the sequence it was based on, so that two people's additions cannot overwrite each other. */
#include "client/command/cmd.h"

#include "client/command/input/text_input.h"
#include "client/command/session/act.h"

#include "proto/referral_codec.h"

enum { OPTION_NOTE, ARENA_BYTES_MAX = 4 * 1024 * 1024, CHANGED_BYTES = 1024, TRIAGE_WAIT_MS = 5000 };

static const struct option_spec options[] = {[OPTION_NOTE] = {.name = "note-file"}, {0}};

struct inform {
    struct buffer input, note, merged;
    struct arena *arena;
    struct stepcare_reply *current;
    char changed[CHANGED_BYTES];
};

/* Fills request->referral, changed and sequence. Returns the exit code. */
static int merge(struct session *session, struct inform *inform, const char *id_text, struct stepcare_record *request)
{
    struct stepcare_record query, refused;
    struct stepcare_referral referral;
    struct stepcare_field_errors errors = {.count = 0};
    stepcare_record_init(&query);
    STEPCARE_SET(&query, referral_id, request->referral_id);
    int code = session_call(session, "show", &query, &inform->current);
    if (code != EXIT_DONE) return code;
    const struct stepcare_record *shown = stepcare_reply_record(inform->current);
    if (!STEPCARE_HAS(shown, referral) || referral_ledger_decode((const uint8_t *)shown->referral.data,
                                                                 shown->referral.bytes, &referral) != STEPCARE_OK) {
        return refusal_print(session->arguments, STEPCARE_DAMAGED, id_text,
                             "the router sent a referral that cannot be read", NULL);
    }
    enum stepcare_error error =
        referral_json_merge((const char *)inform->input.data, inform->input.bytes, inform->arena, &referral,
                            inform->changed, sizeof inform->changed, &errors);
    if (error != STEPCARE_OK) {
        stepcare_record_init(&refused);
        STEPCARE_SET(&refused, errors, ((struct stepcare_errors_view){&errors}));
        return refusal_print(session->arguments, error, id_text, "what was given does not make a valid referral",
                             &refused);
    }
    referral_wire_encode(&inform->merged, &referral);
    STEPCARE_SET(request, referral,
                 ((struct stepcare_text){(const char *)inform->merged.data, (uint32_t)inform->merged.bytes}));
    STEPCARE_SET(request, changed, stepcare_text_of(inform->changed));
    if (STEPCARE_HAS(shown, sequence)) STEPCARE_SET(request, sequence, shown->sequence);
    return inform->merged.failed ? EXIT_UNREACHABLE : EXIT_DONE;
}

/* New information can make an emergency of a referral: whoever sent it hears of it at once, on standard error also
 * for programs. */
static void emergency_tell(const struct stepcare_record *reply)
{
    if (STEPCARE_GET(reply, tier, 0) != STEPCARE_TIER_EMERGENCY || !STEPCARE_HAS(reply, advice)) return;
    fprintf(stderr, "\n!! EMERGENCY !!\n%.*s\n\n", (int)reply->advice.bytes, reply->advice.data);
}

static int inform_run(const struct arguments *arguments, struct inform *inform, struct stepcare_record *request)
{
    struct session session;
    struct stepcare_reply *reply = NULL;
    int code;
    if (session_open(arguments, &session, &code)) {
        code = merge(&session, inform, arguments->positional[0], request);
        STEPCARE_SET(request, wait_ms, TRIAGE_WAIT_MS);
        if (code == EXIT_DONE) code = session_call(&session, "inform", request, &reply);
        if (code == EXIT_DONE) act_print(arguments, stepcare_reply_record(reply));
        if (code == EXIT_DONE) emergency_tell(stepcare_reply_record(reply));
        if (code == EXIT_DONE && !arguments->json) {
            printf("Changed: %s\n", inform->changed[0] == '\0' ? "nothing; it said this already" : inform->changed);
        }
    }
    stepcare_reply_close(&reply);
    session_close(&session);
    return code;
}

int cmd_inform(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct inform inform = {.changed = ""};
    int code;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, options, &arguments, &request, &code)) return code;
    if (!arguments_count_check(&arguments, 1, 2)) return EXIT_USAGE;
    code = referral_id_take(&arguments, 0, STEPCARE_FIELD_referral_id, &request);
    if (code != EXIT_DONE) return code;
    const char *path = arguments.positional_count > 1 ? arguments.positional[1] : "-";
    code = EXIT_USAGE;
    if (text_input_read(self, path, STEPCARE_LINE_BYTES_MAX, &inform.input) &&
        note_read(self, arguments.values[OPTION_NOTE], &inform.note, &request)) {
        code = arena_open(ARENA_BYTES_MAX, &inform.arena) == STEPCARE_OK ? inform_run(&arguments, &inform, &request)
                                                                         : EXIT_UNREACHABLE;
    }
    stepcare_reply_close(&inform.current);
    arena_close(inform.arena);
    buffer_close(&inform.input);
    buffer_close(&inform.note);
    buffer_close(&inform.merged);
    return code;
}
