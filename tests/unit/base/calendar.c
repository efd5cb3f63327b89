/* Working days, their end, and summer time in London. */
#include "base/calendar.h"
#include "base/date.h"

#include <criterion/criterion.h>

#define MINUTES(n) ((int64_t)(n)*60000)
#define HOURS(n) MINUTES((n)*60)

static struct stepcare_date date(int year, int month, int day)
{
    return (struct stepcare_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
}

static int64_t utc(int year, int month, int day, int hour, int minute)
{
    return (int64_t)date_days(date(year, month, day)) * 86400000 + HOURS(hour) + MINUTES(minute);
}

static struct calendar with_holidays(void) /* Christmas and Boxing Day (substitute) 2026, New Year 2027 */
{
    return (struct calendar){
        3, {date_days(date(2026, 12, 25)), date_days(date(2026, 12, 28)), date_days(date(2027, 1, 1))}};
}

Test(calendar, summer_time_runs_from_last_sunday_of_march_to_last_sunday_of_october)
{
    cr_assert_eq(calendar_london_offset_min(utc(2026, 3, 29, 0, 59)), 0);
    cr_assert_eq(calendar_london_offset_min(utc(2026, 3, 29, 1, 0)), 60);
    cr_assert_eq(calendar_london_offset_min(utc(2026, 10, 25, 0, 59)), 60);
    cr_assert_eq(calendar_london_offset_min(utc(2026, 10, 25, 1, 0)), 0);
    cr_assert_eq(calendar_london_offset_min(utc(2024, 3, 31, 1, 0)), 60, "31 March is itself a Sunday");
    cr_assert_eq(calendar_london_offset_min(utc(2024, 3, 31, 0, 59)), 0);
}

Test(calendar, local_day_begins_an_hour_early_in_summer)
{
    cr_assert_eq(calendar_london_day(utc(2026, 7, 1, 23, 0)), date_days(date(2026, 7, 2)));
    cr_assert_eq(calendar_london_day(utc(2026, 7, 1, 22, 59)), date_days(date(2026, 7, 1)));
    cr_assert_eq(calendar_london_day(utc(2026, 12, 1, 23, 59)), date_days(date(2026, 12, 1)));
}

Test(calendar, weekends_and_holidays_are_not_working_days)
{
    struct calendar calendar = with_holidays();
    cr_assert(calendar_working_day(&calendar, date_days(date(2026, 12, 24))));
    cr_assert_not(calendar_working_day(&calendar, date_days(date(2026, 12, 25))));
    cr_assert_not(calendar_working_day(&calendar, date_days(date(2026, 12, 26))));
    cr_assert_not(calendar_working_day(&calendar, date_days(date(2026, 12, 27))));
    cr_assert_not(calendar_working_day(&calendar, date_days(date(2026, 12, 28))));
    cr_assert(calendar_working_day(&calendar, date_days(date(2026, 12, 29))));
}

Test(calendar, same_working_day_ends_at_five_in_london)
{
    struct calendar calendar = with_holidays();
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 11, 2, 9, 30), 0), utc(2026, 11, 2, 17, 0));
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 11, 2, 17, 0), 0), utc(2026, 11, 2, 17, 0));
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 11, 2, 17, 1), 0), utc(2026, 11, 3, 17, 0));
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 7, 1, 9, 0), 0), utc(2026, 7, 1, 16, 0), "summer time");
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 11, 7, 9, 0), 0), utc(2026, 11, 9, 17, 0), "Saturday");
}

Test(calendar, working_days_step_over_weekends_holidays_and_clock_changes)
{
    struct calendar calendar = with_holidays();
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 12, 24, 10, 0), 1), utc(2026, 12, 29, 17, 0));
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 12, 24, 10, 0), 5), utc(2027, 1, 5, 17, 0));
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 3, 27, 10, 0), 1), utc(2026, 3, 30, 16, 0));
    cr_assert_eq(calendar_working_day_end(&calendar, utc(2026, 10, 23, 10, 0), 2), utc(2026, 10, 27, 17, 0));
}

Test(calendar, counts_working_days_between_two_dates)
{
    struct calendar calendar = with_holidays();
    cr_assert_eq(calendar_working_days_between(&calendar, utc(2026, 11, 2, 9, 0), utc(2026, 11, 2, 16, 0)), 0);
    cr_assert_eq(calendar_working_days_between(&calendar, utc(2026, 11, 6, 9, 0), utc(2026, 11, 9, 9, 0)), 1);
    cr_assert_eq(calendar_working_days_between(&calendar, utc(2026, 12, 24, 9, 0), utc(2026, 12, 29, 9, 0)), 1);
    cr_assert_eq(calendar_working_days_between(&calendar, utc(2026, 11, 9, 9, 0), utc(2026, 11, 6, 9, 0)), 0);
}
