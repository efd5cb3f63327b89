/* The verbs of the wire, and which fields a message of each must and may have. Source: proto/PROTOCOL.md. */
#ifndef PROTO_VERBS_H
#define PROTO_VERBS_H

#include "stepcare/error.h"
#include "stepcare/record.h"

/* X(number, NAME, name): the numbers never change. Required and allowed fields: verbs.c. */
#define WIRE_VERBS(X)                                                                                                  \
    X(1, HELLO, hello)                                                                                                 \
    X(2, SUBMIT, submit)                                                                                               \
    X(3, LOOKUP, lookup)                                                                                               \
    X(4, WORKLIST, worklist)                                                                                           \
    X(5, CLAIM, claim)                                                                                                 \
    X(6, RENEW, renew)                                                                                                 \
    X(7, ACCEPT, accept)                                                                                               \
    X(8, RELEASE, release)                                                                                             \
    X(9, DECLINE, decline)                                                                                             \
    X(10, CASELOAD, caseload)                                                                                          \
    X(11, CONTACT, contact)                                                                                            \
    X(12, REVIEW, review)                                                                                              \
    X(13, STEP_UP, step_up)                                                                                            \
    X(14, STEP_DOWN, step_down)                                                                                        \
    X(15, DISCHARGE, discharge)                                                                                        \
    X(16, CANCEL, cancel)                                                                                              \
    X(17, INFORM, inform)                                                                                              \
    X(18, SHOW, show)                                                                                                  \
    X(19, FEEDBACK, feedback)                                                                                          \
    X(20, BACKLOG, backlog)                                                                                            \
    X(21, HOLDS, holds)                                                                                                \
    X(22, HOLD_RELEASE, hold_release)                                                                                  \
    X(23, ASSIGN, assign)                                                                                              \
    X(24, STUCK, stuck)                                                                                                \
    X(25, RETRY, retry)                                                                                                \
    X(26, PAUSE, pause)                                                                                                \
    X(27, RESUME, resume)                                                                                              \
    X(28, WAITS, waits)                                                                                                \
    X(29, NOTE, note)                                                                                                  \
    X(30, REOPEN, reopen)                                                                                              \
    X(31, DUPLICATES, duplicates)                                                                                      \
    X(32, UNCLAIMABLE, unclaimable)                                                                                    \
    X(33, CONFIRM, confirm)                                                                                            \
    X(34, ADOPT, adopt)                                                                                                \
    X(35, JUDGE, judge)                                                                                                \
    X(64, WORKER_HELLO, worker_hello)                                                                                  \
    X(65, JOB, job)                                                                                                    \
    X(66, RESULT, result)                                                                                              \
    X(67, HEARTBEAT, heartbeat)                                                                                        \
    X(68, GOODBYE, goodbye)

enum wire_verb {
#define WIRE_VERB_ENUM(number, NAME, name) WIRE_##NAME = number,
    WIRE_VERBS(WIRE_VERB_ENUM)
#undef WIRE_VERB_ENUM
};

/* Purpose: whether a message of this verb has every field that it needs, not empty, and none that it may not have.
 * Every kind of message is in the one table: requests, and what router and workers tell each other. Where a verb has
 * several forms (a job or a result of triage, of a review, undecided), the record says which is meant. Answers (a
 * reply, the router's own worker_hello) are not checked: a reader passes over what it does not know.
 * Errors: INVALID, naming every missing and every unexpected field; UNKNOWN_VERB. */
enum stepcare_error verb_fields_check(uint8_t verb, const struct stepcare_record *record,
                                      struct stepcare_field_errors *out_errors);
const char *wire_verb_name(uint8_t verb); /* NULL if unknown */

#endif
