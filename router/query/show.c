/* One referral's whole story, look-up by message id, and the mailbox of an organisation. See query.h. */
#include "base/time_units.h"
#include "router/query/query.h"

#include "router/query/reply.h"
#include "router/store/apply.h"

/* With a referral beside them, rows of so many bytes stay within a frame. */
enum { HISTORY_ROWS_MAX = 2000, ROWS_BYTES_MAX = 700 * 1024 };

/* Nested copies of an event's record, so that the row outlives the ledger's view. */
static void code_list_keep(const struct query *query, struct stepcare_code_list *list)
{
    for (unsigned i = 0; i < list->count; i++) list->items[i] = query_keep(query, list->items[i]);
}

static void record_keep(const struct query *query, struct stepcare_record *row)
{
#define KEEP(field)                                                                                                    \
    if (STEPCARE_HAS(row, field)) row->field = query_keep(query, row->field)
    KEEP(message_id);
    KEEP(organisation);
    KEEP(reference);
    KEEP(owner);
    KEEP(reason);
    KEEP(note);
    KEEP(rule);
    KEEP(pathway);
    KEEP(pathway_hash);
    KEEP(advice);
    KEEP(by);
    KEEP(problem);
    KEEP(practitioner);
    KEEP(changed);
    KEEP(end_text);
    KEEP(request_key);
    KEEP(referral);
#undef KEEP
    if (STEPCARE_HAS(row, codes)) code_list_keep(query, &row->codes);
}

static void field_drop(struct stepcare_record *record, unsigned key)
{
    record->present[key / 64] &= ~(UINT64_C(1) << (key % 64));
}

/* An event as a row: what it says, when, by whom; contents and internals left out. */
static void event_row(const struct query *query, const struct event *event, struct stepcare_record *row)
{
    *row = event->record;
    field_drop(row, STEPCARE_FIELD_referral);
    field_drop(row, STEPCARE_FIELD_content_hash);
    field_drop(row, STEPCARE_FIELD_request_key);
    STEPCARE_SET(row, sequence, event->sequence);
    STEPCARE_SET(row, at, event->at);
    STEPCARE_SET(row, event, (uint8_t)event->type);
    STEPCARE_SET(row, by, event->by);
    record_keep(query, row);
}

/* What a row takes in the answer, about; notes and advice are what can be long. */
static size_t row_bytes(const struct stepcare_record *row)
{
    enum { USUAL_BYTES = 800 };
    const struct stepcare_text none = {NULL, 0};
    return USUAL_BYTES + STEPCARE_GET(row, note, none).bytes + STEPCARE_GET(row, advice, none).bytes +
           STEPCARE_GET(row, problem, none).bytes + STEPCARE_GET(row, changed, none).bytes;
}

static enum stepcare_error history_position(const struct query *query, uint64_t id, uint32_t n, uint64_t *out_position)
{
    struct key key;
    MDB_val value;
    key_init(&key, TABLE_HISTORY);
    key_u64(&key, id);
    key_u32(&key, n);
    if (state_get(&query->store->state, &key, &value) != STEPCARE_OK || value.mv_size != sizeof *out_position)
        return STEPCARE_DAMAGED;
    memcpy(out_position, value.mv_data, sizeof *out_position);
    return STEPCARE_OK;
}

