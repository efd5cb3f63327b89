/* One patient's whole story: readable, with waits, holders and scores; and all of it as JSON. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char id[CARE_ID_BYTES];

static void make(void)
{
    care_open(NULL);
}

TestSuite(care_show, .init = make, .fini = care_close);

#define T_CBT                                                                                                          \
    ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"phq_9\":[2,2,1,1,1,1,1,1,0],"                \
    "\"gad_7\":[1,1,1,1,1,2,2],\"fibromyalgia_2016\":{\"widespread_pain_index\":12,\"symptom_severity\":8,"            \
    "\"pain_regions\":5,\"duration_months\":12}},\"letter\":\"First line\\nSecond\\u001b[31m line\""

/* A course through two tiers: reviews, a declined and an accepted hand-over, and the end. */
static void live_through(void)
{
    snprintf(id, sizeof id, "%s",
             care_refer(care_referral("m1", "Y05868", 20, ",\"nhs_number\":\"9434765919\"", T_CBT)));
    care_take("t_cbt", "tess", id);
    CARE(0, "contact", id, "--outcome", "attended", "--channel", "video", "--as", "tess");
    CARE(0, "review", id, "--phq-9", "14", "--gad-7", "8", "--as", "tess");
    CARE(0, "confirm", id, "--action", "step_up", "--to", "hi_cbt", "--reason", "clinical_judgement", "--as", "tess");
    CARE(0, "claim", "hi_cbt", "--as", "hanna");
    CARE(0, "decline", id, "--reason", "no_capacity", "--to", "t_cbt", "--as", "hanna");
    CARE(0, "step-up", id, "--to", "hi_cbt", "--reason", "clinical_judgement", "--as", "tess");
    care_take("hi_cbt", "holly", id);
    CARE(0, "contact", id, "--outcome", "attended", "--channel", "video", "--as", "holly");
    CARE(0, "review", id, "--phq-9", "5", "--gad-7", "3", "--as", "holly");
    CARE(0, "discharge", id, "--end-code", "46", "--as", "holly", "--reason", "clinical_judgement");
}

static void expect_in_order(const char *page, const char *const *words)
{
    for (; *words != NULL; words++) {
        const char *at = strstr(page, *words);
        cr_assert_not_null(at, "\"%s\" is missing from here on:\n%s", *words, page);
        page = at + strlen(*words);
    }
}

Test(care_show, a_page_tells_everything_in_reading_order)
{
    live_through();
    const char *page = CARE_SAY(0, "show", id);
    expect_in_order(page, (const char *const[]){"Referral ",
                                                "the sender's m1",
                                                "Patient",
                                                "Testcase-m1",
                                                "9434765919",
                                                "Referred",
                                                "Y05868",
                                                "Problem",
                                                "Red flags",
                                                "closed in hi_cbt",
                                                "Closed",
                                                "end code 46",
                                                "Decision",
                                                "t_cbt",
                                                "rule 19",
                                                "FM_2016_MET",
                                                "Fibromyalgia",
                                                "History",
                                                "referral_received",
                                                "later",
                                                "referral_triaged",
                                                "claimed",
                                                "claim_accepted",
                                                "(tess)",
                                                "contact_recorded",
                                                "review_recorded",
                                                "review_recommended",
                                                "recommendation_overridden",
                                                "handover_proposed",
                                                "from t_cbt to hi_cbt",
                                                "handover_declined",
                                                "(hanna)",
                                                "handover_accepted",
                                                "(holly)",
                                                "closed",
                                                "Who had the patient",
                                                "Scores",
                                                "Letter",
                                                "Second",
                                                NULL});
    cr_expect_null(strchr(page, '\033'), "a letter steers the terminal");
}

Test(care_show, the_sender_has_the_patient_until_the_receiver_accepts)
{
    live_through();
    char holders[2048];
    const char *page = strstr(CARE_SAY(0, "show", id), "Who had the patient");
    cr_assert_not_null(page);
    snprintf(holders, sizeof holders, "%.*s", (int)(strstr(page, "\nScores") - page), page);
    expect_in_order(holders, (const char *const[]){"nobody in person", "tess", "holly", "nobody: closed", NULL});
    cr_expect_null(strstr(holders, "hanna"), "hanna only looked at a hand-over:\n%s", holders);
    const char *tess = strstr(holders, "tess");
    cr_expect_null(strstr(tess + 1, "tess"), "one stretch with tess, whatever was declined between:\n%s", holders);
}

Test(care_show, scores_over_time_are_drawn_from_the_referrals_on)
{
    live_through();
    const char *page = strstr(CARE_SAY(0, "show", id), "\nScores");
    cr_assert_not_null(page);
    expect_in_order(page, (const char *const[]){"PHQ-9", " 10 ##########.", " 14 ##############.", "  5 #####.",
                                                "GAD-7", "  9 ", "  8 ", "  3 ", NULL});
}

Test(care_show, json_has_all_of_it)
{
    live_through();
    json_t *row = CARE(0, "show", id), *history = json_object_get(row, "history"), *entry;
    cli_expect_keys(row, "referral_id message_id state tier service urgency owner next_action due patient referral "
                         "decision linked_to history "
                         "closed_at end_code target_due organisation reference referred_at");
    cr_expect(json_is_null(json_object_get(row, "owner")) && json_is_null(json_object_get(row, "next_action")) &&
              json_is_null(json_object_get(row, "due")));
    cli_expect_keys(json_object_get(row, "decision"),
                    "tier service urgency target_days rule codes holds parallel recommended pathway at");
    cr_expect_str_eq(cli_text(json_object_get(row, "decision"), "tier"), "t_cbt", "the decision is triage's");
    cr_expect_str_eq(cli_text(json_object_get(row, "referral"), "letter"), "First line\nSecond\033[31m line",
                     "kept as sent");
    long long before = 0;
    size_t i, reviews = 0;
    json_array_foreach(history, i, entry)
    {
        cli_expect_keys(entry, "sequence at event by");
        cr_expect_gt((long long)json_integer_value(json_object_get(entry, "sequence")), before);
        before = (long long)json_integer_value(json_object_get(entry, "sequence"));
        cr_expect_str_not_empty(cli_text(entry, "by"));
        if (strcmp(cli_text(entry, "event"), "review_recorded") != 0) continue;
        reviews++;
        cli_expect_keys(entry, "phq_9 gad_7 phq_9_baseline gad_7_baseline");
        cr_expect_eq(json_integer_value(json_object_get(entry, "phq_9_baseline")), 10);
    }
    cr_expect_eq(reviews, 2);
}

Test(care_show, an_open_question_of_a_duplicate_says_how_to_answer_it)
{
    char words[96];
    const char *first = care_refer(care_referral("m1", "Y05868", 1, ",\"nhs_number\":\"9434765919\"", CARE_PHYSIO));
    const char *second = care_refer(care_referral("m2", "Y05868", 1, ",\"nhs_number\":\"9434765919\"", CARE_PHYSIO));
    const char *page = CARE_SAY(0, "show", second);
    snprintf(words, sizeof words, "stepcare judge %s %s", second, first);
    cr_expect_not_null(strstr(page, words), "%s", page);
}
