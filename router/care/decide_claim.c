/* Taking work: claims are leases with a fencing token (the sequence of the event that gave them). */
#include "router/care/decide_internal.h"

#include <stdio.h>

void decide_claim(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const uint8_t tier = command->record->tier;
    if (view->lease_count > 0) return; /* the same request again: the reply shows the leases that it gave */
    if (view->paused_tiers & STEPCARE_BIT(tier)) {
        decision_refuse(out, STEPCARE_PAUSED,
                        "An administrator has paused %s: nothing can be claimed there until it is resumed.",
                        stepcare_code_name(&stepcare_tiers, tier));
        return;
    }
    if (view->practitioner != NULL && view->practitioner->tiers != 0 &&
        (view->practitioner->tiers & STEPCARE_BIT(tier)) == 0) {
        decision_refuse(out, STEPCARE_NOT_PERMITTED,
                        "Your profile does not include %s: ask an administrator if it should.",
                        stepcare_code_name(&stepcare_tiers, tier));
        return;
    }
    unsigned count = view->candidate_count;
    if (view->practitioner != NULL && view->practitioner->caseload_max > 0) {
        const unsigned limit = view->practitioner->caseload_max,
                       room = view->caseload < limit ? limit - view->caseload : 0;
        if (room == 0) {
            decision_refuse(
                out, STEPCARE_CASELOAD_FULL,
                "Your caseload is at its limit of %u: discharge or hand over somebody first, or have the limit raised.",
                limit);
            return;
        }
        if (count > room) count = room;
    }
    if (count == 0 && view->skipped > 0) {
        decision_refuse(out, STEPCARE_SKILL_MISSING,
                        "%u wait here, but none that your profile fits (services, channels, interpreter, skills). "
                        "`unclaimable` lists them with the reason.",
                        view->skipped);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CLAIMED);
        event->episode_id = view->candidates[i].id;
        STEPCARE_SET(&event->record, token, event->sequence);
        STEPCARE_SET(&event->record, lease_expires, now + view->config->lease_ms);
        STEPCARE_SET(&event->record, tier, tier);
        if (STEPCARE_HAS(command->record, request_key))
            STEPCARE_SET(&event->record, request_key, command->record->request_key);
    }
}

/* The lease must stand and be the caller's: by token if one was given, else by name. */
static bool guard_lease(const struct view *view, const struct command *command, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const bool named = STEPCARE_HAS(command->record, token);
    if (named && command->record->token != episode->token) {
        const bool other =
            episode->token != 0 && !stepcare_text_equal(episode_text(&episode->holder), command->caller->name);
        decision_refuse(out, STEPCARE_STALE_TOKEN,
                        "The lease behind this token has ended%s: claim again to see what is next.",
                        other                 ? " and somebody else has claimed the referral"
                        : episode->token != 0 ? "; you hold it under a newer one"
                                              : "");
        return false;
    }
    if (episode->token == 0) {
        const bool treated = episode->state == STEPCARE_STATE_IN_TREATMENT;
        decision_refuse(out,
                        treated && !stepcare_text_equal(episode_text(&episode->owner), command->caller->name)
                            ? STEPCARE_NOT_HOLDER
                            : STEPCARE_WRONG_STATE,
                        "The referral is %s and under no lease: %s.",
                        stepcare_code_name(&stepcare_states, episode->state),
                        !treated ? "claim it first"
                        : episode->handover == STEPCARE_HANDOVER_PROPOSED
                            ? "a hand-over is offered: claim it from the worklist of its new tier first"
                            : "it has been accepted already, so it can be treated, stepped or discharged");
        return false;
    }
    if (!stepcare_text_equal(episode_text(&episode->holder), command->caller->name)) {
        decision_refuse(out, STEPCARE_NOT_HOLDER,
                        "%.*s has claimed this referral; the lease ends by itself if they do not accept it.",
                        (int)episode->holder.bytes, episode->holder.data);
        return false;
    }
    return true;
}

void decide_renew(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    if (!guard_lease(view, command, out)) return;
    /* Looking at a hand-over must not keep it from falling due: nobody may get stuck between two services. */
    const bool offered =
        episode->state == STEPCARE_STATE_IN_TREATMENT && episode->handover == STEPCARE_HANDOVER_PROPOSED;
    if (offered && now >= episode->handover_due) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "The hand-over's time to be accepted is over: accept or decline it before the lease ends, "
                        "else it goes to the triage lead.");
        return;
    }
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CLAIM_RENEWED);
    STEPCARE_SET(&event->record, token, episode->token);
    STEPCARE_SET(&event->record, lease_expires, now + view->config->lease_ms);
}

