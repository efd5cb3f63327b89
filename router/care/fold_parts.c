/* What several events do to an episode alike: a lease ends, a placement, holds. Called by fold.c and
 * fold_treatment.c. */
#include "router/care/fold_internal.h"

#include "base/must.h"

void fold_lease_end(struct episode *episode)
{
    episode->token = 0;
    episode->lease_expires = 0;
    episode->holder.bytes = 0;
    if (episode->state == STEPCARE_STATE_CLAIMED) episode->state = STEPCARE_STATE_WAITING;
}

void fold_placement_set(struct episode *episode, const struct stepcare_record *record)
{
    SET_IF_GIVEN(tier, tier);
    episode->service = STEPCARE_GET(record, service, STEPCARE_SERVICE_NONE);
    SET_IF_GIVEN(urgency, urgency);
    SET_IF_GIVEN(due, due);
}

void fold_holds_set(struct episode *episode, const struct stepcare_record *record)
{
    if (!STEPCARE_HAS(record, holds)) return;
    episode->holds = (uint8_t)record->holds;
    if (!STEPCARE_HAS(record, hold_dues)) return;
    must(record->hold_dues.count <= sizeof record->hold_dues.items / sizeof record->hold_dues.items[0]);
    for (unsigned hold = 1; hold < STEPCARE_HOLD_COUNT; hold++)
        episode->hold_dues[hold - 1] = hold <= record->hold_dues.count ? record->hold_dues.items[hold - 1] : 0;
}

void fold_handover_end(struct episode *episode)
{
    episode->handover = STEPCARE_HANDOVER_NONE;
    episode->to_tier = episode->to_service = episode->to_urgency = 0;
    episode->handover_due = 0;
}
