/* Moving on: two-phase hand-overs and discharge. The sender owns the patient until the receiver accepts. */
#include "router/care/decide_internal.h"

#include <stdio.h>

bool decide_guard_no_handover(const struct view *view, struct decision *out)
{
    const struct episode *episode = &view->episode;
    if (episode->handover != STEPCARE_HANDOVER_PROPOSED && episode->handover != STEPCARE_HANDOVER_OVERDUE) return true;
    decision_refuse(out, STEPCARE_HANDOVER_OPEN,
                    "A hand-over to %s is waiting to be accepted: until then you keep the patient, and nothing else "
                    "can be started. %s",
                    stepcare_code_name(&stepcare_tiers, episode->to_tier),
                    episode->handover == STEPCARE_HANDOVER_OVERDUE
                        ? "It is overdue: the triage lead can `assign` the patient."
                        : "If it is not accepted in time it goes to the triage lead.");
    return false;
}

/* A recommendation that this act answers is kept beside it: confirmed, or overridden with the reason. */
static void recommendation_answer(const struct view *view, const struct command *command, int64_t now, uint8_t action,
                                  bool same, struct decision *out)
{
    if (view->episode.action == STEPCARE_ACTION_NONE) return;
    struct event *event =
        decision_event(out, view, command, now,
                       same ? STEPCARE_EVENT_RECOMMENDATION_CONFIRMED : STEPCARE_EVENT_RECOMMENDATION_OVERRIDDEN);
    event_reason(event, command);
    STEPCARE_SET(&event->record, action, action);
    STEPCARE_SET(&event->record, override_taken, !same);
    STEPCARE_SET(&event->record, next_action, view->episode.next_action);
    STEPCARE_SET(&event->record, due, view->episode.next_due);
}

void decide_step(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const struct stepcare_record *record = command->record;
    const uint32_t tiers = STEPCARE_BIT(STEPCARE_TIER_T_CBT) | STEPCARE_BIT(STEPCARE_TIER_PHYSIO) |
                           STEPCARE_BIT(STEPCARE_TIER_HI_CBT) | STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE) |
                           STEPCARE_BIT(STEPCARE_TIER_EMERGENCY);
    if (!decide_guard_owner(view, command, out) || !decide_guard_no_handover(view, out) ||
        !decide_guard_placement(view, command, tiers, out))
        return;
    const uint8_t service = STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE);
    if (record->to_tier == episode->tier && service == episode->service) {
        decision_invalid(out, "to_tier", "the patient is in this tier already");
        return;
    }
    const uint8_t action = command->verb == WIRE_STEP_UP ? STEPCARE_ACTION_STEP_UP : STEPCARE_ACTION_STEP_DOWN;
    const bool same =
        episode->action == action && episode->action_tier == record->to_tier && episode->action_service == service;
    /* A step that was recommended has its reason. */
    if ((!same || STEPCARE_HAS(record, reason)) && !decide_guard_reason(view, command, out)) return;
    recommendation_answer(view, command, now, action, same, out);
    uint8_t urgency = same && episode->action_urgency != 0 ? episode->action_urgency : episode->urgency;
    if (record->to_tier == STEPCARE_TIER_EMERGENCY)
        urgency = STEPCARE_URGENCY_EMERGENCY;
    else if (urgency == STEPCARE_URGENCY_EMERGENCY)
        urgency = STEPCARE_URGENCY_SOON;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_HANDOVER_PROPOSED);
    event_reason(event, command);
    STEPCARE_SET(&event->record, action, action);
    STEPCARE_SET(&event->record, from_tier, episode->tier);
    STEPCARE_SET(&event->record, to_tier, record->to_tier);
    if (service != STEPCARE_SERVICE_NONE) STEPCARE_SET(&event->record, to_service, service);
    STEPCARE_SET(&event->record, urgency, urgency);
    const unsigned days = pathway_limits(view->pathway)->handover_working_days[urgency];
    STEPCARE_SET(&event->record, due,
                 urgency == STEPCARE_URGENCY_EMERGENCY ? now
                                                       : calendar_working_day_end(&view->config->calendar, now, days));
}

void decide_handover_overdue(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    if (episode->handover != STEPCARE_HANDOVER_PROPOSED || episode->token != 0 || episode->handover_due > now) return;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_HANDOVER_OVERDUE);
    STEPCARE_SET(&event->record, to_tier, episode->to_tier);
    STEPCARE_SET(&event->record, due,
                 calendar_working_day_end(&view->config->calendar, now,
                                          episode->to_urgency == STEPCARE_URGENCY_EMERGENCY ? 0 : 1));
}

void decide_discharge(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const uint64_t end_code = command->record->end_code;
    if (!decide_guard_owner(view, command, out) || !decide_guard_no_handover(view, out)) return;
    if (end_code > 999 || pathway_end_code_text(view->pathway, (unsigned)end_code) == NULL) {
        decision_invalid(out, "end_code", "is not in the pathway's list; `pathway show` prints them");
        return;
    }
    /* Closing drops every hold: a safety review that nobody has done must not go with it. */
    if (view->episode.holds & STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW)) {
        decision_refuse(out, STEPCARE_HELD,
                        "The patient is under a safety review that is still open: see to it and release the hold "
                        "safety_review with its reason, then discharge.");
        return;
    }
    if (STEPCARE_HAS(command->record, reason) && !decide_guard_reason(view, command, out)) return;
    recommendation_answer(view, command, now, STEPCARE_ACTION_DISCHARGE,
                          view->episode.action == STEPCARE_ACTION_DISCHARGE, out);
    event_reason(decision_close(out, view, command, now, (unsigned)end_code), command);
}
