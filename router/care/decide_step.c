/* Moving on: two-phase hand-overs and discharge. The sender owns the patient until the receiver accepts. */
#include "router/care/decide_verbs.h"
#include "router/care/event_of.h"
#include "router/care/guards.h"

/* A recommendation that this act answers is kept beside it: confirmed, or overridden with the reason. */
static void recommendation_answer(const struct deciding *deciding, uint8_t action, bool same)
{
    if (deciding->view->episode.action == STEPCARE_ACTION_NONE) return;
    struct event *event =
        event_add(deciding, same ? STEPCARE_EVENT_RECOMMENDATION_CONFIRMED : STEPCARE_EVENT_RECOMMENDATION_OVERRIDDEN);
    event_set_reason(deciding, event);
    STEPCARE_SET(&event->record, action, action);
    STEPCARE_SET(&event->record, override_taken, !same);
    STEPCARE_SET(&event->record, next_action, deciding->view->episode.next_action);
    STEPCARE_SET(&event->record, due, deciding->view->episode.next_due);
}

void decide_step(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const struct stepcare_record *record = deciding->command->record;
    const uint32_t tiers = STEPCARE_BIT(STEPCARE_TIER_T_CBT) | STEPCARE_BIT(STEPCARE_TIER_PHYSIO) |
                           STEPCARE_BIT(STEPCARE_TIER_HI_CBT) | STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE) |
                           STEPCARE_BIT(STEPCARE_TIER_EMERGENCY);
    if (!guard_owner(deciding) || !guard_no_handover(deciding) || !guard_placement(deciding, tiers)) return;
    const uint8_t service = STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE);
    if (record->to_tier == episode->tier && service == episode->service) {
        decision_refuse_field(deciding, "to_tier", "the patient is in this tier already");
        return;
    }
    const uint8_t action =
        deciding->command->verb == WIRE_STEP_UP ? STEPCARE_ACTION_STEP_UP : STEPCARE_ACTION_STEP_DOWN;
    const bool same =
        episode->action == action && episode->action_tier == record->to_tier && episode->action_service == service;
    /* A step that was recommended has its reason. */
    if ((!same || STEPCARE_HAS(record, reason)) && !guard_reason(deciding)) return;
    recommendation_answer(deciding, action, same);
    uint8_t urgency = same && episode->action_urgency != 0 ? episode->action_urgency : episode->urgency;
    if (record->to_tier == STEPCARE_TIER_EMERGENCY)
        urgency = STEPCARE_URGENCY_EMERGENCY;
    else if (urgency == STEPCARE_URGENCY_EMERGENCY)
        urgency = STEPCARE_URGENCY_SOON;
    struct event *event = event_add(deciding, STEPCARE_EVENT_HANDOVER_PROPOSED);
    event_set_reason(deciding, event);
    STEPCARE_SET(&event->record, action, action);
    STEPCARE_SET(&event->record, from_tier, episode->tier);
    STEPCARE_SET(&event->record, to_tier, record->to_tier);
    if (service != STEPCARE_SERVICE_NONE) STEPCARE_SET(&event->record, to_service, service);
    STEPCARE_SET(&event->record, urgency, urgency);
    const unsigned days = limits_of(deciding)->handover_working_days[urgency];
    STEPCARE_SET(&event->record, due,
                 urgency == STEPCARE_URGENCY_EMERGENCY ? deciding->now : working_day_end(deciding, days));
}

void decide_handover_overdue(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (episode->handover != STEPCARE_HANDOVER_PROPOSED || episode->token != 0 || episode->handover_due > deciding->now)
        return;
    struct event *event = event_add(deciding, STEPCARE_EVENT_HANDOVER_OVERDUE);
    STEPCARE_SET(&event->record, to_tier, episode->to_tier);
    STEPCARE_SET(&event->record, due,
                 working_day_end(deciding, episode->to_urgency == STEPCARE_URGENCY_EMERGENCY ? 0 : 1));
}

void decide_discharge(const struct deciding *deciding)
{
    const uint64_t end_code = deciding->command->record->end_code;
    if (!guard_owner(deciding) || !guard_no_handover(deciding)) return;
    if (end_code > 999 || pathway_end_code_text(deciding->view->pathway, (unsigned)end_code) == NULL) {
        decision_refuse_field(deciding, "end_code", "is not in the pathway's list; `pathway show` prints them");
        return;
    }
    /* Closing drops every hold: a safety review that nobody has done must not go with it. */
    if (deciding->view->episode.holds & STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW)) {
        decision_refuse(deciding, STEPCARE_HELD,
                        "The patient is under a safety review that is still open: see to it and release the hold "
                        "safety_review with its reason, then discharge.");
        return;
    }
    if (STEPCARE_HAS(deciding->command->record, reason) && !guard_reason(deciding)) return;
    recommendation_answer(deciding, STEPCARE_ACTION_DISCHARGE,
                          deciding->view->episode.action == STEPCARE_ACTION_DISCHARGE);
    event_set_reason(deciding, event_add_ending(deciding, STEPCARE_EVENT_CLOSED, (unsigned)end_code));
}
