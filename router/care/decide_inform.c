/* Added information: a referral in its new form. What nobody has accepted yet is triaged again; what concerns a patient
 * in treatment is put to their practitioner. */
#include "base/must.h"
#include "router/care/decide_verbs.h"
#include "router/care/event_of.h"

static bool changed_names(const struct deciding *deciding, const char *word)
{
    if (!STEPCARE_HAS(deciding->command->record, changed))
        return true; /* not said: take it that everything may have changed */
    const struct stepcare_text changed = deciding->command->record->changed;
    return memmem(changed.data, changed.bytes, word, strlen(word)) != NULL;
}

static void information_fill(const struct deciding *deciding, struct event *event)
{
    struct stepcare_record *record = &event->record;
    const struct stepcare_referral *referral = deciding->command->referral;
    STEPCARE_SET(record, referral, deciding->command->referral_bytes);
    STEPCARE_SET(record, preferences, referral->preferences);
    if (STEPCARE_HAS(deciding->command->record, changed))
        STEPCARE_SET(record, changed, deciding->command->record->changed);
    if (deciding->view->episode.state == STEPCARE_STATE_IN_TREATMENT) return;
    event_set_baselines(deciding, event);
    /* New answers on the very thing a hold was released for open the question again. */
    uint32_t released = deciding->view->episode.holds_released;
    if (changed_names(deciding, "phq_9")) released &= ~STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW);
    if (changed_names(deciding, "red_flags")) released &= ~STEPCARE_BIT(STEPCARE_HOLD_RED_FLAGS_UNSCREENED);
    if (changed_names(deciding, "override") || changed_names(deciding, "red_flags"))
        released &= ~STEPCARE_BIT(STEPCARE_HOLD_SECOND_CLINICIAN);
    STEPCARE_SET(record, holds_released, released);
}

/* What comes in about a patient in treatment is not triaged again, but what cannot wait is not left unread either. */
static uint32_t treated_holds(const struct deciding *deciding)
{
    const uint32_t holds = deciding->view->episode.holds & ~STEPCARE_BIT(STEPCARE_HOLD_INFORMATION_NEEDED);
    if (!changed_names(deciding, "phq_9")) return holds;
    struct stepcare_decision decision;
    pathway_decide_intake(deciding->view->pathway, deciding->command->referral, &decision);
    return holds | (decision.holds & STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW));
}

/* New red flags: the rules that a review runs on them, put to the practitioner as a review's recommendation would be.
 */
static void treated_flags(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (!changed_names(deciding, "red_flags") || deciding->command->referral->red_flags == 0) return;
    const struct stepcare_review review = {.tier = episode->tier,
                                           .service = episode->service,
                                           .phq_9 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .gad_7 = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .rmdq = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .nrs = {STEPCARE_BLANK, STEPCARE_BLANK},
                                           .phq_9_item_9 = STEPCARE_BLANK,
                                           .red_flags = deciding->command->referral->red_flags};
    struct stepcare_recommendation found;
    pathway_decide_review(deciding->view->pathway, &review, &found);
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
    STEPCARE_SET(&result, pathway, stepcare_text_of(pathway_version(deciding->view->pathway)));
    decide_recommended(deciding, &result);
}

void decide_inform(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (deciding->command->errors != NULL) {
        deciding->out->errors = *deciding->command->errors;
        decision_refuse(deciding, STEPCARE_INVALID, "The referral with the added information is not valid: %s: %s",
                        deciding->out->errors.items[0].field, deciding->out->errors.items[0].problem);
        return;
    }
    if (episode->content_id != episode->id) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "This is the parallel offer of another episode: add the information to that one.");
        return;
    }
    if (STEPCARE_HAS(deciding->command->record, sequence) && deciding->command->record->sequence != episode->sequence) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE,
                        "The referral has changed since you read it: look at it again, then add the information.");
        return;
    }
    must(deciding->command->referral != NULL);
    struct event *event = event_add(deciding, STEPCARE_EVENT_INFORMATION_ADDED);
    event_set_reason(deciding, event);
    information_fill(deciding, event);
    if (episode->state != STEPCARE_STATE_IN_TREATMENT)
        STEPCARE_SET(&event->record, state, STEPCARE_STATE_RECEIVED);
    else
        event_set_holds(deciding, event, treated_holds(deciding));
    event_add_duplicate(deciding, episode->id);
    if (episode->state == STEPCARE_STATE_IN_TREATMENT) treated_flags(deciding);
}
