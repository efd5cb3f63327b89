/* apply: an event becomes state. Total: from the event alone, with no clock; the same whether it comes from decide a
 * moment ago or from the ledger years later. Updates the episode, its index entries (the difference of
 * keys_of_episode before and after), history, mailbox, message and patient look-ups and rollups. */
#ifndef ROUTER_STORE_APPLY_H
#define ROUTER_STORE_APPLY_H

#include "router/care/event.h"
#include "router/store/state.h"

/* Errors: NO_SPACE, SYSTEM (the transaction is spoiled: checkpoint nothing, restart from the ledger). */
enum stepcare_error apply_event(struct state *state, const struct event *event);

/* Purpose: the key of a message look-up, and of a claim's request. */
struct key message_key(struct stepcare_text organisation, struct stepcare_text message_id);
struct key request_key(struct stepcare_text actor, struct stepcare_text request);

#endif
