/* Times and dates as text: what is read, what is refused, what is written. */
#include "base/time_text.h"

#include "tests/support/random.h"

#include <criterion/criterion.h>

struct example {
    const char *text;
    int64_t ms;
    int offset_min;
};

Test(time_text, reads_rfc_3339)
{
    static const struct example examples[] = {
        {"1970-01-01T00:00:00Z", 0, 0},
        {"2026-11-02T09:30:00Z", INT64_C(1793611800000), 0},
        {"2026-11-02t09:30:00z", INT64_C(1793611800000), 0},
        {"2026-11-02T10:30:00+01:00", INT64_C(1793611800000), 60},
        {"2026-11-01T22:00:00-11:30", INT64_C(1793611800000), -690},
        {"2026-11-02T09:30:00.5Z", INT64_C(1793611800500), 0},
        {"2026-11-02T09:30:00.1239999Z", INT64_C(1793611800123), 0},
        {"2016-12-31T23:59:60Z", INT64_C(1483228799999), 0},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000), 0},
        {"1969-12-31T23:59:59Z", -1000, 0},
    };
    for (unsigned i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        int64_t ms = 1;
        int16_t offset_min = 1;
        cr_assert(time_parse(stepcare_text_of(examples[i].text), &ms, &offset_min), "%s", examples[i].text);
        cr_assert_eq(ms, examples[i].ms, "%s: %ld", examples[i].text, (long)ms);
        cr_assert_eq(offset_min, examples[i].offset_min, "%s", examples[i].text);
    }
}

Test(time_text, refuses_what_is_no_time)
{
    static const char *const wrong[] = {
        "",
        "2026-11-02",
        "2026-11-02T09:30:00",
        "2026-11-02 09:30:00Z",
        "2026-11-02T09:30Z",
        "2026-11-02T24:00:00Z",
        "2026-11-02T09:60:00Z",
        "2026-11-02T09:30:61Z",
        "2026-13-02T09:30:00Z",
        "2025-02-29T09:30:00Z",
        "2026-11-02T09:30:00.Z",
        "2026-11-02T09:30:00+0100",
        "2026-11-02T09:30:00+01:60",
        "2026-11-02T09:30:00+24:00",
        "2026-11-02T09:30:00ZZ",
        " 2026-11-02T09:30:00Z",
        "2026-11-02T09:30:00Z ",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "2026-11-0xT09:30:00Z",
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t ms = 7;
        cr_assert_not(time_parse(stepcare_text_of(wrong[i]), &ms, NULL), "%s", wrong[i]);
        cr_assert_eq(ms, 7);
    }
}

Test(time_text, what_is_written_reads_back)
{
    for (unsigned i = 0; i < 20000; i++) {
        struct random random = random_of(2, i, 0);
        int64_t ms = (int64_t)(random_next(&random) % UINT64_C(253000000000000)) - INT64_C(1000000000000), back = 0;
        int offset_min = i % 3 == 0 ? 0 : random_between(&random, -1439, 1439);
        int16_t offset_back = 0;
        char text[TIME_TEXT_BYTES];
        size_t bytes = time_format_zone(ms, offset_min, text);
        cr_assert_eq(strlen(text), bytes);
        cr_assert(time_parse(stepcare_text_of(text), &back, &offset_back), "%s", text);
        cr_assert(back == ms && offset_back == offset_min, "%s", text);
    }
}

Test(time_text, milliseconds_are_written_only_where_there_are_any)
{
    char text[TIME_TEXT_BYTES];
    time_format(INT64_C(1793611800000), text);
    cr_assert_str_eq(text, "2026-11-02T09:30:00Z");
    time_format(INT64_C(1793611800042), text);
    cr_assert_str_eq(text, "2026-11-02T09:30:00.042Z");
    time_format(INT64_MAX / 2, text);
    cr_assert_str_eq(text, "9999-12-31T23:59:59.999Z");
}

Test(time_text, dates_exist_or_are_refused)
{
    static const char *const right[] = {"2024-02-29", "2000-02-29", "1880-01-01", "2026-12-31"};
    static const char *const wrong[] = {"2026-02-29",  "1900-02-29", "2026-04-31", "2026-00-10",
                                        "2026-1-01",   "26-01-01",   "2026-01-00", "2026/01/01",
                                        "2026-01-011", "",           "0000-01-01"};
    struct stepcare_date date = {0};
    for (unsigned i = 0; i < sizeof right / sizeof right[0]; i++) {
        char text[DATE_TEXT_BYTES];
        cr_assert(date_parse(stepcare_text_of(right[i]), &date), "%s", right[i]);
        date_format(date, text);
        cr_assert_str_eq(text, right[i]);
    }
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert_not(date_parse(stepcare_text_of(wrong[i]), &date), "%s", wrong[i]);
    }
}
