/* `stepcare pathway diff --store`: the store's referrals, fetched through the router. */
#include "client/command/pathway/stored.h"

#include "proto/referral_codec.h"
#include "stepcare/referral_id.h"

struct stored {
    const struct pathway *before, *after;
    struct pathway_diff *diff;
    uint64_t unreadable;
};

/* One referral's `show`. The example by which people find it again is the referral's own id, not the sender's. */
static void shown(void *context, const struct stepcare_answer *answer)
{
    struct stored *stored = context;
    struct stepcare_referral referral;
    char id[STEPCARE_REFERRAL_ID_CHARS + 1];

    if (answer->error != STEPCARE_OK || !STEPCARE_HAS(answer->record, referral) ||
        referral_ledger_decode((const uint8_t *)answer->record->referral.data, answer->record->referral.bytes,
                               &referral) != STEPCARE_OK) {
        stored->unreadable++;
        return;
    }
    stepcare_referral_id_format(answer->tag, id);
    referral.message_id = stepcare_text_of(id);
    pathway_diff_add(stored->before, stored->after, &referral, stored->diff);
}

/* The referrals that a page of the mailbox names. A page, not the whole store, is in flight at once: the router has
 * other callers. */
static enum stepcare_error page_read(struct session *session, const struct stepcare_records *rows,
                                     struct stored *stored)
{
    struct stepcare_pipeline *pipeline = NULL;
    enum stepcare_error error = stepcare_pipeline_open(session->client, shown, stored, &pipeline);

    for (uint32_t i = 0; i < rows->count && error == STEPCARE_OK; i++) {
        const struct stepcare_record *row = &rows->items[i];
        struct stepcare_record request;

        if (STEPCARE_GET(row, event, 0) != STEPCARE_EVENT_REFERRAL_RECEIVED || !STEPCARE_HAS(row, referral_id))
            continue;
        stepcare_record_init(&request);
        STEPCARE_SET(&request, referral_id, row->referral_id);
        error = stepcare_pipeline_add(pipeline, "show", &request, row->referral_id);
    }
    if (error == STEPCARE_OK) error = stepcare_pipeline_drain(pipeline);
    stepcare_pipeline_close(&pipeline);
    return error;
}

int pathway_stored_run(struct session *session, const struct pathway *before, const struct pathway *after,
                       struct pathway_diff *diff, uint64_t *out_unreadable)
{
    static const struct stepcare_records none = {0};
    struct stored stored = {.before = before, .after = after, .diff = diff};
    struct stepcare_record request;
    int code = EXIT_DONE;

    stepcare_record_init(&request);
    STEPCARE_SET(&request, limit, STEPCARE_LISTING_COUNT_MAX);
    for (bool more = true; more && code == EXIT_DONE;) {
        struct stepcare_reply *reply = NULL;

        code = session_call(session, "feedback", &request, &reply);
        if (code != EXIT_DONE) break;
        const struct stepcare_record *page = stepcare_reply_record(reply);
        struct stepcare_records rows = STEPCARE_GET(page, rows, none);
        enum stepcare_error error = page_read(session, &rows, &stored);

        more = STEPCARE_HAS(page, count) && rows.count > 0;
        STEPCARE_SET(&request, cursor, STEPCARE_GET(page, cursor, 0));
        stepcare_reply_close(&reply);
        if (error != STEPCARE_OK)
            code = refusal_print(
                session->arguments, error, NULL,
                "the router stopped answering while the store was read; nothing was changed, run it again", NULL);
    }
    pathway_diff_sort(diff);
    *out_unreadable = stored.unreadable;
    return code;
}
