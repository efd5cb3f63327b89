/* Which ledger engine a store has: chosen here and nowhere else. Used by store.c, and by readers of a store. */
#ifndef ROUTER_STORE_ENGINE_H
#define ROUTER_STORE_ENGINE_H

#include "config/config.h"
#include "router/ledger/ledger.h"

enum { STORE_BLOCK_BYTES_MAX = 2 * 1024 * 1024 };

/* Purpose: the engine for a ledger in that directory, for ledger_open. Errors: NO_MEMORY, CONFIG. */
enum stepcare_error store_engine_make(const struct config *config, const char *directory, bool read_only,
                                      struct ledger_engine **out_engine);

#endif
