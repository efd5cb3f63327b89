/* The worker's life: say hello, answer frames of jobs, show that it is alive, reconnect, leave.
 *
 *   seeking ──hello ok──▶ ready ──router silent or gone──▶ seeking
 *      │  ▲                 │
 *      │  └──hello again────┤ pathway_mismatch at any time
 *      └──hello refused──▶ refused (at once, then every 2 s: read the pathway again, hello) */
#ifndef WORKERS_LOOP_H
#define WORKERS_LOOP_H

#include "config/config.h"
#include "pathway/pathway.h"

enum { WORKER_HEARTBEAT_MS = 1000, WORKER_RETRY_MS = 2000, WORKER_REFUSED_MS_MAX = 600000 };

struct worker_options {
    const struct config *config;
    uint32_t kinds;  /* mask of enum stepcare_kind */
    uint32_t credit; /* jobs that may be in flight here at once */
    int signal_fd;   /* readable when it is time to stop */
};

/* Purpose: work until told to stop. *pathway is the one to begin with and is replaced when another is adopted; the
 * caller closes what is there at the end.
 * Errors: the exit status: 0 told to stop; 2 refused by the router for WORKER_REFUSED_MS_MAX; 3 sockets or memory
 * failed. Logs: yes. */
int worker_run(const struct worker_options *options, struct pathway **pathway);

#endif
