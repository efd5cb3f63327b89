#include "workers/loop.h"
#include "base/clock.h"

#include "base/log.h"
#include "workers/answer.h"
#include "workers/link.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

enum { FRAMES_A_TURN_MAX = 64, ARENA_BYTES_MAX = 4 * 1024 * 1024, GOODBYE_LINGER_MS = 1000 };
enum worker_state { WORKER_SEEKING, WORKER_READY, WORKER_REFUSED };

struct worker {
    const struct worker_options *options;
    struct pathway **pathway;
    struct worker_link link;
    struct worker_answers answers;
    struct arena *arena;
    enum worker_state state;
    int64_t sent_ms, received_ms, hello_ms, refused_ms; /* refused_ms: since when; 0: not */
    uint64_t jobs_done, problems;
    bool absence_told; /* the router's absence is logged once, not with every attempt */
    bool reread;       /* just refused: the file may be the right one already */
    bool relink;       /* the connection is to be replaced after this turn */
};

static void frame_send(struct worker *worker)
{
    worker->sent_ms = clock_steady_ms();
    if (worker_link_send(&worker->link, &worker->answers.frame) != STEPCARE_OK) worker->relink = true;
}

/* One message that is no result: hello, heartbeat, goodbye. */
static void message_send(struct worker *worker, uint8_t verb, const struct stepcare_record *record)
{
    worker_answers_begin(&worker->answers);
    wire_frame_add(&worker->answers.frame, verb, 0, record, STEPCARE_OK);
    if (wire_frame_end(&worker->answers.frame, 1) == STEPCARE_OK) frame_send(worker);
}

static void hello_send(struct worker *worker)
{
    struct stepcare_record hello;

    stepcare_record_init(&hello);
    STEPCARE_SET(&hello, kinds, worker->options->kinds);
    STEPCARE_SET(&hello, credit, worker->options->credit);
    STEPCARE_SET(&hello, pathway, stepcare_text_of(pathway_version(*worker->pathway)));
    STEPCARE_SET(&hello, pathway_hash, stepcare_text_of(pathway_hash_hex(*worker->pathway)));
    STEPCARE_SET(&hello, version, stepcare_text_of(STEPCARE_VERSION));
    worker->hello_ms = clock_steady_ms();
    message_send(worker, WIRE_WORKER_HELLO, &hello);
}

static void heartbeat_send(struct worker *worker)
{
    struct stepcare_record record;

    stepcare_record_init(&record);
    STEPCARE_SET(&record, credit, worker->options->credit);
    message_send(worker, WIRE_HEARTBEAT, &record);
}

/* A fresh connection and a hello on it. Errors: SYSTEM. */
static enum stepcare_error worker_relink(struct worker *worker)
{
    worker_link_close(&worker->link, 0);
    worker->relink = false;
    worker->state = WORKER_SEEKING;
    worker->refused_ms = 0;
    worker->received_ms = clock_steady_ms();
    if (worker_link_open(&worker->link) != STEPCARE_OK) {
        log_event(LOG_LEVEL_ERROR, "socket_failed", "endpoint=%s reason=\"%s\"", worker->link.endpoint,
                  zmq_strerror(errno));
        return STEPCARE_SYSTEM;
    }
    hello_send(worker);
    return STEPCARE_OK;
}

static void absence_log(struct worker *worker, const char *event, const char *meaning)
{
    if (!worker->absence_told)
        log_event(LOG_LEVEL_WARNING, event, "endpoint=%s meaning=\"%s\"", worker->link.endpoint, meaning);
    worker->absence_told = true;
}

/* --- what the router says -------------------------------------------------------------------------------------------
 */

static void hello_accepted(struct worker *worker, const struct stepcare_record *record)
{
    log_event(LOG_LEVEL_INFO, "ready", "worker=%llu pathway=%s pathway_hash=%.12s credit=%u",
              (unsigned long long)STEPCARE_GET(record, job, 0), pathway_version(*worker->pathway),
              pathway_hash_hex(*worker->pathway), worker->options->credit);
    worker->state = WORKER_READY;
    worker->refused_ms = 0;
    worker->absence_told = false;
}

