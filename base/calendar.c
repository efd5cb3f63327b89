#include "base/calendar.h"
#include "base/time_units.h"

enum { WEEKDAY_SUNDAY = 6 };

static int64_t floor_divide(int64_t value, int64_t by)
{
    int64_t quotient = value / by;

    return value % by < 0 ? quotient - 1 : quotient;
}

/* Days from the civil calendar by eras of 400 years, March first, so that the leap day is the last of its year. */
int32_t calendar_days_of(struct stepcare_date date)
{
    int32_t year = date.year - (date.month <= 2 ? 1 : 0);
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t year_of_era = year - era * 400;
    int32_t month_from_march = (date.month + 9) % 12;
    int32_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

struct stepcare_date calendar_date_of(int32_t days)
{
    int32_t shifted = days + 719468;
    int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t day_of_era = shifted - era * 146097;
    int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t month_from_march = (5 * day_of_year + 2) / 153;
    int32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    int32_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);

    return (struct stepcare_date){(int16_t)year, (uint8_t)month,
                                  (uint8_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

static int weekday_of(int32_t day) /* 0 Monday .. 6 Sunday; 1970-01-01 was a Thursday */
{
    return (int)(((int64_t)day + 3) % 7 + 7) % 7;
}

/* 01:00 UTC on the last Sunday of a month with 31 days: when summer time begins (March) and ends (October). */
static int64_t clocks_change_ms(int16_t year, uint8_t month)
{
    int32_t last = calendar_days_of((struct stepcare_date){year, month, 31});

    return (int64_t)(last - (weekday_of(last) + 1) % 7) * DAY_MS + HOUR_MS;
}

int calendar_london_offset_min(int64_t ms)
{
    int16_t year = calendar_date_of((int32_t)floor_divide(ms, DAY_MS)).year;

    return ms >= clocks_change_ms(year, 3) && ms < clocks_change_ms(year, 10) ? 60 : 0;
}

int32_t calendar_london_day(int64_t ms)
{
    return (int32_t)floor_divide(ms + (int64_t)calendar_london_offset_min(ms) * MINUTE_MS, DAY_MS);
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

/* Comparing month and day puts a 29 February birthday on 1 March by itself in years without one. */
int calendar_age_years(struct stepcare_date birth, struct stepcare_date on)
{
    bool before_birthday = on.month < birth.month || (on.month == birth.month && on.day < birth.day);

    return on.year - birth.year - (before_birthday ? 1 : 0);
}
