/* The front of decide: which function decides a verb, the transition table before it, and what the deciders share. */
#include "router/care/decide_internal.h"

#include "router/care/transition.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static const struct {
    uint8_t verb;
    decide_verb decide;
} deciders[] = {
    {WIRE_SUBMIT, decide_submit},
    {WIRE_RESULT, decide_result},
    {WIRE_CLAIM, decide_claim},
    {WIRE_RENEW, decide_renew},
    {WIRE_ACCEPT, decide_accept},
    {WIRE_RELEASE, decide_release},
    {WIRE_DECLINE, decide_decline},
    {WIRE_CONTACT, decide_contact},
    {WIRE_REVIEW, decide_review},
    {WIRE_STEP_UP, decide_step},
    {WIRE_STEP_DOWN, decide_step},
    {WIRE_DISCHARGE, decide_discharge},
    {WIRE_CANCEL, decide_cancel},
    {WIRE_INFORM, decide_inform},
    {WIRE_HOLD_RELEASE, decide_hold_release},
    {WIRE_ASSIGN, decide_assign},
    {WIRE_RETRY, decide_retry},
    {WIRE_PAUSE, decide_pause},
    {WIRE_RESUME, decide_pause},
    {WIRE_NOTE, decide_note},
    {WIRE_REOPEN, decide_reopen},
    {WIRE_CONFIRM, decide_confirm},
    {WIRE_JUDGE, decide_judge},
    {OWN_JOB_FAILED, decide_job_failed},
    {OWN_LEASE_EXPIRED, decide_lease_expired},
    {OWN_HANDOVER_OVERDUE, decide_handover_overdue},
    {OWN_OPT_IN_ENDED, decide_opt_in_ended},
};

void decide(const struct view *view, const struct command *command, int64_t now, struct decision *out_decision)
{
    out_decision->error = STEPCARE_OK;
    out_decision->problem[0] = '\0';
    out_decision->outcome = STEPCARE_OUTCOME_NONE;
    out_decision->event_count = 0;
    out_decision->errors.count = out_decision->errors.dropped = 0;
    out_decision->subject_id = view->has_episode ? view->episode.id : 0;
    const bool about_one = STEPCARE_HAS(command->record, referral_id);
    if (about_one && !view->has_episode) {
        decision_refuse(out_decision, STEPCARE_NOT_FOUND,
                        "There is no referral with this id. Check it against the letter or message it came from.");
        return;
    }
    if (about_one && !transition_allowed(command->verb, view->episode.state)) {
        decision_refuse(out_decision, STEPCARE_WRONG_STATE, "The referral is %s, which does not allow this: %s.",
                        stepcare_code_name(&stepcare_states, view->episode.state),
                        transition_instead(command->verb, view->episode.state));
        return;
    }
    for (unsigned i = 0; i < sizeof deciders / sizeof deciders[0]; i++) {
        if (deciders[i].verb != command->verb) continue;
        deciders[i].decide(view, command, now, out_decision);
        return;
    }
    decision_refuse(out_decision, STEPCARE_UNKNOWN_VERB, "The router does not know the verb %u.", command->verb);
}

struct event *decision_event(struct decision *decision, const struct view *view, const struct command *command,
                             int64_t now, enum stepcare_event_type type)
{
    assert(decision->event_count < DECISION_EVENTS_MAX);
    struct event *event = &decision->events[decision->event_count];
    event->sequence = view->next_sequence + decision->event_count++;
    event->episode_id = view->has_episode ? view->episode.id : event->sequence;
    event->at = now;
    event->type = type;
    event->by = command->caller->name;
    stepcare_record_init(&event->record);
    return event;
}

void decision_refuse(struct decision *decision, int error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(decision->problem, sizeof decision->problem, format, arguments);
    va_end(arguments);
    decision->error = error;
    decision->event_count = 0;
}

