/* A ledger engine that another writer has overtaken: segment files underneath, in which, from the moment a test says
 * so, the epoch or the head is above what this process knows. */
#ifndef TESTS_SUPPORT_OVERTAKEN_ENGINE_H
#define TESTS_SUPPORT_OVERTAKEN_ENGINE_H

#include "router/store/engine.h"

/* What the other writer is ahead by, and how often an append has been tried since the engine was made. */
struct overtaken {
    uint64_t epochs, events;
    unsigned appends;
};
extern struct overtaken overtaken_by;

/* For store_open_on. */
enum stepcare_error overtaken_engine_make(const struct config *config, const char *directory, bool read_only,
                                          struct ledger_engine **out_engine);

#endif
