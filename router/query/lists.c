/* The listings that are one walk over an index whose keys end in the episode's id: caseload, holds, duplicates, stuck.
 * See query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"

struct list {
    struct query_rows rows;
    struct key prefix, from;
    bool skip_equal; /* `after` is exclusive */
    int64_t before;  /* stuck: only what came before this; 0: all */
    unsigned looked_at;
};

/* A page ends after so many rows looked at, even if few or none of them are in it: others wait for their answers,
 * too. */
enum { LIST_SCAN_MAX = 5000 };

static bool list_wants(const struct list *list, const struct episode *episode)
{
    const struct stepcare_record *request = list->rows.query->request;
    if (STEPCARE_HAS(request, tier) && request->tier != episode->tier) return false;
    if (STEPCARE_HAS(request, service) && request->service != episode->service) return false;
    return list->before == 0 || episode->next_due < list->before;
}

/* These lists are about what is to be done next: due is that of the next action, not the target. */
static bool list_row(struct list *list, const struct episode *episode)
{
    struct stepcare_record *row = query_rows_add(&list->rows, episode, (struct query_standing){0});
    if (row == NULL) return false;
    row->due = episode_next(episode).due;
    if (list->prefix.table == TABLE_ATTENTION && list->prefix.data[0] == ATTENTION_DUPLICATE)
        STEPCARE_SET(row, linked_to, episode->duplicate_of);
    return true;
}

static bool list_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct list *list = context;
    struct episode episode;
    (void)value;
    if (list->skip_equal && key_bytes == list->from.bytes && memcmp(key, list->from.data, key_bytes) == 0) return true;
    if (list->looked_at++ == LIST_SCAN_MAX) {
        list->rows.more = true;
        return false;
    }
    if (!reader_episode_get(list->rows.query->reader, key_read_u64(key + key_bytes - 8), &episode)) return true;
    if (list_wants(list, &episode) && !list_row(list, &episode)) return false;
    must(key_bytes >= list->prefix.bytes);
    query_rows_mark(&list->rows, key + list->prefix.bytes, key_bytes - list->prefix.bytes);
    return true;
}

static enum stepcare_error list_answer(struct list *list, const struct query *query, struct stepcare_record *reply)
{
    list->from = list->prefix;
    if (!query_after(query, &list->from)) {
        query_problem(query, reply, "after: this is not a place that a listing gave: begin again without it");
        return STEPCARE_INVALID;
    }
    must(list->from.bytes >= list->prefix.bytes);
    list->skip_equal = list->from.bytes > list->prefix.bytes;
    enum stepcare_error error = query_rows_init(&list->rows, query);
    if (error == STEPCARE_OK) error = reader_walk(query->reader, &list->prefix, &list->from, list_visit, list);
    if (error == STEPCARE_OK) query_rows_finish(&list->rows, reply);
    return error;
}

enum stepcare_error query_caseload(const struct query *query, struct stepcare_record *reply)
{
    struct list list = {0};
    key_init(&list.prefix, TABLE_CASELOAD);
    key_text(&list.prefix, query->actor, STEPCARE_ACTOR_BYTES_MAX);
    return list_answer(&list, query, reply);
}

static enum stepcare_error attention(const struct query *query, uint8_t kind, struct stepcare_record *reply)
{
    struct list list = {0};
    key_init(&list.prefix, TABLE_ATTENTION);
    key_u8(&list.prefix, kind);
    return list_answer(&list, query, reply);
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
    struct list list = {.before = query->now - query->config->stuck_after_ms};
    key_init(&list.prefix, TABLE_PENDING);
    return list_answer(&list, query, reply);
}
