/* What a broken assertion prints before the process ends. See must.h. */
#include "base/must.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* The process's own, as a crash is; atomic because the segment writer's thread may be the one that fails. */
static _Atomic uint64_t last_sequence;

void must_sequence_note(uint64_t sequence)
{
    atomic_store_explicit(&last_sequence, sequence, memory_order_relaxed);
}

void must_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: must hold: %s (last ledger sequence %" PRIu64 "); the process ends here, start it again\n",
            file, line, condition, atomic_load_explicit(&last_sequence, memory_order_relaxed));
    abort();
}
