/* Times and dates as text: RFC 3339, proleptic Gregorian, no time-zone database. */
#ifndef BASE_TIME_TEXT_H
#define BASE_TIME_TEXT_H

#include "stepcare/date.h"
#include "stepcare/text.h"

#include <stddef.h>

/* The years 0000 to 9999: what RFC 3339 can write. */
#define TIME_TEXT_MIN_MS INT64_C(-62167219200000)
#define TIME_TEXT_MAX_MS INT64_C(253402300799999)

enum { TIME_TEXT_BYTES = 32, DATE_TEXT_BYTES = 16 };

/* Purpose: RFC 3339 in UTC ("2026-11-02T09:30:00Z"; milliseconds where not zero), or as written in a zone
 * ("2026-11-02T10:30:00+01:00"). Shape: times outside the years 0 to 9999 are given as the nearest that can be written.
 * Returns bytes written, without the NUL. */
size_t time_format(int64_t ms, char out_text[TIME_TEXT_BYTES]);
size_t time_format_zone(int64_t ms, int offset_min, char out_text[TIME_TEXT_BYTES]);

/* Purpose: RFC 3339 with any zone; lower-case t and z; fractional seconds cut to milliseconds; second 60 read as
 * 59.999.
 * Errors: false if it is no such time; outputs untouched. out_offset_min may be NULL. */
bool time_parse(struct stepcare_text text, int64_t *out_ms, int16_t *out_offset_min);

/* Purpose: YYYY-MM-DD, a day that exists, from the year 1 on. */
bool date_parse(struct stepcare_text text, struct stepcare_date *out_date);
size_t date_format(struct stepcare_date date, char out_text[DATE_TEXT_BYTES]);

#endif