/* By the target; where that has passed, within the tier's days, and for urgent work within the working day. */
static int64_t first_contact_due(const struct view *view, struct stepcare_placement placement, int64_t target,
                                 int64_t now)
{
    if (target > now) return target;
    const int64_t usual = now + (int64_t)pathway_limits(view->pathway)->first_contact_days[placement.tier] * DAY_MS;
    const int64_t today = calendar_working_day_end(&view->config->calendar, now, 0);
    return placement.urgency < STEPCARE_URGENCY_SOON && today < usual ? today : usual;
}

static void accept_handover(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const struct stepcare_placement placement = {episode->to_tier, episode->to_service, episode->to_urgency};
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_HANDOVER_ACCEPTED);
    event_place(event, view, placement, episode->referred_at);
    STEPCARE_SET(&event->record, target_due, event->record.due);
    event->record.due = first_contact_due(view, placement, event->record.due, now);
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_FIRST_CONTACT);
    STEPCARE_SET(&event->record, from_tier, episode->tier);
    STEPCARE_SET(&event->record, practitioner, episode_text(&episode->owner));
    STEPCARE_SET(&event->record, token, episode->token);
}

void decide_accept(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    if (!guard_lease(view, command, out)) return;
    if (episode->state == STEPCARE_STATE_IN_TREATMENT) {
        accept_handover(view, command, now, out);
        return;
    }
    if (episode->tier == STEPCARE_TIER_MANUAL_REVIEW) {
        decision_refuse(
            out, STEPCARE_WRONG_STATE,
            "Nobody is treated in manual_review: release it and let the triage lead `assign` it to a tier.");
        return;
    }
    const struct stepcare_placement placement = {episode->tier, episode->service, episode->urgency};
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CLAIM_ACCEPTED);
    STEPCARE_SET(&event->record, tier, episode->tier);
    STEPCARE_SET(&event->record, token, episode->token);
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_FIRST_CONTACT);
    STEPCARE_SET(&event->record, due, first_contact_due(view, placement, episode->due, now));
    const struct config_practitioner *practitioner = config_practitioner_find(view->config, command->caller->name);
    if (practitioner != NULL && practitioner->site[0] != '\0')
        STEPCARE_SET(&event->record, site, stepcare_text_of(practitioner->site));
}

void decide_release(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    if (!guard_lease(view, command, out) || !decide_guard_reason(view, command, out)) return;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CLAIM_RELEASED);
    STEPCARE_SET(&event->record, token, view->episode.token);
    event_reason(event, command);
}

static void decline_handover(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_HANDOVER_DECLINED);
    event_reason(event, command);
    STEPCARE_SET(&event->record, from_tier, episode->to_tier);
    STEPCARE_SET(&event->record, to_tier, command->record->to_tier);
    STEPCARE_SET(&event->record, due, calendar_working_day_end(&view->config->calendar, now, 1));
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_REVIEW);
    if (episode->handover_declines + 1U >= pathway_limits(view->pathway)->declines_to_triage_lead)
        STEPCARE_SET(&event->record, handover, STEPCARE_HANDOVER_OVERDUE);
}

void decide_decline(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const struct stepcare_record *record = command->record;
    const uint32_t tiers = STEPCARE_BIT(STEPCARE_TIER_T_CBT) | STEPCARE_BIT(STEPCARE_TIER_PHYSIO) |
                           STEPCARE_BIT(STEPCARE_TIER_HI_CBT) | STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE) |
                           STEPCARE_BIT(STEPCARE_TIER_EMERGENCY) | STEPCARE_BIT(STEPCARE_TIER_MANUAL_REVIEW);
    if (!guard_lease(view, command, out) || !decide_guard_reason(view, command, out) ||
        !decide_guard_placement(view, command, tiers, out))
        return;
    if (episode->state == STEPCARE_STATE_IN_TREATMENT) {
        decline_handover(view, command, now, out);
        return;
    }
    struct stepcare_placement placement = {record->to_tier, STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE),
                                           episode->urgency};
    if (placement.tier == episode->tier && placement.service == episode->service) {
        decision_invalid(out, "to_tier", "it is in this tier already: propose another, or release it");
        return;
    }
    const bool again = episode->declines + 1U >= pathway_limits(view->pathway)->declines_to_triage_lead;
    if (again)
        placement = (struct stepcare_placement){STEPCARE_TIER_MANUAL_REVIEW, STEPCARE_SERVICE_NONE, episode->urgency};
    if (placement.tier == STEPCARE_TIER_EMERGENCY) placement.urgency = STEPCARE_URGENCY_EMERGENCY;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_REFERRAL_DECLINED);
    event_reason(event, command);
    event_place(event, view, placement, episode->referred_at);
    STEPCARE_SET(&event->record, from_tier, episode->tier);
    STEPCARE_SET(&event->record, to_tier, record->to_tier);
}

void decide_lease_expired(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    if (view->episode.token == 0 || view->episode.lease_expires > now) return;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CLAIM_EXPIRED);
    STEPCARE_SET(&event->record, token, view->episode.token);
    STEPCARE_SET(&event->record, practitioner, episode_text(&view->episode.holder));
}
