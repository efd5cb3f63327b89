/* Referrals coming in, and what triage says of them: submit, result, failed job, added information, retry. */
#include "router/care/decide_internal.h"

#include "proto/record_copy.h"

#define F(field) STEPCARE_FIELD_##field

enum { FUTURE_MS_MAX = DAY_MS }; /* a referral written over 24 h ahead of our clock is refused */

static void submit_check_clock(const struct view *view, const struct stepcare_referral *referral, int64_t now,
                               struct stepcare_field_errors *errors)
{
    if (referral->referred_at_ms > now + FUTURE_MS_MAX)
        stepcare_field_errors_add(errors, "referred_at", "is more than 24 hours in the future");
    if (view->config->nhs_number_reject && referral->nhs_number_unverified)
        stepcare_field_errors_add(errors, "patient.nhs_number", "the check digit is wrong");
}

/* Scores that the referral brings are the baseline of reviews; what cannot be scored is left out. */
static void baselines_fill(struct stepcare_record *record, const struct view *view,
                           const struct stepcare_referral *referral)
{
    const int phq_9 = pathway_phq_9_total(view->pathway, &referral->instruments);
    const int gad_7 = pathway_gad_7_total(view->pathway, &referral->instruments);
    if (phq_9 >= 0) STEPCARE_SET(record, phq_9_baseline, phq_9);
    if (gad_7 >= 0) STEPCARE_SET(record, gad_7_baseline, gad_7);
}

static void received_fill(struct event *event, const struct view *view, const struct command *command)
{
    const struct stepcare_referral *referral = command->referral;
    struct stepcare_record *record = &event->record;
    STEPCARE_SET(record, organisation, referral->organisation);
    STEPCARE_SET(record, message_id, referral->message_id);
    if (referral->reference.bytes > 0) STEPCARE_SET(record, reference, referral->reference);
    STEPCARE_SET(record, referred_at, referral->referred_at_ms);
    STEPCARE_SET(record, source, (uint8_t)referral->source);
    STEPCARE_SET(record, preferences, referral->preferences);
    baselines_fill(record, view, referral);
    if (referral->nhs_number_unverified) STEPCARE_SET(record, nhs_number_unverified, true);
    STEPCARE_SET(record, referral, command->referral_bytes);
}

static void submit_duplicate(const struct view *view, const struct command *command, struct decision *out)
{
    out->outcome = STEPCARE_OUTCOME_DUPLICATE;
    out->subject_id = view->message.episode_id;
    if (command->errors != NULL || !view->message_same)
        stepcare_field_errors_add(&out->errors, "message_id",
                                  "this id was used before with other content; the first referral stands");
}

static void duplicate_event(const struct view *view, const struct command *command, int64_t now, struct decision *out,
                            uint64_t episode_id)
{
    if (view->possible_duplicate == 0) return;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_POSSIBLE_DUPLICATE_FOUND);
    event->episode_id = episode_id;
    STEPCARE_SET(&event->record, linked_to, view->possible_duplicate);
}

void decide_submit(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    if (view->has_message) {
        submit_duplicate(view, command, out);
        return;
    }
    if (command->errors != NULL)
        out->errors = *command->errors;
    else
        submit_check_clock(view, command->referral, now, &out->errors);
    if (out->errors.count > 0) {
        out->outcome = STEPCARE_OUTCOME_REJECTED;
        return;
    }
    if (view->store_full) {
        decision_refuse(out, STEPCARE_STORE_FULL,
                        "The store has no room for new referrals. Nothing was recorded: send it again later, or tell "
                        "the administrator.");
        return;
    }
    out->outcome = STEPCARE_OUTCOME_ACCEPTED;
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_REFERRAL_RECEIVED);
    out->subject_id = event->episode_id = event->sequence;
    received_fill(event, view, command);
    duplicate_event(view, command, now, out, out->subject_id);
}

/* --- triage results --- */

static struct stepcare_placement placement_of(const struct stepcare_record *record)
{
    return (struct stepcare_placement){STEPCARE_GET(record, tier, STEPCARE_TIER_NONE),
                                       STEPCARE_GET(record, service, STEPCARE_SERVICE_NONE),
                                       STEPCARE_GET(record, urgency, STEPCARE_URGENCY_NONE)};
}

/* The target days travel with the result, since a worker may decide by a pathway that was adopted a moment ago. */
static void triaged_fill(struct event *event, const struct view *view, const struct stepcare_record *result,
                         uint32_t holds, int64_t now)
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
    event_place(event, view, placement, view->episode.referred_at);
    if (STEPCARE_HAS(result, target_days)) {
        STEPCARE_SET(record, target_days, result->target_days);
        record->due = view->episode.referred_at + (int64_t)result->target_days * DAY_MS;
    }
    record_copy(record, result, decided);
    event_holds(event, view, holds, now);
    const char *advice = pathway_advice_text(view->pathway, placement.tier);
    if (advice != NULL) STEPCARE_SET(record, advice, stepcare_text_of(advice));
}

