/* What the reading verbs share, and the simple listings: caseload, holds, duplicates, stuck. See query.h. */
#include "router/query/query.h"

#include "router/query/reply.h"

#include <stdio.h>

static const struct {
    uint8_t verb;
    enum stepcare_error (*answer)(const struct query *query, struct stepcare_record *reply);
} answers[] = {
    {WIRE_WORKLIST, query_worklist},
    {WIRE_CASELOAD, query_caseload},
    {WIRE_HOLDS, query_holds},
    {WIRE_DUPLICATES, query_duplicates},
    {WIRE_STUCK, query_stuck},
    {WIRE_SHOW, query_show},
    {WIRE_LOOKUP, query_lookup},
    {WIRE_FEEDBACK, query_feedback},
    {WIRE_BACKLOG, query_backlog},
    {WIRE_WAITS, query_waits},
    {WIRE_UNCLAIMABLE, query_unclaimable},
};

bool query_is(uint8_t verb)
{
    for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (answers[i].verb == verb) return true;
    return false;
}

enum stepcare_error query_answer(const struct query *query, uint8_t verb, struct stepcare_record *out_reply)
{
    stepcare_record_init(out_reply);
    for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (answers[i].verb == verb) return answers[i].answer(query, out_reply);
    return STEPCARE_UNKNOWN_VERB;
}

struct stepcare_text query_keep(const struct query *query, struct stepcare_text text)
{
    char *kept = arena_take(query->arena, text.bytes + 1U);
    if (kept == NULL) return (struct stepcare_text){NULL, 0};
    if (text.bytes > 0) memcpy(kept, text.data, text.bytes);
    kept[text.bytes] = '\0';
    return (struct stepcare_text){kept, text.bytes};
}

void query_problem(const struct query *query, struct stepcare_record *reply, const char *problem)
{
    const struct stepcare_text kept = query_keep(query, stepcare_text_of(problem));
    STEPCARE_SET(reply, problem, kept);
}

enum stepcare_error query_rows_open(struct query_rows *rows, const struct query *query)
{
    const uint64_t limit = STEPCARE_GET(query->request, limit, STEPCARE_LISTING_COUNT_MAX);
    memset(rows, 0, sizeof *rows);
    rows->query = query;
    rows->count_max = (uint32_t)(limit == 0 || limit > STEPCARE_LISTING_COUNT_MAX ? STEPCARE_LISTING_COUNT_MAX : limit);
    rows->rows = arena_take(query->arena, rows->count_max * sizeof *rows->rows);
    return rows->rows == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
}

struct stepcare_record *query_rows_add(struct query_rows *rows, const struct episode *episode,
                                       const struct episode **out_kept)
{
    struct episode *kept = rows->count < rows->count_max ? arena_take(rows->query->arena, sizeof *kept) : NULL;
    if (kept == NULL) {
        rows->more = true;
        return NULL;
    }
    *kept = *episode;
    struct stepcare_record *row = &rows->rows[rows->count++];
    stepcare_record_init(row);
    if (out_kept != NULL) *out_kept = kept;
    reply_row(row, kept);
    return row;
}

