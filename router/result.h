/* What workers answer, and what no worker could, becomes commands of the router's own. Called by the loop for every
 * frame of a worker and after each tick of dispatch. */
#ifndef ROUTER_RESULT_H
#define ROUTER_RESULT_H

#include "router/command.h"

/* What serving results needs: borrowed, but for the arena. */
struct results {
    struct store *store;
    const struct turn *turn;
    struct dispatch *dispatch;
    struct commands *commands;
    struct arena *arena; /* what decoded fields view */
};

/* Errors: NO_MEMORY. Owns: results_close. */
enum stepcare_error results_init(struct results *results);
void results_close(struct results *results);

/* Purpose: a worker's frame. decision: room for each command's outcome. */
void result_frame(struct results *results, const struct peer *peer, const uint8_t *data, size_t bytes,
                  struct decision *decision);
/* Purpose: the jobs that failed for the last time since: a person decides. */
void result_given_up(struct results *results, struct decision *decision);

#endif
