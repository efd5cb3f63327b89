/* Contacts and the three-attempts rule. Source: config/pathway.yaml, contact limits. */
#include "base/must.h"
#include "base/time_units.h"
#include "router/care/decide_verbs.h"
#include "router/care/event_of.h"
#include "router/care/guards.h"

/* The attempts that count: on different days, the last few, all within the window. */
struct attempts {
    unsigned count;
    uint32_t channels; /* of all of them, and of this contact */
    struct episode_attempt days[EPISODE_ATTEMPTS_MAX];
};

/* Only the last few are kept: older ones make room. */
static void attempts_add(struct attempts *attempts, struct episode_attempt attempt)
{
    if (attempts->count == EPISODE_ATTEMPTS_MAX)
        memmove(attempts->days, attempts->days + 1, --attempts->count * sizeof attempts->days[0]);
    must(attempts->count < EPISODE_ATTEMPTS_MAX);
    attempts->days[attempts->count++] = attempt;
}

static struct attempts attempts_with(const struct deciding *deciding, uint8_t channel)
{
    const struct episode *episode = &deciding->view->episode;
    const struct calendar *calendar = &deciding->view->config->calendar;
    const unsigned window = limits_of(deciding)->contact_window_working_days;
    const int32_t today = calendar_london_day(deciding->now);
    struct attempts attempts = {0};
    bool counted_today = false;
    for (unsigned i = 0; i < EPISODE_ATTEMPTS_MAX; i++) {
        const struct episode_attempt before = episode->attempts[i];
        if (before.at == 0 || calendar_working_days_between(calendar, before.at, deciding->now) > window) continue;
        attempts_add(&attempts, before);
        counted_today = counted_today || calendar_london_day(before.at) == today;
    }
    if (!counted_today) attempts_add(&attempts, (struct episode_attempt){deciding->now, 0});
    for (unsigned i = 0; i < attempts.count; i++) attempts.channels |= attempts.days[i].channels;
    if (channel != STEPCARE_CHANNEL_NONE) attempts.channels |= STEPCARE_BIT(channel);
    return attempts;
}

static void attempts_fill(struct event *event, const struct attempts *attempts)
{
    struct stepcare_time_list days = {.count = (uint8_t)attempts->count};
    _Static_assert(sizeof days.items / sizeof days.items[0] >= EPISODE_ATTEMPTS_MAX, "a date for every attempt");
    for (unsigned i = 0; i < attempts->count; i++) days.items[i] = attempts->days[i].at;
    STEPCARE_SET(&event->record, attempts, attempts->count);
    STEPCARE_SET(&event->record, contact_channels, attempts->channels);
    STEPCARE_SET(&event->record, attempt_days, days);
}

static void contact_attended(const struct deciding *deciding, struct event *event)
{
    const struct attempts none = {0};
    attempts_fill(event, &none);
    const int64_t days = limits_of(deciding)->review_every_days[deciding->view->episode.tier];
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_REVIEW);
    STEPCARE_SET(&event->record, due, deciding->now + (days > 0 ? days : 7) * DAY_MS);
}

static void contact_missed(const struct deciding *deciding, struct event *event)
{
    const struct stepcare_limits_table *limits = limits_of(deciding);
    /* Only a telephone can go unanswered; for other outcomes a channel counts only where it is said. */
    const bool no_answer = deciding->command->record->contact_outcome == STEPCARE_CONTACT_NO_ANSWER;
    const uint8_t channel = STEPCARE_GET(deciding->command->record, channel,
                                         no_answer ? STEPCARE_CHANNEL_TELEPHONE : STEPCARE_CHANNEL_NONE);
    const struct attempts attempts = attempts_with(deciding, channel);
    attempts_fill(event, &attempts);
    if (channel != STEPCARE_CHANNEL_NONE) STEPCARE_SET(&event->record, channel, channel);
    const bool exhausted = attempts.count >= limits->contact_attempts &&
                           (unsigned)__builtin_popcount(attempts.channels) >= limits->contact_channels;
    /* Exhausted: the opt-in letter is next. Otherwise another attempt, on another day. */
    STEPCARE_SET(&event->record, next_action, exhausted ? STEPCARE_NEXT_OPT_IN : STEPCARE_NEXT_CONTACT);
    STEPCARE_SET(&event->record, due, working_day_end(deciding, 1));
    if (deciding->command->record->contact_outcome != STEPCARE_CONTACT_DID_NOT_ATTEND) return;
    const unsigned missed = deciding->view->episode.non_attendances + 1U;
    STEPCARE_SET(&event->record, non_attendances, missed);
    if (missed >= limits->non_attendances_to_release) STEPCARE_SET(&event->record, slot_released, true);
}

