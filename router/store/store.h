/* The store: ledger and state as one, the router's. Events are staged and applied as they are decided, made durable
 * together by one flush, and the state is committed at checkpoints. What the disk refuses is decided here, once. */
#ifndef ROUTER_STORE_STORE_H
#define ROUTER_STORE_STORE_H

#include "config/config.h"
#include "router/care/decide.h"
#include "router/store/engine.h"
#include "router/store/lock.h"
#include "router/store/reader.h"
#include "router/store/state.h"

enum { STORE_COMMAND_BYTES_MAX = 320 * 1024 };

/* As store_engine_make. */
typedef enum stepcare_error (*store_engine_maker)(const struct config *config, const char *directory, bool read_only,
                                                  struct ledger_engine **out_engine);

struct store {
    const struct config *config;
    store_engine_maker engine_make;
    struct store_lock *lock;
    struct ledger *ledger;
    struct state state;
    struct reader reader;  /* of what the open transaction and the ledger hold now */
    struct buffer scratch; /* of store.c alone: a command's events, encoded */
    struct arena *arena;   /* of store.c alone: what one decoded event points to */
    int64_t checkpoint_at; /* of the last checkpoint; steady time, as all `now` here */
    uint64_t flushes, events_flushed;
    bool full; /* submissions are refused */
    char full_why[120];
    int64_t space_checked_at;
    char error[512];
};

/* Purpose: lock, open, replay what the state has not seen, be ready to decide.
 * Errors: LOCKED, STORE_VERSION, DAMAGED, NO_SPACE, SYSTEM; a sentence in store->error. Owns: store_close; accepts
 * half-opened. */
enum stepcare_error store_open(struct store *store, const struct config *config, int64_t now);
/* Purpose: the same on another engine than the one that stores have: for tests of what an engine may do. */
enum stepcare_error store_open_on(struct store *store, const struct config *config, store_engine_maker engine_make,
                                  int64_t now);
/* Purpose: a last checkpoint unless the store failed, then close. */
void store_close(struct store *store, bool checkpoint);

/* Purpose: make a decision's events happen: staged in the ledger, applied to the state. Nothing outward may leave
 * before store_flush.
 * Errors: STORE_FULL, INVALID (an event that could not be read back; nothing happened, nothing staged); anything
 * else is fatal: exit and recover. */
enum stepcare_error store_execute(struct store *store, const struct decision *decision);
/* Purpose: is the block so full that the next command might not fit? Then flush first. */
bool store_must_flush(const struct store *store);
enum stepcare_error store_flush(struct store *store);

/* Purpose: after a flush: checkpoint if one is due (events, writes, or time: soon when idle, later when not), or at
 * once, though not within STORE_CHECKPOINT_APART_MS of the last, for somebody who waits for what is decided to be
 * committed. Neither while full, but for a try now and then.
 * Errors: NO_SPACE: nothing since the last checkpoint is in the state any more, and store_recover must follow;
 * others are fatal. */
enum { STORE_CHECKPOINT_APART_MS = 50 };
enum stepcare_error store_checkpoint_if_due(struct store *store, int64_t now, bool idle);
enum stepcare_error store_checkpoint_soon(struct store *store, int64_t now);
/* Purpose: after a checkpoint that found no space: open the state anew and replay the ledger; reading goes on,
 * store->full is set.
 * Calls: nobody else has a snapshot of the state. Errors: fatal. */
enum stepcare_error store_recover(struct store *store);
/* Purpose: is there room for new work? At most every 100 ms; sets full and full_why. */
void store_space_check(struct store *store, int64_t now);

#endif
