/* Reviews: scores in, the tier's worker recommends, the practitioner confirms or overrides; both are kept. */
#include "base/time_units.h"
#include "proto/record_copy.h"
#include "router/care/decide_verbs.h"
#include "router/care/event_of.h"
#include "router/care/guards.h"

#define F(field) STEPCARE_FIELD_##field

static uint8_t kind_of_tier(uint8_t tier)
{
    switch (tier) {
    case STEPCARE_TIER_T_CBT:
    case STEPCARE_TIER_HI_CBT: return STEPCARE_KIND_T_CBT;
    case STEPCARE_TIER_PHYSIO: return STEPCARE_KIND_PHYSIO;
    case STEPCARE_TIER_SECONDARY_CARE: return STEPCARE_KIND_SECONDARY_CARE;
    default: return STEPCARE_KIND_NONE;
    }
}

/* The instruments' own ranges (not cut-offs): a score outside them is a slip of the pen. */
static bool scores_in_range(const struct deciding *deciding, const struct stepcare_record *record)
{
    const struct {
        const char *name;
        bool given;
        int64_t value, max;
    } scores[] = {{"phq_9", STEPCARE_HAS(record, phq_9), record->phq_9, 27},
                  {"gad_7", STEPCARE_HAS(record, gad_7), record->gad_7, 21},
                  {"phq_9_item_9", STEPCARE_HAS(record, phq_9_item_9), record->phq_9_item_9, 3},
                  {"rmdq", STEPCARE_HAS(record, rmdq), record->rmdq, 24},
                  {"nrs", STEPCARE_HAS(record, nrs), record->nrs, 10}};
    for (unsigned i = 0; i < sizeof scores / sizeof scores[0]; i++) {
        if (!scores[i].given || (scores[i].value >= 0 && scores[i].value <= scores[i].max)) continue;
        decision_refuse_field(deciding, scores[i].name, "must be 0 to %d", (int)scores[i].max);
        return false;
    }
    return true;
}

static bool scores_suffice(const struct deciding *deciding, uint8_t kind, const struct stepcare_record *record)
{
    if (STEPCARE_GET(record, red_flags, 0) != 0) return true; /* a red flag needs no scores */
    if (kind == STEPCARE_KIND_T_CBT && !(STEPCARE_HAS(record, phq_9) && STEPCARE_HAS(record, gad_7)))
        decision_refuse_field(deciding, STEPCARE_HAS(record, phq_9) ? "gad_7" : "phq_9",
                              "a review in this tier needs phq_9 and gad_7");
    else if (kind == STEPCARE_KIND_PHYSIO && !STEPCARE_HAS(record, rmdq) && !STEPCARE_HAS(record, nrs))
        decision_refuse_field(deciding, "rmdq", "a review in physiotherapy needs rmdq or nrs");
    else if (kind == STEPCARE_KIND_SECONDARY_CARE && !STEPCARE_HAS(record, treatment_outcome))
        decision_refuse_field(deciding, "treatment_outcome",
                              "a review in secondary care needs the specialist's outcome");
    return deciding->out->error == STEPCARE_OK;
}

static void score_fill(struct event *event, const struct episode *episode, const struct stepcare_record *record)
{
    static const uint8_t beside[] = {F(phq_9_item_9), F(start_back_now), F(treatment_outcome), F(red_flags), 0};
    struct stepcare_record *to = &event->record;
#define SCORE(name, baseline)                                                                                          \
    if (STEPCARE_HAS(record, name)) {                                                                                  \
        STEPCARE_SET(to, name, record->name);                                                                          \
        STEPCARE_SET(to, baseline, episode->baseline >= 0 ? episode->baseline : record->name);                         \
    }
    SCORE(phq_9, phq_9_baseline)
    SCORE(gad_7, gad_7_baseline)
    SCORE(rmdq, rmdq_baseline)
    SCORE(nrs, nrs_baseline)
#undef SCORE
    record_copy(to, record, beside);
}

void decide_review(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const struct stepcare_record *record = deciding->command->record;
    const uint8_t kind = kind_of_tier(episode->tier);
    if (!guard_owner(deciding)) return;
    if (kind == STEPCARE_KIND_NONE) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "The %s tier has no reviews: step the patient up or down, or discharge.",
                        stepcare_code_name(&stepcare_tiers, episode->tier));
        return;
    }
    if (!scores_in_range(deciding, record) || !scores_suffice(deciding, kind, record)) return;
    struct event *event = event_add(deciding, STEPCARE_EVENT_REVIEW_RECORDED);
    struct stepcare_record *to = &event->record;
    event_set_reason(deciding, event);
    STEPCARE_SET(to, kind, kind);
    STEPCARE_SET(to, tier, episode->tier);
    if (episode->service != STEPCARE_SERVICE_NONE) STEPCARE_SET(to, service, episode->service);
    score_fill(event, episode, record);
    const uint64_t weeks =
        deciding->now > episode->treated_since ? (uint64_t)(deciding->now - episode->treated_since) / (7 * DAY_MS) : 0;
    const uint64_t attended = episode->contacts_attended > 0 ? episode->contacts_attended : 1;
    STEPCARE_SET(to, week, STEPCARE_GET(record, week, weeks));
    STEPCARE_SET(to, contact, STEPCARE_GET(record, contact, attended));
    STEPCARE_SET(to, max_contacts, limits_of(deciding)->max_contacts[episode->tier]);
    STEPCARE_SET(to, next_action, STEPCARE_NEXT_DECIDE_RECOMMENDATION);
    STEPCARE_SET(to, due, working_day_end(deciding, 1));
}

