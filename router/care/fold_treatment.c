/* What the events of treatment do to an episode: it begins, contacts, reviews, hand-overs. Called by fold.c. */
#include "router/care/fold_internal.h"

#include "base/must.h"

void fold_claim_accepted(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    fold_lease_end(episode);
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

void fold_contact(struct episode *episode, const struct event *event)
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

void fold_opt_in(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
    SET_IF_GIVEN(opt_in_due, due);
}

void fold_review_recorded(struct episode *episode, const struct event *event)
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

void fold_review_recommended(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->review_pending = STEPCARE_KIND_NONE;
    SET_IF_GIVEN(action, action);
    episode->action_tier = STEPCARE_GET(record, to_tier, 0);
    episode->action_service = STEPCARE_GET(record, to_service, 0);
    episode->action_urgency = STEPCARE_GET(record, urgency, 0);
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
    fold_holds_set(episode, record);
}

void fold_recommendation_decided(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->action = STEPCARE_ACTION_NONE;
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
}

void fold_handover_proposed(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->handover = STEPCARE_HANDOVER_PROPOSED;
    SET_IF_GIVEN(to_tier, to_tier);
    episode->to_service = STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE);
    SET_IF_GIVEN(to_urgency, urgency);
    SET_IF_GIVEN(handover_due, due);
    episode->opt_in_due = 0; /* not handed back while another tier is asked */
}

void fold_handover_accepted(struct episode *episode, const struct event *event)
{
    const int64_t target = STEPCARE_GET(&event->record, target_due, episode->due);
    fold_claim_accepted(episode, event);
    fold_handover_end(episode);
    episode->handover = STEPCARE_HANDOVER_ACCEPTED;
    episode->tier = STEPCARE_GET(&event->record, tier, episode->tier);
    episode->service = STEPCARE_GET(&event->record, service, STEPCARE_SERVICE_NONE);
    episode->urgency = STEPCARE_GET(&event->record, urgency, episode->urgency);
    episode->due = target;
    episode->declines = episode->handover_declines = 0;
}

/* Back to the sender at once; after the second decline the event says overdue: the triage lead decides. */
void fold_handover_declined(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    fold_lease_end(episode);
    episode->handover_declines = (uint8_t)(episode->handover_declines + 1);
    const uint8_t declines = episode->handover_declines;
    if (STEPCARE_GET(record, handover, STEPCARE_HANDOVER_NONE) == STEPCARE_HANDOVER_OVERDUE) {
        episode->handover = STEPCARE_HANDOVER_OVERDUE;
        SET_IF_GIVEN(handover_due, due);
        return;
    }
    fold_handover_end(episode);
    episode->handover_declines = declines;
    SET_IF_GIVEN(next_action, next_action);
    SET_IF_GIVEN(next_due, due);
}

void fold_handover_overdue(struct episode *episode, const struct event *event)
{
    const struct stepcare_record *record = &event->record;
    episode->handover = STEPCARE_HANDOVER_OVERDUE;
    SET_IF_GIVEN(handover_due, due);
}
