/* The tests' one way of waiting. */
#include "tests/support/deadline.h"

#include <poll.h>
#include <stddef.h>
#include <time.h>

int64_t deadline_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool deadline_wait(int64_t within_ms, bool (*is_true)(void *context), void *context)
{
    int64_t until = deadline_now_ms() + within_ms;
    while (!is_true(context)) {
        if (deadline_now_ms() >= until) return is_true(context);
        poll(NULL, 0, 2); /* leaves the processor to the one who is waited for */
    }
    return true;
}
