/* What each event does to an episode; one small function an event. See fold.h. */
#include "router/care/fold.h"

#include "base/must.h"

/* A member is set from a field of the event where it has it, and keeps what it says otherwise. */
#define SET_IF_GIVEN(member, field)                                                                                    \
    do {                                                                                                               \
        if (STEPCARE_HAS(record, field)) episode->member = (__typeof__(episode->member))record->field;                 \
    } while (0)

static void lease_end(struct episode *episode)
{
    episode->token = 0;
    episode->lease_expires = 0;
    episode->holder.bytes = 0;
    if (episode->state == STEPCARE_STATE_CLAIMED) episode->state = STEPCARE_STATE_WAITING;
}

static void placement_set(struct episode *episode, const struct stepcare_record *record)
{
    SET_IF_GIVEN(tier, tier);
    episode->service = STEPCARE_GET(record, service, STEPCARE_SERVICE_NONE);
    SET_IF_GIVEN(urgency, urgency);
    SET_IF_GIVEN(due, due);
}

static void holds_set(struct episode *episode, const struct stepcare_record *record)
{
    if (!STEPCARE_HAS(record, holds)) return;
    episode->holds = (uint8_t)record->holds;
    if (!STEPCARE_HAS(record, hold_dues)) return;
    must(record->hold_dues.count <= sizeof record->hold_dues.items / sizeof record->hold_dues.items[0]);
    for (unsigned hold = 1; hold < STEPCARE_HOLD_COUNT; hold++)
        episode->hold_dues[hold - 1] = hold <= record->hold_dues.count ? record->hold_dues.items[hold - 1] : 0;
}

static void fold_received(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->id = episode->content_id = event->sequence;
    episode->content_sequence = event->sequence;
    episode->state = STEPCARE_STATE_RECEIVED;
    episode_text_set(&episode->organisation, record->organisation);
    episode->opened_at = episode->next_due = event->at;
    SET_IF_GIVEN(referred_at, referred_at);
    SET_IF_GIVEN(preferences, preferences);
    SET_IF_GIVEN(source, source);
    SET_IF_GIVEN(phq_9_baseline, phq_9_baseline);
    SET_IF_GIVEN(gad_7_baseline, gad_7_baseline);
}

static void fold_triaged(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->state = STEPCARE_STATE_WAITING;
    placement_set(episode, record);
    holds_set(episode, record);
    episode->triage_failures = 0;
    if (STEPCARE_HAS(record, rule)) episode_text_set(&episode->rule, record->rule);
    if (STEPCARE_HAS(record, pathway)) episode_text_set(&episode->pathway, record->pathway);
    if (STEPCARE_HAS(record, codes)) episode_codes_set(&episode->codes, &record->codes);
}

static void fold_triage_failed(struct episode *episode, const struct event *event)
{
    fold_triaged(episode, event);
    episode->triage_failures = (uint8_t)STEPCARE_GET(&event->record, attempts, 0);
}

/* On the new episode it opens it; on the lead it only notes the link. */
static void fold_linked(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    SET_IF_GIVEN(linked_to, linked_to);
    if (episode->state != STEPCARE_STATE_NONE) return;
    episode->id = event->sequence;
    episode->content_id = record->linked_to;
    episode_text_set(&episode->organisation, record->organisation);
    episode->opened_at = event->at;
    SET_IF_GIVEN(referred_at, referred_at);
    SET_IF_GIVEN(preferences, preferences);
    SET_IF_GIVEN(source, source);
    SET_IF_GIVEN(phq_9_baseline, phq_9_baseline);
    SET_IF_GIVEN(gad_7_baseline, gad_7_baseline);
    fold_triaged(episode, event);
}

static void fold_claimed(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    SET_IF_GIVEN(token, token);
    SET_IF_GIVEN(lease_expires, lease_expires);
    episode_text_set(&episode->holder, event->by);
    if (episode->state == STEPCARE_STATE_WAITING) episode->state = STEPCARE_STATE_CLAIMED;
}

static void treatment_starts(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    lease_end(episode);
    episode->state = STEPCARE_STATE_IN_TREATMENT;
    episode_text_set(&episode->owner, event->by);
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
    if (episode->accepted_at == 0) episode->accepted_at = event->at;
    episode->treated_since = event->at;
    episode->attempt_count = episode->attempt_channels = 0;
    memset(episode->attempts, 0, sizeof episode->attempts);
    episode->non_attendances = episode->contacts_attended = 0;
    episode->opt_in_due = 0;
    episode->action = STEPCARE_ACTION_NONE;
    episode->review_pending = STEPCARE_KIND_NONE;
}

