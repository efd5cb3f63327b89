/* Taking work: claims are leases with a fencing token (the sequence of the event that gave them). */
#include "base/must.h"
#include "base/time_units.h"
#include "proto/record_copy.h"
#include "router/care/decide_verbs.h"
#include "router/care/event_of.h"
#include "router/care/guards.h"

/* May the caller claim in this tier now? */
static bool tier_open(const struct deciding *deciding, uint8_t tier)
{
    const struct config_practitioner *practitioner = deciding->view->practitioner;
    if (deciding->view->paused_tiers & STEPCARE_BIT(tier)) {
        decision_refuse(deciding, STEPCARE_PAUSED,
                        "An administrator has paused %s: nothing can be claimed there until it is resumed.",
                        stepcare_code_name(&stepcare_tiers, tier));
        return false;
    }
    if (practitioner != NULL && practitioner->tiers != 0 && (practitioner->tiers & STEPCARE_BIT(tier)) == 0) {
        decision_refuse(deciding, STEPCARE_NOT_PERMITTED,
                        "Your profile does not include %s: ask an administrator if it should.",
                        stepcare_code_name(&stepcare_tiers, tier));
        return false;
    }
    return true;
}

/* How many the caller's caseload has room for; false, and refused, where it is full. */
static bool caseload_room(const struct deciding *deciding, unsigned *out_room)
{
    const struct view *view = deciding->view;
    const unsigned limit = view->practitioner != NULL ? view->practitioner->caseload_max : 0;
    if (limit == 0) {
        *out_room = STEPCARE_CLAIM_COUNT_MAX;
        return true;
    }
    *out_room = view->caseload < limit ? limit - view->caseload : 0;
    if (*out_room > 0) return true;
    decision_refuse(
        deciding, STEPCARE_CASELOAD_FULL,
        "Your caseload is at its limit of %u: discharge or hand over somebody first, or have the limit raised.", limit);
    return false;
}

static void claimed_add(const struct deciding *deciding, uint64_t episode_id)
{
    static const uint8_t asked[] = {STEPCARE_FIELD_tier, STEPCARE_FIELD_request_key, 0};
    struct decision *out = deciding->out;
    struct event *event = event_add(deciding, STEPCARE_EVENT_CLAIMED);
    must(out->lease_count < REQUEST_LEASES_MAX);
    event->episode_id = episode_id;
    STEPCARE_SET(&event->record, token, event->sequence);
    STEPCARE_SET(&event->record, lease_expires, deciding->now + deciding->view->config->lease_ms);
    record_copy(&event->record, deciding->command->record, asked);
    out->leases[out->lease_count++] = (struct request_lease){.episode_id = episode_id, .token = event->sequence};
}

void decide_claim(const struct deciding *deciding)
{
    const struct view *view = deciding->view;
    struct decision *out = deciding->out;
    unsigned room;
    must(view->candidate_count <= STEPCARE_CLAIM_COUNT_MAX);
    must(view->lease_count <= REQUEST_LEASES_MAX);
    if (view->lease_count > 0) { /* the same request again: the answer is the leases that it gave */
        out->lease_count = view->lease_count;
        memcpy(out->leases, view->leases, view->lease_count * sizeof view->leases[0]);
        return;
    }
    if (!tier_open(deciding, deciding->command->record->tier) || !caseload_room(deciding, &room)) return;
    const unsigned count = view->candidate_count < room ? view->candidate_count : room;
    if (count == 0 && view->skipped > 0) {
        decision_refuse(deciding, STEPCARE_SKILL_MISSING,
                        "%u wait here, but none that your profile fits (services, channels, interpreter, skills). "
                        "`unclaimable` lists them with the reason.",
                        view->skipped);
        return;
    }
    for (unsigned i = 0; i < count; i++) claimed_add(deciding, view->candidates[i].id);
}

void decide_renew(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (!guard_lease(deciding)) return;
    /* Looking at a hand-over must not keep it from falling due: nobody may get stuck between two services. */
    const bool offered =
        episode->state == STEPCARE_STATE_IN_TREATMENT && episode->handover == STEPCARE_HANDOVER_PROPOSED;
    if (offered && deciding->now >= episode->handover_due) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "The hand-over's time to be accepted is over: accept or decline it before the lease ends, "
                        "else it goes to the triage lead.");
        return;
    }
    struct event *event = event_add(deciding, STEPCARE_EVENT_CLAIM_RENEWED);
    STEPCARE_SET(&event->record, token, episode->token);
    STEPCARE_SET(&event->record, lease_expires, deciding->now + deciding->view->config->lease_ms);
}

/* By the target; where that has passed, within the tier's days, and for urgent work within the working day. */
static int64_t first_contact_due(const struct deciding *deciding, struct stepcare_placement placement, int64_t target)
{
    if (target > deciding->now) return target;
    const int64_t usual = deciding->now + (int64_t)limits_of(deciding)->first_contact_days[placement.tier] * DAY_MS;
    const int64_t today = working_day_end(deciding, 0);
    return placement.urgency < STEPCARE_URGENCY_SOON && today < usual ? today : usual;
}

