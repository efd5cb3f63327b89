/* Looking a referral up by the id that its sender gave it: the answer of `lookup`. See query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"
#include "router/query/reply.h"

static bool organisation_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    char *organisation = context;
    (void)value;
    if (key_bytes < STEPCARE_ORGANISATION_BYTES_MAX) return true;
    memcpy(organisation, key, STEPCARE_ORGANISATION_BYTES_MAX);
    return false;
}

/* All senders, two seeks each: there are as many as practices refer. Errors: INVALID if two of them used the id. */
static enum stepcare_error any_sender(struct reader *reader, struct stepcare_text message_id, uint64_t *out_id)
{
    struct key all, from;
    char organisation[STEPCARE_ORGANISATION_BYTES_MAX + 1] = "";
    *out_id = 0;
    key_init(&all, TABLE_MESSAGE);
    from = all;
    for (;;) {
        char before[sizeof organisation];
        memcpy(before, organisation, sizeof before);
        const enum stepcare_error error = reader_walk(reader, &all, &from, organisation_visit, organisation);
        if (error != STEPCARE_OK) return error;
        const int order = memcmp(before, organisation, sizeof before);
        if (order == 0) return STEPCARE_OK;
        must(order < 0); /* each sender after the one before: this ends */
        const uint64_t id = reader_message_episode(reader, stepcare_text_of(organisation), message_id);
        if (id != 0 && *out_id != 0) return STEPCARE_INVALID;
        if (id != 0) *out_id = id;
        key_init(&from, TABLE_MESSAGE);
        key_text(&from, stepcare_text_of(organisation), STEPCARE_ORGANISATION_BYTES_MAX);
        key_u8(&from, 0xff); /* after every message id of this sender: they are printable ASCII */
    }
}

enum stepcare_error query_lookup(const struct query *query, struct stepcare_record *reply)
{
    must(query->pathway != NULL);
    const struct stepcare_record *request = query->request;
    const bool whose = STEPCARE_HAS(request, organisation);
    uint64_t id = 0;
    if (whose) {
        id = reader_message_episode(query->reader, request->organisation, request->message_id);
    } else {
        const enum stepcare_error error = any_sender(query->reader, request->message_id, &id);
        if (error == STEPCARE_INVALID)
            query_problem(query, reply,
                          "Two organisations have used this message id: say whose it is with --organisation.");
        if (error != STEPCARE_OK) return error;
    }
    struct episode *episode = arena_take(query->arena, sizeof *episode);
    if (episode == NULL) return STEPCARE_NO_MEMORY;
    if (id == 0 || !reader_episode_get(query->reader, id, episode)) {
        query_problem(query, reply,
                      whose ? "No referral with this message id has been accepted from this organisation: check both "
                              "with the sender."
                            : "No referral with this message id has been accepted from anybody: check it with the "
                              "sender.");
        return STEPCARE_NOT_FOUND;
    }
    reply_submission(reply, episode, query->pathway, STEPCARE_OUTCOME_DUPLICATE);
    STEPCARE_SET(reply, sequence, episode->sequence);
    return STEPCARE_OK;
}