void decide_recommended(const struct deciding *deciding, const struct stepcare_record *result)
{
    static const uint8_t recommended[] = {F(action), F(to_tier), F(to_service),   F(urgency), F(rule),
                                          F(codes),  F(pathway), F(pathway_hash), 0};
    struct event *event = event_add(deciding, STEPCARE_EVENT_REVIEW_RECOMMENDED);
    struct stepcare_record *to = &event->record;
    record_copy(to, result, recommended);
    const uint32_t holds = STEPCARE_GET(result, holds, 0);
    if (holds != 0) event_set_holds(deciding, event, deciding->view->episode.holds | holds);
    STEPCARE_SET(to, next_action, STEPCARE_NEXT_DECIDE_RECOMMENDATION);
    /* A red flag found at a review is decided the same day. */
    const bool urgent =
        STEPCARE_HAS(result, urgency) && result->urgency < STEPCARE_URGENCY_SOON && result->urgency != 0;
    STEPCARE_SET(to, due, working_day_end(deciding, urgent ? 0 : 1));
}

void decide_review_result(const struct deciding *deciding)
{
    if (deciding->view->episode.review_pending != deciding->command->job_kind ||
        !STEPCARE_HAS(deciding->command->record, action)) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE, "The referral waits for no such recommendation.");
        return;
    }
    decide_recommended(deciding, deciding->command->record);
}

static int64_t next_review_due(const struct deciding *deciding)
{
    const int64_t days = limits_of(deciding)->review_every_days[deciding->view->episode.tier];
    return deciding->now + (days > 0 ? days : 7) * DAY_MS;
}

static void confirm_continue(const struct deciding *deciding, bool overridden)
{
    struct event *event = event_add(deciding, overridden ? STEPCARE_EVENT_RECOMMENDATION_OVERRIDDEN
                                                         : STEPCARE_EVENT_RECOMMENDATION_CONFIRMED);
    event_set_reason(deciding, event);
    STEPCARE_SET(&event->record, action, STEPCARE_ACTION_CONTINUE);
    STEPCARE_SET(&event->record, next_action, STEPCARE_NEXT_REVIEW);
    STEPCARE_SET(&event->record, due, next_review_due(deciding));
}

/* Confirm as recommended, or name another action with a reason: `confirm` for all of them, so nothing is typed twice.
 */
void decide_confirm(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (!guard_owner(deciding)) return;
    if (episode->action == STEPCARE_ACTION_NONE) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "No recommendation is waiting for your decision: record a review first.");
        return;
    }
    const uint8_t action = STEPCARE_GET(deciding->command->record, action, episode->action);
    const bool overridden = action != episode->action;
    if (overridden && !guard_reason(deciding)) return;
    struct stepcare_record record = *deciding->command->record;
    struct command as = *deciding->command;
    const struct deciding step = {deciding->view, &as, deciding->now, deciding->out};
    as.record = &record;
    switch (action) {
    case STEPCARE_ACTION_CONTINUE: confirm_continue(deciding, overridden); return;
    case STEPCARE_ACTION_STEP_UP:
    case STEPCARE_ACTION_STEP_DOWN:
        if (!overridden && !STEPCARE_HAS(&record, to_tier)) {
            STEPCARE_SET(&record, to_tier, episode->action_tier);
            if (episode->action_service != 0) STEPCARE_SET(&record, to_service, episode->action_service);
        }
        as.verb = action == STEPCARE_ACTION_STEP_UP ? WIRE_STEP_UP : WIRE_STEP_DOWN;
        decide_step(&step);
        return;
    case STEPCARE_ACTION_DISCHARGE:
        if (!STEPCARE_HAS(&record, end_code)) STEPCARE_SET(&record, end_code, END_CODE_COMPLETED);
        as.verb = WIRE_DISCHARGE;
        decide_discharge(&step);
        return;
    default:
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "The recommendation is that a clinician looks: decide with `step-up`, `step-down`, "
                        "`discharge`, or `confirm --action continue --reason …`.");
    }
}
