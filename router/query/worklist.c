/* Worklists in claim order, held work in its place and marked; and what a practitioner cannot take, with why. See
 * query.h. */
#include "router/query/query.h"

#include "router/care/fit.h"
#include "router/query/reply.h"

enum { PLACE_BYTES = 25 }; /* of a worklist key behind tier, service and held: urgency, due, referred_at, id */

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
    return state_walk(&query->store->state, &prefix, &from, walk_visit, walk);
}

static bool row_add(struct query_rows *rows, const struct place *place, uint8_t service)
{
    struct episode episode;
    if (!state_episode_get(&rows->query->store->state, key_read_u64(place->data + PLACE_BYTES - 8), &episode))
        return true;
    const struct episode *kept;
    struct stepcare_record *row = query_rows_add(rows, &episode, &kept);
    if (row == NULL) return false;
    /* A hand-over stands in the receiver's worklist under the receiver's tier. */
    STEPCARE_SET(row, tier, rows->query->request->tier);
    if (service != STEPCARE_SERVICE_NONE) STEPCARE_SET(row, service, service);
    if (kept->state == STEPCARE_STATE_IN_TREATMENT) STEPCARE_SET(row, urgency, kept->to_urgency);
    rows->last_key[0] = service;
    memcpy(rows->last_key + 1, place->data, PLACE_BYTES);
    rows->last_bytes = 1 + PLACE_BYTES;
    return true;
}

static enum stepcare_error service_rows(const struct query *query, uint8_t service, const struct place *after,
                                        struct query_rows *rows)
{
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
    enum stepcare_error error = query_rows_open(&rows, query);
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
    if (query->store->state.counters.paused_tiers & STEPCARE_BIT(query->request->tier))
        STEPCARE_SET(reply, paused, true);
    return STEPCARE_OK;
}

/* --- what nobody configured can take --- */

enum { NOBODY_SCAN_MAX = 5000 }; /* looked at for one page: the loop serves others, too */

struct nobody {
    struct query_rows rows;
    struct key after; /* exclusive; empty: from the beginning */
    unsigned looked_at;
    uint8_t tier;
};

static const char *nobody_problem(const struct config *config, const struct episode *episode, uint8_t tier,
                                  uint8_t service)
{
    const char *problem = "no practitioner works in this tier";
    for (unsigned i = 0; i < config->practitioner_count; i++) {
        const struct config_practitioner *practitioner = &config->practitioners[i];
        const char *why = fit_problem(practitioner, episode, tier, service);
        if (why == NULL) return NULL;
        /* The most telling reason is one from somebody who works there at all. */
        if (practitioner->tiers == 0 || (practitioner->tiers & STEPCARE_BIT(tier)) != 0) problem = why;
    }
    return problem;
}

static bool nobody_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct nobody *nobody = context;
    struct query_rows *rows = &nobody->rows;
    (void)value;
    if (key_bytes == nobody->after.bytes && memcmp(key, nobody->after.data, key_bytes) == 0) return true;
    if (nobody->looked_at++ == NOBODY_SCAN_MAX) {
        rows->more = true;
        return false;
    }
    const struct query *query = rows->query;
    struct episode episode;
    const bool known = state_episode_get(&query->store->state, key_read_u64(key + key_bytes - 8), &episode);
    const char *problem = known ? nobody_problem(query->store->config, &episode, key[0], key[1]) : NULL;
    struct stepcare_record *row = problem == NULL ? NULL : query_rows_add(rows, &episode, NULL);
    if (row == NULL && rows->more) return false;
    if (row != NULL) STEPCARE_SET(row, problem, stepcare_text_of(problem));
    rows->last_bytes = key_bytes;
    memcpy(rows->last_key, key, key_bytes);
    return true;
}

enum stepcare_error query_unclaimable(const struct query *query, struct stepcare_record *reply)
{
    struct nobody nobody = {.tier = STEPCARE_GET(query->request, tier, STEPCARE_TIER_NONE)};
    key_init(&nobody.after, TABLE_WORKLIST);
    if (!query_after(query, &nobody.after) || (nobody.after.bytes != 0 && nobody.after.bytes != 3 + PLACE_BYTES)) {
        query_problem(query, reply, "after: this is not a place that this listing gave: begin again without it");
        return STEPCARE_INVALID;
    }
    enum stepcare_error error = query_rows_open(&nobody.rows, query);
    const bool anybody = query->store->config->practitioner_count > 0;
    for (uint8_t tier = 1; anybody && tier < STEPCARE_TIER_COUNT && !nobody.rows.more && error == STEPCARE_OK; tier++) {
        const bool lead =
            tier == STEPCARE_TIER_EMERGENCY || tier == STEPCARE_TIER_MANUAL_REVIEW || tier == STEPCARE_TIER_GP_ADVICE;
        if (lead || (nobody.tier != STEPCARE_TIER_NONE && nobody.tier != tier)) continue;
        if (nobody.after.bytes > 0 && tier < nobody.after.data[0]) continue;
        struct key prefix;
        key_init(&prefix, TABLE_WORKLIST);
        key_u8(&prefix, tier);
        const bool goes_on = nobody.after.bytes > 0 && tier == nobody.after.data[0];
        error = state_walk(&query->store->state, &prefix, goes_on ? &nobody.after : NULL, nobody_visit, &nobody);
    }
    if (error == STEPCARE_OK) query_rows_finish(&nobody.rows, reply);
    return error;
}
