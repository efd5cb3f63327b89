/* Contacts and the three-attempts rule. Source: config/pathway.yaml, contact limits [D]. */
#include "router/care/decide_internal.h"

#include <stdio.h>

/* The attempts that count: on different days, the last few, all within the window. */
struct attempts {
    unsigned count;
    uint32_t channels;
    int64_t at[EPISODE_ATTEMPTS_MAX];
};

static struct attempts attempts_with(const struct view *view, uint8_t channel, int64_t now)
{
    const struct episode *episode = &view->episode;
    const struct stepcare_limits_table *limits = pathway_limits(view->pathway);
    const struct calendar *calendar = &view->config->calendar;
    struct attempts attempts = {0};
    const int32_t today = calendar_london_day(now);
    uint8_t channels[EPISODE_ATTEMPTS_MAX] = {0};
    bool counted_today = false;
    for (unsigned i = 0; i < EPISODE_ATTEMPTS_MAX; i++) {
        const struct episode_attempt before = episode_attempt(episode, i);
        if (before.at == 0 ||
            calendar_working_days_between(calendar, before.at, now) > limits->contact_window_working_days)
            continue;
        channels[attempts.count] = before.channels;
        attempts.at[attempts.count++] = before.at;
        counted_today = counted_today || calendar_london_day(before.at) == today;
    }
    if (!counted_today) {
        /* Only the last few are kept: older ones make room. */
        if (attempts.count == EPISODE_ATTEMPTS_MAX) {
            memmove(attempts.at, attempts.at + 1, sizeof attempts.at - sizeof attempts.at[0]);
            memmove(channels, channels + 1, sizeof channels - sizeof channels[0]);
            channels[--attempts.count] = 0;
        }
        attempts.at[attempts.count++] = now;
    }
    for (unsigned i = 0; i < attempts.count; i++) attempts.channels |= channels[i];
    if (channel != STEPCARE_CHANNEL_NONE) attempts.channels |= STEPCARE_BIT(channel);
    return attempts;
}

static void attempts_fill(struct event *event, const struct attempts *attempts)
{
    struct stepcare_time_list days = {.count = (uint8_t)attempts->count};
    memcpy(days.items, attempts->at, sizeof attempts->at);
    STEPCARE_SET(&event->record, attempts, attempts->count);
    STEPCARE_SET(&event->record, contact_channels, attempts->channels);
    STEPCARE_SET(&event->record, attempt_days, days);
}

static void contact_attended(const struct view *view, struct event *event, int64_t now)
{
    const struct attempts none = {0};
    attempts_fill(event, &none);
    const int64_t days = pathway_limits(view->pathway)->review_every_days[view->episode.tier];
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_REVIEW);
    STEPCARE_SET(&event->record, due, now + (days > 0 ? days : 7) * DAY_MS);
}

static void contact_missed(const struct view *view, const struct command *command, struct event *event, int64_t now)
{
    const struct stepcare_limits_table *limits = pathway_limits(view->pathway);
    /* Nobody answers but a telephone; for other outcomes a channel counts only where it is said. */
    const bool no_answer = command->record->contact_outcome == STEPCARE_CONTACT_NO_ANSWER;
    const uint8_t channel =
        STEPCARE_GET(command->record, channel, no_answer ? STEPCARE_CHANNEL_TELEPHONE : STEPCARE_CHANNEL_NONE);
    const struct attempts attempts = attempts_with(view, channel, now);
    attempts_fill(event, &attempts);
    if (channel != STEPCARE_CHANNEL_NONE) STEPCARE_SET(&event->record, channel, channel);
    const bool exhausted = attempts.count >= limits->contact_attempts &&
                           (unsigned)__builtin_popcount(attempts.channels) >= limits->contact_channels;
    /* Exhausted: the opt-in letter is next. Otherwise another attempt, on another day. */
    STEPCARE_SET(&event->record, next_action, exhausted ? STEPCARE_NEXT_OPT_IN : STEPCARE_NEXT_CONTACT);
    STEPCARE_SET(&event->record, due, calendar_working_day_end(&view->config->calendar, now, 1));
    if (command->record->contact_outcome != STEPCARE_CONTACT_DID_NOT_ATTEND) return;
    const unsigned missed = view->episode.non_attendances + 1U;
    STEPCARE_SET(&event->record, non_attendances, missed);
    if (missed >= limits->non_attendances_to_release) STEPCARE_SET(&event->record, slot_released, true);
}

