/* Seeds for the tests that draw at random: a failure that cannot be repeated helps nobody. */
#include "tests/support/seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t seed_of(const char *test, uint64_t usual)
{
    const char *chosen = getenv("STEPCARE_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t drawn = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    uint64_t seed = chosen != NULL ? strtoull(chosen, NULL, 10) : usual != 0 ? usual : drawn;
    fprintf(stderr, "repeat with: STEPCARE_SEED=%llu ctest --preset test -R '^%s$'\n", (unsigned long long)seed, test);
    return seed;
}
