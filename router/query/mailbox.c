/* An organisation's mailbox: what became of the referrals it sent, from a cursor on. It stays in the router's loop,
 * since whoever follows a mailbox waits there for news. See query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"
#include "base/time_units.h"

/* What a page's placements may cost in rows looked at for their expected waits: then it ends, and goes on at its
 * cursor. */
enum { PAGE_WAIT_ROWS_MAX = QUERY_WAIT_ROWS_MAX };

struct mailbox {
    struct query_rows rows;
    uint64_t since, last;
    size_t bytes;
    unsigned wait_rows;
    struct query_wait_room *room;
    struct mailbox_wait { /* as of a day; a page asks the same again and again */
        int64_t day;      /* 0: not asked */
        struct query_expected_wait expected;
    } waits[STEPCARE_TIER_COUNT][STEPCARE_SERVICE_COUNT];
};

static bool event_places(enum stepcare_event_type type)
{
    return type == STEPCARE_EVENT_REFERRAL_TRIAGED || type == STEPCARE_EVENT_EPISODE_LINKED ||
           type == STEPCARE_EVENT_ASSIGNED || type == STEPCARE_EVENT_REFERRAL_DECLINED ||
           type == STEPCARE_EVENT_REOPENED;
}

/* A placement says how long the wait was to be on the day it was made. */
static void expected_wait_add(struct mailbox *mailbox, const struct event *event, struct stepcare_record *row)
{
    const struct query *query = mailbox->rows.query;
    const uint8_t tier = STEPCARE_GET(row, tier, STEPCARE_TIER_NONE),
                  service = STEPCARE_GET(row, service, STEPCARE_SERVICE_NONE);
    if (!event_places(event->type) || tier == STEPCARE_TIER_NONE || tier == STEPCARE_TIER_GP_ADVICE ||
        tier >= STEPCARE_TIER_EMERGENCY)
        return;
    must(service < STEPCARE_SERVICE_COUNT);
    struct mailbox_wait *wait = &mailbox->waits[tier][service];
    const int64_t day = event->at / DAY_MS;
    if (wait->day != day) {
        wait->day = day;
        wait->expected =
            query_expected_wait_days(query->reader, query->config, tier, service, event->at, mailbox->room);
        mailbox->wait_rows += wait->expected.looked_at;
    }
    if (wait->expected.known) STEPCARE_SET(row, expected_wait_days, wait->expected.days);
}

static void identify(const struct query *query, const struct event *event, struct stepcare_record *row)
{
    struct episode episode;
    struct stepcare_record content;
    stepcare_record_init(&content);
    if (!reader_episode_get(query->reader, event->episode_id, &episode)) return;
    const struct stepcare_text organisation = query_keep(query, episode_text(&episode.organisation));
    if (query_identity_add(query, &episode, &content) != STEPCARE_OK) return;
    STEPCARE_SET(row, organisation, organisation);
    STEPCARE_SET(row, message_id, content.message_id);
    if (STEPCARE_HAS(&content, reference)) STEPCARE_SET(row, reference, content.reference);
}

static bool page_is_full(const struct mailbox *mailbox)
{
    return mailbox->rows.count == mailbox->rows.count_max || mailbox->wait_rows > PAGE_WAIT_ROWS_MAX;
}

static void row_add(struct mailbox *mailbox, uint64_t sequence, const struct event *event)
{
    struct query_rows *rows = &mailbox->rows;
    must(sequence > mailbox->last);
    struct stepcare_record *row = &rows->rows[rows->count++];
    query_event_row(rows->query, event, row);
    STEPCARE_SET(row, cursor, sequence);
    STEPCARE_SET(row, referral_id, event->episode_id);
    query_field_drop(row, STEPCARE_FIELD_sequence);
    query_field_drop(row, STEPCARE_FIELD_token);
    expected_wait_add(mailbox, event, row);
    identify(rows->query, event, row);
    mailbox->last = sequence;
}

static bool mailbox_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct mailbox *mailbox = context;
    struct query_rows *rows = &mailbox->rows;
    const uint64_t sequence = key_read_u64(key + key_bytes - 8);
    (void)value;
    if (sequence <= mailbox->since) return true;
    rows->more = page_is_full(mailbox);
    if (rows->more) return false;
    struct event event;
    rows->failed = reader_event(rows->query->reader, sequence, &event) != STEPCARE_OK;
    if (rows->failed) return false;
    mailbox->bytes += query_event_bytes(&event);
    rows->more = rows->count > 0 && mailbox->bytes > QUERY_ROWS_BYTES_MAX;
    if (rows->more) return false;
    row_add(mailbox, sequence, &event);
    return true;
}

enum stepcare_error query_feedback(const struct query *query, struct stepcare_record *reply)
{
    struct mailbox mailbox = {.since = STEPCARE_GET(query->request, cursor, 0),
                              .room = arena_take(query->arena, sizeof(struct query_wait_room))};
    if (mailbox.room == NULL) return STEPCARE_NO_MEMORY;
    enum stepcare_error error = query_rows_init(&mailbox.rows, query);
    if (error != STEPCARE_OK) return error;
    struct key prefix, from;
    key_init(&prefix, TABLE_FEEDBACK);
    key_text(&prefix, STEPCARE_GET(query->request, organisation, ((struct stepcare_text){NULL, 0})),
             STEPCARE_ORGANISATION_BYTES_MAX);
    from = prefix;
    key_u64(&from, mailbox.since);
    error = reader_walk(query->reader, &prefix, &from, mailbox_visit, &mailbox);
    if (error == STEPCARE_OK && mailbox.rows.failed) error = STEPCARE_DAMAGED;
    if (error != STEPCARE_OK) return error;
    STEPCARE_SET(reply, rows, ((struct stepcare_records){mailbox.rows.count, mailbox.rows.rows}));
    STEPCARE_SET(reply, cursor, mailbox.last != 0 ? mailbox.last : mailbox.since);
    if (mailbox.rows.more) STEPCARE_SET(reply, count, mailbox.rows.count); /* there is more after the cursor */
    return STEPCARE_OK;
}
