/* What each type of event must say and may say: one table, total over the types. decide() and the store hold an event
 * to it before it is recorded, event_decode() to what it must say when it is read. */
#ifndef ROUTER_CARE_EVENT_FIELDS_H
#define ROUTER_CARE_EVENT_FIELDS_H

#include "router/care/event.h"

/* Purpose: the first field that an event's type requires and its record lacks; NULL if none. Never stricter than what
 * ledgers in the field hold. */
const char *event_field_missing(const struct event *event);
/* Purpose: the first field that its record has and its type does not allow; NULL if none. Only for events about to be
 * recorded: what a ledger holds is read as it is. */
const char *event_field_surplus(const struct event *event);

#endif
