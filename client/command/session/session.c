/* A command's connection, and what is printed when the router refuses or does not answer. Used by every command that
 * needs a router. */
#include "client/command/session/session.h"

#include "proto/record_json.h"
#include "stepcare/referral_id.h"

#include <stdlib.h>

enum { MESSAGE_BYTES = 8192 };

const char *configuration_choose(const struct arguments *arguments)
{
    const char *path = config_choose(arguments->config_option);
    if (path != NULL) return path;
    fprintf(stderr,
            "stepcare %s: which store? Name its configuration with --config FILE or in STEPCARE_CONFIG "
            "(`stepcare init DIR` makes DIR/stepcare.yaml).\n",
            arguments->command->name);
    return NULL;
}

bool session_open(const struct arguments *arguments, struct session *out_session, int *out_exit)
{
    char message[MESSAGE_BYTES] = "", actor[CONFIG_ACTOR_BYTES_MAX];
    *out_session = (struct session){.arguments = arguments};
    *out_exit = EXIT_USAGE;
    const char *path = configuration_choose(arguments);
    if (path == NULL) return false;
    if (config_open(path, message, sizeof message, &out_session->config) != STEPCARE_OK) {
        fprintf(stderr, "stepcare %s: the configuration cannot be used:\n%s\n", arguments->command->name, message);
        return false;
    }
    enum stepcare_error error =
        stepcare_client_open(out_session->config->client_endpoint, config_actor(arguments->actor_option, actor),
                             arguments->timeout_ms, &out_session->client);
    if (error != STEPCARE_OK) {
        fprintf(stderr, "stepcare %s: no connection can be made to %s: %s\n", arguments->command->name,
                out_session->config->client_endpoint, stepcare_error_text(error));
        *out_exit = error == STEPCARE_INVALID ? EXIT_USAGE : EXIT_UNREACHABLE;
        return false;
    }
    return true;
}

void session_close(struct session *session)
{
    stepcare_client_close(&session->client);
    config_close(session->config);
    session->config = NULL;
}

void line_write(struct buffer *buffer)
{
    buffer_append(buffer, "\n", 1);
    if (buffer->failed) {
        fputs("stepcare: out of memory\n", stderr);
        exit(EXIT_UNREACHABLE);
    }
    fwrite(buffer->data, 1, buffer->bytes, stdout);
    buffer_clear(buffer);
}

void record_line_write(struct buffer *buffer, const struct stepcare_record *record, const uint8_t *always)
{
    record_json_encode(buffer, record, always);
    line_write(buffer);
}

static void refusal_json(enum stepcare_error error, const char *id_text, const char *problem,
                         const struct stepcare_field_errors *errors)
{
    struct buffer buffer = {0};
    struct json_writer writer = {.buffer = &buffer};
    json_object_begin(&writer);
    json_name(&writer, "error");
    json_text(&writer, stepcare_text_of(stepcare_error_name(error)));
    json_name(&writer, "problem");
    json_text(&writer, stepcare_text_of(problem));
    json_name(&writer, "referral_id");
    json_text(&writer, stepcare_text_of(id_text));
    if (errors != NULL) {
        json_name(&writer, "errors");
        json_field_errors(&writer, errors);
    }
    json_object_end(&writer);
    line_write(&buffer);
    fflush(stdout);
    buffer_close(&buffer);
}

static int exit_of(enum stepcare_error error)
{
    switch (error) {
    case STEPCARE_OK: return EXIT_DONE;
    case STEPCARE_NOT_PERMITTED: return EXIT_NOT_PERMITTED;
    case STEPCARE_UNREACHABLE:
    case STEPCARE_OUTCOME_UNKNOWN:
    case STEPCARE_SYSTEM:
    case STEPCARE_NO_MEMORY: return EXIT_UNREACHABLE;
    case STEPCARE_CONFIG: return EXIT_USAGE;
    default: return EXIT_REFUSED;
    }
}

int refusal_print(const struct arguments *arguments, enum stepcare_error error, const char *id_text,
                  const char *problem, const struct stepcare_record *reply)
{
    char text[FIELD_TEXT_BYTES] = "";
    const struct stepcare_field_errors *errors = NULL;
    if (reply != NULL && STEPCARE_HAS(reply, errors)) errors = reply->errors.list;
    if (problem == NULL && reply != NULL && field_value_text(reply, STEPCARE_FIELD_problem, text) > 0) problem = text;
    if (problem == NULL) problem = stepcare_error_text(error);
    fflush(stdout);
    if (arguments->json) {
        refusal_json(error, id_text, problem, errors);
        return exit_of(error);
    }
    fprintf(stderr, "stepcare %s%s%s: %s (%s)\n", arguments->command->name, id_text == NULL ? "" : " ",
            id_text == NULL ? "" : id_text, problem, stepcare_error_name(error));
    for (unsigned i = 0; errors != NULL && i < errors->count; i++) {
        char line[sizeof text];
        snprintf(line, sizeof line, "%s: %s", errors->items[i].field, errors->items[i].problem);
        if (strcmp(line, problem) != 0) fprintf(stderr, "  %s\n", line); /* a lone error is the sentence above */
    }
    return exit_of(error);
}

/* Without a reply: what that means, and what to do. */
static int lost_print(const struct session *session, enum stepcare_error error, const char *id_text)
{
    char problem[1024];
    const char *endpoint = session->config->client_endpoint;
    unsigned seconds =
        (session->arguments->timeout_ms == 0 ? STEPCARE_TIMEOUT_MS_DEFAULT : session->arguments->timeout_ms) / 1000;
    if (error == STEPCARE_UNREACHABLE) {
        snprintf(problem, sizeof problem,
                 "the router at %s did not answer for %u s; nothing was done. Is it running? Start it with: "
                 "stepcare-router --config %.400s",
                 endpoint, seconds, session->config->path);
    } else if (error == STEPCARE_OUTCOME_UNKNOWN) {
        snprintf(problem, sizeof problem,
                 "the connection to the router was lost after this was sent: it may or may not have been done. "
                 "Look before repeating it: stepcare %s%s",
                 id_text == NULL ? "backlog" : "show ", id_text == NULL ? "" : id_text);
    } else {
        snprintf(problem, sizeof problem, "%s", stepcare_error_text(error));
    }
    return refusal_print(session->arguments, error, id_text, problem, NULL);
}

int session_call(struct session *session, const char *verb, const struct stepcare_record *request,
                 struct stepcare_reply **out_reply)
{
    char id_text[STEPCARE_REFERRAL_ID_CHARS + 1];
    const char *id = NULL;
    if (request != NULL && STEPCARE_HAS(request, referral_id)) {
        stepcare_referral_id_format(request->referral_id, id_text);
        id = id_text;
    }
    struct stepcare_reply *reply = NULL;
    enum stepcare_error error = stepcare_client_call(session->client, verb, request, &reply);
    if (error == STEPCARE_OK) {
        *out_reply = reply;
        return EXIT_DONE;
    }
    if (reply == NULL) return lost_print(session, error, id);
    int code = refusal_print(session->arguments, error, id, NULL, stepcare_reply_record(reply));
    stepcare_reply_close(&reply);
    return code;
}

int referral_id_take(const struct arguments *arguments, unsigned index, unsigned field, struct stepcare_record *request)
{
    char problem[FIELD_PROBLEM_BYTES];
    const char *text = arguments->positional[index];
    if (field_value_parse(request, field, text, problem)) return EXIT_DONE;
    if (configuration_choose(arguments) == NULL) return EXIT_USAGE;
    return refusal_print(arguments, STEPCARE_NOT_FOUND, text, problem, NULL);
}
