/* Made-up referrals that look real, for benchmarks, tests and samples: one JSON object a line. Line n depends on the
 * options and n alone, so any line can be made again, in any order, by any number of threads. Reads no clock.
 *
 * Nobody in them exists: NHS numbers are from the 999 range kept for tests, telephone numbers from Ofcom's range for
 * drama, organisation codes begin Y9 (practices), RZ9 (rheumatology) and NZ9 (MSK services). */
#ifndef TESTS_SUPPORT_GENERATOR_REFERRAL_GENERATOR_H
#define TESTS_SUPPORT_GENERATOR_REFERRAL_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

enum { REFERRAL_GENERATOR_LINE_BYTES_MAX = 80 * 1024, REFERRAL_GENERATOR_WORKING_DAYS = 10 };

struct referral_generator_options {
    uint64_t seed;
    uint64_t count;              /* how many lines there will be: spreads referred_at; at least 1 */
    int64_t from_ms;             /* midnight UTC of the first day; referrals come on 10 working days from it */
    unsigned mistakes_percent;   /* lines that are no valid referral */
    unsigned duplicates_percent; /* half the same line again, half the same message_id with other content */
    unsigned emergencies_percent;
    unsigned line_bytes_about; /* average line, through the letter's length; 0: 650 */
};

#define REFERRAL_GENERATOR_FROM_MS INT64_C(1793577600000) /* 2026-11-02, a Monday */

/* Purpose: a from_ms for which all referrals are in the past: two weeks, and so ten working days, before the day of
 * now_ms. */
static inline int64_t referral_generator_days_before(int64_t now_ms)
{
    const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;
    return (now_ms / day_ms - 14) * day_ms;
}

/* Purpose: line `index` (from 0), without newline.
 * Shape: at most REFERRAL_GENERATOR_LINE_BYTES_MAX bytes to out_line, no NUL. Returns the bytes written. */
size_t referral_generator_line(const struct referral_generator_options *options, uint64_t index, char *out_line);

#endif
