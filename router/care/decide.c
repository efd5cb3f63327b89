/* The front of decide: what every verb's row in the table asks for, then the function that the row names. See decide.h.
 */
#include "router/care/decide.h"

#include "base/must.h"
#include "router/care/deciding.h"
#include "router/care/event_fields.h"
#include "router/care/verb_rules.h"

static void decision_clear(struct decision *out, uint64_t subject_id)
{
    out->error = STEPCARE_OK;
    out->problem[0] = '\0';
    out->outcome = STEPCARE_OUTCOME_NONE;
    out->event_count = out->lease_count = 0;
    out->errors.count = out->errors.dropped = 0;
    out->subject_id = subject_id;
}

/* What every decision promises, whatever the verb. */
static void decision_check(const struct deciding *deciding)
{
    const struct decision *const out = deciding->out;
    must(out->error == STEPCARE_OK || out->event_count == 0);
    must(out->error == STEPCARE_OK || out->problem[0] != '\0');
    must(out->event_count <= DECISION_EVENTS_MAX);
    must(out->lease_count <= REQUEST_LEASES_MAX);
    for (unsigned i = 0; i < out->event_count; i++) {
        must(out->events[i].sequence == deciding->view->next_sequence + i);
        must(out->events[i].at == deciding->now);
#ifdef STEPCARE_CHECK_INVARIANT /* in the field the store refuses it */
        must(event_field_missing(&out->events[i]) == NULL);
        must(event_field_surplus(&out->events[i]) == NULL);
#endif
    }
}

/* The row's conditions; false, and refused, where one does not hold. */
static bool rule_holds(const struct deciding *deciding)
{
    const uint8_t verb = deciding->command->verb;
    char problem[sizeof deciding->out->problem];
    const enum stepcare_error error = verb_check_caller(verb, deciding->command->caller, problem, sizeof problem);
    if (error != STEPCARE_OK) {
        decision_refuse(deciding, error, "%s", problem);
        return false;
    }
    const bool about_one = verb_rule(verb)->states != 0 || STEPCARE_HAS(deciding->command->record, referral_id);
    if (!about_one) return true;
    if (!deciding->view->has_episode) {
        decision_refuse(deciding, STEPCARE_NOT_FOUND,
                        "There is no referral with this id. Check it against the letter or message it came from.");
        return false;
    }
    const enum stepcare_state state = deciding->view->episode.state;
    if (!verb_allowed_in(verb, state)) {
        decision_refuse(deciding, STEPCARE_WRONG_STATE, "The referral is %s, which does not allow this: %s.",
                        stepcare_code_name(&stepcare_states, state), verb_instead(verb, state));
        return false;
    }
    return true;
}

void decide(const struct view *view, const struct command *command, int64_t now, struct decision *out_decision)
{
    const struct deciding deciding = {view, command, now, out_decision};
    must(command->caller != NULL);
    must(command->record != NULL);
    must(view->next_sequence > 0);
    decision_clear(out_decision, view->has_episode ? view->episode.id : 0);
    if (!rule_holds(&deciding)) return;
    const struct verb_rule *const rule = verb_rule(command->verb);
    if (rule->decide == NULL) { /* it only reads */
        decision_refuse(&deciding, STEPCARE_UNKNOWN_VERB, "The router does not know the verb %u.", command->verb);
        return;
    }
    rule->decide(&deciding);
    decision_check(&deciding);
}
