/* What client.c and pipeline.c share of a client. */
#ifndef CLIENT_LIB_CLIENT_INTERNAL_H
#define CLIENT_LIB_CLIENT_INTERNAL_H

#include "client/lib/link.h"
#include "stepcare/client.h"

struct stepcare_client {
    struct link link;
};

/* Purpose: a verb's number by its name; 0 if there is none. */
uint8_t client_verb_find(const char *name);
/* Purpose: may this be sent a second time without doing something twice. */
bool client_verb_repeatable(uint8_t verb, const struct stepcare_record *request);

/* The router did nothing, and may do it soon. */
static inline bool client_error_passing(enum stepcare_error error)
{
    return error == STEPCARE_BUSY || error == STEPCARE_STOPPING;
}

/* Back-off before attempt number `attempts` + 1: 20 ms doubling to 1.3 s. */
static inline int64_t client_backoff_ms(unsigned attempts)
{
    return INT64_C(20) << (attempts < 6 ? attempts : 6);
}

#endif
