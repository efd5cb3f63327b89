/* The guards. See guards.h. */
#include "router/care/guards.h"

#include "base/must.h"

#include <stdio.h>

bool guard_owner(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (caller_is(deciding, &episode->owner)) return true;
    decision_refuse(deciding, STEPCARE_NOT_HOLDER,
                    "The referral is in treatment with %.*s, not with you: ask them, or let the triage lead move it.",
                    (int)episode->owner.bytes, episode->owner.data);
    return false;
}

bool guard_lease(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    const bool named = STEPCARE_HAS(deciding->command->record, token);
    if (named && deciding->command->record->token != episode->token) {
        const bool other = episode->token != 0 && !caller_is(deciding, &episode->holder);
        decision_refuse(deciding, STEPCARE_STALE_TOKEN,
                        "The lease behind this token has ended%s: claim again to see what is next.",
                        other                 ? " and somebody else has claimed the referral"
                        : episode->token != 0 ? "; you hold it under a newer one"
                                              : "");
        return false;
    }
    if (episode->token == 0) {
        const bool treated = episode->state == STEPCARE_STATE_IN_TREATMENT;
        decision_refuse(
            deciding, treated && !caller_is(deciding, &episode->owner) ? STEPCARE_NOT_HOLDER : STEPCARE_WRONG_STATE,
            "The referral is %s and under no lease: %s.", stepcare_code_name(&stepcare_states, episode->state),
            !treated ? "claim it first"
            : episode->handover == STEPCARE_HANDOVER_PROPOSED
                ? "a hand-over is offered: claim it from the worklist of its new tier first"
                : "it has been accepted already, so it can be treated, stepped or discharged");
        return false;
    }
    if (!caller_is(deciding, &episode->holder)) {
        decision_refuse(deciding, STEPCARE_NOT_HOLDER,
                        "%.*s has claimed this referral; the lease ends by itself if they do not accept it.",
                        (int)episode->holder.bytes, episode->holder.data);
        return false;
    }
    return true;
}

bool guard_no_handover(const struct deciding *deciding)
{
    const struct episode *episode = &deciding->view->episode;
    if (episode->handover != STEPCARE_HANDOVER_PROPOSED && episode->handover != STEPCARE_HANDOVER_OVERDUE) return true;
    decision_refuse(deciding, STEPCARE_HANDOVER_OPEN,
                    "A hand-over to %s is waiting to be accepted: until then you keep the patient, and nothing else "
                    "can be started. %s",
                    stepcare_code_name(&stepcare_tiers, episode->to_tier),
                    episode->handover == STEPCARE_HANDOVER_OVERDUE
                        ? "It is overdue: the triage lead can `assign` the patient."
                        : "If it is not accepted in time it goes to the triage lead.");
    return false;
}

bool guard_reason(const struct deciding *deciding)
{
    const struct stepcare_record *record = deciding->command->record;
    if (!STEPCARE_HAS(record, reason) || !pathway_reason_known(deciding->view->pathway, record->reason)) {
        char known[sizeof deciding->out->problem - 64] = "";
        for (unsigned i = 0; pathway_reason_at(deciding->view->pathway, i) != NULL; i++) {
            const size_t used = strlen(known);
            snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                     pathway_reason_at(deciding->view->pathway, i));
        }
        decision_refuse_field(deciding, "reason", "must be one of the pathway's reasons");
        decision_refuse(deciding, STEPCARE_INVALID, "reason: must be one of %s", known);
        return false;
    }
    if (pathway_reason_needs_note(deciding->view->pathway, record->reason) &&
        (!STEPCARE_HAS(record, note) || record->note.bytes == 0)) {
        decision_refuse_field(deciding, "note", "the reason %.*s needs a note that says what it was",
                              (int)record->reason.bytes, record->reason.data);
        return false;
    }
    return true;
}

bool guard_placement(const struct deciding *deciding, uint32_t allowed_tiers)
{
    must(allowed_tiers != 0);
    const struct stepcare_record *record = deciding->command->record;
    const uint8_t tier = STEPCARE_GET(record, to_tier, STEPCARE_TIER_NONE),
                  service = STEPCARE_GET(record, to_service, STEPCARE_SERVICE_NONE);
    if (tier == STEPCARE_TIER_NONE || (STEPCARE_BIT(tier) & allowed_tiers) == 0) {
        decision_refuse_field(deciding, "to_tier", "this tier cannot be chosen here");
        return false;
    }
    if (tier == STEPCARE_TIER_SECONDARY_CARE && service == STEPCARE_SERVICE_NONE) {
        decision_refuse_field(
            deciding, "to_service",
            "secondary care needs a service: rheumatology, spinal, pain, suspected_cancer or paediatrics");
        return false;
    }
    if (tier != STEPCARE_TIER_SECONDARY_CARE && service != STEPCARE_SERVICE_NONE) {
        decision_refuse_field(deciding, "to_service", "only secondary care has services");
        return false;
    }
    return true;
}
