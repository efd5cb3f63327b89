/* The ledger: an append-only journal of events, one block and one flush a batch. Events are staged into a block
 * here, the block is sealed into the hash chain, and an engine (engine.h) makes it durable and reads it again. The
 * store writes through it; whatever reads a store looks events up in it by their sequence: 1, 2, 3 and so on,
 * without a gap. */
#ifndef ROUTER_LEDGER_LEDGER_H
#define ROUTER_LEDGER_LEDGER_H

#include "router/ledger/engine.h"

struct ledger;

/* Purpose: open the engine and be ready to append, or only to read if it is read_only. `from`, visit and out_report: as
 * ledger_engine.open. Owns: the engine, from here on, also on failure; ledger_close frees and accepts NULL.
 * Errors: as ledger_engine.open. */
enum stepcare_error ledger_open(struct ledger_engine *engine, const struct ledger_mark *from, ledger_visit visit,
                                void *context, struct ledger_report *out_report, struct ledger **out_ledger);
void ledger_close(struct ledger *ledger);

/* Purpose: the tail after the last flushed block: what a checkpoint stores. */
struct ledger_mark ledger_tail(const struct ledger *ledger);
/* Purpose: the epoch that this opening was given: every append is made under it. */
uint64_t ledger_epoch(const struct ledger *ledger);

/* Purpose: stage one event of the batch being built: room to encode `bytes` of it, and its sequence.
 * Calls: stage any number, then ledger_flush; the room is the ledger's own block buffer, so nothing is copied.
 * Errors: TOO_LARGE when the block is full (flush first) or bytes is over what one block holds; NO_SPACE when the
 * engine has no room (only for the first event of a batch); SYSTEM in a read-only one; FENCED, UNKNOWN after a flush
 * that was. Nothing is staged then. */
enum stepcare_error ledger_stage(struct ledger *ledger, uint32_t bytes, uint8_t **out_room, uint64_t *out_sequence);
uint32_t ledger_staged_bytes(const struct ledger *ledger);
/* The sequence that the next staged event gets. */
uint64_t ledger_next_sequence(const struct ledger *ledger);

/* Purpose: append the staged events as one block, under the epoch that opening gave and after the head last seen.
 * Nothing happens with nothing staged.
 * Errors: FENCED (another writer has taken over or gone ahead: nothing was written); UNKNOWN (it may or may not be
 * on disk). Neither is ever tried again, and reads say the same from then on: the caller exits and recovers. */
enum stepcare_error ledger_flush(struct ledger *ledger);

/* Purpose: the event of a sequence, flushed or staged.
 * Errors: NOT_FOUND, and those of ledger_engine.read; FENCED, UNKNOWN after a flush that was. */
enum stepcare_error ledger_read(struct ledger *ledger, uint64_t sequence, struct ledger_event_view *out_event);

struct ledger_space ledger_space(const struct ledger *ledger);

#endif
