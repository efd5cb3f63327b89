/* libstepcare: everything the `stepcare` command can do, for C programs. A client talks to one router; requests and
 * replies are records (stepcare/record.h), verbs are named as in the protocol ("submit", "claim", "worklist" ...).
 *
 *     struct stepcare_client *client;
 *     if (stepcare_client_open("ipc:///srv/stepcare/run/client", "dr.jones", 0, &client) == STEPCARE_OK) ...
 *     struct stepcare_record request;
 *     stepcare_record_init(&request);
 *     STEPCARE_SET(&request, tier, STEPCARE_TIER_PHYSIO);
 *     struct stepcare_reply *reply = NULL;
 *     enum stepcare_error error = stepcare_client_call(client, "worklist", &request, &reply);
 *     ... stepcare_reply_record(reply)->rows ...
 *     stepcare_reply_close(&reply);
 *     stepcare_client_close(&client);
 *
 * Calls: a client, the making of its replies and its pipeline belong to one thread at a time. Two clients are
 * independent, and a reply is independent of its client. */
#ifndef STEPCARE_CLIENT_H
#define STEPCARE_CLIENT_H

#include "stepcare/error.h"
#include "stepcare/pipeline.h"
#include "stepcare/record.h"

enum {
    STEPCARE_TIMEOUT_MS_DEFAULT = 30000,
    STEPCARE_REQUEST_KEY_BYTES = 32 /* hex digits of a claim's request key */
};

struct stepcare_client;
struct stepcare_reply;

/* Purpose: make a client; connecting happens by itself, so an absent router is found by the first call.
 * Shape: endpoint as in the configuration, at most 255 bytes; actor 1 to STEPCARE_ACTOR_BYTES_MAX bytes of UTF-8;
 *   timeout_ms is how long a call goes without any answer before it gives up, 0 for STEPCARE_TIMEOUT_MS_DEFAULT.
 * Owns: stepcare_client_close frees it and sets the pointer to NULL; it accepts NULL, and drops what was not sent.
 * Errors: INVALID (an argument that is empty or too long, an endpoint that ZeroMQ does not take), NO_MEMORY, SYSTEM;
 *   *out_client untouched.
 * Calls: never from a child of fork with the parent's client. */
enum stepcare_error stepcare_client_open(const char *endpoint, const char *actor, uint32_t timeout_ms,
                                         struct stepcare_client **out_client);
void stepcare_client_close(struct stepcare_client **client);

/* Purpose: send one request and wait for its reply. Reads, submit, renew, and claim with a request_key are sent again
 *   when the router restarts or the connection is lost; any other verb is sent once, after the router has been heard.
 *   `busy` and `stopping` mean that nothing was done: every verb is tried again, more and more slowly, until the
 *   timeout.
 * Shape: request may be NULL for an empty one.
 * Owns: the request is borrowed for the call; the caller closes *out_reply.
 * Errors: the router's own (1-79), and then *out_reply is set too: its record has `problem` and `errors`. Without a
 *   reply, *out_reply untouched: UNKNOWN_VERB, TOO_LARGE, NO_MEMORY; UNREACHABLE (nothing was done, or repeating is
 *   harmless); OUTCOME_UNKNOWN (it may have been done: look before repeating). */
enum stepcare_error stepcare_client_call(struct stepcare_client *client, const char *verb,
                                         const struct stepcare_record *request, struct stepcare_reply **out_reply);

/* Purpose: the record of a reply.
 * Owns: it and all that it points to live until the reply is closed. stepcare_reply_close sets the pointer to NULL, and
 *   accepts NULL. */
const struct stepcare_record *stepcare_reply_record(const struct stepcare_reply *reply);
void stepcare_reply_close(struct stepcare_reply **reply);

/* Purpose: a fresh random request_key for a claim: the same key again gives the same leases.
 * Shape: STEPCARE_REQUEST_KEY_BYTES hex digits and a NUL (16 random bytes).
 * Errors: SYSTEM if the kernel gives no randomness. */
enum stepcare_error stepcare_request_key_make(char out_key[STEPCARE_REQUEST_KEY_BYTES + 1]);

#endif
