/* Who asks: the one place that makes a caller, before anything else looks at what is asked. Everything after it reads
 * the caller's roles and never the frame's actor. Used by request.c, result.c, timers.c and
 * waiting.c. */
#ifndef ROUTER_ADMIT_H
#define ROUTER_ADMIT_H

#include "router/care/caller.h"

/* Purpose: the caller of a client's frame. In local mode, the only one: whoever can open the socket has every role, and
 * the frame's actor is the name that events keep. Shape: actor may be absent. Owns: the name views the actor. */
struct caller admit_client(struct stepcare_text actor);
/* Purpose: the caller of what workers answer. */
struct caller admit_worker(void);
/* Purpose: the router itself: timers, jobs that nobody could do. */
struct caller admit_router(void);

#endif
