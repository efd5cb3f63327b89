/* Filling the view that a decision may look at, from the state, for the command at hand. */
#ifndef ROUTER_STORE_VIEW_H
#define ROUTER_STORE_VIEW_H

#include "router/store/store.h"

/* Purpose: load what deciding this command needs. pathway, config, next_sequence, store_full and paused_tiers are
 * always set.
 * Errors: SYSTEM or DAMAGED from the tables (fatal). */
enum stepcare_error view_load(struct store *store, const struct pathway *pathway, const struct command *command,
                              struct view *out_view);

#endif
