/* One router a store: an advisory lock on DIRECTORY/LOCK, held as long as the process lives. */
#ifndef ROUTER_STORE_LOCK_H
#define ROUTER_STORE_LOCK_H

#include "stepcare/error.h"

struct store_lock;

/* Purpose: take the lock, without waiting; the file is made if missing, the directory too.
 * Owns: store_lock_close gives it up; so does the end of the process, however it ends.
 * Errors: LOCKED (*out_holder: the process that has it, 0 if it does not say), SYSTEM, NO_MEMORY. */
enum stepcare_error store_lock_open(const char *directory, long *out_holder, struct store_lock **out_lock);
void store_lock_close(struct store_lock *lock); /* accepts NULL */

#endif
