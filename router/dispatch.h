/* Jobs to workers under credit. What waits for a worker is the table `untriaged`; here is only what is out and with
 * whom, which a restart may
 * forget. A job whose worker died or fell silent, or whose deadline passed, goes out again singly, to a worker that
 * has nothing else, so
 * that one bad job takes no others with it. After job_attempts_max failures the loop is told, and a person decides. */
#ifndef ROUTER_DISPATCH_H
#define ROUTER_DISPATCH_H

#include "base/id_map.h"
#include "router/outbox.h"
#include "router/store/store.h"

enum { DISPATCH_WORKERS_MAX = 64, DISPATCH_JOBS_MAX = 16384 };

struct worker {
    bool used, leaving, lost; /* lost: it took no message; the next tick sees to its jobs */
    struct peer peer;
    uint32_t kinds;  /* mask */
    uint32_t credit; /* jobs it takes at once */
    uint32_t in_hand;
    int64_t heard_at, told_at;
};

struct job {
    uint64_t episode_id, sequence,
        number; /* sequence: of the episode when the job was made; number: unique, 0 while waiting to go out again */
    int64_t deadline;
    uint8_t kind, attempts;
    uint8_t worker;
};

struct dispatch {
    struct store *store;
    const struct pathway *pathway;
    void *socket;
    struct worker workers[DISPATCH_WORKERS_MAX];
    struct job *jobs; /* dense */
    uint32_t job_count, again_count, out_count[STEPCARE_KIND_COUNT];
    struct id_map by_episode;
    uint64_t next_number, next_id[STEPCARE_KIND_COUNT]; /* where the walk over untriaged goes on */
    bool look[STEPCARE_KIND_COUNT];                     /* there may be work from the beginning of the table on */
    int64_t now, rests_until;                           /* steady time: of this turn; until when nothing is sent */
    int64_t refused_logged_at;                          /* a worker of another pathway */
    struct buffer frame, content;
};

enum stepcare_error dispatch_open(struct dispatch *dispatch, struct store *store, const struct pathway *pathway,
                                  void *socket);
void dispatch_close(struct dispatch *dispatch);

/* What became of a result or of a failure that was told. */
enum dispatch_verdict {
    DISPATCH_TAKEN,
    DISPATCH_STALE, /* the episode has changed since the job went out, or waits for nothing: a fresh job will see */
    DISPATCH_WRONG, /* no sound answer to this job: as good as none, so that it ends with a person if it never is */
    DISPATCH_LATER  /* nothing could be recorded: rest, then send it again */
};
/* problem: why it is wrong; views the callee's memory until its next call. */
typedef enum dispatch_verdict (*dispatch_result)(void *context, const struct job *job,
                                                 const struct stepcare_record *record,
                                                 struct stepcare_text *out_problem);
typedef enum dispatch_verdict (*dispatch_failed)(void *context, const struct job *job, struct stepcare_text problem);
struct dispatch_calls {
    void *context;
    dispatch_result on_result;
    dispatch_failed on_failed; /* failed for the last time */
};

/* All times here are steady ones (a clock that only runs): deadlines and silence must not wait for a clock that was
 * set back. */

/* Purpose: a worker's frame: hello, heartbeat, goodbye are answered here; each result goes to on_result.
 * A job's number that is not out (late, answered twice) is dropped silently. */
void dispatch_receive(struct dispatch *dispatch, const struct peer *peer, const uint8_t *data, size_t bytes,
                      struct arena *arena, int64_t now, const struct dispatch_calls *calls);

/* Purpose: send what waits to whoever has credit. Only after a flush. Returns whether anything went out. */
bool dispatch_send(struct dispatch *dispatch, int64_t now);
/* Purpose: deadlines, silent workers, heartbeats; every 100 ms or so. */
void dispatch_tick(struct dispatch *dispatch, int64_t now, const struct dispatch_calls *calls);
/* Purpose: there is new work of a kind at or behind an episode that the walk may have passed. */
void dispatch_look(struct dispatch *dispatch, uint8_t kind);
void dispatch_look_all(struct dispatch *dispatch);
/* Purpose: tell all workers that the router stops. */
void dispatch_goodbye(struct dispatch *dispatch);
void dispatch_workers_count(const struct dispatch *dispatch, unsigned out_by_kind[STEPCARE_KIND_COUNT]);
/* Purpose: a new pathway was adopted, and that is on disk: jobs that are out are taken back, to be decided by it,
 * and workers are sent away
 * until they say hello with its hash. */
void dispatch_pathway_set(struct dispatch *dispatch, const struct pathway *pathway);

#endif