static void handover_end(struct episode *episode)
{
    episode->handover = STEPCARE_HANDOVER_NONE;
    episode->to_tier = episode->to_service = episode->to_urgency = 0;
    episode->handover_due = 0;
}

static void back_to_waiting(struct episode *episode, const struct event *event)
{
    lease_end(episode);
    handover_end(episode);
    episode->state = STEPCARE_STATE_WAITING;
    episode->owner.bytes = 0;
    episode->action = STEPCARE_ACTION_NONE;
    episode->review_pending = STEPCARE_KIND_NONE;
    episode->opt_in_due = 0;
    placement_set(episode, &event->record);
}

static void fold_declined(struct episode *episode, const struct event *event)
{
    back_to_waiting(episode, event);
    episode->declines = (uint8_t)(episode->declines + 1);
}

static void fold_assigned(struct episode *episode, const struct event *event)
{
    back_to_waiting(episode, event);
    episode->declines = episode->handover_declines = 0;
    episode->triage_failures = 0;
}

static void fold_hold_released(struct episode *episode, const struct event *event)
{
    const uint8_t hold = STEPCARE_GET(&event->record, hold, STEPCARE_HOLD_NONE);
    if (hold == STEPCARE_HOLD_NONE || hold >= STEPCARE_HOLD_COUNT) return;
    episode->holds = (uint8_t)(episode->holds & ~STEPCARE_BIT(hold));
    episode->holds_released |= (uint8_t)STEPCARE_BIT(hold);
    episode->hold_dues[hold - 1] = 0;
}

static void fold_closed(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    lease_end(episode);
    handover_end(episode);
    episode->state = STEPCARE_STATE_CLOSED;
    SET_IF_GIVEN(end_code, end_code);
    episode->closed_at = event->at;
    episode->holds = 0;
    memset(episode->hold_dues, 0, sizeof episode->hold_dues);
    episode->action = STEPCARE_ACTION_NONE;
    episode->review_pending = STEPCARE_KIND_NONE;
    episode->opt_in_due = 0;
}

/* Added information replaces the referral; what nobody has accepted yet is triaged again, holds judged anew. */
static void fold_information(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    if (STEPCARE_HAS(record, referral)) episode->content_sequence = event->sequence;
    SET_IF_GIVEN(preferences, preferences);
    SET_IF_GIVEN(phq_9_baseline, phq_9_baseline);
    SET_IF_GIVEN(gad_7_baseline, gad_7_baseline);
    SET_IF_GIVEN(holds_released, holds_released);
    if (STEPCARE_GET(record, state, STEPCARE_STATE_NONE) != STEPCARE_STATE_RECEIVED) {
        holds_set(episode, record);
        return;
    }
    lease_end(episode);
    episode->state = STEPCARE_STATE_RECEIVED;
    episode->next_due = event->at;
    episode->holds = 0;
    episode->triage_failures = 0;
}

/* The days that count come with the event. Each keeps the channels it was tried by, so that a day that no longer counts
 * takes its channels with it; this contact's channel belongs to the last day. */
static void attempts_set(struct episode *episode, const struct stepcare_record *record)
{
    SET_IF_GIVEN(attempt_count, attempts);
    SET_IF_GIVEN(attempt_channels, contact_channels);
    if (!STEPCARE_HAS(record, attempt_days)) return;
    must(record->attempt_days.count <= sizeof record->attempt_days.items / sizeof record->attempt_days.items[0]);
    const unsigned count =
        record->attempt_days.count < EPISODE_ATTEMPTS_MAX ? record->attempt_days.count : EPISODE_ATTEMPTS_MAX;
    struct episode_attempt before[EPISODE_ATTEMPTS_MAX];
    memcpy(before, episode->attempts, sizeof before);
    for (unsigned i = 0; i < EPISODE_ATTEMPTS_MAX; i++) {
        struct episode_attempt now = {i < count ? record->attempt_days.items[i] : 0, 0};
        for (unsigned j = 0; j < EPISODE_ATTEMPTS_MAX && now.at != 0; j++)
            if (before[j].at == now.at) now.channels = before[j].channels;
        if (i + 1 == count && STEPCARE_GET(record, channel, STEPCARE_CHANNEL_NONE) != STEPCARE_CHANNEL_NONE)
            now.channels |= (uint8_t)STEPCARE_BIT(record->channel);
        episode->attempts[i] = now;
    }
}

