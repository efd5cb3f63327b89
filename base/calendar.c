/* Working days and London time: for due dates, lease times shown to people, and opt-in letters' limits. */
#include "base/calendar.h"

#include "base/date.h"
#include "base/time_units.h"

enum { WEEKDAY_SUNDAY = 6 };

static int weekday_of(int32_t day) /* 0 Monday .. 6 Sunday; 1970-01-01 was a Thursday */
{
    return (int)(((int64_t)day + 3) % 7 + 7) % 7;
}

/* 01:00 UTC on the last Sunday of a month with 31 days: when summer time begins (March) and ends (October). */
static int64_t clocks_change_ms(int16_t year, uint8_t month)
{
    int32_t last = date_days((struct stepcare_date){year, month, 31});
    return (int64_t)(last - (weekday_of(last) + 1) % 7) * DAY_MS + HOUR_MS;
}

int calendar_london_offset_min(int64_t ms)
{
    int16_t year = date_of_time(ms, 0).year;
    return ms >= clocks_change_ms(year, 3) && ms < clocks_change_ms(year, 10) ? 60 : 0;
}

int32_t calendar_london_day(int64_t ms)
{
    return days_of_time(ms, calendar_london_offset_min(ms));
}

static bool is_holiday(const struct calendar *calendar, int32_t day)
{
    unsigned low = 0, high = calendar->holiday_count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (calendar->holidays[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < calendar->holiday_count && calendar->holidays[low] == day;
}

bool calendar_working_day(const struct calendar *calendar, int32_t day)
{
    return weekday_of(day) < WEEKDAY_SUNDAY - 1 && !is_holiday(calendar, day);
}

static int32_t next_working_day(const struct calendar *calendar, int32_t day)
{
    do day++;
    while (!calendar_working_day(calendar, day));
    return day;
}

/* Clocks change at night, so the offset at noon UTC is the offset at the end of the working day. */
static int64_t day_end_ms(int32_t day)
{
    int64_t start_ms = (int64_t)day * DAY_MS;
    int offset_min = calendar_london_offset_min(start_ms + DAY_MS / 2);
    return start_ms + (int64_t)(CALENDAR_DAY_ENDS_MIN - offset_min) * MINUTE_MS;
}

int64_t calendar_working_day_end(const struct calendar *calendar, int64_t at_ms, unsigned days)
{
    int32_t day = calendar_london_day(at_ms);
    if (days == 0 && calendar_working_day(calendar, day) && at_ms <= day_end_ms(day)) return day_end_ms(day);
    for (unsigned left = days == 0 ? 1 : days; left > 0; left--) day = next_working_day(calendar, day);
    return day_end_ms(day);
}

unsigned calendar_working_days_between(const struct calendar *calendar, int64_t from_ms, int64_t to_ms)
{
    int32_t last = calendar_london_day(to_ms);
    unsigned count = 0;
    for (int32_t day = calendar_london_day(from_ms) + 1; day <= last; day++)
        count += calendar_working_day(calendar, day);
    return count;
}
