/* Who may give which command, in which state, and what decides it: one table, total over the verbs of the wire and the
 * router's own. Refusal is the default: a verb that has no row, a state or a role that its row does not name, is
 * refused. Read by decide(), and by request handling for the verbs that only read. */
#ifndef ROUTER_CARE_VERB_RULES_H
#define ROUTER_CARE_VERB_RULES_H

#include "router/care/caller.h"
#include "stepcare/error.h"

#include <stddef.h>

struct deciding;

struct verb_rule {
    /* A mask: the states in which it may act on an episode, leases, holds and hand-overs aside; 0: it acts on none. */
    uint32_t states;
    uint32_t roles;                                  /* mask, with CALLER_ROUTER beside the roles; 0: no such verb */
    void (*decide)(const struct deciding *deciding); /* NULL: it only reads, or is answered without a decision */
};

/* Purpose: a verb's row; one of zeros where there is none. Never NULL. */
const struct verb_rule *verb_rule(uint8_t verb);

/* Purpose: may this caller use the verb at all? Asked before anything is read for them.
 * Shape: out_problem is the sentence for people, where the answer is not OK.
 * Errors: UNKNOWN_VERB; NOT_PERMITTED, the sentence naming the roles that may. */
enum stepcare_error verb_check_caller(uint8_t verb, const struct caller *caller, char *out_problem,
                                      size_t problem_bytes);

/* Purpose: may the verb act on an episode in this state? */
bool verb_allowed_in(uint8_t verb, enum stepcare_state state);
/* Purpose: what can be done in this state instead; a clause for the end of a refusal. Never NULL. */
const char *verb_instead(uint8_t verb, enum stepcare_state state);

#endif
