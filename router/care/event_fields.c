/* The table of events' fields. See event_fields.h. */
#include "router/care/event_fields.h"

#include "base/must.h"
#include "proto/record_fields.h"

enum { REQUIRED_MAX = 12, ALLOWED_MAX = 16 };

/* Zero ends a list: no field has key 0. */
struct event_row {
    uint8_t type; /* its own number: a type without a row is then found out */
    uint8_t required[REQUIRED_MAX + 1];
    uint8_t allowed[ALLOWED_MAX + 1];
};

#define F(field) STEPCARE_FIELD_##field
#define NEEDS(...) .required = {__VA_ARGS__}
#define MAY(...) .allowed = {__VA_ARGS__}
#define ROW(NAME, ...) [STEPCARE_EVENT_##NAME] = {.type = STEPCARE_EVENT_##NAME, __VA_ARGS__}
#define PLACED F(tier), F(urgency), F(due)
#define WHY F(reason), F(note)
#define NEXT F(next_action), F(due)
#define HELD F(holds), F(hold_dues)
#define BY_PATHWAY F(pathway), F(pathway_hash)
#define RECOMMENDED F(recommended_tier), F(recommended_service), F(recommended_urgency)
#define SCORES                                                                                                         \
    F(phq_9), F(gad_7), F(rmdq), F(nrs), F(phq_9_item_9), F(start_back_now), F(treatment_outcome), F(red_flags)
#define REFERRAL_BASELINES F(phq_9_baseline), F(gad_7_baseline)
#define BASELINES REFERRAL_BASELINES, F(rmdq_baseline), F(nrs_baseline)