void query_rows_finish(struct query_rows *rows, struct stepcare_record *reply)
{
    STEPCARE_SET(reply, rows, ((struct stepcare_records){rows->count, rows->rows}));
    const uint32_t emergencies = rows->query->store->state.counters.emergencies;
    if (emergencies > 0) STEPCARE_SET(reply, priority, emergencies);
    if (rows->more) query_after_set(rows->query, rows->last_key, rows->last_bytes, reply);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool query_after(const struct query *query, struct key *key)
{
    if (!STEPCARE_HAS(query->request, after)) return true;
    const struct stepcare_text after = query->request->after;
    if (after.bytes % 2 != 0 || key->bytes + after.bytes / 2 > KEY_BYTES_MAX) return false;
    for (uint32_t i = 0; i < after.bytes; i += 2) {
        const int high = hex_digit(after.data[i]), low = hex_digit(after.data[i + 1]);
        if (high < 0 || low < 0) return false;
        key_u8(key, (uint8_t)(high << 4 | low));
    }
    return true;
}

void query_after_set(const struct query *query, const uint8_t *key, size_t bytes, struct stepcare_record *reply)
{
    char hex[2 * KEY_BYTES_MAX + 1] = "";
    for (size_t i = 0; i < bytes; i++) snprintf(hex + 2 * i, 3, "%02x", key[i]);
    STEPCARE_SET(reply, after, query_keep(query, stepcare_text_of(hex)));
}

/* --- listings that are one walk over an index whose keys end in the episode's id --- */

struct listing {
    struct query_rows rows;
    struct key prefix, from;
    bool skip_equal; /* `after` is exclusive */
    bool next_due;   /* due is that of the next action, not the target */
    int64_t before;  /* stuck: only what came before this */
    unsigned looked_at;
};

/* A page ends after so many rows looked at, even if few or none of them are in it: the loop serves others, too. */
enum { LISTING_SCAN_MAX = 5000 };

static bool listing_wants(const struct listing *listing, const struct episode *episode)
{
    const struct stepcare_record *request = listing->rows.query->request;
    if (STEPCARE_HAS(request, tier) && request->tier != episode->tier) return false;
    if (STEPCARE_HAS(request, service) && request->service != episode->service) return false;
    return listing->before == 0 || episode->next_due < listing->before;
}

static bool listing_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct listing *listing = context;
    (void)value;
    if (listing->skip_equal && key_bytes == listing->from.bytes && memcmp(key, listing->from.data, key_bytes) == 0)
        return true;
    if (listing->looked_at++ == LISTING_SCAN_MAX) {
        listing->rows.more = true;
        return false;
    }
    struct episode episode;
    if (!state_episode_get(&listing->rows.query->store->state, key_read_u64(key + key_bytes - 8), &episode))
        return true;
    const struct episode *kept;
    struct stepcare_record *row =
        listing_wants(listing, &episode) ? query_rows_add(&listing->rows, &episode, &kept) : NULL;
    if (row == NULL && listing->rows.more) return false;
    listing->rows.last_bytes = key_bytes - listing->prefix.bytes;
    memcpy(listing->rows.last_key, key + listing->prefix.bytes, listing->rows.last_bytes);
    if (row == NULL) return true;
    if (listing->next_due) row->due = episode_next(kept).due;
    if (listing->prefix.data[0] == ATTENTION_DUPLICATE && listing->prefix.table == TABLE_ATTENTION)
        STEPCARE_SET(row, linked_to, kept->duplicate_of);
    return true;
}

static enum stepcare_error listing_answer(struct listing *listing, const struct query *query,
                                          struct stepcare_record *reply)
{
    listing->from = listing->prefix;
    if (!query_after(query, &listing->from)) {
        query_problem(query, reply, "after: this is not a place that a listing gave: begin again without it");
        return STEPCARE_INVALID;
    }
    listing->skip_equal = listing->from.bytes > listing->prefix.bytes;
    enum stepcare_error error = query_rows_open(&listing->rows, query);
    if (error == STEPCARE_OK)
        error = state_walk(&query->store->state, &listing->prefix, &listing->from, listing_visit, listing);
    if (error == STEPCARE_OK) query_rows_finish(&listing->rows, reply);
    return error;
}

enum stepcare_error query_caseload(const struct query *query, struct stepcare_record *reply)
{
    struct listing listing = {.next_due = true};
    key_init(&listing.prefix, TABLE_CASELOAD);
    key_text(&listing.prefix, query->actor, STEPCARE_ACTOR_BYTES_MAX);
    return listing_answer(&listing, query, reply);
}

static enum stepcare_error attention(const struct query *query, uint8_t kind, struct stepcare_record *reply)
{
    struct listing listing = {.next_due = true};
    key_init(&listing.prefix, TABLE_ATTENTION);
    key_u8(&listing.prefix, kind);
    return listing_answer(&listing, query, reply);
}

enum stepcare_error query_holds(const struct query *query, struct stepcare_record *reply)
{
    return attention(query, ATTENTION_HOLD, reply);
}

enum stepcare_error query_duplicates(const struct query *query, struct stepcare_record *reply)
{
    return attention(query, ATTENTION_DUPLICATE, reply);
}

/* Not triaged, or a review not answered, for longer than stuck_after. */
enum stepcare_error query_stuck(const struct query *query, struct stepcare_record *reply)
{
    struct listing listing = {.next_due = true, .before = query->now - query->store->config->stuck_after_ms};
    key_init(&listing.prefix, TABLE_PENDING);
    return listing_answer(&listing, query, reply);
}
