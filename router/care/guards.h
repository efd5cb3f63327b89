/* Guards: what must hold before a verb does anything. Each gives false where it does not hold, and has then refused
 * with the sentence of what to do instead. Called by the decide_*.c files. */
#ifndef ROUTER_CARE_GUARDS_H
#define ROUTER_CARE_GUARDS_H

#include "router/care/deciding.h"

/* The patient is in treatment with the caller. */
bool guard_owner(const struct deciding *deciding);
/* The referral is under a lease and the lease is the caller's: by token where one was given, else by name. */
bool guard_lease(const struct deciding *deciding);
/* No hand-over waits to be accepted. */
bool guard_no_handover(const struct deciding *deciding);
/* A reason of the pathway's is given, and a note where it needs one. */
bool guard_reason(const struct deciding *deciding);
/* to_tier is one of the allowed (a mask), with a service exactly where the tier has services. */
bool guard_placement(const struct deciding *deciding, uint32_t allowed_tiers);

#endif
