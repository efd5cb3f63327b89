/* An organisation's mailbox: what became of each patient, in order, at least once, whoever was away. */
#include "tests/support/care.h"
#include "tests/support/deadline.h"
#include "tests/support/process.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define ROW_KEYS "cursor organisation referral_id message_id reference event at"

static void make(void)
{
    care_open(NULL);
}

TestSuite(care_feedback, .init = make, .fini = care_close);

static long long cursor_of(json_t *row)
{
    return json_integer_value(json_object_get(row, "cursor"));
}

static json_t *row_of(const char *event)
{
    json_t *row;
    size_t i;
    json_array_foreach(care_lines(), i, row) if (strcmp(cli_text(row, "event"), event) == 0) return row;
    cr_assert_fail("there is no %s in the mailbox", event);
    return NULL;
}

static void treat_to_the_end(const char *id, const char *who)
{
    care_take("physio", who, id);
    CARE(0, "contact", id, "--outcome", "attended", "--channel", "telephone", "--as", who);
    CARE(0, "review", id, "--rmdq", "14", "--nrs", "7", "--as", who);
    CARE(0, "discharge", id, "--end-code", "46", "--as", who);
}

Test(care_feedback, the_whole_course_is_told_in_order_with_reasons_and_scores)
{
    static const char *const course[] = {"referral_received", "referral_triaged", "claim_accepted",
                                         "contact_recorded",  "review_recorded",  "closed"};
    const char *id = care_refer(care_referral("m1", "Y05868", 3, "", CARE_PHYSIO));
    treat_to_the_end(id, "pat");
    CARE(0, "feedback", "--organisation", "Y05868");
    size_t at = 0, i;
    long long before = 0;
    json_t *row;
    json_array_foreach(care_lines(), i, row)
    {
        cli_expect_keys(row, ROW_KEYS);
        cr_expect_gt(cursor_of(row), before);
        before = cursor_of(row);
        cr_expect_str_eq(cli_text(row, "organisation"), "Y05868");
        cr_expect_str_eq(cli_text(row, "referral_id"), id);
        cr_expect_str_eq(cli_text(row, "message_id"), "m1");
        cr_expect_str_eq(cli_text(row, "reference"), "ref m1");
        if (at < 6 && strcmp(cli_text(row, "event"), course[at]) == 0) at++;
    }
    cr_assert_eq(at, 6, "after %s comes no %s", at == 0 ? "the beginning" : course[at - 1], at < 6 ? course[at] : "");
    row = row_of("referral_triaged");
    cr_expect_str_eq(cli_text(row, "tier"), "physio");
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(row, "codes"), 0)), "SB9_HIGH");
    cr_expect_str_eq(cli_text(row, "rule"), "21");
    cr_expect_str_eq(cli_text(row_of("contact_recorded"), "contact_outcome"), "attended");
    cr_expect_eq(json_integer_value(json_object_get(row_of("review_recorded"), "rmdq")), 14);
    cr_expect_eq(json_integer_value(json_object_get(row_of("review_recorded"), "nrs")), 7);
    cr_expect_eq(json_integer_value(json_object_get(row_of("closed"), "end_code")), 46);
    cr_expect_str_not_empty(cli_text(row_of("closed"), "end_text"));
}

Test(care_feedback, a_cursor_resumes_without_gap_or_repetition_even_page_by_page)
{
    char since[24] = "0";
    long long cursors[64];
    size_t count = 0, i;
    json_t *row;
    treat_to_the_end(care_refer(care_referral("m1", "Y05868", 3, "", CARE_PHYSIO)), "pat");
    care_refer(care_referral("m2", "Y05868", 3, "", CARE_PHYSIO));
    CARE(0, "feedback", "--organisation", "Y05868");
    json_array_foreach(care_lines(), i, row) cursors[count++] = cursor_of(row);
    cr_assert(count > 6 && count < 64);
    for (i = 0; i < count; i++) {
        row = CARE(0, "feedback", "--organisation", "Y05868", "--since", since, "--limit", "1");
        cr_assert_eq(json_array_size(care_lines()), 1);
        cr_expect_eq(cursor_of(row), cursors[i]);
        snprintf(since, sizeof since, "%lld", cursors[i]);
    }
    cr_expect_null(CARE(0, "feedback", "--organisation", "Y05868", "--since", since));
}

