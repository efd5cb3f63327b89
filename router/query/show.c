/* One referral's whole story: where it stands, what was sent, and every event as a row, which mailbox.c makes its
 * rows of, too. See query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"
#include "proto/record_copy.h"
#include "router/query/reply.h"

void query_field_drop(struct stepcare_record *record, unsigned key)
{
    record->present[key / 64] &= ~(UINT64_C(1) << (key % 64));
}

void query_event_row(const struct query *query, const struct event *event, struct stepcare_record *row)
{
    *row = event->record;
    query_field_drop(row, STEPCARE_FIELD_referral);
    query_field_drop(row, STEPCARE_FIELD_content_hash);
    query_field_drop(row, STEPCARE_FIELD_request_key);
    STEPCARE_SET(row, sequence, event->sequence);
    STEPCARE_SET(row, at, event->at);
    STEPCARE_SET(row, event, (uint8_t)event->type);
    STEPCARE_SET(row, by, event->by);
    record_keep(row, query->arena);
}

/* Notes and advice are what can be long. */
size_t query_event_bytes(const struct event *event)
{
    enum { USUAL_BYTES = 800 };
    const struct stepcare_text none = {NULL, 0};
    const struct stepcare_record *record = &event->record;
    return USUAL_BYTES + STEPCARE_GET(record, note, none).bytes + STEPCARE_GET(record, advice, none).bytes +
           STEPCARE_GET(record, problem, none).bytes + STEPCARE_GET(record, changed, none).bytes;
}

/* The last events, as many as fit into an answer, oldest first. `count` says of how many, where they are not all. */
static enum stepcare_error story_add(const struct query *query, const struct episode *episode,
                                     struct stepcare_record *reply)
{
    const uint32_t room =
        episode->history_count < QUERY_HISTORY_ROWS_MAX ? episode->history_count : QUERY_HISTORY_ROWS_MAX;
    struct stepcare_record *rows = arena_take(query->arena, room * sizeof *rows);
    uint32_t first = room;
    size_t bytes = 0;
    if (rows == NULL) return STEPCARE_NO_MEMORY;
    for (uint32_t n = episode->history_count; first > 0; n--) {
        struct event event;
        if (reader_event_numbered(query->reader, episode->id, n, &event) != STEPCARE_OK) return STEPCARE_DAMAGED;
        bytes += query_event_bytes(&event);
        if (bytes > QUERY_ROWS_BYTES_MAX && first < room) break;
        query_event_row(query, &event, &rows[--first]);
    }
    STEPCARE_SET(reply, history, ((struct stepcare_records){room - first, rows + first}));
    if (room - first < episode->history_count) STEPCARE_SET(reply, count, episode->history_count);
    return STEPCARE_OK;
}

enum stepcare_error query_identity_add(const struct query *query, const struct episode *episode,
                                       struct stepcare_record *reply)
{
    struct event received;
    if (reader_event_numbered(query->reader, episode->content_id, 1, &received) != STEPCARE_OK) return STEPCARE_DAMAGED;
    STEPCARE_SET(reply, message_id, query_keep(query, received.record.message_id));
    STEPCARE_SET(reply, organisation, query_keep(query, received.record.organisation));
    if (STEPCARE_HAS(&received.record, reference))
        STEPCARE_SET(reply, reference, query_keep(query, received.record.reference));
    return STEPCARE_OK;
}

/* The episode whose events hold the referral: itself, or the lead of a parallel offer. */
static bool content_episode(const struct query *query, const struct episode *episode, struct episode *out_content)
{
    if (episode->content_id != episode->id) return reader_episode_get(query->reader, episode->content_id, out_content);
    *out_content = *episode;
    return true;
}

/* The referral as it stands now, from the event that last brought it. */
static enum stepcare_error content_add(const struct query *query, const struct episode *episode,
                                       struct stepcare_record *reply)
{
    struct episode content;
    struct event event;
    if (!content_episode(query, episode, &content) ||
        reader_event_of_content(query->reader, &content, &event) != STEPCARE_OK)
        return STEPCARE_DAMAGED;
    STEPCARE_SET(reply, referral, query_keep(query, event.record.referral));
    return query_identity_add(query, episode, reply);
}

enum stepcare_error query_show(const struct query *query, struct stepcare_record *reply)
{
    struct episode *episode = arena_take(query->arena, sizeof *episode);
    if (episode == NULL) return STEPCARE_NO_MEMORY;
    if (!reader_episode_get(query->reader, query->request->referral_id, episode)) {
        query_problem(query, reply,
                      "There is no referral with this id. Check it against the letter or message it came from.");
        return STEPCARE_NOT_FOUND;
    }
    must(episode->history_count > 0);
    reply_row(reply, episode);
    reply->due = episode_next(episode).due;
    if (reply->due == 0) query_field_drop(reply, STEPCARE_FIELD_due);
    STEPCARE_SET(reply, target_due, episode->due);
    STEPCARE_SET(reply, sequence, episode->sequence);
    if (episode->closed_at != 0) STEPCARE_SET(reply, closed_at, episode->closed_at);
    if (episode->duplicate_of != 0) STEPCARE_SET(reply, possible_duplicate, true);
    const enum stepcare_error error = content_add(query, episode, reply);
    return error == STEPCARE_OK ? story_add(query, episode, reply) : error;
}
