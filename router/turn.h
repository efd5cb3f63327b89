/* The time of one turn of the loop, handed to whatever works in it, so that everything of a turn has one time. */
#ifndef ROUTER_TURN_H
#define ROUTER_TURN_H

#include <stdint.h>

struct turn {
    int64_t now; /* ms of the wall clock, never below the last event's */
    /* ms of a clock that only runs: deadlines of answers, jobs and checks go by it, so that a wall clock set back,
     * which holds `now` still, holds up nobody. */
    int64_t steady;
};

/* Purpose: what a turn takes for the time. A wall clock that was set back must not reorder history. */
static inline struct turn turn_of(int64_t wall_ms, int64_t steady_ms, int64_t last_event_ms)
{
    return (struct turn){.now = wall_ms > last_event_ms ? wall_ms : last_event_ms, .steady = steady_ms};
}

#endif
