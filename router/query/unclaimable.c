/* Who waits where no configured practitioner can take them, and why: a list for leads, who must find somebody.
 * See query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"
#include "router/care/fit.h"

/* Looked at for one page, against every practitioner each: others wait for their answers, too. */
enum { SCAN_MAX = 5000, KEY_BYTES = 3 + QUERY_PLACE_BYTES };

struct unclaimable {
    struct query_rows rows;
    struct key after; /* exclusive; empty: from the beginning */
    unsigned looked_at;
};

static const char *problem_of(const struct config *config, const struct episode *episode, uint8_t tier, uint8_t service)
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

static bool unclaimable_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct unclaimable *list = context;
    struct query_rows *rows = &list->rows;
    (void)value;
    if (key_bytes == list->after.bytes && memcmp(key, list->after.data, key_bytes) == 0) return true;
    if (list->looked_at++ == SCAN_MAX) {
        rows->more = true;
        return false;
    }
    const struct query *query = rows->query;
    struct episode episode;
    const bool known = reader_episode_get(query->reader, key_read_u64(key + key_bytes - 8), &episode);
    const char *problem = known ? problem_of(query->config, &episode, key[0], key[1]) : NULL;
    struct stepcare_record *row = problem == NULL ? NULL : query_rows_add(rows, &episode, (struct query_standing){0});
    if (row == NULL && rows->more) return false;
    if (row != NULL) STEPCARE_SET(row, problem, stepcare_text_of(problem));
    query_rows_mark(rows, key, key_bytes);
    return true;
}

enum stepcare_error query_unclaimable(const struct query *query, struct stepcare_record *reply)
{
    struct unclaimable list = {0};
    const uint8_t wanted = STEPCARE_GET(query->request, tier, STEPCARE_TIER_NONE);
    key_init(&list.after, TABLE_WORKLIST);
    if (!query_after(query, &list.after) || (list.after.bytes != 0 && list.after.bytes != KEY_BYTES)) {
        query_problem(query, reply, "after: this is not a place that this listing gave: begin again without it");
        return STEPCARE_INVALID;
    }
    must(list.after.table == TABLE_WORKLIST);
    enum stepcare_error error = query_rows_init(&list.rows, query);
    const bool anybody = query->config->practitioner_count > 0;
    for (uint8_t tier = 1; anybody && tier < STEPCARE_TIER_COUNT && !list.rows.more && error == STEPCARE_OK; tier++) {
        const bool lead =
            tier == STEPCARE_TIER_EMERGENCY || tier == STEPCARE_TIER_MANUAL_REVIEW || tier == STEPCARE_TIER_GP_ADVICE;
        if (lead || (wanted != STEPCARE_TIER_NONE && wanted != tier)) continue;
        if (list.after.bytes > 0 && tier < list.after.data[0]) continue;
        struct key prefix;
        key_init(&prefix, TABLE_WORKLIST);
        key_u8(&prefix, tier);
        const bool goes_on = list.after.bytes > 0 && tier == list.after.data[0];
        error = reader_walk(query->reader, &prefix, goes_on ? &list.after : NULL, unclaimable_visit, &list);
    }
    if (error == STEPCARE_OK) query_rows_finish(&list.rows, reply);
    return error;
}