static bool letter_allowed(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const struct stepcare_limits_table *limits = limits_of(deciding);
    const unsigned channels = (unsigned)__builtin_popcount(episode->attempt_channels);
    if (episode->attempt_count >= limits->contact_attempts && channels >= limits->contact_channels) return true;
    decision_refuse(deciding, STEPCARE_WRONG_STATE,
                    "An opt-in letter follows %u attempts on different days by at least %u channels; so far there are "
                    "%u by %u: try again first.",
                    limits->contact_attempts, limits->contact_channels, episode->attempt_count, channels);
    return false;
}

static void opt_in_letter(const struct deciding *deciding)
{
    if (!guard_no_handover(deciding) || !letter_allowed(deciding)) return;
    struct event *event = event_add(deciding, STEPCARE_EVENT_OPT_IN_LETTER_SENT);
    event_set_reason(deciding, event);
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_OPT_IN);
    STEPCARE_SET(&event->record, due, deciding->now + (int64_t)limits_of(deciding)->opt_in_days * DAY_MS);
}

void decide_contact(const struct deciding *deciding)
{
    const uint8_t outcome = deciding->command->record->contact_outcome;
    if (!guard_owner(deciding)) return;
    if (outcome == STEPCARE_CONTACT_OPT_IN_LETTER) {
        opt_in_letter(deciding);
        return;
    }
    const bool attempt = outcome == STEPCARE_CONTACT_DID_NOT_ATTEND || outcome == STEPCARE_CONTACT_NO_ANSWER;
    struct event *event = event_add(deciding, STEPCARE_EVENT_CONTACT_RECORDED);
    event_set_reason(deciding, event);
    STEPCARE_SET(&event->record, contact_outcome, outcome);
    const uint8_t channel = STEPCARE_GET(deciding->command->record, channel, STEPCARE_CHANNEL_NONE);
    if (channel != STEPCARE_CHANNEL_NONE) STEPCARE_SET(&event->record, channel, channel);
    if (outcome == STEPCARE_CONTACT_ATTENDED) {
        contact_attended(deciding, event);
    } else if (attempt) {
        contact_missed(deciding, event);
    } else { /* cancelled by the patient or the service: no attempt, a new date is next */
        STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_CONTACT);
        STEPCARE_SET(&event->record, due, working_day_end(deciding, 2));
    }
}

/* No answer to the opt-in letter: back to the referrer, unless only a clinician may close it. */
void decide_opt_in_ended(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (episode->opt_in_due == 0 || episode->opt_in_due > deciding->now) return;
    const bool urgent = episode->urgency != STEPCARE_URGENCY_SOON && episode->urgency != STEPCARE_URGENCY_ROUTINE;
    if (urgent || (episode->holds & STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW)) != 0) {
        struct event *event = event_add(deciding, STEPCARE_EVENT_CONTACT_RECORDED);
        STEPCARE_SET(&event->record, contact_outcome, STEPCARE_CONTACT_NO_ANSWER);
        STEPCARE_SET(&event->record, channel, STEPCARE_CHANNEL_LETTER);
        STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_CLOSE);
        STEPCARE_SET(&event->record, due, working_day_end(deciding, 0));
        STEPCARE_SET(
            &event->record, problem,
            stepcare_text_of(
                "No answer to the opt-in letter. Urgent or safety-held: a clinician must decide what happens now."));
        return;
    }
    event_add_ending(deciding, STEPCARE_EVENT_HANDED_BACK, END_CODE_NO_CONTACT);
}
