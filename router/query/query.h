/* Reading verbs: worklists and other listings, show, mailbox, backlog. They see what the turn has decided so far, and their answers leave
 * after its flush like all others. Listings are paged: at most STEPCARE_LISTING_COUNT_MAX rows, then `after` for the next page. */
#ifndef ROUTER_QUERY_QUERY_H
#define ROUTER_QUERY_QUERY_H

#include "router/store/store.h"

struct query {
    struct store *store;
    const struct pathway *pathway;
    const struct stepcare_record *request;
    struct stepcare_text actor;
    int64_t now;
    struct arena *arena;                   /* rows live here until the reply is encoded */
    unsigned workers[STEPCARE_KIND_COUNT]; /* connected, by kind; [0]: all */
};

/* Purpose: is it a reading verb, and its answer. Errors: NOT_FOUND, INVALID, TOO_LARGE, with problem set in the reply. */
bool query_is(uint8_t verb);
enum stepcare_error query_answer(const struct query *query, uint8_t verb, struct stepcare_record *out_reply);

/* Internal to the query_*.c files. */
struct query_rows {
    const struct query *query;
    struct stepcare_record *rows;
    uint32_t count, count_max;
    uint8_t last_key[KEY_BYTES_MAX];
    size_t last_bytes;
    bool more, failed;
};
enum stepcare_error query_rows_open(struct query_rows *rows, const struct query *query);
/* Purpose: the next row and a copy of the episode in the arena; NULL where the page is full or memory is short. */
struct stepcare_record *query_rows_add(struct query_rows *rows, const struct episode *episode,
                                       const struct episode **out_kept);
void query_rows_finish(struct query_rows *rows, struct stepcare_record *reply);
/* The key after which a page begins, from `after` (hex); false if malformed. */
bool query_after(const struct query *query, struct key *key);
void query_after_set(const struct query *query, const uint8_t *key, size_t bytes, struct stepcare_record *reply);
struct stepcare_text query_keep(const struct query *query, struct stepcare_text text);
void query_problem(const struct query *query, struct stepcare_record *reply, const char *problem);

enum stepcare_error query_worklist(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_unclaimable(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_caseload(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_holds(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_duplicates(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_stuck(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_show(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_lookup(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_feedback(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_backlog(const struct query *query, struct stepcare_record *reply);
enum stepcare_error query_waits(const struct query *query, struct stepcare_record *reply);

/* Purpose: how long people waited from referral to being accepted, in days, over the last 28 days; false where nobody was accepted.
 * site: only those accepted by somebody of that site; absent: all. */
struct query_wait {
    unsigned count, median_days, p90_days;
};
bool query_wait_days(struct store *store, uint8_t tier, uint8_t service, struct stepcare_text site, int64_t now,
                     struct query_wait *out_wait);
/* Purpose: what to tell a referrer: that median; where nobody was accepted, how long the sites' capacity takes for those who wait.
 * false where neither is known. */
bool query_expected_wait_days(struct store *store, uint8_t tier, uint8_t service, int64_t now, uint64_t *out_days);

#endif
