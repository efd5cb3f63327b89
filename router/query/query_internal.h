/* What the files of router/query share; nobody else includes it. */
#ifndef ROUTER_QUERY_QUERY_INTERNAL_H
#define ROUTER_QUERY_QUERY_INTERNAL_H

#include "router/query/query.h"

/* --- rows.c: the rows of a page, and the place where it ends --- */

struct query_rows {
    const struct query *query;
    struct stepcare_record *rows;
    uint32_t count, count_max;
    uint8_t last_key[KEY_BYTES_MAX]; /* the place of the last row that was looked at: the next page begins after it */
    size_t last_bytes;
    bool more, failed;
};

/* Where a row stands, if not where the episode itself says: a hand-over stands in the receiver's worklist, under the
 * receiver's tier. Zero: as the episode says. */
struct query_standing {
    uint8_t tier, service, urgency;
};

/* Purpose: room for the page that the request asks for. Errors: NO_MEMORY. */
enum stepcare_error query_rows_init(struct query_rows *rows, const struct query *query);
/* Purpose: the next row, made from a copy of the episode in the arena; NULL, and `more`, where the page is full or
 * memory is short. */
struct stepcare_record *query_rows_add(struct query_rows *rows, const struct episode *episode,
                                       struct query_standing standing);
/* Purpose: the place of what was looked at last, row or not. */
void query_rows_mark(struct query_rows *rows, const uint8_t *key, size_t bytes);
void query_rows_finish(struct query_rows *rows, struct stepcare_record *reply);

/* Purpose: append the place after which a page begins, from the request's `after` (hex), to a key; false if it is
 * malformed. */
bool query_after(const struct query *query, struct key *key);
/* Purpose: a text's copy in the arena; of no bytes where memory is short. */
struct stepcare_text query_keep(const struct query *query, struct stepcare_text text);
void query_problem(const struct query *query, struct stepcare_record *reply, const char *problem);

/* Of a worklist's key, what comes after tier, service and held: urgency, due, referred_at, id. */
enum { QUERY_PLACE_BYTES = 1 + 8 + 8 + 8 };

/* --- show.c: events as rows, shared with mailbox.c --- */

/* With a referral beside them, rows of so many bytes stay within a frame. */
enum { QUERY_ROWS_BYTES_MAX = 700 * 1024 };

/* Purpose: an event as a row of its own: what it says, when, by whom; the referral and internals left out. */
void query_event_row(const struct query *query, const struct event *event, struct stepcare_record *row);
/* Purpose: what such a row takes in the answer, about. */
size_t query_event_bytes(const struct event *event);
/* Purpose: by which ids the sender knows an episode, from the event that received its referral. Errors: DAMAGED. */
enum stepcare_error query_identity_add(const struct query *query, const struct episode *episode,
                                       struct stepcare_record *reply);
void query_field_drop(struct stepcare_record *record, unsigned key);

/* --- an answer a verb --- */

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

#endif