static void accept_handover(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const struct stepcare_placement placement = {episode->to_tier, episode->to_service, episode->to_urgency};
    struct event *event = event_add(deciding, STEPCARE_EVENT_HANDOVER_ACCEPTED);
    event_set_placement(deciding, event, placement, episode->referred_at);
    STEPCARE_SET(&event->record, target_due, event->record.due);
    event->record.due = first_contact_due(deciding, placement, event->record.due);
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_FIRST_CONTACT);
    STEPCARE_SET(&event->record, from_tier, episode->tier);
    STEPCARE_SET(&event->record, practitioner, episode_text(&episode->owner));
    STEPCARE_SET(&event->record, token, episode->token);
}

void decide_accept(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (!guard_lease(deciding)) return;
    if (episode->state == STEPCARE_STATE_IN_TREATMENT) {
        accept_handover(deciding);
        return;
    }
    if (episode->tier == STEPCARE_TIER_MANUAL_REVIEW) {
        decision_refuse(
            deciding, STEPCARE_WRONG_STATE,
            "Nobody is treated in manual_review: release it and let the triage lead `assign` it to a tier.");
        return;
    }
    const struct stepcare_placement placement = {episode->tier, episode->service, episode->urgency};
    struct event *event = event_add(deciding, STEPCARE_EVENT_CLAIM_ACCEPTED);
    STEPCARE_SET(&event->record, tier, episode->tier);
    STEPCARE_SET(&event->record, token, episode->token);
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_FIRST_CONTACT);
    STEPCARE_SET(&event->record, due, first_contact_due(deciding, placement, episode->due));
    const struct config_practitioner *practitioner =
        config_practitioner_find(deciding->view->config, deciding->command->caller->name);
    if (practitioner != NULL && practitioner->site[0] != '\0')
        STEPCARE_SET(&event->record, site, stepcare_text_of(practitioner->site));
}

void decide_release(const struct deciding *deciding)
{
    if (!guard_lease(deciding) || !guard_reason(deciding)) return;
    struct event *event = event_add(deciding, STEPCARE_EVENT_CLAIM_RELEASED);
    STEPCARE_SET(&event->record, token, deciding->view->episode.token);
    event_set_reason(deciding, event);
}

static void decline_handover(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    struct event *event = event_add(deciding, STEPCARE_EVENT_HANDOVER_DECLINED);
    event_set_reason(deciding, event);
    STEPCARE_SET(&event->record, from_tier, episode->to_tier);
    STEPCARE_SET(&event->record, to_tier, deciding->command->record->to_tier);
    STEPCARE_SET(&event->record, due, working_day_end(deciding, 1));
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_REVIEW);
    if (episode->handover_declines + 1U >= limits_of(deciding)->declines_to_triage_lead)
        STEPCARE_SET(&event->record, handover, STEPCARE_HANDOVER_OVERDUE);
}

void decide_decline(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const struct stepcare_record *record = deciding->command->record;
    const uint32_t tiers = STEPCARE_BIT(STEPCARE_TIER_T_CBT) | STEPCARE_BIT(STEPCARE_TIER_PHYSIO) |
                           STEPCARE_BIT(STEPCARE_TIER_HI_CBT) | STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE) |
                           STEPCARE_BIT(STEPCARE_TIER_EMERGENCY) | STEPCARE_BIT(STEPCARE_TIER_MANUAL_REVIEW);
    if (!guard_lease(deciding) || !guard_reason(deciding) || !guard_placement(deciding, tiers)) return;
    if (episode->state == STEPCARE_STATE_IN_TREATMENT) {
        decline_handover(deciding);
        return;
    }
    struct stepcare_placement placement = {record->to_tier, STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE),
                                           episode->urgency};
    if (placement.tier == episode->tier && placement.service == episode->service) {
        decision_refuse_field(deciding, "to_tier", "it is in this tier already: propose another, or release it");
        return;
    }
    const bool again = episode->declines + 1U >= limits_of(deciding)->declines_to_triage_lead;
    if (again)
        placement = (struct stepcare_placement){STEPCARE_TIER_MANUAL_REVIEW, STEPCARE_SERVICE_NONE, episode->urgency};
    if (placement.tier == STEPCARE_TIER_EMERGENCY) placement.urgency = STEPCARE_URGENCY_EMERGENCY;
    struct event *event = event_add(deciding, STEPCARE_EVENT_REFERRAL_DECLINED);
    event_set_reason(deciding, event);
    event_set_placement(deciding, event, placement, episode->referred_at);
    STEPCARE_SET(&event->record, from_tier, episode->tier);
    STEPCARE_SET(&event->record, to_tier, record->to_tier);
}

void decide_lease_expired(const struct deciding *deciding)
{
    if (deciding->view->episode.token == 0 || deciding->view->episode.lease_expires > deciding->now) return;
    struct event *event = event_add(deciding, STEPCARE_EVENT_CLAIM_EXPIRED);
    STEPCARE_SET(&event->record, token, deciding->view->episode.token);
    STEPCARE_SET(&event->record, practitioner, episode_text(&deciding->view->episode.holder));
}
