/* The allowed-transition table. See transition.h. */
#include "router/care/transition.h"

#include "router/care/decide.h"

#define R STEPCARE_BIT(STEPCARE_STATE_RECEIVED)
#define W STEPCARE_BIT(STEPCARE_STATE_WAITING)
#define C STEPCARE_BIT(STEPCARE_STATE_CLAIMED)
#define T STEPCARE_BIT(STEPCARE_STATE_IN_TREATMENT)
#define X STEPCARE_BIT(STEPCARE_STATE_CLOSED)

static const struct {
    uint8_t verb;
    uint32_t states;
} allowed[] = {
    /* T beside C: a hand-over under lease stays in treatment with its sender until accepted. */
    {WIRE_RENEW, C | T},
    {WIRE_ACCEPT, C | T},
    {WIRE_RELEASE, C | T},
    {WIRE_DECLINE, C | T},
    {WIRE_CONTACT, T},
    {WIRE_REVIEW, T},
    {WIRE_STEP_UP, T},
    {WIRE_STEP_DOWN, T},
    {WIRE_CONFIRM, T},
    {WIRE_DISCHARGE, T},
    {WIRE_CANCEL, R | W | C},
    {WIRE_INFORM, R | W | C | T},
    {WIRE_ASSIGN, R | W | T},
    {WIRE_HOLD_RELEASE, W | C | T},
    {WIRE_RETRY, R | W},
    {WIRE_REOPEN, X},
    {WIRE_NOTE, R | W | C | T | X},
    {WIRE_JUDGE, R | W | C | T | X},
};

bool transition_allowed(uint8_t verb, enum stepcare_state state)
{
    for (unsigned i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (allowed[i].verb == verb) return (allowed[i].states & STEPCARE_BIT(state)) != 0;
    return true;
}

const char *transition_instead(uint8_t verb, enum stepcare_state state)
{
    switch (state) {
    case STEPCARE_STATE_RECEIVED: return "wait until triage has placed it; if it stays here it is listed by `stuck`";
    case STEPCARE_STATE_WAITING:
        return verb == WIRE_REOPEN ? "it is open already"
                                   : "claim it first, then accept it, or let the triage lead assign it";
    case STEPCARE_STATE_CLAIMED: return "its holder can accept, release or decline it; the lease ends by itself";
    case STEPCARE_STATE_IN_TREATMENT:
        return verb == WIRE_CANCEL
                   ? "it has been accepted: ask the practitioner to discharge it"
                   : "its practitioner can record contacts and reviews, step it up or down, or discharge it";
    case STEPCARE_STATE_CLOSED:
        return "it is closed: send a new referral, or reopen it if it was handed back without contact a short time ago";
    default: return "look at it with `show`";
    }
}
