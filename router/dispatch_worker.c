/* What workers say: hello, results, goodbye. See dispatch.h. */
#include "router/dispatch_internal.h"

#include "base/log.h"

static struct worker *worker_of(struct dispatch *dispatch, const struct peer *peer)
{
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used && memcmp(&dispatch->workers[index].peer, peer, sizeof *peer) == 0)
            return &dispatch->workers[index];
    return NULL;
}

static void hello(struct dispatch *dispatch, const struct peer *peer, const struct wire_message *message, int64_t now,
                  const struct dispatch_calls *calls)
{
    const struct stepcare_record *record = &message->record;
    struct worker visitor = {.peer = *peer, .heard_at = now}, *worker = worker_of(dispatch, peer);
    if (!dispatch_pathway_agrees(dispatch, record)) {
        if (worker != NULL)
            worker_gone(dispatch, (unsigned)(worker - dispatch->workers), "it decides by another pathway", calls);
        dispatch_pathway_refuse(dispatch, &visitor, message, now);
        return;
    }
    for (unsigned index = 0; worker == NULL && index < DISPATCH_WORKERS_MAX; index++)
        if (!dispatch->workers[index].used) worker = &dispatch->workers[index];
    if (worker == NULL) {
        worker_tell(dispatch, &visitor, WIRE_WORKER_HELLO, message->request_id,
                    "The router has as many workers as it takes.", STEPCARE_BUSY, now);
        return;
    }
    const uint32_t in_hand = worker->used ? worker->in_hand : 0;
    const uint64_t credit = STEPCARE_GET(record, credit, 1), most = dispatch->store->config->worker_credit_max;
    *worker = (struct worker){.used = true,
                              .peer = *peer,
                              .kinds = (uint32_t)STEPCARE_GET(record, kinds, 0),
                              .in_hand = in_hand,
                              .credit = (uint32_t)(credit < most ? credit : most),
                              .heard_at = now};
    log_event(LOG_LEVEL_INFO, "worker_connected", "worker=%u kinds=%u credit=%u",
              (unsigned)(worker - dispatch->workers), worker->kinds, worker->credit);
    dispatch_look_all(dispatch);
    worker_tell(dispatch, worker, WIRE_WORKER_HELLO, message->request_id, NULL, STEPCARE_OK, now);
}

static void result(struct dispatch *dispatch, const struct wire_message *message, const struct dispatch_calls *calls)
{
    uint32_t place;
    const struct stepcare_record *record = &message->record;
    if (!STEPCARE_HAS(record, referral_id) || !id_map_find(&dispatch->by_episode, record->referral_id, &place)) return;
    struct job *job = &dispatch->jobs[place];
    if (job->number == 0 || job->number != message->request_id)
        return; /* late: it has gone out again under another number */
    if (STEPCARE_HAS(record, problem)) {
        job_failed(dispatch, place, record->problem, calls);
        return;
    }
    if (STEPCARE_HAS(record, pathway_hash) && !dispatch_pathway_agrees(dispatch, record)) {
        job_failed(dispatch, place, stepcare_text_of("the worker decided by another pathway than the router's"), calls);
        return;
    }
    const struct job answered = *job;
    struct stepcare_text why = {NULL, 0};
    const enum dispatch_verdict verdict = calls->on_result(calls->context, &answered, record, &why);
    if (verdict == DISPATCH_WRONG) {
        job_failed(dispatch, place, why, calls);
        return;
    }
    job_forget(dispatch, place);
    job_verdict(dispatch, verdict);
}

void dispatch_receive(struct dispatch *dispatch, const struct peer *peer, const uint8_t *data, size_t bytes,
                      struct arena *arena, int64_t now, const struct dispatch_calls *calls)
{
    struct wire_frame frame;
    dispatch->now = now;
    if (wire_frame_open(data, bytes, &frame) != STEPCARE_OK) {
        log_event(LOG_LEVEL_WARNING, "worker_frame_dropped", "bytes=%zu", bytes);
        return;
    }
    while (frame.left > 0) {
        struct wire_message message;
        struct stepcare_field_errors errors = {0};
        arena_reset(arena);
        if (wire_frame_next(&frame, arena, &message, &errors) != STEPCARE_OK) {
            log_event(LOG_LEVEL_WARNING, "worker_message_dropped", "reason=malformed");
            return;
        }
        struct worker *worker = worker_of(dispatch, peer);
        if (message.verb == WIRE_WORKER_HELLO) {
            hello(dispatch, peer, &message, now, calls);
            continue;
        }
        if (worker == NULL) return; /* no hello, or given up on: its own silence check makes it say hello again */
        worker->heard_at = now;
        if (message.verb == WIRE_RESULT) result(dispatch, &message, calls);
        if (message.verb == WIRE_GOODBYE)
            worker_gone(dispatch, (unsigned)(worker - dispatch->workers), "goodbye", calls);
    }
}

void dispatch_goodbye(struct dispatch *dispatch)
{
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++)
        if (dispatch->workers[index].used)
            worker_tell(dispatch, &dispatch->workers[index], WIRE_GOODBYE, 0, NULL, STEPCARE_OK, 0);
}

void dispatch_workers_count(const struct dispatch *dispatch, unsigned out_by_kind[STEPCARE_KIND_COUNT])
{
    memset(out_by_kind, 0, STEPCARE_KIND_COUNT * sizeof *out_by_kind);
    for (unsigned index = 0; index < DISPATCH_WORKERS_MAX; index++) {
        const struct worker *worker = &dispatch->workers[index];
        if (!worker->used || worker->leaving) continue;
        out_by_kind[0]++;
        for (unsigned kind = 1; kind < STEPCARE_KIND_COUNT; kind++)
            if ((worker->kinds & STEPCARE_BIT(kind)) != 0) out_by_kind[kind]++;
    }
}
