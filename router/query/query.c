/* Which verb is answered where: the table of reading verbs, and the answer of a claim. The router asks here. See
 * query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"

enum length {
    PAGE,       /* a page at most */
    LONG,       /* perhaps a walk over many pages */
    ANY_SENDER, /* long where no organisation says among whose messages to look */
};

static const struct answer {
    uint8_t verb;
    enum length length;
    enum stepcare_error (*answer)(const struct query *query, struct stepcare_record *reply);
} answers[] = {
    {WIRE_WORKLIST, PAGE, query_worklist},
    {WIRE_CASELOAD, PAGE, query_caseload},
    {WIRE_HOLDS, LONG, query_holds},
    {WIRE_DUPLICATES, LONG, query_duplicates},
    {WIRE_STUCK, LONG, query_stuck},
    {WIRE_SHOW, PAGE, query_show},
    {WIRE_LOOKUP, ANY_SENDER, query_lookup},
    {WIRE_FEEDBACK, PAGE, query_feedback},
    {WIRE_BACKLOG, LONG, query_backlog},
    {WIRE_WAITS, LONG, query_waits},
    {WIRE_UNCLAIMABLE, LONG, query_unclaimable},
};

static const struct answer *answer_of(uint8_t verb)
{
    for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (answers[i].verb == verb) return &answers[i];
    return NULL;
}

bool query_is(uint8_t verb)
{
    return answer_of(verb) != NULL;
}

bool query_is_long(uint8_t verb, const struct stepcare_record *request)
{
    const struct answer *answer = answer_of(verb);
    if (answer == NULL) return false;
    return answer->length == LONG || (answer->length == ANY_SENDER && !STEPCARE_HAS(request, organisation));
}

enum stepcare_error query_answer(const struct query *query, uint8_t verb, struct stepcare_record *out_reply)
{
    must(query->reader != NULL);
    must(query->config != NULL);
    must(query->arena != NULL);
    stepcare_record_init(out_reply);
    const struct answer *answer = answer_of(verb);
    if (answer == NULL) return STEPCARE_UNKNOWN_VERB;
    const enum stepcare_error error = answer->answer(query, out_reply);
    return reader_stopped(query->reader) ? STEPCARE_STOPPING : error; /* what it has so far says nothing */
}

enum stepcare_error query_claimed(const struct query *query, const struct request_lease *leases, unsigned count,
                                  struct stepcare_record *out_reply)
{
    must(count <= REQUEST_LEASES_MAX);
    struct query_rows rows;
    stepcare_record_init(out_reply);
    const enum stepcare_error error = query_rows_init(&rows, query);
    if (error != STEPCARE_OK) return error;
    for (unsigned i = 0; i < count; i++) {
        struct episode episode;
        if (!reader_episode_get(query->reader, leases[i].episode_id, &episode)) continue;
        if (episode.token != leases[i].token) continue; /* that lease has ended since */
        query_rows_add(&rows, &episode, (struct query_standing){.tier = query->request->tier});
    }
    query_rows_finish(&rows, out_reply);
    return STEPCARE_OK;
}
