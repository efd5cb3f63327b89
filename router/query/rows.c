/* The rows of one page of a listing, and the place where the page ends, as `after` says it. Every listing of
 * router/query builds its answer with this. See query_internal.h. */
#include "router/query/query_internal.h"

#include "base/must.h"
#include "router/query/reply.h"

#include <stdio.h>

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

enum stepcare_error query_rows_init(struct query_rows *rows, const struct query *query)
{
    const uint64_t limit = STEPCARE_GET(query->request, limit, STEPCARE_LISTING_COUNT_MAX);
    memset(rows, 0, sizeof *rows);
    rows->query = query;
    rows->count_max = (uint32_t)(limit == 0 || limit > STEPCARE_LISTING_COUNT_MAX ? STEPCARE_LISTING_COUNT_MAX : limit);
    rows->rows = arena_take(query->arena, rows->count_max * sizeof *rows->rows);
    return rows->rows == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
}

struct stepcare_record *query_rows_add(struct query_rows *rows, const struct episode *episode,
                                       struct query_standing standing)
{
    must(rows->count <= rows->count_max);
    struct episode *kept = rows->count < rows->count_max ? arena_take(rows->query->arena, sizeof *kept) : NULL;
    if (kept == NULL) {
        rows->more = true;
        return NULL;
    }
    *kept = *episode;
    struct stepcare_record *row = &rows->rows[rows->count++];
    stepcare_record_init(row);
    reply_row(row, kept);
    if (standing.tier != STEPCARE_TIER_NONE) STEPCARE_SET(row, tier, standing.tier);
    if (standing.service != STEPCARE_SERVICE_NONE) STEPCARE_SET(row, service, standing.service);
    if (standing.urgency != 0) STEPCARE_SET(row, urgency, standing.urgency);
    return row;
}

void query_rows_mark(struct query_rows *rows, const uint8_t *key, size_t bytes)
{
    must(bytes <= sizeof rows->last_key);
    rows->last_bytes = bytes;
    memcpy(rows->last_key, key, bytes);
}

static void after_set(const struct query_rows *rows, struct stepcare_record *reply)
{
    char hex[2 * KEY_BYTES_MAX + 1] = "";
    for (size_t i = 0; i < rows->last_bytes; i++) snprintf(hex + 2 * i, 3, "%02x", rows->last_key[i]);
    STEPCARE_SET(reply, after, query_keep(rows->query, stepcare_text_of(hex)));
}

void query_rows_finish(struct query_rows *rows, struct stepcare_record *reply)
{
    STEPCARE_SET(reply, rows, ((struct stepcare_records){rows->count, rows->rows}));
    const uint32_t emergencies = reader_counters(rows->query->reader)->emergencies;
    if (emergencies > 0) STEPCARE_SET(reply, priority, emergencies);
    if (rows->more) after_set(rows, reply);
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
