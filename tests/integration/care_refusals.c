/* Every refusal that the command line can meet: its exit code, its one JSON object, and a sentence that says the
 * state or the rule and what can be done instead. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char id[CARE_ID_BYTES];

static void make(void)
{
    care_open(NULL);
    snprintf(id, sizeof id, "%s", care_refer(care_referral("m1", "Y05868", 20, "", CARE_PHYSIO)));
}

TestSuite(care_refusals, .init = make, .fini = care_close);

struct refusal {
    const char *arguments[10]; /* "ID" stands for the referral */
    int code;
    const char *error, *words;
};

static void expect_refusals(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *arguments[16];
        size_t n = 0;
        for (; refusals[i].arguments[n] != NULL; n++)
            arguments[n] = strcmp(refusals[i].arguments[n], "ID") == 0 ? id : refusals[i].arguments[n];
        arguments[n] = NULL;
        json_t *row = care_run(refusals[i].code, NULL, arguments);
        care_refused(row, refusals[i].error, refusals[i].words);
        const char *told = cli_text(row, "referral_id");
        cr_expect(told[0] == '\0' || strcmp(told, id) == 0, "about %s?", told);
        const char *said = care_say(refusals[i].code, NULL, arguments);
        cr_expect_eq(strncmp(said, "stepcare ", 9), 0, "people get a sentence alone: %s", said);
        cr_expect_not_null(strstr(said, refusals[i].error), "%s", said);
    }
}
#define EXPECT(refusals) expect_refusals(refusals, sizeof(refusals) / sizeof((refusals)[0]))

#define WAITING "waiting|claim it first|assign"

Test(care_refusals, of_a_waiting_referral)
{
    static const struct refusal refusals[] = {
        {{"accept", "ID"}, 1, "wrong_state", WAITING},
        {{"renew", "ID"}, 1, "wrong_state", WAITING},
        {{"release", "ID", "--reason", "no_capacity"}, 1, "wrong_state", WAITING},
        {{"decline", "ID", "--reason", "no_capacity", "--to", "hi_cbt"}, 1, "wrong_state", WAITING},
        {{"contact", "ID", "--outcome", "attended"}, 1, "wrong_state", WAITING},
        {{"review", "ID", "--nrs", "3"}, 1, "wrong_state", WAITING},
        {{"confirm", "ID"}, 1, "wrong_state", WAITING},
        {{"step-up", "ID", "--to", "hi_cbt", "--reason", "no_capacity"}, 1, "wrong_state", WAITING},
        {{"step-down", "ID", "--to", "t_cbt", "--reason", "no_capacity"}, 1, "wrong_state", WAITING},
        {{"discharge", "ID", "--end-code", "46"}, 1, "wrong_state", WAITING},
        {{"reopen", "ID", "--reason", "no_capacity"}, 1, "wrong_state", "waiting|open already"},
        {{"retry", "ID"}, 1, "wrong_state", "nothing to try again|assign"},
        {{"hold", "release", "ID", "safety_review", "--reason", "contacted_safe"}, 1, "invalid", "not under this hold"},
        {{"assign", "ID", "--to", "secondary_care", "--reason", "clinical_judgement"},
         1,
         "invalid",
         "needs a service|rheumatology"},
        {{"assign", "ID", "--to", "physio", "--service", "pain", "--reason", "clinical_judgement"},
         1,
         "invalid",
         "only secondary care"},
        {{"assign", "ID", "--to", "hi_cbt", "--reason", "other"}, 1, "invalid", "needs a note"},
        {{"cancel", "ID", "--reason", "because"}, 1, "invalid", "reason|patient_preference|other"},
        {{"judge", "ID", "0000-0017", "--reason", "clinical_judgement"}, 1, "wrong_state", "duplicates"},
    };
    EXPECT(refusals);
}

Test(care_refusals, of_a_claimed_referral)
{
    static const struct refusal refusals[] = {
        {{"accept", "ID", "--as", "sam"}, 1, "not_holder", "pat has claimed|lease ends by itself"},
        {{"renew", "ID", "--as", "sam"}, 1, "not_holder", "pat has claimed"},
        {{"accept", "ID", "--as", "pat", "--token", "1"}, 1, "stale_token", "lease|claim again"},
        {{"contact", "ID", "--outcome", "attended", "--as", "pat"},
         1,
         "wrong_state",
         "claimed|accept, release or decline"},
        {{"assign", "ID", "--to", "hi_cbt", "--reason", "clinical_judgement"},
         1,
         "wrong_state",
         "claimed|lease ends by itself"},
        {{"decline", "ID", "--to", "physio", "--reason", "no_capacity", "--as", "pat"},
         1,
         "invalid",
         "in this tier already|release"},
        {{"decline", "ID", "--to", "gp_advice", "--reason", "no_capacity", "--as", "pat"}, 1, "invalid", "tier"},
    };
    CARE(0, "claim", "physio", "--as", "pat");
    EXPECT(refusals);
    cr_expect_str_eq(cli_text(CARE(0, "accept", id, "--as", "pat"), "owner"), "pat", "what was refused left no trace");
}

