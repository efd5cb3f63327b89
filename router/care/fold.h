/* The fold: what each event does to its episode. Pure and total: no clock, no pathway, no I/O; every number it needs is
 * in the event. The store applies it to the state, verify checks the state by it. */
#ifndef ROUTER_CARE_FOLD_H
#define ROUTER_CARE_FOLD_H

#include "router/care/episode.h"
#include "router/care/event.h"

/* Purpose: the episode after the event. episode is the one that event->episode_id names, or a fresh one (episode_init)
 * for an event that opens it.
 * Errors: none. An event that does not fit (only possible in a damaged ledger) changes what it can. */
void fold_event(struct episode *episode, const struct event *event);

#endif
