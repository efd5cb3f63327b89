/* What answers say of an episode, as records: for acting commands, rows of listings, submissions and refusals. Used by
 * queries and by the router's own answers. See reply.h. */
#include "router/query/reply.h"

#include "base/must.h"

static void placement_fill(struct stepcare_record *record, const struct episode *episode)
{
    if (episode->state == STEPCARE_STATE_RECEIVED) return;
    STEPCARE_SET(record, tier, episode->tier);
    if (episode->service != STEPCARE_SERVICE_NONE) STEPCARE_SET(record, service, episode->service);
    STEPCARE_SET(record, urgency, episode->urgency);
    STEPCARE_SET(record, holds, episode->holds);
}

static void codes_fill(struct stepcare_record *record, const struct episode *episode)
{
    episode_codes_list(&episode->codes, &record->codes);
    stepcare_record_mark(record, STEPCARE_FIELD_codes);
}

void reply_episode(struct stepcare_record *record, const struct episode *episode)
{
    must(episode->id != 0);
    must(episode->state != STEPCARE_STATE_NONE);
    const struct episode_next next = episode_next(episode);
    STEPCARE_SET(record, referral_id, episode->id);
    STEPCARE_SET(record, state, episode->state);
    placement_fill(record, episode);
    if (next.action != STEPCARE_NEXT_NONE) {
        STEPCARE_SET(record, owner, next.owner);
        STEPCARE_SET(record, next_action, (uint8_t)next.action);
        STEPCARE_SET(record, due, next.due);
    }
    if (episode->token != 0) {
        STEPCARE_SET(record, token, episode->token);
        STEPCARE_SET(record, lease_expires, episode->lease_expires);
    }
    if (episode->linked_to != 0) STEPCARE_SET(record, linked_to, episode->linked_to);
    if (episode->handover != STEPCARE_HANDOVER_NONE) {
        STEPCARE_SET(record, handover, episode->handover);
        if (episode->to_tier != 0) STEPCARE_SET(record, to_tier, episode->to_tier);
        if (episode->to_service != 0) STEPCARE_SET(record, to_service, episode->to_service);
    }
    if (episode->action != STEPCARE_ACTION_NONE) STEPCARE_SET(record, action, episode->action);
    if (episode->end_code != 0) STEPCARE_SET(record, end_code, episode->end_code);
}

void reply_row(struct stepcare_record *record, const struct episode *episode)
{
    reply_episode(record, episode);
    STEPCARE_SET(record, due, episode->due);
    STEPCARE_SET(record, referred_at, episode->referred_at);
    codes_fill(record, episode);
    if (episode->duplicate_of != 0) STEPCARE_SET(record, possible_duplicate, true);
}

void reply_submission(struct stepcare_record *record, const struct episode *episode, const struct pathway *pathway,
                      uint8_t outcome)
{
    STEPCARE_SET(record, outcome, outcome);
    STEPCARE_SET(record, referral_id, episode->id);
    STEPCARE_SET(record, state, episode->state);
    placement_fill(record, episode);
    if (episode->state == STEPCARE_STATE_RECEIVED) return;
    STEPCARE_SET(record, due, episode->due);
    codes_fill(record, episode);
    if (episode->rule.bytes > 0) STEPCARE_SET(record, rule, episode_text(&episode->rule));
    if (episode->linked_to != 0) STEPCARE_SET(record, linked_to, episode->linked_to);
    const char *advice = pathway_advice_text(pathway, (enum stepcare_tier)episode->tier);
    if (advice != NULL) STEPCARE_SET(record, advice, stepcare_text_of(advice));
}

void reply_refusal(struct stepcare_record *record, const char *problem, uint64_t referral_id,
                   const struct stepcare_field_errors *errors)
{
    must(problem != NULL);
    stepcare_record_init(record);
    STEPCARE_SET(record, problem, stepcare_text_of(problem));
    if (referral_id != 0) STEPCARE_SET(record, referral_id, referral_id);
    if (errors != NULL && errors->count > 0) STEPCARE_SET(record, errors, ((struct stepcare_errors_view){errors}));
}
