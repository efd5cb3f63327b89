/* The wait that a referrer sees before and with referring, in feedback, and the next free date by capacity. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PLACES                                                                                                         \
    "sites:\n"                                                                                                         \
    "  - {name: Station Road, tiers: [physio], weekly_first_contacts: 7}\n"                                            \
    "  - {name: Infirmary, tiers: [secondary_care], services: [pain], weekly_first_contacts: 7}\n"                     \
    "practitioners:\n"                                                                                                 \
    "  - {name: pat, site: Station Road, tiers: [physio], working_days: [%s]}\n"                                       \
    "  - {name: spec, site: Infirmary, tiers: [secondary_care]}\n"

TestSuite(care_waits, .fini = care_close);

static void open_with(const char *working_days)
{
    char places[1024];
    snprintf(places, sizeof places, PLACES, working_days);
    care_open(places);
}

static json_t *wait_of(const char *tier, const char *service, const char *site)
{
    json_t *row;
    size_t i;
    CARE(0, "waits");
    json_array_foreach(care_lines(), i, row)
    {
        cli_expect_keys(row, "tier service site waiting median_wait_days p90_wait_days expected_wait_days next_free");
        if (strcmp(cli_text(row, "tier"), tier) == 0 && strcmp(cli_text(row, "service"), service) == 0 &&
            strcmp(cli_text(row, "site"), site) == 0)
            return row;
    }
    cr_assert_fail("no wait of %s %s %s", tier, service, site);
    return NULL;
}

static long long number(json_t *row, const char *key)
{
    json_t *value = json_object_get(row, key);
    return json_is_integer(value) ? (long long)json_integer_value(value) : -1;
}

Test(care_waits, median_and_ninth_tenth_of_those_accepted_by_tier_and_site)
{
    char message[16];
    open_with("mon, tue, wed, thu, fri");
    for (unsigned i = 1; i <= 10; i++) {
        snprintf(message, sizeof message, "m%u", i);
        care_take("physio", i <= 5 ? "pat" : "elsewhere",
                  care_refer(care_referral(message, "Y05868", i * 2, "", CARE_PHYSIO)));
    }
    json_t *row = wait_of("physio", "", "");
    cr_expect_eq(number(row, "waiting"), 0);
    cr_expect_eq(number(row, "median_wait_days"), 10);
    cr_expect_eq(number(row, "p90_wait_days"), 18);
    cr_expect_eq(number(row, "expected_wait_days"), 10);
    row = wait_of("physio", "", "Station Road");
    cr_expect_eq(number(row, "median_wait_days"), 6);
    cr_expect_eq(number(row, "p90_wait_days"), 10);
    cr_expect_eq(number(wait_of("t_cbt", "", ""), "median_wait_days"), -1);
}

Test(care_waits, a_referrer_is_told_the_wait_with_the_tier_and_in_the_mailbox)
{
    open_with("mon, tue, wed, thu, fri");
    care_take("physio", "pat", care_refer(care_referral("m1", "Y05868", 12, "", CARE_PHYSIO)));
    care_router_crash(); /* the router keeps an answer for a minute: let it forget that nobody had been accepted */
    json_t *row = CARE_INPUT(0, care_referral("m2", "Y05868", 0, "", CARE_PHYSIO), "refer", "-");
    cr_expect_eq(number(row, "expected_wait_days"), 12, "%lld", number(row, "expected_wait_days"));
    CARE(0, "feedback", "--organisation", "Y05868");
    size_t i, triaged = 0;
    json_array_foreach(care_lines(), i, row)
    {
        if (strcmp(cli_text(row, "event"), "referral_triaged") != 0) continue;
        triaged++;
        cr_expect_eq(number(row, "expected_wait_days"), 12);
    }
    cr_expect_eq(triaged, 2);
    const char *said =
        care_say(0, care_referral("m3", "Y05868", 0, "", CARE_PHYSIO), (const char *const[]){"refer", "-", NULL});
    cr_expect_not_null(strstr(said, "wait about 12 days"), "%s", said);
}

Test(care_waits, capacity_answers_where_nobody_was_accepted_yet)
{
    open_with("mon, tue, wed, thu, fri");
    for (unsigned i = 0; i < 3; i++) {
        char message[16];
        snprintf(message, sizeof message, "m%u", i);
        care_refer(care_referral(message, "Y05868", 1, "", CARE_PHYSIO));
    }
    json_t *row = wait_of("physio", "", "");
    cr_expect_eq(number(row, "waiting"), 3);
    cr_expect_eq(number(row, "median_wait_days"), -1);
    cr_expect_eq(number(row, "expected_wait_days"), 3, "3 wait, 7 a week are seen");
    cr_expect_eq(number(wait_of("t_cbt", "", ""), "expected_wait_days"), -1, "nobody offers it");
    cr_expect_str_empty(cli_text(wait_of("t_cbt", "", ""), "next_free"));
    CARE(0, "feedback", "--organisation", "Y05868");
    size_t i;
    json_array_foreach(care_lines(), i, row)
    {
        if (strcmp(cli_text(row, "event"), "referral_triaged") == 0) cr_expect_eq(number(row, "expected_wait_days"), 3);
    }
}

static int weekday_of(const char *date) /* 0 Monday */
{
    struct tm parts = {0};
    cr_assert_not_null(strptime(date, "%Y-%m-%d", &parts), "no date: %s", date);
    const time_t at = timegm(&parts);
    gmtime_r(&at, &parts);
    return (parts.tm_wday + 6) % 7;
}

Test(care_waits, the_next_free_date_is_a_day_on_which_somebody_there_works)
{
    open_with("sat");
    cr_expect_eq(weekday_of(cli_text(wait_of("physio", "", "Station Road"), "next_free")), 5);
    cr_expect_eq(weekday_of(cli_text(wait_of("physio", "", ""), "next_free")), 5);
    cr_expect_lt(weekday_of(cli_text(wait_of("secondary_care", "pain", "Infirmary"), "next_free")), 5);
}
