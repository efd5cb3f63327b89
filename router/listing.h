/* Long listings, answered outside the router's loop: what may walk over more than a page (query_is_long) goes to one
 * thread, which reads a snapshot of the last commit, so that nobody else's answer waits for the walk. The loop hands
 * a question over, wakes when there is an answer, and lets it out where all answers leave.
 *
 *   loop      ask ──▶ waiting ──────────▶ running ──▶ answered ──▶ taken
 *                        │ until a commit    │ again after a pause
 *                        ▼ has its sequence  ▼ `busy` if it grows too old
 *
 * An answer is never older than its question: it waits until everything decided before it is committed, for which
 * the loop makes a checkpoint soon. Only while the store is full, when there may be no checkpoint, is it as of the
 * last commit. Answers come in the order of the questions. Whoever closes or opens the state's environment, or
 * changes the configuration in place, pauses the thread first: a pause ends the snapshot at the next row, and the
 * listing is begun anew afterwards. The pathway that a question came with stays open as long as the router runs
 * (pathways.h). */
#ifndef ROUTER_LISTING_H
#define ROUTER_LISTING_H

#include "router/outbox.h"
#include "router/query/query.h"

enum {
    LISTING_QUEUE_MAX = 64,                    /* questions that wait, run or are answered and not yet taken */
    LISTING_ANSWERS_MAX = 4,                   /* answered and not yet taken: the thread rests */
    LISTING_ROWS_BYTES_MAX = 32 * 1024 * 1024, /* memory for the rows of one answer */
    LISTING_QUESTION_BYTES_MAX = 4096,         /* the texts of one question */
    LISTING_SNAPSHOT_MS_MAX = 10000, /* a snapshot keeps old pages from being used again: past this it is given up */
    LISTING_READER_CHECK_MS = 60000  /* how often killed readers of this store are looked for */
};

struct listing;

struct listing_question { /* all copied, but for the pathway */
    struct peer peer;
    uint8_t verb;
    uint64_t request_id;
    const struct stepcare_record *asked;
    struct stepcare_text actor;
    const struct pathway *pathway;
    struct query_counters counters;
    int64_t now;
    uint64_t sequence; /* the last event decided before it */
};

struct listing_answer { /* viewed until listing_answered */
    struct peer peer;
    uint8_t verb;
    uint64_t request_id;
    enum stepcare_error failed;   /* not ok: something to be logged went wrong, and the answer says so */
    struct stepcare_text message; /* encoded, as one of a frame's messages */
};

/* Purpose: start the thread. state: open, and so is config, until listing_close or, changed, between a pause and its
 * end.
 * Owns: listing_close ends the thread and frees; accepts NULL. Errors: NO_MEMORY, SYSTEM. */
enum stepcare_error listing_open(const struct state *state, const struct config *config, struct listing **out_listing);
void listing_close(struct listing *listing);

/* Purpose: readable as soon as there is an answer. */
int listing_descriptor(const struct listing *listing);

/* Purpose: hand a question over. Returns false where the queue is full: answer `busy`. */
bool listing_ask(struct listing *listing, const struct listing_question *question);
/* Purpose: whether a question waits for more than this sequence to be committed. */
bool listing_waits(struct listing *listing, uint64_t committed);
/* Purpose: once a turn: what is committed, so that questions may be answered from it; full: there may be no
 * checkpoint, so all may. Gives up a snapshot that has become too old, and now and then looks for killed readers.
 * steady: a clock that only runs. */
void listing_turn(struct listing *listing, uint64_t committed, bool full, int64_t steady);

/* Purpose: the first answer that has not been taken, and that it has. Returns false where there is none. */
bool listing_next(struct listing *listing, struct listing_answer *out_answer);
void listing_answered(struct listing *listing);

/* Purpose: wait until the thread has neither a snapshot nor the configuration, and keep it so; let it go on, with
 * what may be another configuration. Waits for one row, not for a listing. */
void listing_pause(struct listing *listing);
void listing_resume(struct listing *listing, const struct config *config);
/* Purpose: answer everything that still waits with `stopping`, for good: the router ends. */
void listing_stop(struct listing *listing);

#endif
