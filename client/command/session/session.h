/* A command's dealings with the router: configuration, client, calls, and refusals printed for the user. */
#ifndef CLIENT_COMMAND_SESSION_SESSION_H
#define CLIENT_COMMAND_SESSION_SESSION_H

#include "client/command/input/arguments.h"
#include "config/config.h"
#include "stepcare/client.h"

struct session {
    const struct arguments *arguments;
    struct config *config;
    struct stepcare_client *client;
};

/* Purpose: which configuration. NULL after saying how to name one. */
const char *configuration_choose(const struct arguments *arguments);

/* Purpose: read the configuration that the options or the environment name, and make a client.
 * False after saying what is wrong: the process exits with *out_exit. session_close accepts what failed. */
bool session_open(const struct arguments *arguments, struct session *out_session, int *out_exit);
void session_close(struct session *session);

/* Purpose: one call. On failure the refusal has been printed: with --json as one object on stdout, else as a
 * sentence on stderr.
 * Returns: the exit code; EXIT_DONE means that *out_reply is set, to be closed by the caller. */
int session_call(struct session *session, const char *verb, const struct stepcare_record *request,
                 struct stepcare_reply **out_reply);

/* Purpose: print a refusal. id_text is the referral as typed or NULL; problem NULL stands for the error's own
 * sentence; reply may be NULL. Returns the exit code that belongs to the error. */
int refusal_print(const struct arguments *arguments, enum stepcare_error error, const char *id_text,
                  const char *problem, const struct stepcare_record *reply);

/* Purpose: positional argument `index` as the request's referral_id, printing a refusal `not_found` for text that can
 * be no id. Returns the exit code. */
int referral_id_take(const struct arguments *arguments, unsigned index, unsigned field,
                     struct stepcare_record *request);

/* Purpose: write a buffer and a line break to stdout at once, and empty the buffer. */
void line_write(struct buffer *buffer);

/* Purpose: a record as one JSON line on stdout, with the fields of `always` first, present or not. */
void record_line_write(struct buffer *buffer, const struct stepcare_record *record, const uint8_t *always);

#endif
