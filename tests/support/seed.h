/* The seed of a test that draws at random: told on stderr, with the command that repeats the run. */
#ifndef TESTS_SUPPORT_SEED_H
#define TESTS_SUPPORT_SEED_H

#include <stdint.h>

/* Purpose: STEPCARE_SEED where it is set; else `usual`, or another one every time where usual is 0.
 * test: its name in ctest, such as "fault/router_kill". */
uint64_t seed_of(const char *test, uint64_t usual);

#endif
