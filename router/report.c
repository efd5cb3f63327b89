/* The words and fields of the log's lines, called wherever something happens that an administrator must know. See
 * report.h. */
#include "router/report.h"

#include "base/log.h"
#include "proto/verbs.h"
#include "stepcare/referral_id.h"

void report_bind_failed(const char *role, const char *endpoint, const char *problem, bool in_use)
{
    log_event(LOG_LEVEL_ERROR, "bind_failed", "role=%s endpoint=%s problem=\"%s\" hint=\"%s\"", role, endpoint, problem,
              in_use ? "another router serves this address; stop it or set another under endpoints"
                     : "check the path and who may write there");
}

void report_frame_refused(size_t bytes, int error, uint64_t dropped)
{
    log_event(LOG_LEVEL_WARNING, "frame_refused", "bytes=%zu error=%s dropped_so_far=%lu", bytes,
              stepcare_error_name(error), (unsigned long)dropped);
}

void report_query_failed(uint8_t verb, int error)
{
    log_event(LOG_LEVEL_ERROR, "query_failed", "verb=%s error=%s", wire_verb_name(verb), stepcare_error_name(error));
}

void report_store_failed(const char *during, uint64_t last_sequence, const char *problem)
{
    log_event(LOG_LEVEL_ERROR, "store_failed",
              "during=%s last_sequence=%lu problem=\"%s\" hint=\"the router exits; start it again and it recovers from "
              "the ledger\"",
              during, (unsigned long)last_sequence, problem);
}

void report_not_recorded(const char *problem)
{
    log_event(LOG_LEVEL_ERROR, "not_recorded",
              "problem=\"%s\" hint=\"a text of the pathway or configuration may be too long\"", problem);
}

bool report_events_traced(void)
{
    return log_traced("lease") || log_traced("episode");
}

void report_event(const struct event *event)
{
    const bool lease = event->type >= STEPCARE_EVENT_CLAIMED && event->type <= STEPCARE_EVENT_CLAIM_ACCEPTED;
    char id[STEPCARE_REFERRAL_ID_CHARS + 1];
    stepcare_referral_id_format(event->episode_id, id);
    log_trace(lease ? "lease" : "episode", stepcare_code_name(&stepcare_events, event->type),
              "sequence=%lu referral=%s token=%lu", (unsigned long)event->sequence, id,
              (unsigned long)STEPCARE_GET(&event->record, token, 0));
}

void report_flushed(uint64_t events, uint64_t head)
{
    log_trace("ledger", "flushed", "events=%lu head=%lu", (unsigned long)events, (unsigned long)head);
}

void report_worker_connected(unsigned worker, uint32_t kinds, uint32_t credit)
{
    log_event(LOG_LEVEL_INFO, "worker_connected", "worker=%u kinds=%u credit=%u", worker, kinds, credit);
}

void report_worker_gone(unsigned worker, uint32_t jobs, const char *why)
{
    log_event(LOG_LEVEL_WARNING, "worker_gone", "worker=%u jobs=%u reason=\"%s\"", worker, jobs, why);
}

void report_worker_refused(const char *problem)
{
    log_event(LOG_LEVEL_WARNING, "worker_refused", "reason=pathway_mismatch problem=\"%s\"", problem);
}

void report_worker_frame_dropped(size_t bytes)
{
    log_event(LOG_LEVEL_WARNING, "worker_frame_dropped", "bytes=%zu", bytes);
}

void report_worker_message_dropped(void)
{
    log_event(LOG_LEVEL_WARNING, "worker_message_dropped", "reason=malformed");
}

void report_worker_message_refused(uint8_t verb, int error, const char *field, uint64_t refused)
{
    const char *name = wire_verb_name(verb);
    log_event(LOG_LEVEL_WARNING, "worker_message_refused", "verb=%s error=%s field=%s refused_so_far=%lu",
              name != NULL ? name : "unknown", stepcare_error_name(error), field, (unsigned long)refused);
}

void report_job_unreadable(uint64_t sequence)
{
    log_event(LOG_LEVEL_ERROR, "job_unreadable", "sequence=%lu", (unsigned long)sequence);
}

void report_pathway_adopted(const char *version, const char *hash)
{
    log_event(LOG_LEVEL_INFO, "pathway_adopted", "version=%s hash=%.12s", version, hash);
}
