/* What a job message says; called by dispatch.c for each. See dispatch_job.h; proto/PROTOCOL.md, "Workers". */
#include "router/dispatch_job.h"

#include "proto/record_copy.h"
#include "proto/referral_codec.h"
#include "router/report.h"

static bool triage_fill(struct dispatch *dispatch, uint64_t sequence, struct stepcare_record *record)
{
    struct event event;
    struct stepcare_referral referral;
    if (reader_event(&dispatch->store->reader, sequence, &event) != STEPCARE_OK) return false;
    const struct stepcare_text bytes = event.record.referral;
    if (referral_ledger_decode((const uint8_t *)bytes.data, bytes.bytes, &referral) != STEPCARE_OK) return false;
    buffer_clear(&dispatch->content);
    referral_ledger_encode(&dispatch->content, &referral, true);
    STEPCARE_SET(record, referral,
                 ((struct stepcare_text){(const char *)dispatch->content.data, (uint32_t)dispatch->content.bytes}));
    return !dispatch->content.failed;
}

/* What a job says of the review; 0 ends it. */
static const uint8_t review_fields[] = {STEPCARE_FIELD_tier,
                                        STEPCARE_FIELD_service,
                                        STEPCARE_FIELD_contact,
                                        STEPCARE_FIELD_max_contacts,
                                        STEPCARE_FIELD_week,
                                        STEPCARE_FIELD_phq_9,
                                        STEPCARE_FIELD_gad_7,
                                        STEPCARE_FIELD_rmdq,
                                        STEPCARE_FIELD_nrs,
                                        STEPCARE_FIELD_phq_9_baseline,
                                        STEPCARE_FIELD_gad_7_baseline,
                                        STEPCARE_FIELD_rmdq_baseline,
                                        STEPCARE_FIELD_nrs_baseline,
                                        STEPCARE_FIELD_phq_9_item_9,
                                        STEPCARE_FIELD_start_back_now,
                                        STEPCARE_FIELD_treatment_outcome,
                                        STEPCARE_FIELD_red_flags,
                                        0};

static bool review_fill(struct dispatch *dispatch, uint64_t sequence, struct stepcare_record *record)
{
    struct event event;
    if (reader_event(&dispatch->store->reader, sequence, &event) != STEPCARE_OK) return false;
    record_copy(record, &event.record, review_fields);
    return true;
}

enum dispatch_job dispatch_job_add(struct dispatch *dispatch, struct job *job, struct buffer *frame)
{
    struct episode episode;
    struct stepcare_record record;
    if (!state_episode_get(&dispatch->store->state, job->episode_id, &episode)) return DISPATCH_JOB_NOT_WAITING;
    const bool triage = job->kind == STEPCARE_KIND_TRIAGE;
    if (triage ? episode.state != STEPCARE_STATE_RECEIVED : episode.review_pending != job->kind)
        return DISPATCH_JOB_NOT_WAITING;
    job->sequence = episode.sequence;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, job, job->number);
    STEPCARE_SET(&record, kind, job->kind);
    STEPCARE_SET(&record, referral_id, job->episode_id);
    STEPCARE_SET(&record, sequence, job->sequence);
    STEPCARE_SET(&record, attempt, job->attempts + 1U);
    const bool filled = triage ? triage_fill(dispatch, episode.content_sequence, &record)
                               : review_fill(dispatch, episode.review_sequence, &record);
    if (!filled) {
        report_job_unreadable(job->sequence);
        return DISPATCH_JOB_UNREADABLE;
    }
    wire_frame_add(frame, WIRE_JOB, job->number, &record, STEPCARE_OK);
    return DISPATCH_JOB_ADDED;
}
