/* Reading verbs: the answer to a question, made now and put in the outbox, where it waits for the flush like all
 * others: it may show what this turn has decided. Those that may walk over more than a page are handed to the thread
 * of listings (listing.h), and their answers are let out when it has them. Used for clients' requests (request.c)
 * and for mailboxes that waited for news (waiting.c); the loop calls for the listings' answers. */
#ifndef ROUTER_READING_H
#define ROUTER_READING_H

#include "router/dispatch.h"
#include "router/listing.h"
#include "router/outward.h"
#include "router/pathways.h"
#include "router/query/query.h"
#include "router/turn.h"

struct reading {
    struct store *store;
    const struct config *config;
    const struct pathways *pathways;
    const struct dispatch *dispatch; /* how many workers are connected */
    const struct turn *turn;
    struct outward *outward;
    struct listing *listing; /* NULL: everything is answered at once, as simulations want it */
    struct arena *arena;     /* rows of the answer at hand; its own */
};

/* Errors: NO_MEMORY. Owns: reading_close; the rest is borrowed. */
enum stepcare_error reading_init(struct reading *reading);
void reading_close(struct reading *reading);

/* Purpose: answer a reading verb, now or, where it may take long, when its listing is there; `busy` where too many
 * of those wait. asked: its fields. */
void reading_answer(struct reading *reading, const struct peer *peer, uint8_t verb, uint64_t request_id,
                    const struct caller *caller, const struct stepcare_record *asked);
/* Purpose: let out the answers that the thread of listings has. */
void reading_listings_out(struct reading *reading);
/* Purpose: answer a claim with the rows of the leases that it gave and that still stand. */
void reading_leases_answer(struct reading *reading, const struct peer *peer, uint64_t request_id,
                           const struct stepcare_record *asked, const struct request_lease *leases, unsigned count);

#endif
