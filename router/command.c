/* Running a command: view, decide, execute; and the flush that lets its effects out. See router.h. */
#include "base/log.h"
#include "router/router.h"
#include "router/store/view.h"
#include "stepcare/referral_id.h"

#include <stdio.h>

static void fail(struct router *router, const char *what)
{
    if (!router->failed)
        log_event(LOG_LEVEL_ERROR, "store_failed",
                  "during=%s last_sequence=%lu problem=\"%s\" hint=\"the router exits; start it again and it recovers "
                  "from the ledger\"",
                  what, (unsigned long)ledger_next_sequence(router->store.ledger) - 1, router->store.error);
    router->failed = true;
}

/* What other parts of the router must hear of an event. */
/* STEPCARE_TRACE: leases under "lease", all other events under "episode", flushes under "ledger". No patient data. */
static void event_trace(const struct event *event)
{
    static enum { UNKNOWN, OFF, ON } tracing; /* asked once: the environment of a process does not change */
    if (tracing == UNKNOWN) tracing = log_traced("lease") || log_traced("episode") ? ON : OFF;
    if (tracing == OFF) return;
    const bool lease = event->type >= STEPCARE_EVENT_CLAIMED && event->type <= STEPCARE_EVENT_CLAIM_ACCEPTED;
    const char *module = lease ? "lease" : "episode";
    char id[STEPCARE_REFERRAL_ID_CHARS + 1];
    stepcare_referral_id_format(event->episode_id, id);
    log_trace(module, stepcare_code_name(&stepcare_events, event->type), "sequence=%lu referral=%s token=%lu",
              (unsigned long)event->sequence, id, (unsigned long)STEPCARE_GET(&event->record, token, 0));
}

static void event_happened(struct router *router, const struct event *event)
{
    event_trace(event);
    switch (event->type) {
    case STEPCARE_EVENT_REVIEW_RECORDED: dispatch_look(&router->dispatch, event->record.kind); break;
    case STEPCARE_EVENT_INFORMATION_ADDED:
    case STEPCARE_EVENT_TRIAGE_RETRIED: dispatch_look(&router->dispatch, STEPCARE_KIND_TRIAGE); break;
    default: break;
    }
    serve_parked_event(router, event);
    notice_event(router, event);
}

int serve_command(struct router *router, const struct command *command)
{
    struct decision *decision = &router->decision;
    if (router->failed) return STEPCARE_STOPPING;
    if (store_must_flush(&router->store)) serve_flush(router);
    if (view_load(&router->store, router->pathway, command, &router->view) != STEPCARE_OK) {
        fail(router, "read");
        return STEPCARE_STOPPING;
    }
    decide(&router->view, command, router->now, decision);
    if (decision->error != STEPCARE_OK || decision->event_count == 0) return decision->error;
    const enum stepcare_error error = store_execute(&router->store, decision);
    if (error == STEPCARE_STORE_FULL) {
        decision->error = STEPCARE_STORE_FULL;
        decision->event_count = 0;
        snprintf(decision->problem, sizeof decision->problem,
                 "The disk is full, the reserve too: nothing was recorded. Tell the administrator; try again later.");
        return STEPCARE_STORE_FULL;
    }
    if (error == STEPCARE_INVALID) {
        log_event(LOG_LEVEL_ERROR, "not_recorded",
                  "problem=\"%s\" hint=\"a text of the pathway or configuration may be too long\"",
                  router->store.error);
        decision->error = STEPCARE_INVALID;
        decision->event_count = 0;
        snprintf(decision->problem, sizeof decision->problem,
                 "This would be recorded in a form that cannot be read again: nothing was recorded. Tell the "
                 "administrator; the router's log says what it was.");
        return STEPCARE_INVALID;
    }
    if (error != STEPCARE_OK) {
        fail(router, "apply");
        return STEPCARE_STOPPING;
    }
    for (unsigned i = 0; i < decision->event_count; i++) event_happened(router, &decision->events[i]);
    return STEPCARE_OK;
}

void serve_flush(struct router *router)
{
    if (router->failed) return;
    const uint64_t before = router->store.events_flushed;
    if (store_flush(&router->store) != STEPCARE_OK) {
        fail(router, "flush"); /* nothing leaves: what was not flushed was never acknowledged */
        return;
    }
    if (router->store.events_flushed != before)
        log_trace("ledger", "flushed", "events=%lu head=%lu", (unsigned long)(router->store.events_flushed - before),
                  (unsigned long)ledger_tail(router->store.ledger).sequence);
    router->replies_dropped += outbox_send(&router->outbox, router->client_socket);
    notice_send(router);
}

void serve_reply(struct router *router, const struct peer *peer, uint8_t verb, uint64_t request_id,
                 const struct stepcare_record *record, int error)
{
    if (outbox_add(&router->outbox, peer, verb, request_id, record, (uint8_t)error)) return;
    serve_flush(router);
    outbox_add(&router->outbox, peer, verb, request_id, record, (uint8_t)error);
}
