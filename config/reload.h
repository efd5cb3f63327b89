/* Taking a changed stepcare.yaml over while the router runs: what may change does, what needs a restart is named. Each
 * key's row says which it is, in one table with the numbers' (settings.c) and one of the rest (reload.c); the `*` in
 * stepcare.yaml says the same, and a test compares the two. Used by the router's loop on SIGHUP. */
#ifndef CONFIG_RELOAD_H
#define CONFIG_RELOAD_H

#include "config/config.h"

/* Purpose: the key of an index from 0 on. Returns false past the last. */
bool config_key_at(unsigned index, struct config_key *out_key);

/* Purpose: take over from `read` what may change in a running router. read: opened from the same file; what `config`
 * had is in it afterwards, for config_close. out_restart: the keys that have changed and stay as they were, "a, b";
 * empty where there are none. Calls: nobody reads config meanwhile. */
void config_take_over(struct config *config, struct config *read, char *out_restart, size_t restart_bytes);

#endif