static void fold_contact(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    const unsigned outcome = STEPCARE_GET(record, contact_outcome, STEPCARE_CONTACT_NONE);
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
    attempts_set(episode, record);
    if (outcome == STEPCARE_CONTACT_ATTENDED) {
        episode->contacts_attended = (uint8_t)(episode->contacts_attended + 1);
        if (episode->first_contact_at == 0) episode->first_contact_at = event->at;
        if (episode->handover == STEPCARE_HANDOVER_ACCEPTED) episode->handover = STEPCARE_HANDOVER_DONE;
        episode->opt_in_due = 0;
    }
    if (outcome == STEPCARE_CONTACT_CANCELLED) episode->opt_in_due = 0; /* whoever cancels has answered */
    if (STEPCARE_GET(record, next_action, 0) == STEPCARE_NEXT_CLOSE) episode->opt_in_due = 0;
    if (outcome == STEPCARE_CONTACT_DID_NOT_ATTEND) episode->non_attendances = (uint8_t)(episode->non_attendances + 1);
}

static void fold_opt_in(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
    SET_IF_GIVEN(opt_in_due, due);
}

static void fold_review_recorded(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    SET_IF_GIVEN(phq_9, phq_9);
    SET_IF_GIVEN(gad_7, gad_7);
    SET_IF_GIVEN(rmdq, rmdq);
    SET_IF_GIVEN(nrs, nrs);
    SET_IF_GIVEN(phq_9_baseline, phq_9_baseline);
    SET_IF_GIVEN(gad_7_baseline, gad_7_baseline);
    SET_IF_GIVEN(rmdq_baseline, rmdq_baseline);
    SET_IF_GIVEN(nrs_baseline, nrs_baseline);
    SET_IF_GIVEN(review_pending, kind);
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
    if (STEPCARE_HAS(record, kind)) episode->review_sequence = event->sequence;
    episode->action = STEPCARE_ACTION_NONE;
    episode->opt_in_due = 0; /* who gives scores has answered */
}

static void fold_review_recommended(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->review_pending = STEPCARE_KIND_NONE;
    SET_IF_GIVEN(action, action);
    episode->action_tier = STEPCARE_GET(record, to_tier, 0);
    episode->action_service = STEPCARE_GET(record, to_service, 0);
    episode->action_urgency = STEPCARE_GET(record, urgency, 0);
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
    holds_set(episode, record);
}

static void fold_recommendation_decided(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->action = STEPCARE_ACTION_NONE;
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
}

static void fold_handover_proposed(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->handover = STEPCARE_HANDOVER_PROPOSED;
    SET_IF_GIVEN(to_tier, to_tier);
    episode->to_service = STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE);
    SET_IF_GIVEN(to_urgency, urgency);
    SET_IF_GIVEN(handover_due, due);
    episode->opt_in_due = 0; /* not handed back while another tier is asked */
}

static void fold_handover_accepted(struct episode *episode, const struct event *event)
{
    const int64_t target = STEPCARE_GET(&event->record, target_due, episode->due);
    treatment_starts(episode, event);
    handover_end(episode);
    episode->handover = STEPCARE_HANDOVER_ACCEPTED;
    episode->tier = STEPCARE_GET(&event->record, tier, episode->tier);
    episode->service = STEPCARE_GET(&event->record, service, STEPCARE_SERVICE_NONE);
    episode->urgency = STEPCARE_GET(&event->record, urgency, episode->urgency);
    episode->due = target;
    episode->declines = episode->handover_declines = 0;
}

/* Back to the sender at once; after the second decline the event says overdue: the triage lead decides. */
static void fold_handover_declined(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    lease_end(episode);
    episode->handover_declines = (uint8_t)(episode->handover_declines + 1);
    const uint8_t declines = episode->handover_declines;
    if (STEPCARE_GET(record, handover, STEPCARE_HANDOVER_NONE) == STEPCARE_HANDOVER_OVERDUE) {
        episode->handover = STEPCARE_HANDOVER_OVERDUE;
        SET_IF_GIVEN(handover_due, due);
        return;
    }
    handover_end(episode);
    episode->handover_declines = declines;
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
}

