/* Referrals coming in, and what triage says of them: submit, result, failed job, retry. */
#include "base/must.h"
#include "base/time_units.h"
#include "proto/record_copy.h"
#include "router/care/decide_verbs.h"
#include "router/care/event_of.h"

#define F(field) STEPCARE_FIELD_##field

enum { FUTURE_MS_MAX = DAY_MS }; /* a referral written over 24 h ahead of our clock is refused */

static void submit_check_clock(const struct deciding *deciding, const struct stepcare_referral *referral,
                               struct stepcare_field_errors *errors)
{
    if (referral->referred_at_ms > deciding->now + FUTURE_MS_MAX)
        stepcare_field_errors_add(errors, "referred_at", "is more than 24 hours in the future");
    if (deciding->view->config->nhs_number_reject && referral->nhs_number_unverified)
        stepcare_field_errors_add(errors, "patient.nhs_number", "the check digit is wrong");
}

static void received_fill(const struct deciding *deciding, struct event *event)
{
    const struct stepcare_referral *referral = deciding->command->referral;
    struct stepcare_record *record = &event->record;
    STEPCARE_SET(record, organisation, referral->organisation);
    STEPCARE_SET(record, message_id, referral->message_id);
    if (referral->reference.bytes > 0) STEPCARE_SET(record, reference, referral->reference);
    STEPCARE_SET(record, referred_at, referral->referred_at_ms);
    STEPCARE_SET(record, source, (uint8_t)referral->source);
    STEPCARE_SET(record, preferences, referral->preferences);
    event_set_baselines(deciding, event);
    if (referral->nhs_number_unverified) STEPCARE_SET(record, nhs_number_unverified, true);
    STEPCARE_SET(record, referral, deciding->command->referral_bytes);
}

static void submit_duplicate(const struct deciding *deciding)
{
    deciding->out->outcome = STEPCARE_OUTCOME_DUPLICATE;
    deciding->out->subject_id = deciding->view->message.episode_id;
    if (deciding->command->errors != NULL || !deciding->view->message_same)
        stepcare_field_errors_add(&deciding->out->errors, "message_id",
                                  "this id was used before with other content; the first referral stands");
}

void decide_submit(const struct deciding *deciding)
{
    if (deciding->view->has_message) {
        submit_duplicate(deciding);
        return;
    }
    must(deciding->command->errors != NULL || deciding->command->referral != NULL);
    if (deciding->command->errors != NULL)
        deciding->out->errors = *deciding->command->errors;
    else
        submit_check_clock(deciding, deciding->command->referral, &deciding->out->errors);
    if (deciding->out->errors.count > 0) {
        deciding->out->outcome = STEPCARE_OUTCOME_REJECTED;
        return;
    }
    if (deciding->view->store_full) {
        decision_refuse(deciding, STEPCARE_STORE_FULL,
                        "The store has no room for new referrals. Nothing was recorded: send it again later, or tell "
                        "the administrator.");
        return;
    }
    deciding->out->outcome = STEPCARE_OUTCOME_ACCEPTED;
    struct event *event = event_add(deciding, STEPCARE_EVENT_REFERRAL_RECEIVED);
    deciding->out->subject_id = event->episode_id = event->sequence;
    received_fill(deciding, event);
    event_add_duplicate(deciding, deciding->out->subject_id);
}

/* --- triage results --- */

static struct stepcare_placement placement_of(const struct stepcare_record *record)
{
    return (struct stepcare_placement){STEPCARE_GET(record, tier, STEPCARE_TIER_NONE),
                                       STEPCARE_GET(record, service, STEPCARE_SERVICE_NONE),
                                       STEPCARE_GET(record, urgency, STEPCARE_URGENCY_NONE)};
}

