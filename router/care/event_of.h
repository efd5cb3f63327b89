/* Building the events of a decision: every one is added here, with its sequence, time and name, and the parts that
 * several events have are filled in here. Called by the decide_*.c files. */
#ifndef ROUTER_CARE_EVENT_OF_H
#define ROUTER_CARE_EVENT_OF_H

#include "router/care/deciding.h"

/* Purpose: add an event about the view's episode, or a new one named by the event's own sequence; its record is empty.
 */
struct event *event_add(const struct deciding *deciding, enum stepcare_event_type type);
/* Purpose: add one that ends the view's episode (closed, cancelled, handed back) with an end code of the pathway and
 * its text. */
struct event *event_add_ending(const struct deciding *deciding, enum stepcare_event_type type, unsigned end_code);
/* Purpose: add the finding that the patient may have another open referral, where the view has found one. */
void event_add_duplicate(const struct deciding *deciding, uint64_t episode_id);

/* Purpose: the target date of a placement, counted from a time (the day of referral, as a rule). */
int64_t due_compute(const struct deciding *deciding, struct stepcare_placement placement, int64_t from);

/* Purpose: set tier, service, urgency and due from a placement. */
void event_set_placement(const struct deciding *deciding, struct event *event, struct stepcare_placement placement,
                         int64_t referred_at);
/* Purpose: set holds and their due dates, counted from now; holds in force before keep their date. */
void event_set_holds(const struct deciding *deciding, struct event *event, uint32_t holds);
/* Purpose: set reason and note as the command has them. */
void event_set_reason(const struct deciding *deciding, struct event *event);
/* Purpose: set the scores that the referral brings: the baseline of reviews. What cannot be scored is left out. */
void event_set_baselines(const struct deciding *deciding, struct event *event);

#endif