static void fold_handover_overdue(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->handover = STEPCARE_HANDOVER_OVERDUE;
    SET_IF_GIVEN(handover_due, due);
}

static void fold_reopened(struct episode *episode, const struct event *event)
{
    episode->end_code = 0;
    episode->closed_at = 0;
    back_to_waiting(episode, event);
}

static void fold_hold_added(struct episode *episode, const struct event *event)
{
    holds_set(episode, &event->record);
}

static void fold_retried(struct episode *episode, const struct event *event)
{
    lease_end(episode);
    episode->state = STEPCARE_STATE_RECEIVED;
    episode->next_due = event->at;
    episode->triage_failures = 0;
}

static void fold_step(struct episode *episode, const struct event *event)
{
    switch (event->type) {
    case STEPCARE_EVENT_REFERRAL_RECEIVED: fold_received(episode, event); break;
    case STEPCARE_EVENT_REFERRAL_TRIAGED: fold_triaged(episode, event); break;
    case STEPCARE_EVENT_TRIAGE_FAILED: fold_triage_failed(episode, event); break;
    case STEPCARE_EVENT_EPISODE_LINKED: fold_linked(episode, event); break;
    case STEPCARE_EVENT_CLAIMED:
    case STEPCARE_EVENT_CLAIM_RENEWED: fold_claimed(episode, event); break;
    case STEPCARE_EVENT_CLAIM_RELEASED:
    case STEPCARE_EVENT_CLAIM_EXPIRED: lease_end(episode); break;
    case STEPCARE_EVENT_CLAIM_ACCEPTED: treatment_starts(episode, event); break;
    case STEPCARE_EVENT_REFERRAL_DECLINED: fold_declined(episode, event); break;
    case STEPCARE_EVENT_HOLD_RELEASED: fold_hold_released(episode, event); break;
    case STEPCARE_EVENT_HOLD_ADDED: fold_hold_added(episode, event); break;
    case STEPCARE_EVENT_ASSIGNED: fold_assigned(episode, event); break;
    case STEPCARE_EVENT_CLOSED:
    case STEPCARE_EVENT_CANCELLED:
    case STEPCARE_EVENT_HANDED_BACK: fold_closed(episode, event); break;
    case STEPCARE_EVENT_INFORMATION_ADDED: fold_information(episode, event); break;
    case STEPCARE_EVENT_CONTACT_RECORDED: fold_contact(episode, event); break;
    case STEPCARE_EVENT_OPT_IN_LETTER_SENT: fold_opt_in(episode, event); break;
    case STEPCARE_EVENT_REVIEW_RECORDED: fold_review_recorded(episode, event); break;
    case STEPCARE_EVENT_REVIEW_RECOMMENDED:
    case STEPCARE_EVENT_REVIEW_FAILED: fold_review_recommended(episode, event); break;
    case STEPCARE_EVENT_RECOMMENDATION_CONFIRMED:
    case STEPCARE_EVENT_RECOMMENDATION_OVERRIDDEN: fold_recommendation_decided(episode, event); break;
    case STEPCARE_EVENT_HANDOVER_PROPOSED: fold_handover_proposed(episode, event); break;
    case STEPCARE_EVENT_HANDOVER_ACCEPTED: fold_handover_accepted(episode, event); break;
    case STEPCARE_EVENT_HANDOVER_DECLINED: fold_handover_declined(episode, event); break;
    case STEPCARE_EVENT_HANDOVER_OVERDUE: fold_handover_overdue(episode, event); break;
    case STEPCARE_EVENT_REOPENED: fold_reopened(episode, event); break;
    case STEPCARE_EVENT_POSSIBLE_DUPLICATE_FOUND:
        episode->duplicate_of = STEPCARE_GET(&event->record, linked_to, 0);
        break;
    case STEPCARE_EVENT_DUPLICATE_JUDGED: episode->duplicate_of = 0; break;
    case STEPCARE_EVENT_TRIAGE_RETRIED: fold_retried(episode, event); break;
    default: break; /* notes change nothing but the history; tier and pathway events have no episode */
    }
}

void fold_event(struct episode *episode, const struct event *event)
{
    must(event->episode_id != 0);
    must(event->type > STEPCARE_EVENT_NONE);
    must(event->type < STEPCARE_EVENT_COUNT);
    must(event->sequence > episode->sequence);
    fold_step(episode, event);
    episode->sequence = event->sequence;
    episode->history_count++;
}
