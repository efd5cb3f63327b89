/* The verbs that may be repeated, and the pauses between attempts. Used by client.c and pipeline.c. */
#include "client/lib/resend.h"

#include "proto/verbs.h"

#include <string.h>

uint8_t resend_verb_find(const char *name)
{
    for (unsigned verb = 1; verb < WIRE_WORKER_HELLO; verb++) {
        const char *candidate = wire_verb_name((uint8_t)verb);
        if (candidate != NULL && strcmp(candidate, name) == 0) return (uint8_t)verb;
    }
    return 0;
}

bool resend_allowed(uint8_t verb, const struct stepcare_record *request)
{
    switch (verb) {
    case WIRE_HELLO:
    case WIRE_SUBMIT: /* once by message id, whatever is repeated */
    case WIRE_LOOKUP:
    case WIRE_WORKLIST:
    case WIRE_RENEW: /* the lease only gets longer */
    case WIRE_CASELOAD:
    case WIRE_SHOW:
    case WIRE_FEEDBACK:
    case WIRE_BACKLOG:
    case WIRE_HOLDS:
    case WIRE_STUCK:
    case WIRE_PAUSE: /* states, not steps */
    case WIRE_RESUME:
    case WIRE_WAITS:
    case WIRE_DUPLICATES:
    case WIRE_UNCLAIMABLE: return true;
    case WIRE_CLAIM: return request != NULL && STEPCARE_HAS(request, request_key);
    default: return false;
    }
}

bool resend_invited(enum stepcare_error error)
{
    return error == STEPCARE_BUSY || error == STEPCARE_STOPPING;
}

int64_t resend_backoff_ms(unsigned attempts)
{
    return INT64_C(20) << (attempts < 6 ? attempts : 6);
}
