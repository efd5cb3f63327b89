/* One decision being made: what the decide_*.c files, their guards and their events share. Private to router/care.
 * Calls point one way: decide.c -> verbs.c -> decide_*.c -> guards.c, event_of.c -> deciding.c. */
#ifndef ROUTER_CARE_DECIDING_H
#define ROUTER_CARE_DECIDING_H

#include "router/care/decide.h"

struct deciding {
    const struct view *view;
    const struct command *command;
    int64_t now; /* ms */
    struct decision *out;
};

/* Purpose: refuse, with the sentence that the caller reads. Drops the events decided so far. */
void decision_refuse(const struct deciding *deciding, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Purpose: refuse as invalid, naming the field. */
void decision_refuse_field(const struct deciding *deciding, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The pathway's limits, and the end of the working day so many working days from now (0: today's), by the calendar. */
const struct stepcare_limits_table *limits_of(const struct deciding *deciding);
int64_t working_day_end(const struct deciding *deciding, unsigned working_days);

/* Is the command's caller the one that a text of the episode (its owner, its holder) names? */
bool caller_is(const struct deciding *deciding, const struct episode_text *name);

#endif