/* The target days travel with the result, since a worker may decide by a pathway that was adopted a moment ago. */
static void triaged_fill(const struct deciding *deciding, struct event *event, const struct stepcare_record *result,
                         uint32_t holds)
{
    static const uint8_t decided[] = {F(rule),
                                      F(codes),
                                      F(parallel),
                                      F(recommended_tier),
                                      F(recommended_service),
                                      F(recommended_urgency),
                                      F(pathway),
                                      F(pathway_hash),
                                      0};
    struct stepcare_record *record = &event->record;
    const struct stepcare_placement placement = placement_of(result);
    event_set_placement(deciding, event, placement, deciding->view->episode.referred_at);
    if (STEPCARE_HAS(result, target_days)) {
        STEPCARE_SET(record, target_days, result->target_days);
        record->due = deciding->view->episode.referred_at + (int64_t)result->target_days * DAY_MS;
    }
    record_copy(record, result, decided);
    event_set_holds(deciding, event, holds);
    const char *advice = pathway_advice_text(deciding->view->pathway, placement.tier);
    if (advice != NULL) STEPCARE_SET(record, advice, stepcare_text_of(advice));
}

/* A parallel offer: an episode of its own, with the same clock and holds, that knows its lead. */
static void parallel_open(const struct deciding *deciding, uint8_t tier, uint32_t holds)
{
    static const uint8_t decided[] = {F(rule), F(codes), F(pathway), 0};
    const struct episode *lead = &deciding->view->episode;
    const struct stepcare_placement placement = {tier, STEPCARE_SERVICE_NONE, STEPCARE_URGENCY_ROUTINE};
    struct event *opened = event_add(deciding, STEPCARE_EVENT_EPISODE_LINKED);
    struct stepcare_record *record = &opened->record;
    opened->episode_id = opened->sequence;
    STEPCARE_SET(record, linked_to, lead->id);
    STEPCARE_SET(record, organisation, episode_text(&lead->organisation));
    STEPCARE_SET(record, referred_at, lead->referred_at);
    STEPCARE_SET(record, source, lead->source);
    STEPCARE_SET(record, preferences, lead->preferences);
    if (lead->phq_9_baseline >= 0) STEPCARE_SET(record, phq_9_baseline, lead->phq_9_baseline);
    if (lead->gad_7_baseline >= 0) STEPCARE_SET(record, gad_7_baseline, lead->gad_7_baseline);
    event_set_placement(deciding, opened, placement, lead->referred_at);
    event_set_holds(deciding, opened, holds);
    record_copy(record, deciding->command->record, decided);
    const uint64_t opened_id = opened->sequence;
    struct event *noted = event_add(deciding, STEPCARE_EVENT_EPISODE_LINKED);
    STEPCARE_SET(&noted->record, linked_to, opened_id);
    STEPCARE_SET(&noted->record, to_tier, tier);
}

/* What a sound triage answer names; a worker's slip must not place a patient where no list shows them. */
static const char *result_unsound(const struct stepcare_record *result)
{
    enum { TARGET_DAYS_MAX = 3650 };
    const struct stepcare_placement placement = placement_of(result);
    if (placement.tier == STEPCARE_TIER_NONE || placement.urgency == STEPCARE_URGENCY_NONE)
        return "it names no tier or no urgency";
    if ((placement.tier == STEPCARE_TIER_SECONDARY_CARE) != (placement.service != STEPCARE_SERVICE_NONE))
        return "secondary care has services, and nothing else has";
    if (STEPCARE_GET(result, target_days, 0) > TARGET_DAYS_MAX) return "its target is years away";
    if ((STEPCARE_GET(result, parallel, 0) & STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE)) != 0)
        return "a parallel offer has no service";
    return NULL;
}

