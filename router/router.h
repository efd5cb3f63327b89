/* The router: one thread that owns the sockets, the ledger's head and the state's write transaction. What its parts
 * share. */
#ifndef ROUTER_ROUTER_H
#define ROUTER_ROUTER_H

#include "router/dispatch.h"
#include "router/parked.h"
#include "router/query/query.h"

struct notices {    /* what this turn changed, told after its flush */
    uint32_t tiers; /* mask */
    unsigned organisation_count;
    char organisations[64][STEPCARE_ORGANISATION_BYTES_MAX + 1];
};

struct router {
    struct config *config;
    struct pathway *pathway;
    struct pathway *pathways_before[16]; /* adopted away; stored decisions and static texts may still view them */
    unsigned pathways_before_count;
    struct store store;
    void *context, *client_socket, *worker_socket, *notice_socket;
    struct outbox outbox;
    struct parked parked;
    struct dispatch dispatch;
    struct notices notices;
    struct arena *frame_arena, *query_arena;
    struct buffer content; /* the referral in ledger form of the command at hand */
    struct view view;
    struct decision decision;
    int64_t now; /* ms; of this turn, never below the last event */
    /* A clock that only runs, ms: deadlines of answers, jobs and checks go by it, so that a wall clock set back, which
     * holds `now` still, holds up nobody. */
    int64_t steady;
    int64_t ticked_at;
    bool stopping, failed;
    bool hurried; /* jobs went out, and a worker may have credit for more: the next turn begins at once */
    uint64_t frames_dropped, replies_dropped;
    int64_t drop_logged_at;
};

/* --- sockets.c --- */
/* Errors: IN_USE, SYSTEM; logged in words. */
enum stepcare_error sockets_open(struct router *router);
void sockets_close(struct router *router);

/* --- serve.c: running a command, whoever gave it --- */
/* Purpose: decide, execute, remember what to tell. Returns the decision's error, or fails the router. */
int serve_command(struct router *router, const struct command *command);
/* Purpose: make what was decided durable and let everything out that waited for it. */
void serve_flush(struct router *router);
/* Purpose: put a reply in the outbox, flushing first if it is full. */
void serve_reply(struct router *router, const struct peer *peer, uint8_t verb, uint64_t request_id,
                 const struct stepcare_record *record, int error);

/* --- serve_parked.c: answers that may wait --- */
/* Purpose: give the answer that was parked, or would have been. */
void serve_parked_answer(struct router *router, const struct parked_reply *parked);
void serve_parked_expire(struct router *router);
void serve_parked_event(struct router *router, const struct event *event);
/* Purpose: answer a reading verb now. */
void serve_query_answer(struct router *router, const struct peer *peer, uint8_t verb, uint64_t request_id,
                        struct stepcare_text actor, const struct stepcare_record *asked);
/* Purpose: what news of an organisation (absent: of all) are parked under; never an episode's id. */
uint64_t serve_mailbox_subject(struct stepcare_text organisation);
/* Purpose: until when a request's wait_ms lets its answer wait, by the steady clock. */
int64_t serve_wait_deadline(const struct router *router, const struct stepcare_record *record);

/* --- serve_client.c, serve_worker.c, timers.c, notice.c, adopt.c --- */
void serve_client_frame(struct router *router, const struct peer *peer, const uint8_t *data, size_t bytes);
struct dispatch_calls serve_worker_calls(struct router *router);
/* Purpose: give the commands whose time has come; at most TIMERS_PER_TURN_MAX. */
void timers_run(struct router *router);
void notice_event(struct router *router, const struct event *event);
void notice_send(struct router *router);
/* Purpose: read the pathway file again and decide by it from now on. Errors: CONFIG with the sentence in problem. */
enum stepcare_error adopt_pathway(struct router *router, struct stepcare_text by, char *problem, size_t problem_bytes);

/* --- loop.c --- */
/* Purpose: serve until stopped or failed. signals is a signalfd. Returns the exit code. */
int loop_run(struct router *router, int signals);

#endif