/* A parallel offer: an episode of its own, with the same clock and holds, that knows its lead. */
static void parallel_open(const struct view *view, const struct command *command, int64_t now, uint8_t tier,
                          uint32_t holds, struct decision *out)
{
    static const uint8_t decided[] = {F(rule), F(codes), F(pathway), 0};
    const struct episode *lead = &view->episode;
    const struct stepcare_placement placement = {tier, STEPCARE_SERVICE_NONE, STEPCARE_URGENCY_ROUTINE};
    struct event *opened = decision_event(out, view, command, now, STEPCARE_EVENT_EPISODE_LINKED);
    struct stepcare_record *record = &opened->record;
    opened->episode_id = opened->sequence;
    STEPCARE_SET(record, linked_to, lead->id);
    STEPCARE_SET(record, organisation, episode_text(&lead->organisation));
    STEPCARE_SET(record, referred_at, lead->referred_at);
    STEPCARE_SET(record, source, lead->source);
    STEPCARE_SET(record, preferences, lead->preferences);
    if (lead->phq_9_baseline >= 0) STEPCARE_SET(record, phq_9_baseline, lead->phq_9_baseline);
    if (lead->gad_7_baseline >= 0) STEPCARE_SET(record, gad_7_baseline, lead->gad_7_baseline);
    event_place(opened, view, placement, lead->referred_at);
    event_holds(opened, view, holds, now);
    record_copy(record, command->record, decided);
    const uint64_t opened_id = opened->sequence;
    struct event *noted = decision_event(out, view, command, now, STEPCARE_EVENT_EPISODE_LINKED);
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

void decide_result(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct stepcare_record *result = command->record;
    if (view->episode.sequence != command->job_sequence) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "The result is stale: the referral has changed since the job went out.");
        return;
    }
    if (command->job_kind != STEPCARE_KIND_TRIAGE) {
        decide_review_result(view, command, now, out);
        return;
    }
    if (view->episode.state != STEPCARE_STATE_RECEIVED) {
        decision_refuse(out, STEPCARE_WRONG_STATE, "The referral is not waiting for triage.");
        return;
    }
    const char *unsound = result_unsound(result);
    if (unsound != NULL) {
        decision_refuse(out, STEPCARE_INVALID, "The worker's answer cannot be used: %s.", unsound);
        return;
    }
    /* What a person has released stays released; missing information is asked for anew. */
    const uint32_t asked_again = STEPCARE_BIT(STEPCARE_HOLD_INFORMATION_NEEDED);
    const uint32_t holds = STEPCARE_GET(result, holds, 0) & ~(uint32_t)(view->episode.holds_released & ~asked_again);
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_REFERRAL_TRIAGED);
    triaged_fill(event, view, result, holds, now);
    const uint32_t parallel = STEPCARE_GET(result, parallel, 0);
    for (uint8_t tier = 1; tier < STEPCARE_TIER_COUNT && !view->has_linked; tier++)
        if (parallel & STEPCARE_BIT(tier)) parallel_open(view, command, now, tier, holds, out);
    if (result->tier == STEPCARE_TIER_GP_ADVICE && holds == 0)
        decision_close(out, view, command, now, END_CODE_GP_ADVICE);
}

/* A job that failed too often: a person decides. */
void decide_job_failed(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    const bool triage = command->job_kind == STEPCARE_KIND_TRIAGE;
    /* It may have been cancelled, assigned or closed while the job was out. */
    if (triage ? episode->state != STEPCARE_STATE_RECEIVED : episode->review_pending != command->job_kind) {
        decision_refuse(out, STEPCARE_WRONG_STATE, "The referral waits for no such job any more.");
        return;
    }
    if (!triage) {
        struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_REVIEW_FAILED);
        STEPCARE_SET(&event->record, action, STEPCARE_ACTION_CLINICIAN_REVIEW);
        STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_DECIDE_RECOMMENDATION);
        STEPCARE_SET(&event->record, due, calendar_working_day_end(&view->config->calendar, now, 1));
        if (STEPCARE_HAS(command->record, problem)) STEPCARE_SET(&event->record, problem, command->record->problem);
        return;
    }
    const struct stepcare_placement placement = {STEPCARE_TIER_MANUAL_REVIEW, STEPCARE_SERVICE_NONE,
                                                 STEPCARE_URGENCY_ROUTINE};
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_TRIAGE_FAILED);
    event_place(event, view, placement, episode->referred_at);
    /* The target counts from now: what failed late must not come out overdue for no fault of the reviewer's. */
    event->record.due = due_of(view, placement, now);
    struct stepcare_code_list codes = {.count = 1, .items = {stepcare_text_of("TRIAGE_FAILED")}};
    STEPCARE_SET(&event->record, codes, codes);
    STEPCARE_SET(&event->record, attempts, STEPCARE_GET(command->record, attempts, 1));
    if (STEPCARE_HAS(command->record, problem)) STEPCARE_SET(&event->record, problem, command->record->problem);
}

/* --- added information --- */

static bool changed_names(const struct command *command, const char *word)
{
    if (!STEPCARE_HAS(command->record, changed)) return true; /* not said: take it that everything may have changed */
    const struct stepcare_text changed = command->record->changed;
    return memmem(changed.data, changed.bytes, word, strlen(word)) != NULL;
}