static bool letter_allowed(const struct view *view, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const struct stepcare_limits_table *limits = pathway_limits(view->pathway);
    const unsigned channels = (unsigned)__builtin_popcount(episode->attempts_channels);
    if (episode->attempts >= limits->contact_attempts && channels >= limits->contact_channels) return true;
    decision_refuse(out, STEPCARE_WRONG_STATE,
                    "An opt-in letter follows %u attempts on different days by at least %u channels; so far there are "
                    "%u by %u: try again first.",
                    limits->contact_attempts, limits->contact_channels, episode->attempts, channels);
    return false;
}

static void opt_in_letter(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    if (!decide_guard_no_handover(view, out) || !letter_allowed(view, out)) return;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_OPT_IN_LETTER_SENT);
    event_reason(event, command);
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_OPT_IN);
    STEPCARE_SET(&event->record, due, now + (int64_t)pathway_limits(view->pathway)->opt_in_days * DAY_MS);
}

void decide_contact(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const uint8_t outcome = command->record->contact_outcome;
    if (!decide_guard_owner(view, command, out)) return;
    if (outcome == STEPCARE_CONTACT_OPT_IN_LETTER) {
        opt_in_letter(view, command, now, out);
        return;
    }
    const bool attempt = outcome == STEPCARE_CONTACT_DID_NOT_ATTEND || outcome == STEPCARE_CONTACT_NO_ANSWER;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CONTACT_RECORDED);
    event_reason(event, command);
    STEPCARE_SET(&event->record, contact_outcome, outcome);
    const uint8_t channel = STEPCARE_GET(command->record, channel, STEPCARE_CHANNEL_NONE);
    if (channel != STEPCARE_CHANNEL_NONE) STEPCARE_SET(&event->record, channel, channel);
    if (outcome == STEPCARE_CONTACT_ATTENDED) {
        contact_attended(view, event, now);
    } else if (attempt) {
        contact_missed(view, command, event, now);
    } else { /* cancelled by the patient or the service: no attempt, a new date is next */
        STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_CONTACT);
        STEPCARE_SET(&event->record, due, calendar_working_day_end(&view->config->calendar, now, 2));
    }
}

/* No answer to the opt-in letter: back to the referrer, unless only a clinician may close it. */
void decide_opt_in_ended(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    if (episode->opt_in_due == 0 || episode->opt_in_due > now) return;
    const bool urgent = episode->urgency != STEPCARE_URGENCY_SOON && episode->urgency != STEPCARE_URGENCY_ROUTINE;
    if (urgent || (episode->holds & STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW)) != 0) {
        struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_CONTACT_RECORDED);
        STEPCARE_SET(&event->record, contact_outcome, STEPCARE_CONTACT_NO_ANSWER);
        STEPCARE_SET(&event->record, channel, STEPCARE_CHANNEL_LETTER);
        STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_CLOSE);
        STEPCARE_SET(&event->record, due, calendar_working_day_end(&view->config->calendar, now, 0));
        STEPCARE_SET(
            &event->record, problem,
            stepcare_text_of(
                "No answer to the opt-in letter. Urgent or safety-held: a clinician must decide what happens now."));
        return;
    }
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_HANDED_BACK);
    const char *text = pathway_end_code_text(view->pathway, END_CODE_NO_CONTACT);
    STEPCARE_SET(&event->record, end_code, END_CODE_NO_CONTACT);
    if (text != NULL) STEPCARE_SET(&event->record, end_text, stepcare_text_of(text));
}
