/* The worker's connection to the router: one DEALER socket and a monitor that tells when the connection broke. A lost
 * connection is closed and a fresh one opened, never reused: what was queued on it belongs to a session that the router
 * has forgotten. */
#ifndef WORKERS_LINK_H
#define WORKERS_LINK_H

#include "proto/frame.h"

struct worker_link {
    void *context, *socket, *monitor;
    const char *endpoint; /* borrowed */
    int send_timeout_ms;
    unsigned generation; /* sockets opened so far: monitors need an address each */
};

/* Purpose: connect; it succeeds while the router is absent, and libzmq goes on trying.
 * Errors: SYSTEM, errno set. Owns: worker_link_close, which accepts a link that is closed or zeroed. */
enum stepcare_error worker_link_open(struct worker_link *link);
/* Purpose: close, waiting up to linger_ms for what is queued. The context stays for the next open. */
void worker_link_close(struct worker_link *link, int linger_ms);
void worker_link_destroy(struct worker_link *link); /* the context as well */

/* Purpose: send one frame. Errors: UNREACHABLE when it could not be queued within send_timeout_ms. */
enum stepcare_error worker_link_send(struct worker_link *link, const struct buffer *frame);

/* Purpose: whether the connection broke since it was asked last. */
bool worker_link_lost(struct worker_link *link);

#endif