void decide_result(const struct deciding *deciding)
{
    const struct stepcare_record *result = deciding->command->record;
    must(deciding->command->job_kind < STEPCARE_KIND_COUNT);
    if (deciding->view->episode.sequence != deciding->command->job_sequence) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "The result is stale: the referral has changed since the job went out.");
        return;
    }
    if (deciding->command->job_kind != STEPCARE_KIND_TRIAGE) {
        decide_review_result(deciding);
        return;
    }
    if (deciding->view->episode.state != STEPCARE_STATE_RECEIVED) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE, "The referral is not waiting for triage.");
        return;
    }
    const char *unsound = result_unsound(result);
    if (unsound != NULL) {
        decision_refuse(deciding, STEPCARE_INVALID, "The worker's answer cannot be used: %s.", unsound);
        return;
    }
    /* What a person has released stays released; missing information is asked for anew. */
    const uint32_t asked_again = STEPCARE_BIT(STEPCARE_HOLD_INFORMATION_NEEDED);
    const uint32_t holds =
        STEPCARE_GET(result, holds, 0) & ~(uint32_t)(deciding->view->episode.holds_released & ~asked_again);
    struct event *event = event_add(deciding, STEPCARE_EVENT_REFERRAL_TRIAGED);
    triaged_fill(deciding, event, result, holds);
    const uint32_t parallel = STEPCARE_GET(result, parallel, 0);
    for (uint8_t tier = 1; tier < STEPCARE_TIER_COUNT && !deciding->view->has_linked; tier++)
        if (parallel & STEPCARE_BIT(tier)) parallel_open(deciding, tier, holds);
    if (result->tier == STEPCARE_TIER_GP_ADVICE && holds == 0)
        event_add_ending(deciding, STEPCARE_EVENT_CLOSED, END_CODE_GP_ADVICE);
}

/* A job that failed too often: a person decides. */
void decide_job_failed(const struct deciding *deciding)
{
    must(deciding->command->job_kind < STEPCARE_KIND_COUNT);
    const struct episode *episode = &deciding->view->episode;
    const bool triage = deciding->command->job_kind == STEPCARE_KIND_TRIAGE;
    /* It may have been cancelled, assigned or closed while the job was out. */
    if (triage ? episode->state != STEPCARE_STATE_RECEIVED : episode->review_pending != deciding->command->job_kind) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE, "The referral waits for no such job any more.");
        return;
    }
    if (!triage) {
        struct event *event = event_add(deciding, STEPCARE_EVENT_REVIEW_FAILED);
        STEPCARE_SET(&event->record, action, STEPCARE_ACTION_CLINICIAN_REVIEW);
        STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_DECIDE_RECOMMENDATION);
        STEPCARE_SET(&event->record, due, working_day_end(deciding, 1));
        if (STEPCARE_HAS(deciding->command->record, problem))
            STEPCARE_SET(&event->record, problem, deciding->command->record->problem);
        return;
    }
    const struct stepcare_placement placement = {STEPCARE_TIER_MANUAL_REVIEW, STEPCARE_SERVICE_NONE,
                                                 STEPCARE_URGENCY_ROUTINE};
    struct event *event = event_add(deciding, STEPCARE_EVENT_TRIAGE_FAILED);
    event_set_placement(deciding, event, placement, episode->referred_at);
    /* The target counts from now: what failed late must not come out overdue for no fault of the reviewer's. */
    event->record.due = due_compute(deciding, placement, deciding->now);
    struct stepcare_code_list codes = {.count = 1, .items = {stepcare_text_of("TRIAGE_FAILED")}};
    STEPCARE_SET(&event->record, codes, codes);
    STEPCARE_SET(&event->record, attempts, STEPCARE_GET(deciding->command->record, attempts, 1));
    if (STEPCARE_HAS(deciding->command->record, problem))
        STEPCARE_SET(&event->record, problem, deciding->command->record->problem);
}

void decide_retry(const struct deciding *deciding)
{
    if (deciding->view->episode.state == STEPCARE_STATE_WAITING && deciding->view->episode.triage_failures == 0) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "Triage has decided this referral: there is nothing to try again. The triage lead can `assign` "
                        "it elsewhere.");
        return;
    }
    event_add(deciding, STEPCARE_EVENT_TRIAGE_RETRIED);
}
