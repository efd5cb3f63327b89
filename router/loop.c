/* The turns of the router, called by main: poll, drain, decide and apply, one flush, then everything outward. See
 * loop.h and router/README.md. */
#include "router/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "config/reload.h"
#include "router/timers.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>

enum { TICK_MS = 100, IDLE_POLL_MS = 1000, LISTING_POLL_MS = 10, WORKER_FRAMES_PER_TURN_MAX = 256, DRAIN_MS_MAX = 100 };

struct loop {
    struct router *router;
    int signals;
    bool stopping;
    bool more_to_send; /* jobs went out, and a worker may have credit for more: the next turn begins at once */
    int64_t ticked_at;
    uint64_t odd_frames; /* of a shape that is not ours */
};

static void turn_begin(struct router *router)
{
    const int64_t before = router->turn.steady;
    router->turn = turn_of(clock_wall_ms(), clock_steady_ms(), router->store.state.counters.last_at);
    must(router->turn.steady >= before);
}

/* Small requests can ask for large answers: a turn ends after a while, so that workers, timers and whoever came later
 * are not kept waiting. */
static bool turn_is_long(const struct router *router)
{
    return clock_steady_ms() - router->turn.steady >= DRAIN_MS_MAX;
}

/* One message of a ROUTER socket: identity frame, body frame. Returns false when nothing is left. Messages of any other
 * shape are passed over. */
static bool receive(struct loop *loop, void *socket, struct peer *out_peer, zmq_msg_t *body, bool *out_usable)
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
    while (more) {
        if (zmq_msg_recv(body, socket, ZMQ_DONTWAIT) < 0) return false;
        more = zmq_msg_more(body);
        if (more) *out_usable = false; /* more than one frame: not ours */
    }
    if (!*out_usable) loop->odd_frames++;
    return true;
}

static unsigned drain_clients(struct loop *loop)
{
    struct router *router = loop->router;
    const struct config *config = router->config;
    size_t bytes = 0;
    unsigned count = 0;
    struct peer peer;
    bool usable;
    zmq_msg_t body;
    zmq_msg_init(&body);
    while (!router->outward.failed && count < config->batch_count_max && bytes < config->batch_bytes_max &&
           !turn_is_long(router) && receive(loop, router->sockets.client, &peer, &body, &usable)) {
        count++;
        if (!usable) continue;
        bytes += zmq_msg_size(&body);
        request_frame(&router->requests, &peer, zmq_msg_data(&body), zmq_msg_size(&body), &router->decision);
    }
    zmq_msg_close(&body);
    return count;
}

static unsigned drain_workers(struct loop *loop)
{
    struct router *router = loop->router;
    unsigned count = 0;
    struct peer peer;
    bool usable;
    zmq_msg_t body;
    zmq_msg_init(&body);
    while (!router->outward.failed && count < WORKER_FRAMES_PER_TURN_MAX && !turn_is_long(router) &&
           receive(loop, router->sockets.worker, &peer, &body, &usable)) {
        count++;
        if (!usable) continue;
        result_frame(&router->results, &peer, zmq_msg_data(&body), zmq_msg_size(&body), &router->decision);
    }
    zmq_msg_close(&body);
    return count;
}

static void tick(struct loop *loop)
{
    struct router *router = loop->router;
    if (router->turn.steady - loop->ticked_at < TICK_MS) return;
    loop->ticked_at = router->turn.steady;
    dispatch_tick(&router->dispatch, router->turn.steady);
    result_given_up(&router->results, &router->decision);
    waiting_expire(&router->waiting, router->turn.steady);
}

static void space_watch(struct router *router)
{
    const bool before = router->store.full;
    store_space_check(&router->store, router->turn.steady);
    if (router->store.full && !before)
        log_event(LOG_LEVEL_ERROR, "store_full",
                  "problem=\"%s\" effect=\"new referrals are refused; everything else goes on\"",
                  router->store.full_why);
    if (!router->store.full && before)
        log_event(LOG_LEVEL_INFO, "store_has_room", "effect=\"referrals are accepted again\"");
}

static bool busy(const struct router *router)
{
    return router->waiting.parked.count > 0 || router->dispatch.job_count > 0 || router->store.state.events > 0 ||
           router->store.full;
}

static int poll_ms(const struct loop *loop)
{
    const struct router *router = loop->router;
    if (loop->more_to_send) return 0;
    if (listing_waits(router->reading.listing, router->store.state.applied.sequence)) return LISTING_POLL_MS;
    return busy(router) ? TICK_MS : IDLE_POLL_MS;
}