static void hello_refused(struct worker *worker, const struct wire_message *message)
{
    struct stepcare_text problem =
        STEPCARE_GET(&message->record, problem, stepcare_text_of(stepcare_error_text(message->error)));

    worker->state = WORKER_REFUSED;
    if (worker->refused_ms != 0) return;
    worker->refused_ms = clock_steady_ms();
    worker->hello_ms = worker->refused_ms;
    worker->reread = true;
    log_event(LOG_LEVEL_WARNING, stepcare_error_name(message->error),
              "own_pathway=%s own_hash=%.12s problem=\"%.*s\" next=\"reading %s and saying hello again every %u s\"",
              pathway_version(*worker->pathway), pathway_hash_hex(*worker->pathway), (int)problem.bytes, problem.data,
              worker->options->config->pathway_path, WORKER_RETRY_MS / 1000);
}

static void message_take(struct worker *worker, const struct wire_message *message)
{
    switch (message->verb) {
    case WIRE_JOB: worker_answers_add(&worker->answers, *worker->pathway, worker->options->kinds, message); break;
    case WIRE_WORKER_HELLO:
        if (message->error == STEPCARE_OK)
            hello_accepted(worker, &message->record);
        else
            hello_refused(worker, message);
        break;
    case WIRE_GOODBYE:
        absence_log(worker, "router_leaves", "the router is stopping; waiting for it to come back");
        worker->relink = true;
        break;
    default:
        if (message->error == STEPCARE_OK) break;
        log_event(LOG_LEVEL_WARNING, "refused", "verb=%u reason=%s", message->verb,
                  stepcare_error_name(message->error));
        /* A refused heartbeat: the router does not know this session. Beginning anew is what helps. */
        if (message->verb == WIRE_HEARTBEAT) worker->relink = true;
        break;
    }
}

static void frame_take(struct worker *worker, const uint8_t *data, size_t bytes)
{
    struct wire_frame frame;
    struct wire_message message;
    struct stepcare_field_errors errors = {0};
    enum stepcare_error error = wire_frame_open(data, bytes, &frame);

    arena_reset(worker->arena);
    worker_answers_begin(&worker->answers);
    while (error == STEPCARE_OK && frame.left > 0) {
        error = wire_frame_next(&frame, worker->arena, &message, &errors);
        if (error == STEPCARE_OK) {
            message_take(worker, &message);
        } else if (message.verb == WIRE_JOB) {
            worker_answers_refuse(&worker->answers, &message, "the job cannot be decoded");
            error = STEPCARE_OK;
        }
    }
    if (error != STEPCARE_OK)
        log_event(LOG_LEVEL_WARNING, "frame_dropped", "bytes=%zu reason=%s", bytes, stepcare_error_name(error));
    if (worker->answers.count == 0) return;
    worker->jobs_done += worker->answers.count;
    worker->problems += worker->answers.problems;
    if (worker->answers.problems > 0)
        log_event(LOG_LEVEL_WARNING, "jobs_undecided", "count=%u of=%u", worker->answers.problems,
                  worker->answers.count);
    log_trace("worker", "batch", "jobs=%u bytes=%zu", worker->answers.count, bytes);
    error = worker_answers_end(&worker->answers);
    if (error == STEPCARE_OK)
        frame_send(worker);
    else
        log_event(LOG_LEVEL_ERROR, "results_dropped", "count=%u reason=%s", worker->answers.count,
                  stepcare_error_name(error));
}

static void frames_drain(struct worker *worker)
{
    zmq_msg_t message;

    for (unsigned i = 0; i < FRAMES_A_TURN_MAX && !worker->relink; i++) {
        zmq_msg_init(&message);
        if (zmq_msg_recv(&message, worker->link.socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&message);
            return;
        }
        worker->received_ms = clock_steady_ms();
        frame_take(worker, zmq_msg_data(&message), zmq_msg_size(&message));
        zmq_msg_close(&message);
    }
}

/* --- what time brings -----------------------------------------------------------------------------------------------
 */

/* The file as it is now. Returns whether it is another pathway than before. */
static bool pathway_reload(struct worker *worker)
{
    struct pathway *pathway = NULL;
    char message[1024] = "";

    /* A file that is being edited is normal here: the next attempt reads it again. */
    if (pathway_open(worker->options->config->pathway_path, message, sizeof message, &pathway) != STEPCARE_OK) {
        log_trace("worker", "pathway_unreadable", "problem=\"%s\"", message);
        return false;
    }
    if (strcmp(pathway_hash_hex(pathway), pathway_hash_hex(*worker->pathway)) == 0) {
        pathway_close(pathway);
        return false;
    }
    pathway_close(*worker->pathway);
    *worker->pathway = pathway;
    log_event(LOG_LEVEL_INFO, "pathway_read", "pathway=%s pathway_hash=%.12s", pathway_version(pathway),
              pathway_hash_hex(pathway));
    return true;
}

