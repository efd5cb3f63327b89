/* Dates and days since 1970, ages, and which day a time falls on. */
#include "base/date.h"

#include <criterion/criterion.h>

static struct stepcare_date date(int year, int month, int day)
{
    return (struct stepcare_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
}

Test(date, counts_days_from_1970)
{
    cr_assert_eq(date_days(date(1970, 1, 1)), 0);
    cr_assert_eq(date_days(date(1969, 12, 31)), -1);
    cr_assert_eq(date_days(date(2000, 3, 1)), 11017);
    cr_assert_eq(date_days(date(2026, 11, 2)), 20759);
}

Test(date, every_day_of_three_centuries_goes_there_and_back)
{
    struct stepcare_date before = date_of_days(-36526);
    for (int32_t day = -36525; day < 73000; day++) {
        struct stepcare_date here = date_of_days(day);
        cr_assert_eq(date_days(here), day);
        cr_assert(here.day == before.day + 1 || here.day == 1);
        before = here;
    }
}

Test(date, age_turns_on_the_birthday)
{
    cr_assert_eq(date_age_years(date(2010, 11, 2), date(2026, 11, 1)), 15);
    cr_assert_eq(date_age_years(date(2010, 11, 2), date(2026, 11, 2)), 16);
    cr_assert_eq(date_age_years(date(2010, 11, 2), date(2026, 12, 1)), 16);
    cr_assert_eq(date_age_years(date(2010, 11, 2), date(2026, 10, 30)), 15);
}

Test(date, leap_day_birthday_falls_on_first_of_march)
{
    cr_assert_eq(date_age_years(date(2008, 2, 29), date(2026, 2, 28)), 17);
    cr_assert_eq(date_age_years(date(2008, 2, 29), date(2026, 3, 1)), 18);
    cr_assert_eq(date_age_years(date(2008, 2, 29), date(2024, 2, 28)), 15);
    cr_assert_eq(date_age_years(date(2008, 2, 29), date(2024, 2, 29)), 16);
}

Test(date, a_day_is_the_one_as_written)
{
    struct stepcare_date day = date_of_time(INT64_C(1793577600000) - 1, 0);
    cr_assert(day.year == 2026 && day.month == 11 && day.day == 1);
    day = date_of_time(INT64_C(1793577600000) - 1, 60);
    cr_assert(day.month == 11 && day.day == 2);
}
