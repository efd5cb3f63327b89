/* Making the caller of a client, of a worker and of the router itself, for the files that run their commands. See
 * admit.h. */
#include "router/admit.h"

struct caller admit_client(struct stepcare_text actor)
{
    return caller_local(actor.bytes > 0 ? actor : stepcare_text_of("unnamed"));
}

struct caller admit_worker(void)
{
    struct caller worker = caller_local(stepcare_text_of("worker"));
    worker.roles = STEPCARE_BIT(STEPCARE_ROLE_WORKER);
    return worker;
}

struct caller admit_router(void)
{
    return caller_router();
}
