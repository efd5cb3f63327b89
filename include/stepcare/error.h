/* Every way in which a call or a command can fail, in one table: name on the wire and in --json, number on
 * the wire, what it means. 0 is ok. Numbers never change and are never used again for something else. */
#ifndef STEPCARE_ERROR_H
#define STEPCARE_ERROR_H

/* Rejections (1-63): the domain says no; answered to the client, never logged as an error.
 * Protocol (64-79): the frame or the peer is at fault.
 * Local (96-...): the world failed on this side; they never travel. */
#define STEPCARE_ERRORS(X)                                                                                             \
    X(0, OK, "ok", "done")                                                                                             \
    X(1, NOT_FOUND, "not_found", "there is no such referral")                                                          \
    X(2, NOT_HOLDER, "not_holder", "somebody else holds this referral, or nobody does")                                \
    X(3, STALE_TOKEN, "stale_token", "the lease behind this token has ended")                                          \
    X(4, WRONG_STATE, "wrong_state", "the referral is not in a state that allows this")                                \
    X(5, HELD, "held", "a hold keeps this referral from being taken")                                                  \
    X(6, NOT_PERMITTED, "not_permitted", "this caller may not do this")                                                \
    X(7, INVALID, "invalid", "a field is missing or wrong")                                                            \
    X(8, STORE_FULL, "store_full", "the store has no room left for new work")                                          \
    X(9, BUSY, "busy", "the router has as much as it can take; try again")                                             \
    X(10, PAUSED, "paused", "this tier is paused by an administrator")                                                 \
    X(11, CASELOAD_FULL, "caseload_full", "the practitioner's caseload limit is reached")                              \
    X(12, SKILL_MISSING, "skill_missing", "the practitioner's profile does not fit this referral")                     \
    X(14, HANDOVER_OPEN, "handover_open", "a hand-over is waiting to be accepted")                                     \
    X(64, MALFORMED, "malformed", "the frame is not a stepcare message")                                               \
    X(65, UNSUPPORTED_VERSION, "unsupported_version", "this protocol version is not spoken here")                      \
    X(66, UNKNOWN_VERB, "unknown_verb", "there is no such verb")                                                       \
    X(67, TOO_LARGE, "too_large", "the message is over a limit")                                                       \
    X(68, PATHWAY_MISMATCH, "pathway_mismatch", "the worker decides by another pathway than the router")               \
    X(69, STOPPING, "stopping", "the router is stopping")                                                              \
    X(96, UNREACHABLE, "unreachable", "the router does not answer")                                                    \
    X(97, OUTCOME_UNKNOWN, "outcome_unknown", "the connection was lost after sending: it may have been done")          \
    X(98, SYSTEM, "system", "the operating system refused")                                                            \
    X(99, NO_SPACE, "no_space", "the disk is full")                                                                    \
    X(100, NO_MEMORY, "no_memory", "out of memory")                                                                    \
    X(101, LOCKED, "locked", "another router has this store open")                                                     \
    X(102, STORE_VERSION, "store_version", "the store was written by another version")                                 \
    X(103, DAMAGED, "damaged", "stored data fails its check")                                                          \
    X(104, CONFIG, "config", "the configuration is wrong")                                                             \
    X(105, FENCED, "fenced", "a newer writer has taken over the ledger")                                               \
    X(106, UNKNOWN, "unknown", "the ledger cannot say whether the batch is on disk")                                   \
    X(107, IN_USE, "in_use", "the address is already in use")

enum stepcare_error {
#define STEPCARE_ERROR_ENUM(number, NAME, name, text) STEPCARE_##NAME = number,
    STEPCARE_ERRORS(STEPCARE_ERROR_ENUM)
#undef STEPCARE_ERROR_ENUM
};

/* Purpose: the wire name ("not_found") and the sentence for an error.
 * Errors: a number that is in no row gives "unknown_error" and a sentence saying so; never NULL.
 * Owns: static text. Calls: any thread. */
const char *stepcare_error_name(int error);
const char *stepcare_error_text(int error);

#endif
