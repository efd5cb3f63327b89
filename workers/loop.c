/* The worker's life, as loop.h draws it: one thread, one connection, one frame of answers. Called by main.c. */
#include "workers/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "workers/answer.h"
#include "workers/link.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

enum { FRAMES_A_TURN_MAX = 64, ARENA_BYTES_MAX = 4 * 1024 * 1024, GOODBYE_LINGER_MS = 1000 };
enum loop_state { WORKER_SEEKING, WORKER_READY, WORKER_REFUSED };

struct worker_loop {
    const struct worker_options *options;
    struct pathway **pathway;
    struct worker_link link;
    struct worker_answers answers;
    struct arena *arena;
    enum loop_state state;
    int64_t sent_ms, received_ms, hello_ms, refused_ms; /* refused_ms: since when; 0: not */
    uint64_t jobs_done, problems;
    bool absence_logged; /* the router's absence is logged once, not with every attempt */
    bool reread;         /* just refused: the file may be the right one already */
    bool relink;         /* the connection is to be replaced after this turn */
};

static void frame_send(struct worker_loop *loop)
{
    loop->sent_ms = clock_steady_ms();
    if (worker_link_send(&loop->link, &loop->answers.frame) != STEPCARE_OK) loop->relink = true;
}

/* One message that is no result: hello, heartbeat, goodbye. */
static void message_send(struct worker_loop *loop, uint8_t verb, const struct stepcare_record *record)
{
    worker_answers_begin(&loop->answers);
    wire_frame_add(&loop->answers.frame, verb, 0, record, STEPCARE_OK);
    if (wire_frame_end(&loop->answers.frame, 1) == STEPCARE_OK) frame_send(loop);
}

static void hello_send(struct worker_loop *loop)
{
    struct stepcare_record hello;
    stepcare_record_init(&hello);
    STEPCARE_SET(&hello, kinds, loop->options->kinds);
    STEPCARE_SET(&hello, credit, loop->options->credit);
    STEPCARE_SET(&hello, pathway, stepcare_text_of(pathway_version(*loop->pathway)));
    STEPCARE_SET(&hello, pathway_hash, stepcare_text_of(pathway_hash_hex(*loop->pathway)));
    STEPCARE_SET(&hello, version, stepcare_text_of(STEPCARE_VERSION));
    loop->hello_ms = clock_steady_ms();
    message_send(loop, WIRE_WORKER_HELLO, &hello);
}

static void heartbeat_send(struct worker_loop *loop)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, credit, loop->options->credit);
    message_send(loop, WIRE_HEARTBEAT, &record);
}

/* A fresh connection and a hello on it. Errors: SYSTEM. */
static enum stepcare_error loop_relink(struct worker_loop *loop)
{
    worker_link_close(&loop->link, 0);
    loop->relink = false;
    loop->state = WORKER_SEEKING;
    loop->refused_ms = 0;
    loop->received_ms = clock_steady_ms();
    if (worker_link_open(&loop->link) != STEPCARE_OK) {
        log_event(LOG_LEVEL_ERROR, "socket_failed", "endpoint=%s reason=\"%s\"", loop->link.endpoint,
                  zmq_strerror(errno));
        return STEPCARE_SYSTEM;
    }
    hello_send(loop);
    return STEPCARE_OK;
}

static void absence_log(struct worker_loop *loop, const char *event, const char *meaning)
{
    if (!loop->absence_logged)
        log_event(LOG_LEVEL_WARNING, event, "endpoint=%s meaning=\"%s\"", loop->link.endpoint, meaning);
    loop->absence_logged = true;
}

/* --- what the router says --- */

static void hello_accepted(struct worker_loop *loop)
{
    log_event(LOG_LEVEL_INFO, "ready", "pathway=%s pathway_hash=%.12s credit=%u", pathway_version(*loop->pathway),
              pathway_hash_hex(*loop->pathway), loop->options->credit);
    loop->state = WORKER_READY;
    loop->refused_ms = 0;
    loop->absence_logged = false;
}

