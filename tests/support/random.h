/* Repeatable randomness for tests and generators: splitmix64, one word of state, so that any line or case can be made
 * again from (seed, number) alone. Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
 * generators". */
#ifndef TESTS_SUPPORT_RANDOM_H
#define TESTS_SUPPORT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A stream of its own for every (seed, number, purpose): streams do not shift when another one draws more. */
static inline struct random random_of(uint64_t seed, uint64_t number, uint64_t purpose)
{
    return (struct random){random_mix(random_mix(seed + UINT64_C(0x9e3779b97f4a7c15)) ^ random_mix(number * 2 + 1) ^
                                      random_mix(purpose << 32))};
}

static inline uint64_t random_next(struct random *random)
{
    return random_mix(random->state += UINT64_C(0x9e3779b97f4a7c15));
}

/* 0 .. count - 1; count > 0 and far below 2^32, so that the multiplication's bias is nothing. */
static inline unsigned random_below(struct random *random, unsigned count)
{
    return (unsigned)(((random_next(random) >> 32) * count) >> 32);
}

static inline int random_between(struct random *random, int low, int high)
{
    return low + (int)random_below(random, (unsigned)(high - low + 1));
}

static inline bool random_percent(struct random *random, unsigned percent)
{
    return random_below(random, 100) < percent;
}

#define RANDOM_PICK(random, list) ((list)[random_below((random), sizeof(list) / sizeof((list)[0]))])

#endif
