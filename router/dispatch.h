/* Jobs to workers under credit. What waits for a worker is the table `pending` of the state; here is only what is out,
 * and with whom, which a restart may forget. A job whose worker died or fell silent, or whose deadline passed, goes out
 * again alone, to a worker that has nothing else, so that one bad job takes no others with it. After job_attempts_max
 * failures it is given up, and a person decides.
 *
 *   pending --send--> OUT --answer taken--> forgotten
 *                     | ^
 *             failure v | alone, to an idle worker
 *                  RESEND --the last attempt failed--> GIVEN_UP --handed to the caller--> forgotten
 *
 * Results are handed back to the caller (result.c), which runs the command and says what became of it. All times here
 * are steady ones: deadlines and silence must not wait for a clock that was set back. */
#ifndef ROUTER_DISPATCH_H
#define ROUTER_DISPATCH_H

#include "base/id_map.h"
#include "router/outbox.h"
#include "router/store/store.h"

enum { DISPATCH_WORKERS_MAX = 64, DISPATCH_JOBS_MAX = 16384 };

struct worker {
    bool used;
    bool leaving; /* it decides by another pathway: no jobs until it says hello again */
    bool lost;    /* it took no message; the next tick sees to its jobs */
    struct peer peer;
    uint32_t kinds;  /* mask */
    uint32_t credit; /* jobs it takes at once */
    uint32_t in_hand;
    int64_t heard_at, sent_at; /* the last message from it, and to it */
};

enum job_state {
    JOB_OUT,     /* with a worker */
    JOB_RESEND,  /* waits to go out again */
    JOB_GIVEN_UP /* failed for the last time, and not yet handed to the caller */
};

struct job {
    uint64_t episode_id;
    uint64_t sequence; /* of the episode when the job was made */
    uint64_t number;   /* unique; 0 unless out */
    int64_t deadline;
    const char *problem; /* given up: why; static text */
    uint8_t kind;
    uint8_t attempts; /* that failed */
    uint8_t worker;
    enum job_state state;
};

struct dispatch {
    struct store *store;
    const struct pathway *pathway;
    void *socket;
    struct worker workers[DISPATCH_WORKERS_MAX];
    struct job *jobs; /* dense */
    uint32_t job_count, resend_count, given_up_count;
    uint32_t count_by_kind[STEPCARE_KIND_COUNT];
    struct id_map by_episode; /* to the slot in jobs */
    uint64_t next_number;
    uint64_t next_id[STEPCARE_KIND_COUNT]; /* where the walk over `pending` goes on */
    bool may_wait[STEPCARE_KIND_COUNT];    /* there may be work that the walk has not seen */
    int64_t now;                           /* of this turn */
    int64_t paused_until;                  /* nothing is sent before */
    int64_t mismatch_logged_at;            /* a worker of another pathway */
    int64_t refused_logged_at;             /* anything else that was refused */
    uint64_t refused_count;
    struct buffer frame, content;
};

/* Errors: NO_MEMORY. Owns: dispatch_close; store, pathway and socket are borrowed. */
enum stepcare_error dispatch_init(struct dispatch *dispatch, struct store *store, const struct pathway *pathway,
                                  void *socket);
void dispatch_close(struct dispatch *dispatch);

/* --- what workers say --- */

/* A worker's frame that is being read; the caller's, valid as long as the frame's bytes. */
struct worker_frame {
    struct wire_frame frame;
    struct peer peer;
    struct wire_message message;
    char problem[256]; /* why the message was refused, where it was */
};
/* A job whose answer the caller serves. */
struct dispatch_answer {
    struct job job;
    /* The worker could not do it, for the last time: it is forgotten here, problem says why. Else record is the answer,
     * and the caller says what became of it with dispatch_job_done or dispatch_job_failed. */
    bool given_up;
    const struct stepcare_record *record;
    struct stepcare_text problem;
};
/* Returns false where the frame is none. */
bool dispatch_frame_open(struct dispatch *dispatch, struct worker_frame *out_frame, const struct peer *peer,
                         const uint8_t *data, size_t bytes, int64_t now);
/* Purpose: read on to the next answer that the caller serves. Hello, heartbeat and goodbye are dealt with on the way.
 * What has fields missing or too many, or is no answer to the job that it names, is refused: the worker is told, and
 * the log; a job's own worker has then failed it. An answer to a job that is not out (late, answered twice) is dropped
 * silently.
 * Owns: what the answer views lives in the frame and the arena until the next call. Returns false at the end. */
bool dispatch_next_answer(struct dispatch *dispatch, struct worker_frame *frame, struct arena *arena,
                          struct dispatch_answer *out_answer);

/* Purpose: tell the worker whose answer was read last, and the log, that it was refused. */
void dispatch_refuse(struct dispatch *dispatch, const struct worker_frame *frame, enum stepcare_error error,
                     const char *problem);

/* What became of an answer, or of giving a job up. */
enum dispatch_verdict {
    DISPATCH_TAKEN,
    DISPATCH_STALE, /* the episode has changed since the job went out, or waits for nothing: a fresh job will see */
    DISPATCH_WRONG, /* no sound answer to this job; it counts as a failure, so that a person decides in the end */
    DISPATCH_LATER  /* nothing could be recorded: wait a while, then send it again */
};
/* Purpose: the answered job is done with. verdict: any but WRONG. */
void dispatch_job_done(struct dispatch *dispatch, const struct job *job, enum dispatch_verdict verdict);
/* Purpose: the verdict WRONG: the job goes out again alone, or it was the last attempt and it is forgotten.
 * Returns whether it was the last; *job then counts it. */
bool dispatch_job_failed(struct dispatch *dispatch, struct job *job);
/* Purpose: after a job was forgotten: look for what its episode waits for now, unless all is done. */
void dispatch_settle(struct dispatch *dispatch, enum dispatch_verdict verdict);
/* Purpose: take out a job that failed for the last time with its worker or by its deadline. Returns false: there is
 * none. */
bool dispatch_next_given_up(struct dispatch *dispatch, struct job *out_job);

/* --- what goes out --- */

/* Purpose: send what waits to whoever has credit. Only after a flush. Returns whether anything went out. */
bool dispatch_send(struct dispatch *dispatch, int64_t now);
/* Purpose: deadlines, silent workers, heartbeats; every 100 ms or so. */
void dispatch_tick(struct dispatch *dispatch, int64_t now);
/* Purpose: there is new work of a kind, perhaps for an episode that the walk has passed. */
void dispatch_work_arrived(struct dispatch *dispatch, uint8_t kind);
/* Purpose: tell all workers that the router stops. */
void dispatch_goodbye(struct dispatch *dispatch);
/* Purpose: the workers that take jobs, by kind; [0]: all. */
void dispatch_workers_count(const struct dispatch *dispatch, unsigned out_by_kind[STEPCARE_KIND_COUNT]);
/* Purpose: another pathway was adopted, and that is on disk: jobs that are out are taken back, to be decided by it, and
 * workers are sent away until they say hello with its hash. */
void dispatch_pathway_set(struct dispatch *dispatch, const struct pathway *pathway);

#endif
