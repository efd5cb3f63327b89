/* libstepcare: many requests to one router under way at once, through a client (stepcare/client.h, which includes
 * this).
 *
 *     add, add, pass, add ...    places, in order: a request each, or none (pass)
 *     turn                       now and then, where nothing is to be added: answers come while it waits
 *     drain                      at the end
 *
 * Each place is answered once, in order, by the callback that pipeline_open is given; add, pass, turn and drain call
 * it.
 * Calls: a pipeline and its client belong to one thread at a time. */
#ifndef STEPCARE_PIPELINE_H
#define STEPCARE_PIPELINE_H

#include "stepcare/error.h"
#include "stepcare/record.h"

enum { STEPCARE_PIPELINE_WINDOW = 1024 }; /* most places open in a pipeline */

struct stepcare_client;
struct stepcare_pipeline;

/* What became of one place in a pipeline. */
struct stepcare_answer {
    uint64_t tag;                         /* as given to add or pass */
    enum stepcare_error error;            /* OK, or the router's rejection */
    const struct stepcare_record *record; /* the reply; NULL for a passed place; dies when the callback returns */
    uint32_t waited_ms;                   /* from the last sending to the reply */
    /* Over 1: it went out again after a lost connection, so its own first sending may come back as `duplicate`. */
    uint32_t sendings;
};

/* Takes one place's answer. Calls: it must not call back into its pipeline. */
typedef void (*stepcare_answer_fn)(void *context, const struct stepcare_answer *answer);

/* Purpose: a pipeline without places. Only for verbs that may be repeated (submit, lookup, reads): after a lost
 *   connection or a router's restart whatever is unanswered is sent again. `busy` is tried again.
 * Owns: the pipeline borrows the client, which must outlive it and make no calls meanwhile. Close frees it and sets the
 *   pointer to NULL; unanswered places get no callback; it accepts NULL.
 * Errors: NO_MEMORY; *out_pipeline untouched. */
enum stepcare_error stepcare_pipeline_open(struct stepcare_client *client, stepcare_answer_fn answer, void *context,
                                           struct stepcare_pipeline **out_pipeline);
void stepcare_pipeline_close(struct stepcare_pipeline **pipeline);

/* Purpose: add a request at the end; waits for room where STEPCARE_PIPELINE_WINDOW places or several MiB are open.
 * Shape: verb as for stepcare_client_call; tag is the caller's, and comes back with the answer.
 * Owns: request is encoded at once and not kept.
 * Errors: UNKNOWN_VERB, INVALID (a verb that may not be repeated), TOO_LARGE, NO_MEMORY: this request was not taken,
 *   the rest goes on. UNREACHABLE or BUSY: no place was answered for the whole timeout; the pipeline is of no more
 *   use. */
enum stepcare_error stepcare_pipeline_add(struct stepcare_pipeline *pipeline, const char *verb,
                                          const struct stepcare_record *request, uint64_t tag);

/* Purpose: add a place without a request, answered when its turn comes: keeps local results in order.
 * Errors: UNREACHABLE, BUSY, as add. */
enum stepcare_error stepcare_pipeline_pass(struct stepcare_pipeline *pipeline, uint64_t tag);

/* Purpose: send what is gathered and take in replies for up to wait_ms (0: only what is there).
 * Errors: UNREACHABLE, BUSY, as add. */
enum stepcare_error stepcare_pipeline_turn(struct stepcare_pipeline *pipeline, uint32_t wait_ms);

/* Purpose: wait until every place is answered.
 * Errors: UNREACHABLE, BUSY, as add; what is unanswered stays so. */
enum stepcare_error stepcare_pipeline_drain(struct stepcare_pipeline *pipeline);

/* Purpose: how many places are not yet answered. */
unsigned stepcare_pipeline_open_count(const struct stepcare_pipeline *pipeline);

#endif
