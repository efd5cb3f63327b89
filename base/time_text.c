/* Times and dates, written and read: by the JSON and wire forms of referrals, records shown to people, and the log. */
#include "base/time_text.h"

#include "base/date.h"
#include "base/time_units.h"

#include <stdio.h>

enum { OFFSET_MIN_MAX = 23 * 60 + 59 };

size_t time_format_zone(int64_t ms, int offset_min, char out_text[TIME_TEXT_BYTES])
{
    int64_t local_ms = ms + (int64_t)offset_min * MINUTE_MS;
    if (local_ms < TIME_TEXT_MIN_MS) local_ms = TIME_TEXT_MIN_MS;
    if (local_ms > TIME_TEXT_MAX_MS) local_ms = TIME_TEXT_MAX_MS;
    const int64_t days = days_of_time(local_ms, 0);
    const unsigned in_day_ms = (unsigned)(local_ms - days * DAY_MS);
    const struct stepcare_date date = date_of_days((int32_t)days);
    unsigned second = in_day_ms / 1000,
             zone = (unsigned)(offset_min < 0 ? -offset_min : offset_min) % (OFFSET_MIN_MAX + 1);
    int bytes = snprintf(out_text, TIME_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u", (unsigned)date.year % 10000U,
                         date.month, date.day, second / 3600 % 24, second / 60 % 60, second % 60);
    size_t at = (size_t)bytes;
    if (in_day_ms % 1000 != 0) at += (size_t)snprintf(out_text + at, TIME_TEXT_BYTES - at, ".%03u", in_day_ms % 1000);
    if (zone == 0) return at + (size_t)snprintf(out_text + at, TIME_TEXT_BYTES - at, "Z");
    return at + (size_t)snprintf(out_text + at, TIME_TEXT_BYTES - at, "%c%02u:%02u", offset_min < 0 ? '-' : '+',
                                 zone / 60, zone % 60);
}

size_t time_format(int64_t ms, char out_text[TIME_TEXT_BYTES])
{
    return time_format_zone(ms, 0, out_text);
}

size_t date_format(struct stepcare_date date, char out_text[DATE_TEXT_BYTES])
{
    return (size_t)snprintf(out_text, DATE_TEXT_BYTES, "%04u-%02u-%02u", (unsigned)date.year % 10000U, date.month,
                            date.day);
}

/* Exactly `digits` decimal digits at text[at]; the caller has checked that they are inside. */
static bool take_digits(const char *at, unsigned digits, unsigned *out_value)
{
    unsigned value = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (at[i] < '0' || at[i] > '9') return false;
        value = value * 10 + (unsigned)(at[i] - '0');
    }
    *out_value = value;
    return true;
}

bool date_parse(struct stepcare_text text, struct stepcare_date *out_date)
{
    unsigned year, month, day;
    const char *at = text.data;
    if (text.bytes != 10 || at[4] != '-' || at[7] != '-') return false;
    if (!take_digits(at, 4, &year) || !take_digits(at + 5, 2, &month) || !take_digits(at + 8, 2, &day)) return false;
    struct stepcare_date date = {(int16_t)year, (uint8_t)month, (uint8_t)day};
    if (!date_exists(date)) return false;
    *out_date = date;
    return true;
}

/* "Z" or "+01:00", and nothing after it. */
static bool zone_parse(const char *at, size_t bytes, int *out_offset_min)
{
    unsigned hours, minutes;
    if (bytes == 1 && (*at == 'Z' || *at == 'z')) {
        *out_offset_min = 0;
        return true;
    }
    if (bytes != 6 || (at[0] != '+' && at[0] != '-') || at[3] != ':') return false;
    if (!take_digits(at + 1, 2, &hours) || !take_digits(at + 4, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *out_offset_min = (at[0] == '-' ? -1 : 1) * (int)(hours * 60 + minutes);
    return true;
}

/* ".123456": milliseconds, and how many bytes it took; 0 and 0 where there is no fraction. */
static bool fraction_parse(const char *at, size_t bytes, unsigned *out_ms, size_t *out_bytes)
{
    unsigned ms = 0, weight = 100;
    size_t used = 0;
    if (bytes > 0 && at[0] == '.') {
        for (used = 1; used < bytes && at[used] >= '0' && at[used] <= '9'; used++, weight /= 10) {
            ms += weight * (unsigned)(at[used] - '0');
        }
        if (used == 1) return false;
    }
    *out_ms = ms;
    *out_bytes = used;
    return true;
}

bool time_parse(struct stepcare_text text, int64_t *out_ms, int16_t *out_offset_min)
{
    enum { SECONDS_END = 19 };
    struct stepcare_date date;
    unsigned hour, minute, second, ms;
    size_t fraction_bytes;
    int offset_min;
    const char *at = text.data;
    if (text.bytes <= SECONDS_END || !date_parse((struct stepcare_text){at, 10}, &date)) return false;
    if ((at[10] != 'T' && at[10] != 't') || at[13] != ':' || at[16] != ':') return false;
    if (!take_digits(at + 11, 2, &hour) || !take_digits(at + 14, 2, &minute) || !take_digits(at + 17, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    if (!fraction_parse(at + SECONDS_END, text.bytes - SECONDS_END, &ms, &fraction_bytes)) return false;
    size_t zone_at = SECONDS_END + fraction_bytes;
    if (!zone_parse(at + zone_at, text.bytes - zone_at, &offset_min)) return false;
    if (second == 60) {
        second = 59;
        ms = 999;
    }
    int64_t local_ms = (int64_t)date_days(date) * DAY_MS + (int64_t)(hour * 3600 + minute * 60 + second) * 1000 + ms;
    int64_t utc_ms = local_ms - (int64_t)offset_min * MINUTE_MS;
    if (utc_ms < TIME_TEXT_MIN_MS || utc_ms > TIME_TEXT_MAX_MS) return false;
    *out_ms = utc_ms;
    if (out_offset_min != NULL) *out_offset_min = (int16_t)offset_min;
    return true;
}
