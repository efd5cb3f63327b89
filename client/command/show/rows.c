/* Looking through a history from its end. Used by both forms of `stepcare show`. */
#include "client/command/show/rows.h"

#include <stddef.h>

const struct stepcare_record *show_event_find(const struct stepcare_record *shown, enum stepcare_event_type type)
{
    if (!STEPCARE_HAS(shown, history)) return NULL;
    for (uint32_t i = shown->history.count; i > 0; i--) {
        const struct stepcare_record *row = &shown->history.items[i - 1];
        if (STEPCARE_GET(row, event, 0) == type) return row;
    }
    return NULL;
}

const struct stepcare_record *show_decision_find(const struct stepcare_record *shown)
{
    const struct stepcare_record *row = show_event_find(shown, STEPCARE_EVENT_REFERRAL_TRIAGED);
    if (row != NULL || !STEPCARE_HAS(shown, history)) return row;
    /* An episode offered beside another begins with the offer, which carries the decision. */
    row = shown->history.count == 0 ? NULL : &shown->history.items[0];
    return row != NULL && STEPCARE_GET(row, event, 0) == STEPCARE_EVENT_EPISODE_LINKED ? row : NULL;
}
