/* Waiting for something to become true, with a deadline: the only way in which tests wait. */
#ifndef TESTS_SUPPORT_DEADLINE_H
#define TESTS_SUPPORT_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/* How long a test waits for what must come. Nothing takes a hundredth of it on an idle machine; no test may lean on how
 * fast the machine is, and ctest's own limit lies well above. */
enum { DEADLINE_MS = 300000 };

int64_t deadline_now_ms(void); /* monotonic */

/* Purpose: look until it is true, or the time is over; returns what it is then. For what gives no event to wait on. */
bool deadline_wait(int64_t within_ms, bool (*is_true)(void *context), void *context);

#endif