/* The last events, as many as fit into an answer, oldest first. `count` says of how many, where they are not all. */
static enum stepcare_error story_add(const struct query *query, const struct episode *episode,
                                     struct stepcare_record *reply)
{
    const uint32_t room = episode->history_count < HISTORY_ROWS_MAX ? episode->history_count : HISTORY_ROWS_MAX;
    struct stepcare_record *rows = arena_take(query->arena, room * sizeof *rows);
    uint32_t first = room;
    size_t bytes = 0;
    if (rows == NULL) return STEPCARE_NO_MEMORY;
    for (uint32_t n = episode->history_count; first > 0; n--) {
        struct event event = {0};
        uint64_t position;
        enum stepcare_error error = history_position(query, episode->id, n, &position);
        arena_reset(query->store->arena);
        if (error == STEPCARE_OK) error = store_read_event(query->store, position, &event);
        if (error != STEPCARE_OK) return STEPCARE_DAMAGED;
        bytes += row_bytes(&event.record);
        if (bytes > ROWS_BYTES_MAX && first < room) break;
        event_row(query, &event, &rows[--first]);
    }
    STEPCARE_SET(reply, history, ((struct stepcare_records){room - first, rows + first}));
    if (room - first < episode->history_count) STEPCARE_SET(reply, count, episode->history_count);
    return STEPCARE_OK;
}

/* The episode whose events hold the referral: itself, or the lead of a parallel offer. */
static bool content_episode(const struct query *query, const struct episode *episode, struct episode *out_content)
{
    if (episode->content_id != episode->id)
        return state_episode_get(&query->store->state, episode->content_id, out_content);
    *out_content = *episode;
    return true;
}

/* Whose referral it is and by which ids, from the event that received it. */
static enum stepcare_error identity_add(const struct query *query, const struct episode *episode,
                                        struct stepcare_record *reply)
{
    struct event received = {0};
    uint64_t position;
    if (history_position(query, episode->content_id, 1, &position) != STEPCARE_OK) return STEPCARE_DAMAGED;
    arena_reset(query->store->arena);
    if (store_read_event(query->store, position, &received) != STEPCARE_OK) return STEPCARE_DAMAGED;
    STEPCARE_SET(reply, message_id, query_keep(query, received.record.message_id));
    STEPCARE_SET(reply, organisation, query_keep(query, received.record.organisation));
    if (STEPCARE_HAS(&received.record, reference))
        STEPCARE_SET(reply, reference, query_keep(query, received.record.reference));
    return STEPCARE_OK;
}

/* The referral as it stands now, from the event that last brought it. */
static enum stepcare_error content_add(const struct query *query, const struct episode *episode,
                                       struct stepcare_record *reply)
{
    struct episode content;
    struct event event = {0};
    arena_reset(query->store->arena);
    if (!content_episode(query, episode, &content) ||
        store_read_event(query->store, content.content_position, &event) != STEPCARE_OK)
        return STEPCARE_DAMAGED;
    STEPCARE_SET(reply, referral, query_keep(query, event.record.referral));
    return identity_add(query, episode, reply);
}

static enum stepcare_error show_episode(const struct query *query, uint64_t id, struct stepcare_record *reply)
{
    struct episode *episode = arena_take(query->arena, sizeof *episode);
    if (episode == NULL) return STEPCARE_NO_MEMORY;
    if (!state_episode_get(&query->store->state, id, episode)) {
        query_problem(query, reply,
                      "There is no referral with this id. Check it against the letter or message it came from.");
        return STEPCARE_NOT_FOUND;
    }
    reply_row(reply, episode);
    reply->due = episode_next(episode).due;
    if (reply->due == 0) field_drop(reply, STEPCARE_FIELD_due);
    STEPCARE_SET(reply, target_due, episode->due);
    STEPCARE_SET(reply, sequence, episode->sequence);
    if (episode->closed_at != 0) STEPCARE_SET(reply, closed_at, episode->closed_at);
    if (episode->duplicate_of != 0) STEPCARE_SET(reply, possible_duplicate, true);
    enum stepcare_error error = content_add(query, episode, reply);
    return error == STEPCARE_OK ? story_add(query, episode, reply) : error;
}

enum stepcare_error query_show(const struct query *query, struct stepcare_record *reply)
{
    return show_episode(query, query->request->referral_id, reply);
}

/* The episode of one sender's message id; 0 if there is none. */
static uint64_t message_episode(struct store *store, struct stepcare_text organisation, struct stepcare_text message_id)
{
    const struct key key = message_key(organisation, message_id);
    struct message_row row;
    MDB_val value;
    if (state_get(&store->state, &key, &value) != STEPCARE_OK || value.mv_size != sizeof row) return 0;
    memcpy(&row, value.mv_data, sizeof row);
    return row.episode_id;
}

