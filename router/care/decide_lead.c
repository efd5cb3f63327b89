/* What triage leads, safety leads, administrators and referrers do: holds, assign, cancel, notes, reopening, pausing. */
#include "router/care/decide_internal.h"

#include <stdio.h>

static void hold_released_event(const struct view *view, const struct command *command, int64_t now,
                                const struct episode *episode, struct decision *out)
{
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_HOLD_RELEASED);
    event->episode_id = episode->id;
    STEPCARE_SET(&event->record, hold, command->record->hold);
    event_reason(event, command);
}

/* A hold is about the patient, so releasing it releases it on a parallel offer as well. */
void decide_hold_release(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const uint32_t bit = STEPCARE_BIT(command->record->hold);
    if ((episode->holds & bit) == 0) {
        decision_invalid(out, "hold", "the referral is not under this hold");
        return;
    }
    if (!decide_guard_reason(view, command, out)) return;
    hold_released_event(view, command, now, episode, out);
    if (view->has_linked && view->linked.state != STEPCARE_STATE_CLOSED && (view->linked.holds & bit) != 0)
        hold_released_event(view, command, now, &view->linked, out);
    if (episode->tier == STEPCARE_TIER_GP_ADVICE && (episode->holds & ~bit) == 0 &&
        episode->state == STEPCARE_STATE_WAITING)
        decision_close(out, view, command, now, END_CODE_GP_ADVICE);
    /* The same for a lead that is GP advice when the hold was released through its parallel offer. */
    if (view->has_linked && view->linked.tier == STEPCARE_TIER_GP_ADVICE &&
        view->linked.state == STEPCARE_STATE_WAITING && view->linked.holds == bit)
        decision_close(out, view, command, now, END_CODE_GP_ADVICE)->episode_id = view->linked.id;
}

static enum stepcare_urgency urgency_assigned(const struct episode *episode, uint8_t tier)
{
    uint8_t urgency = episode->urgency;
    /* A hand-over that nobody took in time was asked for with an urgency of its own. */
    if (episode->to_urgency != STEPCARE_URGENCY_NONE &&
        (urgency == STEPCARE_URGENCY_NONE || episode->to_urgency < urgency))
        urgency = episode->to_urgency;
    if (tier == STEPCARE_TIER_EMERGENCY) return STEPCARE_URGENCY_EMERGENCY;
    if (urgency == STEPCARE_URGENCY_NONE) return STEPCARE_URGENCY_ROUTINE;
    /* A lead who takes somebody out of the emergency tier has judged them; what is left is still not routine. */
    return urgency == STEPCARE_URGENCY_EMERGENCY ? STEPCARE_URGENCY_SOON : (enum stepcare_urgency)urgency;
}

void decide_assign(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const struct stepcare_record *record = command->record;
    const uint32_t tiers = STEPCARE_BIT(STEPCARE_TIER_COUNT) - 1U; /* any */
    if (!decide_guard_reason(view, command, out) || !decide_guard_placement(view, command, tiers, out)) return;
    if (episode->state == STEPCARE_STATE_IN_TREATMENT && episode->handover != STEPCARE_HANDOVER_OVERDUE) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "The patient is in treatment with %.*s: they can step it up or down; it can be assigned once a "
                        "hand-over is overdue.",
                        (int)episode->owner.bytes, episode->owner.data);
        return;
    }
    if (episode->token != 0) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "%.*s has claimed it: wait for their answer; the lease ends by itself.",
                        (int)episode->holder.bytes, episode->holder.data);
        return;
    }
    const struct stepcare_placement placement = {record->to_tier,
                                                 STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE),
                                                 urgency_assigned(episode, record->to_tier)};
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_ASSIGNED);
    event_reason(event, command);
    event_place(event, view, placement, episode->referred_at);
    if (episode->tier != STEPCARE_TIER_NONE) STEPCARE_SET(&event->record, from_tier, episode->tier);
    if (placement.tier == STEPCARE_TIER_GP_ADVICE && episode->holds == 0)
        decision_close(out, view, command, now, END_CODE_GP_ADVICE);
}

void decide_cancel(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    if (!decide_guard_reason(view, command, out)) return;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CANCELLED);
    const char *text = pathway_end_code_text(view->pathway, END_CODE_CANCELLED);
    STEPCARE_SET(&event->record, end_code, END_CODE_CANCELLED);
    if (text != NULL) STEPCARE_SET(&event->record, end_text, stepcare_text_of(text));
    event_reason(event, command);
}

void decide_note(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    event_reason(decision_event(out, view, command, now, STEPCARE_EVENT_NOTE_ADDED), command);
}

void decide_reopen(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const unsigned weeks = pathway_limits(view->pathway)->reentry_weeks;
    if (!decide_guard_reason(view, command, out)) return;
    if (episode->end_code != END_CODE_NO_CONTACT) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "It was closed with end code %u; only one handed back without contact (%u) can be reopened: "
                        "send a new referral.",
                        episode->end_code, END_CODE_NO_CONTACT);
        return;
    }
    if (now > episode->closed_at + (int64_t)weeks * 7 * DAY_MS) {
        decision_refuse(out, STEPCARE_WRONG_STATE, "It was handed back more than %u weeks ago: send a new referral.",
                        weeks);
        return;
    }
    const struct stepcare_placement placement = {episode->tier, episode->service, episode->urgency};
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_REOPENED);
    event_reason(event, command);
    event_place(event, view, placement, episode->referred_at);
}

void decide_judge(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct stepcare_record *record = command->record;
    if (view->episode.duplicate_of == 0 ||
        (STEPCARE_HAS(record, linked_to) && record->linked_to != view->episode.duplicate_of)) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "There is no such open question on this referral: `duplicates` lists those there are.");
        return;
    }
    if (!decide_guard_reason(view, command, out)) return;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_DUPLICATE_JUDGED);
    STEPCARE_SET(&event->record, linked_to, view->episode.duplicate_of);
    event_reason(event, command);
}

void decide_pause(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const bool pause = command->verb == WIRE_PAUSE;
    const uint32_t bit = STEPCARE_BIT(command->record->tier);
    if (((view->paused_tiers & bit) != 0) == pause) return; /* it is so already */
    struct event *event =
        decision_event(out, view, command, now, pause ? STEPCARE_EVENT_TIER_PAUSED : STEPCARE_EVENT_TIER_RESUMED);
    event->episode_id = 0;
    STEPCARE_SET(&event->record, tier, command->record->tier);
    event_reason(event, command);
}