Test(care_refusals, of_a_referral_in_treatment)
{
    static const struct refusal refusals[] = {
        {{"accept", "ID", "--as", "pat"}, 1, "wrong_state", "in_treatment|accepted already"},
        {{"release", "ID", "--reason", "no_capacity", "--as", "pat"}, 1, "wrong_state", "in_treatment"},
        {{"renew", "ID", "--as", "sam"}, 1, "not_holder", "in_treatment"},
        {{"contact", "ID", "--outcome", "attended", "--as", "sam"}, 1, "not_holder", "with pat|triage lead"},
        {{"contact", "ID", "--outcome", "opt_in_letter", "--as", "pat"},
         1,
         "wrong_state",
         "3 attempts|0 by 0|try again"},
        {{"review", "ID", "--as", "pat"}, 1, "invalid", "rmdq|physiotherapy"},
        {{"confirm", "ID", "--as", "pat"}, 1, "wrong_state", "No recommendation|record a review"},
        {{"step-up", "ID", "--to", "physio", "--reason", "no_capacity", "--as", "pat"},
         1,
         "invalid",
         "in this tier already"},
        {{"step-up", "ID", "--to", "hi_cbt", "--reason", "whim", "--as", "pat"},
         1,
         "invalid",
         "reason|clinical_judgement"},
        {{"discharge", "ID", "--end-code", "999", "--as", "pat"}, 1, "invalid", "end_code|pathway"},
        {{"discharge", "ID", "--end-code", "46", "--as", "sam"}, 1, "not_holder", "with pat"},
        {{"cancel", "ID", "--reason", "patient_preference"}, 1, "wrong_state", "in_treatment|discharge"},
        {{"retry", "ID"}, 1, "wrong_state", "in_treatment"},
        {{"assign", "ID", "--to", "hi_cbt", "--reason", "clinical_judgement"},
         1,
         "wrong_state",
         "in treatment with pat|overdue"},
    };
    care_take("physio", "pat", id);
    EXPECT(refusals);
}

Test(care_refusals, of_a_closed_referral)
{
    static const struct refusal refusals[] = {
        {{"contact", "ID", "--outcome", "attended", "--as", "pat"}, 1, "wrong_state", "closed|new referral"},
        {{"assign", "ID", "--to", "hi_cbt", "--reason", "clinical_judgement"}, 1, "wrong_state", "closed|new referral"},
        {{"cancel", "ID", "--reason", "patient_preference"}, 1, "wrong_state", "closed|new referral"},
        {{"hold", "release", "ID", "safety_review", "--reason", "contacted_safe"}, 1, "wrong_state", "closed"},
        {{"reopen", "ID", "--reason", "patient_preference"}, 1, "wrong_state", "end code 46|new referral"},
    };
    care_take("physio", "pat", id);
    CARE(0, "discharge", id, "--end-code", "46", "--as", "pat");
    EXPECT(refusals);
}

Test(care_refusals, of_what_is_not_there_or_not_open)
{
    static const struct refusal refusals[] = {
        {{"show", "0000-9990"}, 1, "not_found", "no referral id|last character"},
        {{"accept", "nosuch"}, 1, "not_found", "no referral id"},
        {{"show", "--message-id", "m2", "--organisation", "Y05868"}, 1, "not_found", "this organisation|sender"},
        {{"show", "--message-id", "m2"}, 1, "not_found", "sender"},
        {{"claim", "physio"}, 1, "paused", "administrator|resumed"},
    };
    CARE(0, "pause", "physio", "--reason", "no_capacity");
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        json_t *row = care_run(refusals[i].code, NULL, refusals[i].arguments);
        care_refused(row, refusals[i].error, refusals[i].words);
    }
}

Test(care_refusals, nobody_is_treated_in_manual_review)
{
    CARE(0, "assign", id, "--to", "manual_review", "--reason", "clinical_judgement");
    CARE(0, "claim", "manual_review", "--as", "lead");
    care_refused(CARE(1, "accept", id, "--as", "lead"), "wrong_state", "manual_review|release|assign");
}

Test(care_refusals, usage_is_exit_2_and_names_the_help)
{
    static const char *const usages[][8] = {
        {"worklist"},
        {"worklist", "nosuch"},
        {"claim", "nosuch"},
        {"claim", "physio", "--count", "0"},
        {"assign", "ID", "--to", "hi_cbt"},
        {"note", "ID", "--note", "Ada said"},
        {"feedback", "--since", "yesterday"},
        {"review", "ID", "--phq-9", "28"},
        {"hold", "ID"},
        {"contact", "ID", "--outcome", "vanished"},
        {"nosuch"},
    };
    for (size_t i = 0; i < sizeof usages / sizeof usages[0]; i++) {
        const char *said = care_say(2, NULL, usages[i]);
        cr_expect_not_null(strstr(said, "stepcare help"), "%s", said);
        cr_expect_null(strstr(said, "Ada said"), "%s", said);
    }
}

Test(care_refusals, empty_listings_print_nothing_and_are_done)
{
    static const char *const listings[][6] = {
        {"worklist", "hi_cbt"},
        {"worklist", "secondary_care", "--service", "pain"},
        {"caseload", "--as", "nobody"},
        {"holds"},
        {"stuck"},
        {"duplicates"},
        {"unclaimable"},
        {"claim", "hi_cbt"},
        {"feedback", "--organisation", "NOBODY"},
        {"feedback", "--since", "999999"},
    };
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        cr_expect_null(care_run(0, NULL, listings[i]), "%s", listings[i][0]);
        cr_expect_str_not_empty(care_say(0, NULL, listings[i]), "people are told that %s is empty", listings[i][0]);
    }
}