static const struct event_row rows[STEPCARE_EVENT_COUNT] = {
    ROW(REFERRAL_RECEIVED,
        NEEDS(F(organisation), F(message_id), F(referred_at), F(source), F(preferences), F(referral)),
        MAY(F(reference), F(nhs_number_unverified), REFERRAL_BASELINES)),
    ROW(REFERRAL_TRIAGED, NEEDS(PLACED, HELD),
        MAY(F(service), F(target_days), F(rule), F(codes), F(parallel), RECOMMENDED, BY_PATHWAY, F(advice))),
    ROW(TRIAGE_FAILED, NEEDS(PLACED, F(codes), F(attempts)), MAY(F(service), F(problem))),
    /* as the parallel offer's first event; on its lead it is a note, below */
    ROW(EPISODE_LINKED, NEEDS(F(linked_to), F(organisation), F(referred_at), F(source), F(preferences), PLACED, HELD),
        MAY(F(service), F(rule), F(codes), F(pathway), REFERRAL_BASELINES)),
    ROW(CLAIMED, NEEDS(F(token), F(lease_expires), F(tier)), MAY(F(request_key))),
    ROW(CLAIM_RENEWED, NEEDS(F(token), F(lease_expires))),
    ROW(CLAIM_RELEASED, NEEDS(F(token), F(reason)), MAY(F(note))),
    ROW(CLAIM_EXPIRED, NEEDS(F(token), F(practitioner))),
    ROW(CLAIM_ACCEPTED, NEEDS(F(tier), F(token), NEXT), MAY(F(site))),
    ROW(REFERRAL_DECLINED, NEEDS(F(reason), PLACED, F(from_tier), F(to_tier)), MAY(F(note), F(service))),
    ROW(HOLD_RELEASED, NEEDS(F(hold), F(reason)), MAY(F(note))),
    ROW(ASSIGNED, NEEDS(F(reason), PLACED), MAY(F(note), F(service), F(from_tier))),
    ROW(CLOSED, NEEDS(F(end_code)), MAY(F(end_text), WHY)),
    ROW(CANCELLED, NEEDS(F(end_code), F(reason)), MAY(F(end_text), F(note))),
    ROW(INFORMATION_ADDED, NEEDS(F(referral), F(preferences)),
        MAY(F(changed), WHY, REFERRAL_BASELINES, F(holds_released), F(state), HELD)),
    ROW(CONTACT_RECORDED, NEEDS(F(contact_outcome), NEXT),
        MAY(WHY, F(channel), F(attempts), F(contact_channels), F(attempt_days), F(non_attendances), F(slot_released),
            F(problem))),
    ROW(OPT_IN_LETTER_SENT, NEEDS(NEXT), MAY(WHY)),
    ROW(HANDED_BACK, NEEDS(F(end_code)), MAY(F(end_text))),
    ROW(REVIEW_RECORDED, NEEDS(F(kind), F(tier), F(week), F(contact), F(max_contacts), NEXT),
        MAY(F(service), SCORES, BASELINES, WHY)),
    ROW(REVIEW_RECOMMENDED, NEEDS(F(action), NEXT),
        MAY(F(to_tier), F(to_service), F(urgency), F(rule), F(codes), BY_PATHWAY, HELD)),
    ROW(RECOMMENDATION_CONFIRMED, NEEDS(F(action), NEXT), MAY(WHY, F(override_taken))),
    ROW(RECOMMENDATION_OVERRIDDEN, NEEDS(F(action), NEXT), MAY(WHY, F(override_taken))),
    ROW(HANDOVER_PROPOSED, NEEDS(F(action), F(from_tier), F(to_tier), F(urgency), F(due)), MAY(F(to_service), WHY)),
    ROW(HANDOVER_ACCEPTED, NEEDS(F(tier), F(urgency), NEXT, F(target_due), F(from_tier), F(practitioner), F(token)),
        MAY(F(service))),
    ROW(HANDOVER_DECLINED, NEEDS(F(reason), F(from_tier), F(to_tier), NEXT), MAY(F(note), F(handover))),
    ROW(HANDOVER_OVERDUE, NEEDS(F(to_tier), F(due))),
    ROW(NOTE_ADDED, NEEDS(F(note)), MAY(F(reason))),
    ROW(REOPENED, NEEDS(F(reason), PLACED), MAY(F(note), F(service))),
    ROW(POSSIBLE_DUPLICATE_FOUND, NEEDS(F(linked_to))),
    ROW(TRIAGE_RETRIED, NEEDS(0)),
    ROW(TIER_PAUSED, NEEDS(F(tier)), MAY(WHY)),
    ROW(TIER_RESUMED, NEEDS(F(tier)), MAY(WHY)),
    ROW(REVIEW_FAILED, NEEDS(F(action), NEXT), MAY(F(problem))),
    ROW(HOLD_ADDED, NEEDS(HELD)), /* nothing decides it, but ledgers may hold it */
    ROW(PATHWAY_ADOPTED, NEEDS(F(pathway)), MAY(F(pathway_hash))),
    ROW(DUPLICATE_JUDGED, NEEDS(F(linked_to), F(reason)), MAY(F(note))),
};

/* On the lead, EPISODE_LINKED only notes the offer: to_tier tells the two apart. */
static const struct event_row noted = {.type = STEPCARE_EVENT_EPISODE_LINKED, NEEDS(F(linked_to), F(to_tier))};

static const struct event_row *row_of(const struct event *event)
{
    must(event->type > STEPCARE_EVENT_NONE);
    must(event->type < STEPCARE_EVENT_COUNT);
    if (event->type == STEPCARE_EVENT_EPISODE_LINKED && STEPCARE_HAS(&event->record, to_tier)) return &noted;
    must(rows[event->type].type == event->type);
    return &rows[event->type];
}

const char *event_field_missing(const struct event *event)
{
    for (const uint8_t *field = row_of(event)->required; *field != 0; field++)
        if (!stepcare_record_has(&event->record, *field)) return record_fields[*field].name;
    return NULL;
}

static void fields_clear(uint64_t present[2], const uint8_t *fields)
{
    for (; *fields != 0; fields++) present[*fields / 64] &= ~(UINT64_C(1) << (*fields % 64));
}

const char *event_field_surplus(const struct event *event)
{
    const struct event_row *const row = row_of(event);
    uint64_t left[2] = {event->record.present[0], event->record.present[1]};
    fields_clear(left, row->required);
    fields_clear(left, row->allowed);
    if ((left[0] | left[1]) == 0) return NULL; /* on every command's way */
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++)
        if ((left[key / 64] >> (key % 64) & 1U) != 0) return record_fields[key].name;
    return NULL;
}
