/* Assertions that stay in every build. A broken one is a bug of ours, and going on could harm a patient's record: the
 * process prints where, what, and the ledger sequence it had reached, and aborts; the ledger has everything that was
 * acknowledged. Never for input, memory, disk or peers: those are errors and get an answer. */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#include <stdint.h>

/* One condition each, so that the line names it. */
#define must(condition)                                                                                                \
    do {                                                                                                               \
        if (__builtin_expect(!(condition), 0)) must_fail(__FILE__, __LINE__, #condition);                              \
    } while (0)

/* The sequence of the last event that the process has appended or folded; printed by a failing must. */
void must_sequence_note(uint64_t sequence);

_Noreturn void must_fail(const char *file, int line, const char *condition);

#endif