static void hello_refused(struct worker_loop *loop, const struct wire_message *message)
{
    struct stepcare_text problem =
        STEPCARE_GET(&message->record, problem, stepcare_text_of(stepcare_error_text(message->error)));
    loop->state = WORKER_REFUSED;
    if (loop->refused_ms != 0) return;
    loop->refused_ms = clock_steady_ms();
    loop->hello_ms = loop->refused_ms;
    loop->reread = true;
    log_event(LOG_LEVEL_WARNING, stepcare_error_name(message->error),
              "own_pathway=%s own_hash=%.12s problem=\"%.*s\" next=\"reading %s and saying hello again every %u s\"",
              pathway_version(*loop->pathway), pathway_hash_hex(*loop->pathway), (int)problem.bytes, problem.data,
              loop->options->config->pathway_path, WORKER_RETRY_MS / 1000);
}

static void message_take(struct worker_loop *loop, const struct wire_message *message)
{
    switch (message->verb) {
    case WIRE_JOB: worker_answers_add(&loop->answers, *loop->pathway, loop->options->kinds, message); break;
    case WIRE_WORKER_HELLO:
        if (message->error == STEPCARE_OK)
            hello_accepted(loop);
        else
            hello_refused(loop, message);
        break;
    case WIRE_GOODBYE:
        absence_log(loop, "router_leaves", "the router is stopping; waiting for it to come back");
        loop->relink = true;
        break;
    default:
        if (message->error == STEPCARE_OK) break;
        log_event(LOG_LEVEL_WARNING, "refused", "verb=%u reason=%s", message->verb,
                  stepcare_error_name(message->error));
        /* Our router does not refuse heartbeats, it falls silent where it does not know the session; one that refuses
         * says so sooner, and is said hello to anew. */
        if (message->verb == WIRE_HEARTBEAT) loop->relink = true;
        break;
    }
}

static void frame_take(struct worker_loop *loop, const uint8_t *data, size_t bytes)
{
    struct wire_frame frame;
    struct wire_message message;
    struct stepcare_field_errors errors = {0};
    enum stepcare_error error = wire_frame_open(data, bytes, &frame);
    arena_reset(loop->arena);
    worker_answers_begin(&loop->answers);
    while (error == STEPCARE_OK && frame.left > 0) {
        error = wire_frame_next(&frame, loop->arena, &message, &errors);
        if (error == STEPCARE_OK) {
            message_take(loop, &message);
        } else if (message.verb == WIRE_JOB) {
            worker_answers_refuse(&loop->answers, &message, "the job cannot be decoded");
            error = STEPCARE_OK;
        }
    }
    if (error != STEPCARE_OK)
        log_event(LOG_LEVEL_WARNING, "frame_dropped", "bytes=%zu reason=%s", bytes, stepcare_error_name(error));
    if (loop->answers.count == 0) return;
    loop->jobs_done += loop->answers.count;
    loop->problems += loop->answers.problems;
    if (loop->answers.problems > 0)
        log_event(LOG_LEVEL_WARNING, "jobs_undecided", "count=%u of=%u", loop->answers.problems, loop->answers.count);
    log_trace("worker", "batch", "jobs=%u bytes=%zu", loop->answers.count, bytes);
    error = worker_answers_end(&loop->answers);
    if (error == STEPCARE_OK)
        frame_send(loop);
    else
        log_event(LOG_LEVEL_ERROR, "results_dropped", "count=%u reason=%s", loop->answers.count,
                  stepcare_error_name(error));
}

static void frames_drain(struct worker_loop *loop)
{
    zmq_msg_t message;
    for (unsigned i = 0; i < FRAMES_A_TURN_MAX && !loop->relink; i++) {
        zmq_msg_init(&message);
        if (zmq_msg_recv(&message, loop->link.socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&message);
            return;
        }
        loop->received_ms = clock_steady_ms();
        frame_take(loop, zmq_msg_data(&message), zmq_msg_size(&message));
        zmq_msg_close(&message);
    }
}

/* --- what time brings --- */

/* The file as it is now. Returns whether it is another pathway than before. */
static bool pathway_reload(struct worker_loop *loop)
{
    struct pathway *pathway = NULL;
    char message[1024] = "";
    /* A file that is being edited is normal here: the next attempt reads it again. */
    if (pathway_open(loop->options->config->pathway_path, message, sizeof message, &pathway) != STEPCARE_OK) {
        log_trace("worker", "pathway_unreadable", "problem=\"%s\"", message);
        return false;
    }
    if (strcmp(pathway_hash_hex(pathway), pathway_hash_hex(*loop->pathway)) == 0) {
        pathway_close(pathway);
        return false;
    }
    pathway_close(*loop->pathway);
    *loop->pathway = pathway;
    log_event(LOG_LEVEL_INFO, "pathway_read", "pathway=%s pathway_hash=%.12s", pathway_version(pathway),
              pathway_hash_hex(pathway));
    return true;
}

