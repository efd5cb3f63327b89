/* Adopting another pathway on a running router: new referrals use it, stored decisions keep theirs. Called for the verb
 * `adopt` (request.c). An adoption is a command like any other; only what comes before it (reading the file) and after
 * it (deciding by it, once it is on disk) is here. */
#ifndef ROUTER_ADOPT_H
#define ROUTER_ADOPT_H

#include "router/command.h"

/* What it needs, borrowed. */
struct adoption {
    const struct config *config;
    struct pathways *pathways;
    struct commands *commands;
    struct outward *outward;
    struct dispatch *dispatch;
};

/* Purpose: read the pathway file again and decide by it from now on; nothing happens where it is the same.
 * decision: room for the command's outcome. Errors: CONFIG, BUSY, or why it could not be recorded; with the sentence in
 * problem. */
enum stepcare_error adopt_pathway(struct adoption *adoption, const struct caller *caller, struct decision *decision,
                                  char *problem, size_t problem_bytes);

#endif