Test(care_feedback, each_organisation_has_its_own_mailbox_and_one_has_all)
{
    care_refer(care_referral("m1", "Y05868", 3, "", CARE_PHYSIO));
    care_refer(care_referral("m1", "RXX01", 3, "", CARE_PHYSIO));
    size_t i;
    json_t *row;
    CARE(0, "feedback", "--organisation", "RXX01");
    const size_t own = json_array_size(care_lines());
    cr_assert_gt(own, 0);
    json_array_foreach(care_lines(), i, row) cr_expect_str_eq(cli_text(row, "organisation"), "RXX01");
    CARE(0, "feedback");
    cr_expect_eq(json_array_size(care_lines()), 2 * own);
    cr_expect_null(CARE(0, "feedback", "--organisation", "NOBODY"));
}

Test(care_feedback, a_subscriber_away_misses_nothing_though_the_router_was_killed)
{
    char since[24];
    const char *id = care_refer(care_referral("m1", "Y05868", 3, "", CARE_PHYSIO));
    CARE(0, "feedback", "--organisation", "Y05868");
    snprintf(since, sizeof since, "%lld", cursor_of(json_array_get(care_lines(), json_array_size(care_lines()) - 1)));
    care_take("physio", "pat", id);
    care_router_crash();
    CARE(0, "discharge", id, "--end-code", "46", "--as", "pat");
    CARE(0, "feedback", "--organisation", "Y05868", "--since", since);
    cr_assert_eq(json_array_size(care_lines()), 2);
    cr_expect_str_eq(cli_text(json_array_get(care_lines(), 0), "event"), "claim_accepted");
    cr_expect_str_eq(cli_text(json_array_get(care_lines(), 1), "event"), "closed");
}

static struct process *follow(const char *since)
{
    const char *const arguments[] = {"feedback", "--follow", "--json",   "--organisation",     "Y05868",
                                     "--since",  since,      "--config", care_store()->config, "--timeout",
                                     "300",      NULL};
    return process_start("stepcare", arguments, NULL, 0);
}

Test(care_feedback, follow_shows_news_as_they_come_and_goes_on)
{
    struct process *process = follow("0");
    for (unsigned i = 0; i < 3; i++) {
        char message[16], begin[48];
        snprintf(message, sizeof message, "m%u", i);
        const char *id = care_refer(care_referral(message, "Y05868", 3, "", CARE_PHYSIO));
        json_t *row = CARE(0, "show", id);
        json_t *first = json_array_get(json_object_get(row, "history"), 0);
        snprintf(begin, sizeof begin, "{\"cursor\":%lld,",
                 (long long)json_integer_value(json_object_get(first, "sequence")));
        cr_assert(process_wait_line(process, begin, DEADLINE_MS), "no news of %s: %s", begin, process_errors(process));
    }
    process_close(&process);
}

Test(care_feedback, follow_lives_through_a_restart_of_the_router)
{
    struct process *process = follow("0");
    const char *id = care_refer(care_referral("m1", "Y05868", 3, "", CARE_PHYSIO));
    cr_assert(process_wait_line(process, "{\"cursor\":1,", DEADLINE_MS), "%s", process_errors(process));
    care_router_crash();
    CARE(0, "cancel", id, "--reason", "entered_in_error");
    json_t *row = CARE(0, "feedback", "--organisation", "Y05868");
    row = json_array_get(care_lines(), json_array_size(care_lines()) - 1);
    char begin[32];
    cr_expect_str_eq(cli_text(row, "event"), "cancelled");
    snprintf(begin, sizeof begin, "{\"cursor\":%lld,", cursor_of(row));
    cr_assert(process_wait_line(process, begin, DEADLINE_MS), "no news after the restart: %s", process_errors(process));
    process_close(&process);
}