static void loop_tick(struct worker_loop *loop)
{
    int64_t now = clock_steady_ms(), silence_ms = loop->options->config->worker_silence_ms;
    if (now - loop->received_ms >= silence_ms) {
        absence_log(loop, loop->state == WORKER_SEEKING ? "router_absent" : "router_silent",
                    "no sign of the router; connecting anew until it answers: is stepcare-router running with this "
                    "configuration?");
        loop->relink = true;
    } else if (loop->state == WORKER_READY && now - loop->sent_ms >= WORKER_HEARTBEAT_MS) {
        heartbeat_send(loop);
    } else if (loop->state == WORKER_REFUSED && loop->reread) {
        /* After an adoption the file is the adopted one as a rule: triage goes on at once. */
        loop->reread = false;
        if (pathway_reload(loop)) hello_send(loop);
    } else if (loop->state == WORKER_REFUSED && now - loop->hello_ms >= WORKER_RETRY_MS) {
        pathway_reload(loop);
        hello_send(loop);
    }
}

static long timeout_ms(const struct worker_loop *loop)
{
    int64_t now = clock_steady_ms(), next = loop->received_ms + loop->options->config->worker_silence_ms;
    if (loop->state == WORKER_READY && loop->sent_ms + WORKER_HEARTBEAT_MS < next)
        next = loop->sent_ms + WORKER_HEARTBEAT_MS;
    if (loop->state == WORKER_REFUSED && loop->hello_ms + WORKER_RETRY_MS < next)
        next = loop->hello_ms + WORKER_RETRY_MS;
    return next > now ? (long)(next - now) : 0;
}

/* One turn. Returns false when told to stop. */
static bool loop_turn(struct worker_loop *loop)
{
    zmq_pollitem_t items[] = {{loop->link.socket, 0, ZMQ_POLLIN, 0},
                              {loop->link.monitor, 0, ZMQ_POLLIN, 0},
                              {NULL, loop->options->signal_fd, ZMQ_POLLIN, 0}};
    if (zmq_poll(items, 3, timeout_ms(loop)) < 0) return errno == EINTR;
    if (items[2].revents != 0) return false;
    if (items[0].revents != 0) frames_drain(loop);
    if (items[1].revents != 0 && worker_link_lost(&loop->link)) {
        absence_log(loop, "router_gone", "the connection broke; connecting anew until the router answers");
        loop->relink = true;
    }
    if (!loop->relink) loop_tick(loop);
    return true;
}

int worker_run(const struct worker_options *options, struct pathway **pathway)
{
    struct worker_loop loop = {.options = options, .pathway = pathway};
    int status = 3;
    loop.link.endpoint = options->config->worker_endpoint;
    loop.link.send_timeout_ms = (int)options->config->worker_silence_ms;
    if (arena_open(ARENA_BYTES_MAX, &loop.arena) != STEPCARE_OK || loop_relink(&loop) != STEPCARE_OK) goto out;
    while (loop_turn(&loop)) {
        if (loop.relink && loop_relink(&loop) != STEPCARE_OK) goto out;
        if (loop.refused_ms == 0 || clock_steady_ms() - loop.refused_ms < WORKER_REFUSED_MS_MAX) continue;
        log_event(LOG_LEVEL_ERROR, "giving_up", "meaning=\"the router has refused this worker for %u minutes\"",
                  WORKER_REFUSED_MS_MAX / 60000);
        status = 2;
        goto out;
    }
    if (loop.state == WORKER_READY) {
        struct stepcare_record nothing;
        stepcare_record_init(&nothing);
        message_send(&loop, WIRE_GOODBYE, &nothing);
        worker_link_close(&loop.link, GOODBYE_LINGER_MS);
    }
    status = 0;
out:
    log_event(LOG_LEVEL_INFO, "stopped", "status=%d jobs=%llu undecided=%llu", status,
              (unsigned long long)loop.jobs_done, (unsigned long long)loop.problems);
    worker_link_destroy(&loop.link);
    arena_close(loop.arena);
    buffer_close(&loop.answers.frame);
    return status;
}
