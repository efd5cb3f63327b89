/* Reading verbs: worklists and other listings, show, lookup, mailbox, backlog, waits. The router asks, in its loop
 * or for long ones in the thread of listings (router/listing.h); so do simulations and benchmarks. A question needs
 * a reader (router/store/reader.h), the pathway and the configuration, and a few figures that only the router knows:
 * no lock, no ledger writer. Listings are paged: at most STEPCARE_LISTING_COUNT_MAX rows, then `after` for the next
 * page. */
#ifndef ROUTER_QUERY_QUERY_H
#define ROUTER_QUERY_QUERY_H

#include "config/config.h"
#include "pathway/pathway.h"
#include "router/store/reader.h"

/* What the router counts and no table holds. */
struct query_counters {
    uint64_t events, flushes;              /* since it started */
    unsigned workers[STEPCARE_KIND_COUNT]; /* connected, by kind; [0]: all */
    char problem[120];                     /* why new referrals are refused; empty: they are not */
};

struct query {
    struct reader *reader;
    const struct pathway *pathway;
    const struct config *config;
    const struct query_counters *counters;
    const struct stepcare_record *request;
    struct stepcare_text actor;
    int64_t now;
    struct arena *arena; /* rows live here until the reply is encoded */
};

/* Purpose: whether a verb only reads. */
bool query_is(uint8_t verb);
/* Purpose: whether a reading verb's answer may take a walk over more than one page, so that a loop had better not
 * give it itself. Every other one looks at no more rows than fit into a page (worklist, caseload, feedback), at one
 * episode and its last QUERY_HISTORY_ROWS_MAX events (show), or at one row (lookup with an organisation). */
bool query_is_long(uint8_t verb, const struct stepcare_record *request);
/* Purpose: a reading verb's answer; its texts view the arena, the pathway and the configuration.
 * Errors: NOT_FOUND, INVALID (a sentence in the reply's problem); NO_MEMORY (the arena is too small for it),
 * DAMAGED, SYSTEM; STOPPING where the reader was told to stop. */
enum stepcare_error query_answer(const struct query *query, uint8_t verb, struct stepcare_record *out_reply);

/* Purpose: the answer of a claim: a row for each of these leases that still stands, under the tier that was asked for.
 * Errors: NO_MEMORY. */
enum stepcare_error query_claimed(const struct query *query, const struct request_lease *leases, unsigned count,
                                  struct stepcare_record *out_reply);

/* What one question about waits may look at: rows of the last four weeks, or of a service's worklist. */
enum { QUERY_WAIT_ROWS_MAX = 20000, QUERY_HISTORY_ROWS_MAX = 2000 };

struct query_wait_room { /* 40 KB of the caller's, used during the call alone */
    uint16_t days[QUERY_WAIT_ROWS_MAX];
};
struct query_expected_wait {
    bool known;
    uint64_t days;
    unsigned looked_at; /* rows, at most 2 * QUERY_WAIT_ROWS_MAX */
};
/* Purpose: the wait to tell a referrer: the median of those accepted in the last four weeks; where nobody was, how
 * long the sites' capacity takes for those who wait; not known where neither is. */
struct query_expected_wait query_expected_wait_days(struct reader *reader, const struct config *config, uint8_t tier,
                                                    uint8_t service, int64_t now, struct query_wait_room *room);

#endif
