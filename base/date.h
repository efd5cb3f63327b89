/* The civil calendar, once: days since 1970 and dates, proleptic Gregorian, no time zone database. What reads or writes
 * times, counts working days or ages stands on it. Pure. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "stepcare/date.h"

#include <stdbool.h>

/* Purpose: days since 1970-01-01 and back. Shape: any date of the years -9999 to 9999; the date must exist. */
int32_t date_days(struct stepcare_date date);
struct stepcare_date date_of_days(int32_t days);

/* Purpose: the day since 1970, and the date, on which a time (ms since 1970 UTC) falls, offset_min ahead of UTC. */
int32_t days_of_time(int64_t ms, int offset_min);
struct stepcare_date date_of_time(int64_t ms, int offset_min);

/* Purpose: whether there is such a day, from the year 1 to 9999. */
bool date_exists(struct stepcare_date date);

/* Purpose: whole years of age on a date; a birthday on 29 February falls on 1 March in other years. */
int date_age_years(struct stepcare_date birth, struct stepcare_date on);

#endif
