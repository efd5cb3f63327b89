/* Working days and due dates: Monday to Friday less configured holidays, Europe/London (summer time from the last
 * Sunday of March 01:00 UTC to the last Sunday of October 01:00 UTC). Pure: no clock, no time zone database.
 * Source: default pathway, "Hand-over limits"; UK Summer Time Order 2002. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum { CALENDAR_HOLIDAYS_MAX = 400, CALENDAR_DAY_ENDS_MIN = 17 * 60 };

struct calendar {
    unsigned holiday_count;
    int32_t holidays[CALENDAR_HOLIDAYS_MAX]; /* days since 1970-01-01, ascending */
};

/* Purpose: London's time and date. Shape: minutes ahead of UTC, 0 or 60; days since 1970. */
int calendar_london_offset_min(int64_t ms);
int32_t calendar_london_day(int64_t ms);

bool calendar_working_day(const struct calendar *calendar, int32_t day);

/* Purpose: the end (17:00 London) of the working day that is `days` working days after at_ms; 0 is the same working
 * day, or the next one where at_ms is on no working day or past its end. */
int64_t calendar_working_day_end(const struct calendar *calendar, int64_t at_ms, unsigned days);
/* Purpose: working days from one local date to another, the first not counted. */
unsigned calendar_working_days_between(const struct calendar *calendar, int64_t from_ms, int64_t to_ms);

#endif
