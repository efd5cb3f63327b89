/* The front of decide: which function decides a verb, the transition table before it, and what the deciders share. */
#include "router/care/decide_verbs.h"

#include "router/care/transition.h"

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
    {WIRE_ADOPT, decide_adopt},
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
    const struct deciding deciding = {view, command, now, out_decision};
    out_decision->error = STEPCARE_OK;
    out_decision->problem[0] = '\0';
    out_decision->outcome = STEPCARE_OUTCOME_NONE;
    out_decision->event_count = out_decision->lease_count = 0;
    out_decision->errors.count = out_decision->errors.dropped = 0;
    out_decision->subject_id = view->has_episode ? view->episode.id : 0;
    const bool about_one = STEPCARE_HAS(command->record, referral_id);
    if (about_one && !view->has_episode) {
        decision_refuse(&deciding, STEPCARE_NOT_FOUND,
                        "There is no referral with this id. Check it against the letter or message it came from.");
        return;
    }
    if (about_one && !transition_allowed(command->verb, view->episode.state)) {
        decision_refuse(&deciding, STEPCARE_WRONG_STATE, "The referral is %s, which does not allow this: %s.",
                        stepcare_code_name(&stepcare_states, view->episode.state),
                        transition_instead(command->verb, view->episode.state));
        return;
    }
    for (unsigned i = 0; i < sizeof deciders / sizeof deciders[0]; i++) {
        if (deciders[i].verb != command->verb) continue;
        deciders[i].decide(&deciding);
        return;
    }
    decision_refuse(&deciding, STEPCARE_UNKNOWN_VERB, "The router does not know the verb %u.", command->verb);
}
