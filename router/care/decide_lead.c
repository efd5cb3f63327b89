/* What triage leads, safety leads, administrators and referrers do: holds, assign, cancel, notes, reopening, pausing.
 */
#include "base/time_units.h"
#include "router/care/decide_verbs.h"
#include "router/care/event_of.h"
#include "router/care/guards.h"

static void hold_released_event(const struct deciding *deciding, const struct episode *episode)
{
    struct event *event = event_add(deciding, STEPCARE_EVENT_HOLD_RELEASED);
    event->episode_id = episode->id;
    STEPCARE_SET(&event->record, hold, deciding->command->record->hold);
    event_set_reason(deciding, event);
}

/* A hold is about the patient, so releasing it releases it on a parallel offer as well. */
void decide_hold_release(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const uint32_t bit = STEPCARE_BIT(deciding->command->record->hold);
    if ((episode->holds & bit) == 0) {
        decision_refuse_field(deciding, "hold", "the referral is not under this hold");
        return;
    }
    if (!guard_reason(deciding)) return;
    hold_released_event(deciding, episode);
    if (deciding->view->has_linked && deciding->view->linked.state != STEPCARE_STATE_CLOSED &&
        (deciding->view->linked.holds & bit) != 0)
        hold_released_event(deciding, &deciding->view->linked);
    if (episode->tier == STEPCARE_TIER_GP_ADVICE && (episode->holds & ~bit) == 0 &&
        episode->state == STEPCARE_STATE_WAITING)
        event_add_ending(deciding, STEPCARE_EVENT_CLOSED, END_CODE_GP_ADVICE);
    /* The same for a lead that is GP advice when the hold was released through its parallel offer. */
    if (deciding->view->has_linked && deciding->view->linked.tier == STEPCARE_TIER_GP_ADVICE &&
        deciding->view->linked.state == STEPCARE_STATE_WAITING && deciding->view->linked.holds == bit)
        event_add_ending(deciding, STEPCARE_EVENT_CLOSED, END_CODE_GP_ADVICE)->episode_id = deciding->view->linked.id;
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

void decide_assign(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const struct stepcare_record *record = deciding->command->record;
    const uint32_t tiers = STEPCARE_BIT(STEPCARE_TIER_COUNT) - 1U; /* any */
    if (!guard_reason(deciding) || !guard_placement(deciding, tiers)) return;
    if (episode->state == STEPCARE_STATE_IN_TREATMENT && episode->handover != STEPCARE_HANDOVER_OVERDUE) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "The patient is in treatment with %.*s: they can step it up or down; it can be assigned once a "
                        "hand-over is overdue.",
                        (int)episode->owner.bytes, episode->owner.data);
        return;
    }
    if (episode->token != 0) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "%.*s has claimed it: wait for their answer; the lease ends by itself.",
                        (int)episode->holder.bytes, episode->holder.data);
        return;
    }
    const struct stepcare_placement placement = {record->to_tier,
                                                 STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE),
                                                 urgency_assigned(episode, record->to_tier)};
    struct event *event = event_add(deciding, STEPCARE_EVENT_ASSIGNED);
    event_set_reason(deciding, event);
    event_set_placement(deciding, event, placement, episode->referred_at);
    if (episode->tier != STEPCARE_TIER_NONE) STEPCARE_SET(&event->record, from_tier, episode->tier);
    if (placement.tier == STEPCARE_TIER_GP_ADVICE && episode->holds == 0)
        event_add_ending(deciding, STEPCARE_EVENT_CLOSED, END_CODE_GP_ADVICE);
}

void decide_cancel(const struct deciding *deciding)
{
    if (!guard_reason(deciding)) return;
    event_set_reason(deciding, event_add_ending(deciding, STEPCARE_EVENT_CANCELLED, END_CODE_CANCELLED));
}

void decide_note(const struct deciding *deciding)
{
    event_set_reason(deciding, event_add(deciding, STEPCARE_EVENT_NOTE_ADDED));
}

void decide_reopen(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const unsigned weeks = limits_of(deciding)->reentry_weeks;
    if (!guard_reason(deciding)) return;
    if (episode->end_code != END_CODE_NO_CONTACT) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "It was closed with end code %u; only one handed back without contact (%u) can be reopened: "
                        "send a new referral.",
                        episode->end_code, END_CODE_NO_CONTACT);
        return;
    }
    if (deciding->now > episode->closed_at + (int64_t)weeks * 7 * DAY_MS) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "It was handed back more than %u weeks ago: send a new referral.", weeks);
        return;
    }
    const struct stepcare_placement placement = {episode->tier, episode->service, episode->urgency};
    struct event *event = event_add(deciding, STEPCARE_EVENT_REOPENED);
    event_set_reason(deciding, event);
    event_set_placement(deciding, event, placement, episode->referred_at);
}

void decide_judge(const struct deciding *deciding)
{
    const struct stepcare_record *record = deciding->command->record;
    if (deciding->view->episode.duplicate_of == 0 ||
        (STEPCARE_HAS(record, linked_to) && record->linked_to != deciding->view->episode.duplicate_of)) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "There is no such open question on this referral: `duplicates` lists those there are.");
        return;
    }
    if (!guard_reason(deciding)) return;
    struct event *event = event_add(deciding, STEPCARE_EVENT_DUPLICATE_JUDGED);
    STEPCARE_SET(&event->record, linked_to, deciding->view->episode.duplicate_of);
    event_set_reason(deciding, event);
}

void decide_pause(const struct deciding *deciding)
{
    const bool pause = deciding->command->verb == WIRE_PAUSE;
    const uint32_t bit = STEPCARE_BIT(deciding->command->record->tier);
    if (((deciding->view->paused_tiers & bit) != 0) == pause) return; /* already so */
    struct event *event = event_add(deciding, pause ? STEPCARE_EVENT_TIER_PAUSED : STEPCARE_EVENT_TIER_RESUMED);
    event->episode_id = 0;
    STEPCARE_SET(&event->record, tier, deciding->command->record->tier);
    event_set_reason(deciding, event);
}

/* By the pathway of the command from now on; that it can be decided by is the caller's to know. */
void decide_adopt(const struct deciding *deciding)
{
    const struct stepcare_record *record = deciding->command->record;
    struct event *event = event_add(deciding, STEPCARE_EVENT_PATHWAY_ADOPTED);
    event->episode_id = 0;
    STEPCARE_SET(&event->record, pathway, record->pathway);
    STEPCARE_SET(&event->record, pathway_hash, record->pathway_hash);
}