static void timers_run(struct worker *worker)
{
    int64_t now = clock_steady_ms(), silence_ms = worker->options->config->worker_silence_ms;

    if (now - worker->received_ms >= silence_ms) {
        absence_log(worker, worker->state == WORKER_SEEKING ? "router_absent" : "router_silent",
                    "no sign of the router; connecting anew until it answers: is stepcare-router running with this "
                    "configuration?");
        worker->relink = true;
    } else if (worker->state == WORKER_READY && now - worker->sent_ms >= WORKER_HEARTBEAT_MS) {
        heartbeat_send(worker);
    } else if (worker->state == WORKER_REFUSED && worker->reread) {
        /* After an adoption the file is the adopted one as a rule: triage goes on at once. */
        worker->reread = false;
        if (pathway_reload(worker)) hello_send(worker);
    } else if (worker->state == WORKER_REFUSED && now - worker->hello_ms >= WORKER_RETRY_MS) {
        pathway_reload(worker);
        hello_send(worker);
    }
}

static long timeout_ms(const struct worker *worker)
{
    int64_t now = clock_steady_ms(), next = worker->received_ms + worker->options->config->worker_silence_ms;

    if (worker->state == WORKER_READY && worker->sent_ms + WORKER_HEARTBEAT_MS < next)
        next = worker->sent_ms + WORKER_HEARTBEAT_MS;
    if (worker->state == WORKER_REFUSED && worker->hello_ms + WORKER_RETRY_MS < next)
        next = worker->hello_ms + WORKER_RETRY_MS;
    return next > now ? (long)(next - now) : 0;
}

/* One turn. Returns false when told to stop. */
static bool worker_turn(struct worker *worker)
{
    zmq_pollitem_t items[] = {{worker->link.socket, 0, ZMQ_POLLIN, 0},
                              {worker->link.monitor, 0, ZMQ_POLLIN, 0},
                              {NULL, worker->options->signal_fd, ZMQ_POLLIN, 0}};

    if (zmq_poll(items, 3, timeout_ms(worker)) < 0) return errno == EINTR;
    if (items[2].revents != 0) return false;
    if (items[0].revents != 0) frames_drain(worker);
    if (items[1].revents != 0 && worker_link_lost(&worker->link)) {
        absence_log(worker, "router_gone", "the connection broke; connecting anew until the router answers");
        worker->relink = true;
    }
    if (!worker->relink) timers_run(worker);
    return true;
}

int worker_run(const struct worker_options *options, struct pathway **pathway)
{
    struct worker worker = {.options = options, .pathway = pathway};
    int status = 3;

    worker.link.endpoint = options->config->worker_endpoint;
    worker.link.send_timeout_ms = (int)options->config->worker_silence_ms;
    if (arena_open(ARENA_BYTES_MAX, &worker.arena) != STEPCARE_OK || worker_relink(&worker) != STEPCARE_OK) goto out;
    while (worker_turn(&worker)) {
        if (worker.relink && worker_relink(&worker) != STEPCARE_OK) goto out;
        if (worker.refused_ms == 0 || clock_steady_ms() - worker.refused_ms < WORKER_REFUSED_MS_MAX) continue;
        log_event(LOG_LEVEL_ERROR, "giving_up", "meaning=\"the router has refused this worker for %u minutes\"",
                  WORKER_REFUSED_MS_MAX / 60000);
        status = 2;
        goto out;
    }
    if (worker.state == WORKER_READY) {
        struct stepcare_record nothing;

        stepcare_record_init(&nothing);
        message_send(&worker, WIRE_GOODBYE, &nothing);
        worker_link_close(&worker.link, GOODBYE_LINGER_MS);
    }
    status = 0;
out:
    log_event(LOG_LEVEL_INFO, "stopped", "status=%d jobs=%llu undecided=%llu", status,
              (unsigned long long)worker.jobs_done, (unsigned long long)worker.problems);
    worker_link_destroy(&worker.link);
    arena_close(worker.arena);
    buffer_close(&worker.answers.frame);
    return status;
}