static void information_fill(struct event *event, const struct view *view, const struct command *command)
{
    struct stepcare_record *record = &event->record;
    const struct stepcare_referral *referral = command->referral;
    STEPCARE_SET(record, referral, command->referral_bytes);
    STEPCARE_SET(record, preferences, referral->preferences);
    if (STEPCARE_HAS(command->record, changed)) STEPCARE_SET(record, changed, command->record->changed);
    if (view->episode.state == STEPCARE_STATE_IN_TREATMENT) return;
    baselines_fill(record, view, referral);
    /* New answers on the very thing a hold was released for open the question again. */
    uint32_t released = view->episode.holds_released;
    if (changed_names(command, "phq_9")) released &= ~STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW);
    if (changed_names(command, "red_flags")) released &= ~STEPCARE_BIT(STEPCARE_HOLD_RED_FLAGS_UNSCREENED);
    if (changed_names(command, "override") || changed_names(command, "red_flags"))
        released &= ~STEPCARE_BIT(STEPCARE_HOLD_SECOND_CLINICIAN);
    STEPCARE_SET(record, holds_released, released);
}

/* --- what is told of a patient in treatment is not triaged again, but what cannot wait is not left unread either --- */

static uint32_t treated_holds(const struct view *view, const struct command *command)
{
    const uint32_t holds = view->episode.holds & ~STEPCARE_BIT(STEPCARE_HOLD_INFORMATION_NEEDED);
    if (!changed_names(command, "phq_9")) return holds;
    struct stepcare_decision decision;
    pathway_decide_intake(view->pathway, command->referral, &decision);
    return holds | (decision.holds & STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW));
}

/* New red flags: the rules that a review runs on them, put to the practitioner as a review's recommendation would be. */
static void treated_flags(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    if (!changed_names(command, "red_flags") || command->referral->red_flags == 0) return;
    const struct stepcare_review review = {.tier = episode->tier,
                                           .service = episode->service,
                                           .phq_9 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .gad_7 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .rmdq = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .nrs = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .phq_9_item_9 = STEPCARE_BLANK,
                                           .red_flags = command->referral->red_flags};
    struct stepcare_recommendation found;
    pathway_decide_review(view->pathway, &review, &found);
    const bool there = found.to.tier == episode->tier && found.to.service == episode->service;
    if (found.action != STEPCARE_ACTION_STEP_UP || found.to.urgency >= STEPCARE_URGENCY_SOON || there) return;
    struct stepcare_record result;
    struct stepcare_code_list codes = {.count = found.code_count};
    for (unsigned i = 0; i < codes.count; i++) codes.items[i] = stepcare_text_of(found.codes[i]);
    stepcare_record_init(&result);
    STEPCARE_SET(&result, action, (uint8_t)found.action);
    STEPCARE_SET(&result, to_tier, (uint8_t)found.to.tier);
    STEPCARE_SET(&result, to_service, (uint8_t)found.to.service);
    STEPCARE_SET(&result, urgency, (uint8_t)found.to.urgency);
    STEPCARE_SET(&result, rule, stepcare_text_of(found.rule));
    STEPCARE_SET(&result, codes, codes);
    STEPCARE_SET(&result, pathway, stepcare_text_of(pathway_version(view->pathway)));
    decide_recommended(view, command, &result, now, out);
}

void decide_inform(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    const struct episode *episode = &view->episode;
    if (command->errors != NULL) {
        out->errors = *command->errors;
        decision_refuse(out, STEPCARE_INVALID, "The referral with the added information is not valid: %s: %s",
                        out->errors.items[0].field, out->errors.items[0].problem);
        return;
    }
    if (episode->content_id != episode->id) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "This is the parallel offer of another episode: add the information to that one.");
        return;
    }
    if (STEPCARE_HAS(command->record, sequence) && command->record->sequence != episode->sequence) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "The referral has changed since you read it: look at it again, then add the information.");
        return;
    }
    struct event *event = decision_event(out, view, command, now, STEPCARE_EVENT_INFORMATION_ADDED);
    event_reason(event, command);
    information_fill(event, view, command);
    if (episode->state != STEPCARE_STATE_IN_TREATMENT)
        STEPCARE_SET(&event->record, state, STEPCARE_STATE_RECEIVED);
    else
        event_holds(event, view, treated_holds(view, command), now);
    duplicate_event(view, command, now, out, episode->id);
    if (episode->state == STEPCARE_STATE_IN_TREATMENT) treated_flags(view, command, now, out);
}

void decide_retry(const struct view *view, const struct command *command, int64_t now, struct decision *out)
{
    if (view->episode.state == STEPCARE_STATE_WAITING && view->episode.triage_failures == 0) {
        decision_refuse(out, STEPCARE_WRONG_STATE,
                        "Triage has decided this referral: there is nothing to try again. The triage lead can `assign` "
                        "it elsewhere.");
        return;
    }
    decision_event(out, view, command, now, STEPCARE_EVENT_TRIAGE_RETRIED);
}
