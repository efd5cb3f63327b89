/* What may be sent a second time, and when. For single calls and for pipelines. */
#ifndef CLIENT_LIB_RESEND_H
#define CLIENT_LIB_RESEND_H

#include "stepcare/error.h"
#include "stepcare/record.h"

/* What may be repeated goes out again after this long without a reply from a router that is there. */
enum { RESEND_MS = 5000 };

/* Purpose: a client's verb by its name; 0 if there is none. */
uint8_t resend_verb_find(const char *name);

/* Purpose: may this be sent a second time without something being done twice. request may be NULL. */
bool resend_allowed(uint8_t verb, const struct stepcare_record *request);

/* Purpose: did the router do nothing, and may it do it soon: a listing that found its queue full (`busy`), a router
 * that stops and whose successor may be there in a moment (`stopping`). Any verb may then be sent again. */
bool resend_invited(enum stepcare_error error);

/* Purpose: how long to wait before attempt number attempts + 1: 20 ms, doubling to 1.3 s. */
int64_t resend_backoff_ms(unsigned attempts);

#endif
