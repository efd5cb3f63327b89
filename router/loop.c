/* The loop: poll, drain, decide and apply, one flush a turn, then everything outward. See router.h and design notes
 * in router/README.md. */
#include "base/clock.h"
#include "base/log.h"
#include "router/router.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>

enum { TICK_MS = 100, IDLE_POLL_MS = 1000, WORKER_FRAMES_PER_TURN_MAX = 256, DRAIN_MS_MAX = 100 };

/* A turn's time: the clock, but never below the last event: a clock set back must not reorder history. */
static void turn_begins(struct router *router)
{
    const int64_t now = clock_wall_ms(), last = router->store.state.counters.last_at;
    router->now = now > last ? now : last;
    router->steady = clock_steady_ms();
}

/* Small requests can ask for large answers: a turn ends after a while, so that workers, timers and whoever came
 * later are not kept. */
static bool turn_is_long(const struct router *router)
{
    return clock_steady_ms() - router->steady >= DRAIN_MS_MAX;
}

/* One message of a ROUTER socket: identity frame, body frame. Returns false when nothing is left. Odd shapes are
 * dropped. */
static bool receive(struct router *router, void *socket, struct peer *out_peer, zmq_msg_t *body, bool *out_usable)
{
    zmq_msg_t identity;
    zmq_msg_init(&identity);
    if (zmq_msg_recv(&identity, socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&identity);
        return false;
    }
    *out_usable = zmq_msg_size(&identity) == OUTBOX_IDENTITY_BYTES && zmq_msg_more(&identity);
    if (*out_usable) memcpy(out_peer->identity, zmq_msg_data(&identity), OUTBOX_IDENTITY_BYTES);
    bool more = zmq_msg_more(&identity);
    zmq_msg_close(&identity);
    for (unsigned frames = 0; more; frames++) {
        if (zmq_msg_recv(body, socket, ZMQ_DONTWAIT) < 0) return false;
        more = zmq_msg_more(body);
        if (more) *out_usable = false; /* more than one frame: not ours */
    }
    if (!*out_usable) router->frames_dropped++;
    return true;
}

static unsigned drain_clients(struct router *router)
{
    const struct config *config = router->config;
    size_t bytes = 0;
    unsigned count = 0;
    struct peer peer;
    bool usable;
    zmq_msg_t body;
    zmq_msg_init(&body);
    while (!router->failed && count < config->batch_count_max && bytes < config->batch_bytes_max &&
           !turn_is_long(router) && receive(router, router->client_socket, &peer, &body, &usable)) {
        count++;
        if (!usable) continue;
        bytes += zmq_msg_size(&body);
        serve_client_frame(router, &peer, zmq_msg_data(&body), zmq_msg_size(&body));
    }
    zmq_msg_close(&body);
    return count;
}

static unsigned drain_workers(struct router *router)
{
    const struct dispatch_calls calls = serve_worker_calls(router);
    unsigned count = 0;
    struct peer peer;
    bool usable;
    zmq_msg_t body;
    zmq_msg_init(&body);
    while (!router->failed && count < WORKER_FRAMES_PER_TURN_MAX && !turn_is_long(router) &&
           receive(router, router->worker_socket, &peer, &body, &usable)) {
        count++;
        if (usable)
            dispatch_receive(&router->dispatch, &peer, zmq_msg_data(&body), zmq_msg_size(&body), router->frame_arena,
                             router->steady, &calls);
    }
    zmq_msg_close(&body);
    return count;
}

static void tick(struct router *router)
{
    const struct dispatch_calls calls = serve_worker_calls(router);
    if (router->steady - router->ticked_at < TICK_MS) return;
    router->ticked_at = router->steady;
    dispatch_tick(&router->dispatch, router->steady, &calls);
    serve_parked_expire(router);
}

static void space_watch(struct router *router)
{
    const bool before = router->store.full;
    store_space_check(&router->store, router->steady);
    if (router->store.full && !before)
        log_event(LOG_LEVEL_ERROR, "store_full",
                  "problem=\"%s\" effect=\"new referrals are refused; everything else goes on\"",
                  router->store.full_why);
    if (!router->store.full && before)
        log_event(LOG_LEVEL_INFO, "store_has_room", "effect=\"referrals are accepted again\"");
}

static bool busy(const struct router *router)
{
    return router->parked.count > 0 || router->dispatch.job_count > 0 || router->store.state.events > 0 ||
           router->store.full;
}

static void reload(struct router *router)
{
    char message[1024];
    struct config *read = NULL;
    if (config_open(router->config->path, message, sizeof message, &read) != STEPCARE_OK) {
        log_event(LOG_LEVEL_ERROR, "reload_refused", "problem=\"%s\" effect=\"the configuration stays as it was\"",
                  message);
        return;
    }
    struct config *now = router->config;
    now->lease_ms = read->lease_ms;
    now->job_deadline_ms = read->job_deadline_ms;
    now->job_attempts_max = read->job_attempts_max;
    now->worker_credit_max = read->worker_credit_max;
    now->worker_silence_ms = read->worker_silence_ms;
    now->stuck_after_ms = read->stuck_after_ms;
    now->nhs_number_reject = read->nhs_number_reject;
    now->calendar = read->calendar;
    /* Sites and practitioners change hands; the old lists go with `read`. */
    const struct config old = *now;
    now->sites = read->sites;
    now->site_count = read->site_count;
    now->practitioners = read->practitioners;
    now->practitioner_count = read->practitioner_count;
    read->sites = old.sites;
    read->site_count = old.site_count;
    read->practitioners = old.practitioners;
    read->practitioner_count = old.practitioner_count;
    config_close(read);
    log_event(LOG_LEVEL_INFO, "reloaded", "sites=%u practitioners=%u", now->site_count, now->practitioner_count);
}

static void signal_read(struct router *router, int signals)
{
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(router);
        else
            router->stopping = true;
    }
}

static void turn(struct router *router, int signals)
{
    zmq_pollitem_t items[] = {{.socket = router->client_socket, .events = ZMQ_POLLIN},
                              {.socket = router->worker_socket, .events = ZMQ_POLLIN},
                              {.fd = signals, .events = ZMQ_POLLIN}};
    zmq_poll(items, 3, router->hurried ? 0 : busy(router) ? TICK_MS : IDLE_POLL_MS);
    if (items[2].revents != 0) signal_read(router, signals);
    turn_begins(router);
    space_watch(router);
    timers_run(router);
    unsigned drained = drain_workers(router);
    drained += drain_clients(router);
    tick(router);
    serve_flush(router);
    if (router->failed) return;
    router->hurried = dispatch_send(&router->dispatch, router->steady);
    if (store_checkpoint_if_due(&router->store, router->steady, drained == 0) != STEPCARE_OK) {
        log_event(LOG_LEVEL_ERROR, "checkpoint_failed", "problem=\"%s\"", router->store.error);
        router->failed = true;
    }
}

int loop_run(struct router *router, int signals)
{
    while (!router->stopping && !router->failed) turn(router, signals);
    if (!router->failed) { /* whoever waits for something to happen is told how it stands */
        router->steady = INT64_MAX;
        serve_parked_expire(router);
        serve_flush(router);
    }
    if (router->failed) return 1;
    dispatch_goodbye(&router->dispatch);
    log_event(LOG_LEVEL_INFO, "stopping", "events=%lu flushes=%lu replies_dropped=%lu frames_refused=%lu",
              (unsigned long)router->store.events_flushed, (unsigned long)router->store.flushes,
              (unsigned long)router->replies_dropped, (unsigned long)router->frames_dropped);
    return 0;
}
