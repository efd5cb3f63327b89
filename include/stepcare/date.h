/* A day of the calendar, as it stands in a referral: a date of birth, the day on which something was written. */
#ifndef STEPCARE_DATE_H
#define STEPCARE_DATE_H

#include <stdint.h>

/* Proleptic Gregorian; year 0 means absent. */
struct stepcare_date {
    int16_t year;
    uint8_t month; /* 1-12 */
    uint8_t day;   /* 1-31 */
};

#endif
