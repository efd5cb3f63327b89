/* Asking questions of a store: its tables through one LMDB transaction, and single events of its ledger. Queries,
 * the view of a decision and `verify` read through it. What it reads by is either the open write transaction of the
 * router's loop (as fresh as the last command) or a snapshot of the last commit, which is read-only, may be taken in
 * another thread, and holds no writer up. Neither needs the lock, the ledger's writer or anything that decides. */
#ifndef ROUTER_STORE_READER_H
#define ROUTER_STORE_READER_H

#include "config/config.h"
#include "router/care/event.h"
#include "router/store/state.h"

#include <stdatomic.h>

struct reader {
    struct state *state;     /* through whose transaction it reads; NULL: a snapshot is yet to begin */
    struct ledger *ledger;   /* borrowed, of the thread that writes it; NULL: no events */
    struct arena *arena;     /* the event last read lives here */
    const atomic_bool *stop; /* walks end early once it is set; NULL: never */
    struct state snapshot;   /* `state` where the transaction is the reader's own */
    bool own_environment;    /* and the environment as well */
};

/* Purpose: a reader over a state's open transaction, which it borrows; or, with a NULL state, one that takes
 * snapshots. ledger may be NULL: then events cannot be read.
 * Owns: reader_close frees and ends a snapshot; accepts what was never initialised but is zero.
 * Errors: NO_MEMORY. */
enum stepcare_error reader_init(struct reader *reader, struct state *state, struct ledger *ledger);
void reader_close(struct reader *reader);

/* Purpose: begin to read a state as of its last commit, counters included, and stop doing so. `of` is open until the
 * end.
 * Calls: begin and end in one thread each at a time, any thread; the state must not be opened or closed meanwhile.
 * Errors: SYSTEM (too many readers), DAMAGED, STORE_VERSION. */
enum stepcare_error reader_snapshot_begin(struct reader *reader, const struct state *of);
void reader_snapshot_end(struct reader *reader);

/* Purpose: the state of a store, as of its last commit, from another process than the router's, which may be running
 * or not. No events: reader_ledger_walk has them. Owns: reader_close, which accepts one that could not be opened.
 * Errors: as state_open; NO_MEMORY. */
enum stepcare_error reader_open(struct reader *reader, const struct config *config);
/* Purpose: every event of a ledger's directory, in order, with chain and hashes checked, beside a running router or
 * without one.
 * Errors: as ledger_open: out_report says where; or what visit returned. */
enum stepcare_error reader_ledger_walk(const struct config *config, const char *directory, ledger_visit visit,
                                       void *context, struct ledger_report *out_report);

/* Purpose: rollups, and the last event that is in what is read where it is a snapshot. */
const struct state_counters *reader_counters(const struct reader *reader);
uint64_t reader_sequence(const struct reader *reader);

/* Purpose: point reads, as state_get and state_episode_get. The value views the transaction. */
enum stepcare_error reader_get(struct reader *reader, const struct key *key, MDB_val *out_value);
bool reader_episode_get(struct reader *reader, uint64_t id, struct episode *out_episode);
/* Purpose: the episode of one sender's message id; 0 if there is none. */
uint64_t reader_message_episode(struct reader *reader, struct stepcare_text organisation,
                                struct stepcare_text message_id);

/* Purpose: as state_walk. Errors: STOPPING where `stop` was set before the end. */
enum stepcare_error reader_walk(struct reader *reader, const struct key *prefix, const struct key *from,
                                state_visit visit, void *context);
/* Purpose: whether `stop` has been set: what was read since may be a part of it. */
bool reader_stopped(const struct reader *reader);
bool reader_any(struct reader *reader, const struct key *prefix, const struct key *from);

/* Purpose: a table's rows one by one, from the first; two tables can be read side by side. next returns false at the
 * end. */
struct reader_rows {
    MDB_cursor *cursor;
    bool begun;
};
enum stepcare_error reader_rows_open(struct reader *reader, enum table table, struct reader_rows *out_rows);
bool reader_rows_next(struct reader_rows *rows, MDB_val *out_key, MDB_val *out_value);
void reader_rows_close(struct reader_rows *rows); /* accepts one that could not be opened */

/* Purpose: one event: by its sequence; an episode's n-th, from 1; the one that last brought an episode's referral.
 * Its texts are copies in the reader's arena, which live until the next event is read.
 * Errors: DAMAGED, NO_MEMORY, STORE_VERSION. */
enum stepcare_error reader_event(struct reader *reader, uint64_t sequence, struct event *out_event);
enum stepcare_error reader_event_numbered(struct reader *reader, uint64_t episode_id, uint32_t n,
                                          struct event *out_event);
enum stepcare_error reader_event_of_content(struct reader *reader, const struct episode *episode,
                                            struct event *out_event);

/* Purpose: forget readers that were killed: their snapshots keep old pages from being used again. Returns how many. */
unsigned reader_check(const struct state *state);

#endif
