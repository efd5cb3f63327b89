/* Lengths of time in milliseconds, the unit in which every time and duration is kept. */
#ifndef BASE_TIME_UNITS_H
#define BASE_TIME_UNITS_H

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

#endif