static void reload(struct router *router)
{
    char message[1024], restart[512];
    struct config *now = router->config, *read = NULL;
    if (config_open(now->path, message, sizeof message, &read) != STEPCARE_OK) {
        log_event(LOG_LEVEL_ERROR, "reload_refused", "problem=\"%s\" effect=\"the configuration stays as it was\"",
                  message);
        return;
    }
    listing_pause(router->reading.listing); /* it reads what changes now */
    config_take_over(now, read, restart, sizeof restart);
    listing_resume(router->reading.listing, now);
    config_close(read);
    if (parked_limit_set(&router->waiting.parked, now->parked_max) != STEPCARE_OK)
        log_event(LOG_LEVEL_ERROR, "reload_incomplete", "problem=\"no memory for parked_max: it stays as it was\"");
    if (restart[0] != '\0')
        log_event(LOG_LEVEL_WARNING, "restart_needed", "keys=\"%s\" effect=\"they stay as they were until then\"",
                  restart);
    log_event(LOG_LEVEL_INFO, "reloaded", "sites=%u practitioners=%u", now->site_count, now->practitioner_count);
}

static void signals_read(struct loop *loop)
{
    struct signalfd_siginfo info;
    while (read(loop->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(loop->router);
        else
            loop->stopping = true;
    }
}

/* After a flush. A listing that waits for what has been decided makes a checkpoint due; then it may begin. */
static enum stepcare_error checkpoint(struct router *router, bool idle)
{
    struct store *store = &router->store;
    struct listing *listing = router->reading.listing;
    const int64_t steady = router->turn.steady;
    enum stepcare_error error = store_checkpoint_if_due(store, steady, idle);
    if (error == STEPCARE_OK && listing_waits(listing, store->state.applied.sequence))
        error = store_checkpoint_soon(store, steady);
    if (error == STEPCARE_NO_SPACE) {
        listing_pause(listing); /* the state is closed and opened anew: there may be no snapshot of it */
        error = store_recover(store);
        if (error == STEPCARE_OK) listing_resume(listing, router->config); /* else there is none, and the router ends */
    }
    if (error == STEPCARE_OK) listing_turn(listing, store->state.applied.sequence, store->full, steady);
    return error;
}

static void turn(struct loop *loop)
{
    struct router *router = loop->router;
    zmq_pollitem_t items[] = {{.socket = router->sockets.client, .events = ZMQ_POLLIN},
                              {.socket = router->sockets.worker, .events = ZMQ_POLLIN},
                              {.fd = loop->signals, .events = ZMQ_POLLIN},
                              {.fd = listing_descriptor(router->reading.listing), .events = ZMQ_POLLIN}};
    zmq_poll(items, 4, poll_ms(loop));
    if (items[2].revents != 0) signals_read(loop);
    turn_begin(router);
    if (items[3].revents != 0) reading_listings_out(&router->reading);
    space_watch(router);
    timers_run(&router->commands, &router->decision);
    unsigned drained = drain_workers(loop);
    drained += drain_clients(loop);
    tick(loop);
    outward_flush(&router->outward);
    if (router->outward.failed) return;
    loop->more_to_send = dispatch_send(&router->dispatch, router->turn.steady);
    if (checkpoint(router, drained == 0) != STEPCARE_OK) {
        log_event(LOG_LEVEL_ERROR, "checkpoint_failed", "problem=\"%s\"", router->store.error);
        router->outward.failed = true;
    }
}

int loop_run(struct router *router, int signals)
{
    struct loop loop = {.router = router, .signals = signals};
    while (!loop.stopping && !router->outward.failed) turn(&loop);
    if (!router->outward.failed) { /* whoever waits for something to happen hears how it stands */
        waiting_expire(&router->waiting, INT64_MAX);
        listing_stop(router->reading.listing);
        reading_listings_out(&router->reading);
        outward_flush(&router->outward);
    }
    if (router->outward.failed) return 1;
    dispatch_goodbye(&router->dispatch);
    log_event(LOG_LEVEL_INFO, "stopping", "events=%lu flushes=%lu replies_dropped=%lu frames_refused=%lu",
              (unsigned long)router->store.events_flushed, (unsigned long)router->store.flushes,
              (unsigned long)router->outward.replies_dropped,
              (unsigned long)(loop.odd_frames + router->requests.frames_refused));
    return 0;
}
