/* The civil calendar: for times as text, working days and ages. */
#include "base/date.h"

#include "base/time_units.h"

enum { ERA_YEARS = 400, ERA_DAYS = 146097, DAYS_BEFORE_1970 = 719468 /* since 1 March of the year 0 */ };

static int64_t divide_down(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* Years are counted from 1 March, so that the leap day is the last of its year.
 * Source: Howard Hinnant, "chrono-compatible low-level date algorithms". */
int32_t date_days(struct stepcare_date date)
{
    const int32_t year = date.year - (date.month <= 2);
    const int32_t era = (int32_t)divide_down(year, ERA_YEARS), year_of_era = year - era * ERA_YEARS;
    const int32_t day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;
    const int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - DAYS_BEFORE_1970;
}

struct stepcare_date date_of_days(int32_t days)
{
    const int64_t shifted = (int64_t)days + DAYS_BEFORE_1970;
    const int32_t era = (int32_t)divide_down(shifted, ERA_DAYS);
    const int32_t day_of_era = (int32_t)(shifted - (int64_t)era * ERA_DAYS);
    const int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (ERA_DAYS - 1)) / 365;
    const int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int32_t month_from_march = (5 * day_of_year + 2) / 153;
    const int32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct stepcare_date){(int16_t)(year_of_era + era * ERA_YEARS + (month <= 2)), (uint8_t)month,
                                  (uint8_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

int32_t days_of_time(int64_t ms, int offset_min)
{
    return (int32_t)divide_down(ms + (int64_t)offset_min * MINUTE_MS, DAY_MS);
}

struct stepcare_date date_of_time(int64_t ms, int offset_min)
{
    return date_of_days(days_of_time(ms, offset_min));
}

bool date_exists(struct stepcare_date date)
{
    static const uint8_t lengths[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) return false;
    const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    return date.day <= lengths[date.month] + (date.month == 2 && leap);
}

/* Comparing month and day puts a 29 February birthday on 1 March by itself in years without one. */
int date_age_years(struct stepcare_date birth, struct stepcare_date on)
{
    const bool before_birthday = on.month < birth.month || (on.month == birth.month && on.day < birth.day);
    return on.year - birth.year - before_birthday;
}
