/* The fold: one small function an event; those of treatment are in fold_treatment.c. See fold.h. */
#include "router/care/fold_internal.h"

#include "base/must.h"

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
    fold_placement_set(episode, record);
    fold_holds_set(episode, record);
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

static void back_to_waiting(struct episode *episode, const struct event *event)
{
    fold_lease_end(episode);
    fold_handover_end(episode);
    episode->state = STEPCARE_STATE_WAITING;
    episode->owner.bytes = 0;
    episode->action = STEPCARE_ACTION_NONE;
    episode->review_pending = STEPCARE_KIND_NONE;
    episode->opt_in_due = 0;
    fold_placement_set(episode, &event->record);
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
    fold_lease_end(episode);
    fold_handover_end(episode);
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
        fold_holds_set(episode, record);
        return;
    }
    fold_lease_end(episode);
    episode->state = STEPCARE_STATE_RECEIVED;
    episode->next_due = event->at;
    episode->holds = 0;
    episode->triage_failures = 0;
}

static void fold_reopened(struct episode *episode, const struct event *event)
{
    episode->end_code = 0;
    episode->closed_at = 0;
    back_to_waiting(episode, event);
}

static void fold_hold_added(struct episode *episode, const struct event *event)
{
    fold_holds_set(episode, &event->record);
}

static void fold_retried(struct episode *episode, const struct event *event)
{
    fold_lease_end(episode);
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
    case STEPCARE_EVENT_CLAIM_EXPIRED: fold_lease_end(episode); break;
    case STEPCARE_EVENT_CLAIM_ACCEPTED: fold_claim_accepted(episode, event); break;
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
