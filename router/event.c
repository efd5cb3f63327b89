/* The stored form of an event. See event.h. */
#include "router/event.h"

#include "proto/cursor.h"

enum { EVENT_VERSION = 1 };

bool event_is_feedback(enum stepcare_event_type type)
{
    switch (type) {
    case STEPCARE_EVENT_REFERRAL_RECEIVED:
    case STEPCARE_EVENT_REFERRAL_TRIAGED:
    case STEPCARE_EVENT_TRIAGE_FAILED:
    case STEPCARE_EVENT_EPISODE_LINKED:
    case STEPCARE_EVENT_CLAIM_ACCEPTED:
    case STEPCARE_EVENT_REFERRAL_DECLINED:
    case STEPCARE_EVENT_HOLD_RELEASED:
    case STEPCARE_EVENT_ASSIGNED:
    case STEPCARE_EVENT_CLOSED:
    case STEPCARE_EVENT_CANCELLED:
    case STEPCARE_EVENT_INFORMATION_ADDED:
    case STEPCARE_EVENT_CONTACT_RECORDED:
    case STEPCARE_EVENT_OPT_IN_LETTER_SENT:
    case STEPCARE_EVENT_HANDED_BACK:
    case STEPCARE_EVENT_REVIEW_RECORDED:
    case STEPCARE_EVENT_HANDOVER_PROPOSED:
    case STEPCARE_EVENT_HANDOVER_ACCEPTED:
    case STEPCARE_EVENT_REOPENED:
        return true;
    default:
        return false;
    }
}