static bool organisation_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    char *organisation = context;
    (void)value;
    if (key_bytes < STEPCARE_ORGANISATION_BYTES_MAX) return true;
    memcpy(organisation, key, STEPCARE_ORGANISATION_BYTES_MAX);
    return false;
}

/* All senders, one seek each. Errors: INVALID if two of them used the id. */
static enum stepcare_error message_episode_any(struct store *store, struct stepcare_text message_id, uint64_t *out_id)
{
    struct key all, from;
    char organisation[STEPCARE_ORGANISATION_BYTES_MAX + 1] = "";
    *out_id = 0;
    key_init(&all, TABLE_MESSAGE);
    from = all;
    for (;;) {
        char before[sizeof organisation];
        memcpy(before, organisation, sizeof before);
        const enum stepcare_error error = state_walk(&store->state, &all, &from, organisation_visit, organisation);
        if (error != STEPCARE_OK) return error;
        if (memcmp(before, organisation, sizeof before) == 0) return STEPCARE_OK;
        const uint64_t id = message_episode(store, stepcare_text_of(organisation), message_id);
        if (id != 0 && *out_id != 0) return STEPCARE_INVALID;
        if (id != 0) *out_id = id;
        key_init(&from, TABLE_MESSAGE);
        key_text(&from, stepcare_text_of(organisation), STEPCARE_ORGANISATION_BYTES_MAX);
        key_u8(&from, 0xff); /* behind every message id of this sender: they are printable ASCII */
    }
}

enum stepcare_error query_lookup(const struct query *query, struct stepcare_record *reply)
{
    const struct stepcare_record *request = query->request;
    uint64_t id = 0;
    enum stepcare_error error = STEPCARE_OK;
    if (STEPCARE_HAS(request, organisation))
        id = message_episode(query->store, request->organisation, request->message_id);
    else
        error = message_episode_any(query->store, request->message_id, &id);
    if (error != STEPCARE_OK) {
        query_problem(query, reply,
                      "Two organisations have used this message id: say whose it is with --organisation.");
        return error;
    }
    struct episode *episode = arena_take(query->arena, sizeof *episode);
    if (episode == NULL || id == 0 || !state_episode_get(&query->store->state, id, episode)) {
        query_problem(
            query, reply,
            STEPCARE_HAS(request, organisation)
                ? "No referral with this message id has been accepted from this organisation: check both with the "
                  "sender."
                : "No referral with this message id has been accepted from anybody: check it with the sender.");
        return STEPCARE_NOT_FOUND;
    }
    reply_submission(reply, episode, query->pathway, STEPCARE_OUTCOME_DUPLICATE);
    STEPCARE_SET(reply, sequence, episode->sequence);
    return STEPCARE_OK;
}

/* --- mailbox --- */

struct mailbox {
    struct query_rows rows;
    uint64_t since, last;
    size_t bytes;
    struct mailbox_wait { /* as of a day; a page asks the same again and again */
        int64_t day;      /* 0: not asked */
        uint64_t days;
        bool known;
    } waits[STEPCARE_TIER_COUNT][STEPCARE_SERVICE_COUNT];
};

