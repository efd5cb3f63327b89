/* The events of a decision. See event_of.h. */
#include "router/care/event_of.h"

#include "base/must.h"
#include "base/time_units.h"
#include "proto/record_copy.h"

struct event *event_add(const struct deciding *deciding, enum stepcare_event_type type)
{
    const struct view *const view = deciding->view;
    struct decision *const out = deciding->out;
    must(out->error == STEPCARE_OK);
    must(out->event_count < DECISION_EVENTS_MAX);
    must(type > STEPCARE_EVENT_NONE);
    must(type < STEPCARE_EVENT_COUNT);
    struct event *event = &out->events[out->event_count];
    event->sequence = view->next_sequence + out->event_count++;
    event->episode_id = view->has_episode ? view->episode.id : event->sequence;
    event->at = deciding->now;
    event->type = type;
    event->by = deciding->command->caller->name;
    stepcare_record_init(&event->record);
    return event;
}

struct event *event_add_ending(const struct deciding *deciding, enum stepcare_event_type type, unsigned end_code)
{
    must(end_code != 0);
    must(deciding->view->has_episode);
    struct event *event = event_add(deciding, type);
    const char *text = pathway_end_code_text(deciding->view->pathway, end_code);
    STEPCARE_SET(&event->record, end_code, end_code);
    if (text != NULL) STEPCARE_SET(&event->record, end_text, stepcare_text_of(text));
    return event;
}

void event_add_duplicate(const struct deciding *deciding, uint64_t episode_id)
{
    must(episode_id != 0);
    if (deciding->view->possible_duplicate == 0) return;
    struct event *event = event_add(deciding, STEPCARE_EVENT_POSSIBLE_DUPLICATE_FOUND);
    event->episode_id = episode_id;
    STEPCARE_SET(&event->record, linked_to, deciding->view->possible_duplicate);
}

int64_t due_compute(const struct deciding *deciding, struct stepcare_placement placement, int64_t from)
{
    return from + (int64_t)pathway_target_days(deciding->view->pathway, placement) * DAY_MS;
}

void event_set_placement(const struct deciding *deciding, struct event *event, struct stepcare_placement placement,
                         int64_t referred_at)
{
    must(placement.tier != STEPCARE_TIER_NONE);
    must(placement.tier < STEPCARE_TIER_COUNT);
    must(placement.service < STEPCARE_SERVICE_COUNT);
    must(placement.urgency < STEPCARE_URGENCY_COUNT);
    STEPCARE_SET(&event->record, tier, (uint8_t)placement.tier);
    if (placement.service != STEPCARE_SERVICE_NONE) STEPCARE_SET(&event->record, service, (uint8_t)placement.service);
    STEPCARE_SET(&event->record, urgency, (uint8_t)placement.urgency);
    STEPCARE_SET(&event->record, due, due_compute(deciding, placement, referred_at));
}

void event_set_holds(const struct deciding *deciding, struct event *event, uint32_t holds)
{
    STEPCARE_SET(&event->record, holds, holds);
    struct stepcare_time_list dues = {0};
    _Static_assert(sizeof dues.items / sizeof dues.items[0] >= EPISODE_HOLDS_MAX, "a date for every hold");
    if (holds != 0) dues.count = STEPCARE_HOLD_COUNT - 1;
    for (unsigned hold = 1; hold < STEPCARE_HOLD_COUNT; hold++) {
        if ((holds & STEPCARE_BIT(hold)) == 0) continue;
        const int64_t before = deciding->view->has_episode ? deciding->view->episode.hold_dues[hold - 1] : 0;
        dues.items[hold - 1] =
            before != 0 ? before : working_day_end(deciding, limits_of(deciding)->hold_working_days[hold]);
    }
    STEPCARE_SET(&event->record, hold_dues, dues);
}

void event_set_reason(const struct deciding *deciding, struct event *event)
{
    static const uint8_t words[] = {STEPCARE_FIELD_reason, STEPCARE_FIELD_note, 0};
    record_copy(&event->record, deciding->command->record, words);
}

void event_set_baselines(const struct deciding *deciding, struct event *event)
{
    const struct stepcare_referral *const referral = deciding->command->referral;
    struct stepcare_record *const record = &event->record;
    const int phq_9 = pathway_phq_9_total(deciding->view->pathway, &referral->instruments);
    const int gad_7 = pathway_gad_7_total(deciding->view->pathway, &referral->instruments);
    if (phq_9 >= 0) STEPCARE_SET(record, phq_9_baseline, phq_9);
    if (gad_7 >= 0) STEPCARE_SET(record, gad_7_baseline, gad_7);
}
