/* A tier's worklist in the order in which it is claimed, held work in its place and marked: what practitioners look at.
 * See query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"

enum { PLACE_BYTES = QUERY_PLACE_BYTES };

struct place {
    uint8_t data[PLACE_BYTES];
};

struct walk {
    struct place *places;
    uint32_t count, count_max;
    const struct place *after; /* exclusive; NULL: from the beginning */
};

static bool walk_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct walk *walk = context;
    (void)value;
    if (key_bytes != 3 + PLACE_BYTES) return true;
    if (walk->after != NULL && memcmp(key + 3, walk->after->data, PLACE_BYTES) <= 0) return true;
    memcpy(walk->places[walk->count++].data, key + 3, PLACE_BYTES);
    return walk->count < walk->count_max;
}

/* One side (held or not) of one service's worklist. */
static enum stepcare_error walk_side(const struct query *query, uint8_t service, uint8_t held, struct walk *walk)
{
    struct key prefix;
    key_init(&prefix, TABLE_WORKLIST);
    key_u8(&prefix, query->request->tier);
    key_u8(&prefix, service);
    key_u8(&prefix, held);
    struct key from = prefix;
    for (unsigned i = 0; walk->after != NULL && i < PLACE_BYTES; i++) key_u8(&from, walk->after->data[i]);
    return reader_walk(query->reader, &prefix, &from, walk_visit, walk);
}

static bool row_add(struct query_rows *rows, const struct place *place, uint8_t service)
{
    struct episode episode;
    if (!reader_episode_get(rows->query->reader, key_read_u64(place->data + PLACE_BYTES - 8), &episode)) return true;
    const bool handover = episode.state == STEPCARE_STATE_IN_TREATMENT;
    const struct query_standing standing = {
        .tier = rows->query->request->tier, .service = service, .urgency = handover ? episode.to_urgency : 0};
    if (query_rows_add(rows, &episode, standing) == NULL) return false;
    uint8_t at[1 + PLACE_BYTES] = {service};
    memcpy(at + 1, place->data, PLACE_BYTES);
    query_rows_mark(rows, at, sizeof at);
    return true;
}

static enum stepcare_error service_rows(const struct query *query, uint8_t service, const struct place *after,
                                        struct query_rows *rows)
{
    must(rows->count <= rows->count_max);
    const uint32_t room = rows->count_max - rows->count + 1; /* one more than fits, to know that there is more */
    struct walk sides[2];
    for (uint8_t held = 0; held < 2; held++) {
        sides[held] = (struct walk){arena_take(query->arena, room * sizeof(struct place)), 0, room, after};
        if (sides[held].places == NULL) return STEPCARE_NO_MEMORY;
        enum stepcare_error error = walk_side(query, service, held, &sides[held]);
        if (error != STEPCARE_OK) return error;
    }
    uint32_t at[2] = {0, 0};
    while (at[0] < sides[0].count || at[1] < sides[1].count) {
        const bool first =
            at[1] >= sides[1].count ||
            (at[0] < sides[0].count && memcmp(&sides[0].places[at[0]], &sides[1].places[at[1]], PLACE_BYTES) < 0);
        const unsigned side = first ? 0 : 1;
        if (!row_add(rows, &sides[side].places[at[side]++], service)) break;
    }
    return STEPCARE_OK;
}

enum stepcare_error query_worklist(const struct query *query, struct stepcare_record *reply)
{
    struct query_rows rows;
    struct key after;
    key_init(&after, TABLE_WORKLIST);
    if (!query_after(query, &after) || (after.bytes != 0 && after.bytes != 1 + PLACE_BYTES)) {
        query_problem(query, reply, "after: this is not a place that a worklist gave: begin again without it");
        return STEPCARE_INVALID;
    }
    enum stepcare_error error = query_rows_init(&rows, query);
    struct place place;
    memcpy(place.data, after.data + 1, PLACE_BYTES);
    const uint8_t wanted = STEPCARE_GET(query->request, service, STEPCARE_SERVICE_NONE);
    for (uint8_t service = 0; service < STEPCARE_SERVICE_COUNT && error == STEPCARE_OK && !rows.more; service++) {
        if (wanted != STEPCARE_SERVICE_NONE && wanted != service) continue;
        if (after.bytes > 0 && service < after.data[0]) continue;
        error = service_rows(query, service, after.bytes > 0 && service == after.data[0] ? &place : NULL, &rows);
    }
    if (error != STEPCARE_OK) return error;
    query_rows_finish(&rows, reply);
    if (reader_counters(query->reader)->paused_tiers & STEPCARE_BIT(query->request->tier))
        STEPCARE_SET(reply, paused, true);
    return STEPCARE_OK;
}