/* A placement says how long the wait was to be on the day it was made. */
static void mailbox_expected_wait(struct mailbox *mailbox, const struct event *event, struct stepcare_record *row)
{
    const bool places = event->type == STEPCARE_EVENT_REFERRAL_TRIAGED ||
                        event->type == STEPCARE_EVENT_EPISODE_LINKED || event->type == STEPCARE_EVENT_ASSIGNED ||
                        event->type == STEPCARE_EVENT_REFERRAL_DECLINED || event->type == STEPCARE_EVENT_REOPENED;
    const uint8_t tier = STEPCARE_GET(row, tier, STEPCARE_TIER_NONE),
                  service = STEPCARE_GET(row, service, STEPCARE_SERVICE_NONE);
    if (!places || tier == STEPCARE_TIER_NONE || tier == STEPCARE_TIER_GP_ADVICE || tier >= STEPCARE_TIER_EMERGENCY)
        return;
    struct mailbox_wait *wait = &mailbox->waits[tier][service];
    const int64_t day = event->at / DAY_MS;
    if (wait->day != day) {
        wait->day = day;
        wait->known = query_expected_wait_days(mailbox->rows.query->store, tier, service, event->at, &wait->days);
    }
    if (wait->known) STEPCARE_SET(row, expected_wait_days, wait->days);
}

static void mailbox_identify(const struct query *query, const struct event *event, struct stepcare_record *row)
{
    struct episode episode;
    struct stepcare_record content;
    stepcare_record_init(&content);
    if (!state_episode_get(&query->store->state, event->episode_id, &episode)) return;
    const struct stepcare_text organisation = query_keep(query, episode_text(&episode.organisation));
    if (identity_add(query, &episode, &content) != STEPCARE_OK) return;
    STEPCARE_SET(row, organisation, organisation);
    STEPCARE_SET(row, message_id, content.message_id);
    if (STEPCARE_HAS(&content, reference)) STEPCARE_SET(row, reference, content.reference);
}

static bool mailbox_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct mailbox *mailbox = context;
    struct query_rows *rows = &mailbox->rows;
    const uint64_t sequence = key_read_u64(key + key_bytes - 8);
    if (sequence <= mailbox->since) return true;
    if (rows->count == rows->count_max) {
        rows->more = true;
        return false;
    }
    uint64_t position;
    struct event event = {0};
    memcpy(&position, value->mv_data, sizeof position);
    arena_reset(rows->query->store->arena);
    rows->failed = store_read_event(rows->query->store, position, &event) != STEPCARE_OK;
    if (rows->failed) return false;
    mailbox->bytes += row_bytes(&event.record);
    if (mailbox->bytes > ROWS_BYTES_MAX && rows->count > 0) {
        rows->more = true;
        return false;
    }
    struct stepcare_record *row = &rows->rows[rows->count++];
    event_row(rows->query, &event, row);
    STEPCARE_SET(row, cursor, sequence);
    STEPCARE_SET(row, referral_id, event.episode_id);
    field_drop(row, STEPCARE_FIELD_sequence);
    field_drop(row, STEPCARE_FIELD_token);
    mailbox_expected_wait(mailbox, &event, row);
    mailbox_identify(rows->query, &event, row);
    mailbox->last = sequence;
    return true;
}

enum stepcare_error query_feedback(const struct query *query, struct stepcare_record *reply)
{
    struct mailbox mailbox = {.since = STEPCARE_GET(query->request, cursor, 0)};
    enum stepcare_error error = query_rows_open(&mailbox.rows, query);
    if (error != STEPCARE_OK) return error;
    struct key prefix, from;
    key_init(&prefix, TABLE_FEEDBACK);
    key_text(&prefix, STEPCARE_GET(query->request, organisation, ((struct stepcare_text){NULL, 0})),
             STEPCARE_ORGANISATION_BYTES_MAX);
    from = prefix;
    key_u64(&from, mailbox.since);
    error = state_walk(&query->store->state, &prefix, &from, mailbox_visit, &mailbox);
    if (error == STEPCARE_OK && mailbox.rows.failed) error = STEPCARE_DAMAGED;
    if (error != STEPCARE_OK) return error;
    STEPCARE_SET(reply, rows, ((struct stepcare_records){mailbox.rows.count, mailbox.rows.rows}));
    STEPCARE_SET(reply, cursor, mailbox.last != 0 ? mailbox.last : mailbox.since);
    if (mailbox.rows.more) STEPCARE_SET(reply, count, mailbox.rows.count); /* there is more behind the cursor */
    return STEPCARE_OK;
}
