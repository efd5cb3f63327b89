/* The one place where answers leave. Replies are gathered while a turn decides; the flush makes what was decided
 * durable and only then lets replies and notices go, so that nobody hears of what a crash could take back. Used by
 * everything that answers a client; the loop flushes at the end of each turn, and a command that finds the block
 * full before it. */
#ifndef ROUTER_OUTWARD_H
#define ROUTER_OUTWARD_H

#include "router/notice.h"
#include "router/outbox.h"

struct outward {
    struct store *store;
    void *client_socket;
    struct outbox outbox;
    struct notices notices;
    uint64_t replies_dropped; /* for clients that are gone or do not read */
    /* The store failed: nothing leaves any more, since what was not flushed was never acknowledged. The router runs no
     * more commands and ends; a start recovers from the ledger. */
    bool failed;
};

/* Errors: NO_MEMORY. Owns: outward_close; the sockets stay the caller's. */
enum stepcare_error outward_init(struct outward *outward, struct store *store, void *client_socket,
                                 void *notice_socket);
void outward_close(struct outward *outward);

/* Purpose: put a reply in the outbox, flushing first if it is full. */
void outward_reply(struct outward *outward, const struct peer *peer, uint8_t verb, uint64_t request_id,
                   const struct stepcare_record *record, int error);
/* Purpose: the same for one that is encoded already. */
void outward_message(struct outward *outward, const struct peer *peer, uint8_t verb, uint64_t request_id,
                     struct stepcare_text message);
/* Purpose: make what was decided durable and let everything go that waited for it. Fails the router where it cannot. */
void outward_flush(struct outward *outward);
/* Purpose: nothing may leave any more; the reason is in the store's error. */
void outward_fail(struct outward *outward, const char *during);

#endif