void decision_invalid(struct decision *decision, const char *field, const char *format, ...)
{
    char sentence[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    stepcare_field_errors_add(&decision->errors, field, "%s", sentence);
    decision_refuse(decision, STEPCARE_INVALID, "%s: %s", field, sentence);
}

bool decide_guard_owner(const struct view *view, const struct command *command, struct decision *decision)
{
    const struct episode *episode = &view->episode;
    if (stepcare_text_equal(episode_text(&episode->owner), command->caller->name)) return true;
    decision_refuse(decision, STEPCARE_NOT_HOLDER,
                    "The referral is in treatment with %.*s, not with you: ask them, or let the triage lead move it.",
                    (int)episode->owner.bytes, episode->owner.data);
    return false;
}

bool decide_guard_reason(const struct view *view, const struct command *command, struct decision *decision)
{
    const struct stepcare_record *record = command->record;
    if (!STEPCARE_HAS(record, reason) || !pathway_reason_known(view->pathway, record->reason)) {
        char known[sizeof decision->problem - 64] = "";
        for (unsigned i = 0; pathway_reason_at(view->pathway, i) != NULL; i++) {
            const size_t used = strlen(known);
            snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                     pathway_reason_at(view->pathway, i));
        }
        decision_invalid(decision, "reason", "must be one of the pathway's reasons");
        decision_refuse(decision, STEPCARE_INVALID, "reason: must be one of %s", known);
        return false;
    }
    if (pathway_reason_needs_note(view->pathway, record->reason) &&
        (!STEPCARE_HAS(record, note) || record->note.bytes == 0)) {
        decision_invalid(decision, "note", "the reason %.*s needs a note that says what it was",
                         (int)record->reason.bytes, record->reason.data);
        return false;
    }
    return true;
}

bool decide_guard_placement(const struct view *view, const struct command *command, uint32_t allowed_tiers,
                            struct decision *decision)
{
    const struct stepcare_record *record = command->record;
    const uint8_t tier = STEPCARE_GET(record, to_tier, STEPCARE_TIER_NONE),
                  service = STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE);
    (void)view;
    if (tier == STEPCARE_TIER_NONE || (STEPCARE_BIT(tier) & allowed_tiers) == 0) {
        decision_invalid(decision, "to_tier", "this tier cannot be chosen here");
        return false;
    }
    if (tier == STEPCARE_TIER_SECONDARY_CARE && service == STEPCARE_SERVICE_NONE) {
        decision_invalid(decision, "to_service",
                         "secondary care needs a service: rheumatology, spinal, pain, suspected_cancer or paediatrics");
        return false;
    }
    if (tier != STEPCARE_TIER_SECONDARY_CARE && service != STEPCARE_SERVICE_NONE) {
        decision_invalid(decision, "to_service", "only secondary care has services");
        return false;
    }
    return true;
}

int64_t due_of(const struct view *view, struct stepcare_placement placement, int64_t referred_at)
{
    return referred_at + (int64_t)pathway_target_days(view->pathway, placement) * DAY_MS;
}

void event_place(struct event *event, const struct view *view, struct stepcare_placement placement, int64_t referred_at)
{
    STEPCARE_SET(&event->record, tier, (uint8_t)placement.tier);
    if (placement.service != STEPCARE_SERVICE_NONE) STEPCARE_SET(&event->record, service, (uint8_t)placement.service);
    STEPCARE_SET(&event->record, urgency, (uint8_t)placement.urgency);
    STEPCARE_SET(&event->record, due, due_of(view, placement, referred_at));
}

void event_holds(struct event *event, const struct view *view, uint32_t holds, int64_t now)
{
    const struct stepcare_limits_table *limits = pathway_limits(view->pathway);
    STEPCARE_SET(&event->record, holds, holds);
    struct stepcare_time_list dues = {0};
    if (holds != 0) dues.count = STEPCARE_HOLD_COUNT - 1;
    for (unsigned hold = 1; hold < STEPCARE_HOLD_COUNT; hold++) {
        if ((holds & STEPCARE_BIT(hold)) == 0) continue;
        const int64_t before = view->has_episode ? episode_hold_due(&view->episode, hold) : 0;
        dues.items[hold - 1] =
            before != 0 ? before
                        : calendar_working_day_end(&view->config->calendar, now, limits->hold_working_days[hold]);
    }
    STEPCARE_SET(&event->record, hold_dues, dues);
}

struct event *decision_close(struct decision *decision, const struct view *view, const struct command *command,
                             int64_t now, unsigned end_code)
{
    struct event *event = decision_event(decision, view, command, now, STEPCARE_EVENT_CLOSED);
    const char *text = pathway_end_code_text(view->pathway, end_code);
    STEPCARE_SET(&event->record, end_code, end_code);
    if (text != NULL) STEPCARE_SET(&event->record, end_text, stepcare_text_of(text));
    return event;
}

void event_reason(struct event *event, const struct command *command)
{
    if (STEPCARE_HAS(command->record, reason)) STEPCARE_SET(&event->record, reason, command->record->reason);
    if (STEPCARE_HAS(command->record, note)) STEPCARE_SET(&event->record, note, command->record->note);
}
