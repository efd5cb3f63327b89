/* What a client is, for client.c and pipeline.c. */
#ifndef CLIENT_LIB_CLIENT_INTERNAL_H
#define CLIENT_LIB_CLIENT_INTERNAL_H

#include "client/lib/link.h"
#include "stepcare/client.h"

struct stepcare_client {
    struct link link;
};

#endif
