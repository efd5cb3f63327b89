/* The two clocks of a process. The pure folders (pathway, router/care) include neither this nor the log: they are told
 * the time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void);   /* since 1970, UTC; can be set back */
int64_t clock_steady_ms(void); /* only runs: for deadlines within one life of the process */

#endif
