/* The state: LMDB tables (keys.h) that are the fold of the ledger. One environment, one writer; its write
 * transaction stays open across batches and is committed, fully synced, at checkpoints, with the ledger mark up to
 * which it is applied. The loop reads through it. Any unexpected LMDB error inside a change is fatal to the process:
 * the ledger has the truth, recovery replays it. */
#ifndef ROUTER_STORE_STATE_H
#define ROUTER_STORE_STATE_H

#include "router/ledger/ledger.h"
#include "router/store/keys.h"
#include "router/store/patients.h"

#include <lmdb.h>

enum { STATE_FORMAT_VERSION = 2, COUNTER_DAYS = 16 };

/* Rollups for the backlog; kept in memory, written with every checkpoint. Index 0 of tier is "triage". */
struct state_counters {
    int64_t now[STEPCARE_TIER_COUNT][COUNT_BUCKETS];
    struct {
        int32_t day; /* days since 1970, UTC */
        uint32_t arrived[STEPCARE_TIER_COUNT], completed[STEPCARE_TIER_COUNT];
    } days[COUNTER_DAYS];  /* ring by day */
    uint32_t paused_tiers; /* mask */
    uint32_t emergencies;  /* waiting without a named person */
    uint64_t episodes;
    int64_t last_at; /* of the last event applied */
};

enum state_mode {
    STATE_WRITE,  /* the router's */
    STATE_READ,   /* a snapshot beside a running router */
    STATE_SCRATCH /* thrown away afterwards: never synced */
};

struct state {
    MDB_env *env;
    MDB_txn *txn; /* the open transaction: read-only with STATE_READ; NULL where the last checkpoint failed */
    MDB_dbi dbi[TABLE_COUNT];
    struct ledger_mark applied; /* as committed */
    struct state_counters counters;
    struct patients patients; /* made from table `patient` */
    uint32_t writes;       /* puts and deletes since the last checkpoint: it writes no more pages than a few for each */
    uint32_t events;       /* applied since then */
    uint32_t older_format; /* what is being made anew, until it is committed; else 0 */
    uint64_t older_reached; /* as far as that had come: a ledger that ends before it has lost something */
    enum state_mode mode;
    struct episode cached; /* the episode last read or written: one command looks at it several times */
    bool cached_valid;
    char error[160];
};

/* Purpose: open or make the environment in directory and begin the write transaction (a read transaction with
 * STATE_READ). With STATE_WRITE a state of an older format is thrown away (older_format says which), and the caller
 * makes it anew from the ledger.
 * Errors: STORE_VERSION (a newer format; with STATE_READ any other), NO_SPACE, SYSTEM, DAMAGED; text in
 * state->error.
 * Owns: state_close aborts what was not checkpointed and frees. */
enum stepcare_error state_open(struct state *state, const char *directory, uint64_t map_bytes, enum state_mode mode);
void state_close(struct state *state);

/* Purpose: a read-only view of another, open state as of its last commit, mark and counters included, and its end.
 * It shares the environment: the other one is not closed meanwhile. Calls: any thread. Errors: SYSTEM, DAMAGED,
 * STORE_VERSION. */
enum stepcare_error state_snapshot_begin(struct state *snapshot, const struct state *of);
void state_snapshot_end(struct state *snapshot);

/* Purpose: commit with full sync, mark included, and begin the next transaction.
 * Errors: NO_SPACE: the transaction was aborted and nothing since the last checkpoint is applied any more: reopen by
 * replay. SYSTEM: exit. */
enum stepcare_error state_checkpoint(struct state *state, const struct ledger_mark *mark);

/* Purpose: point reads and writes. get: NOT_FOUND; the value views the transaction until the next write.
 * put, remove: OK, NO_SPACE (map or disk full) or SYSTEM. remove of what is not there is OK. */
enum stepcare_error state_get(struct state *state, const struct key *key, MDB_val *out_value);
enum stepcare_error state_put(struct state *state, const struct key *key, const void *value, size_t bytes);
/* Purpose: put what most likely comes after everything in its table (ids and sequences do): no search for its place
 * then. */
enum stepcare_error state_put_last(struct state *state, const struct key *key, const void *value, size_t bytes);
enum stepcare_error state_remove(struct state *state, const struct key *key);

/* Purpose: the episode of an id, into the caller's copy. Returns false, and the copy is not to be used, if there is
 * none. */
bool state_episode_get(struct state *state, uint64_t id, struct episode *out_episode);
enum stepcare_error state_episode_put(struct state *state, const struct episode *episode);

/* Purpose: walk the keys of a table that start with prefix, in order, beginning at the first that is >= from
 * (NULL: at the prefix).
 * visit returns false to stop. Returns the error or OK. */
typedef bool (*state_visit)(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value);
enum stepcare_error state_walk(struct state *state, const struct key *prefix, const struct key *from, state_visit visit,
                               void *context);

/* Purpose: is there any key with this prefix at or after from? */
bool state_any(struct state *state, const struct key *prefix, const struct key *from);

/* Purpose: how full the map is, 0 to 100. */
unsigned state_map_percent(struct state *state);

#endif
