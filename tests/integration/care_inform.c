/* Information that comes later: it answers holds, and what nobody has accepted is triaged anew. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make(void)
{
    care_open(NULL);
}

TestSuite(care_inform, .init = make, .fini = care_close);

#define PHQ_BLANK                                                                                                      \
    ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2],"         \
    "\"phq_9\":[1,1,1,1,1,0,0,0,null]}"

static size_t events_of(const char *id, const char *event)
{
    json_t *history = json_object_get(CARE(0, "show", id), "history"), *row;
    size_t i, count = 0;
    json_array_foreach(history, i, row) count += strcmp(cli_text(row, "event"), event) == 0;
    return count;
}

/* The next triage is there when `refer`, which waits for it, finds the same message triaged. */
static json_t *triaged(const char *line)
{
    json_t *row = CARE_INPUT(1, line, "refer", "-");
    cr_expect_str_eq(cli_text(row, "outcome"), "duplicate");
    return row;
}

Test(care_inform, an_answer_releases_the_hold_that_asked_for_it)
{
    const char *line = care_referral("m1", "Y05868", 1, "", PHQ_BLANK);
    const char *id = care_refer(line);
    json_t *row = CARE(0, "worklist", "physio");
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(row, "holds"), 0)), "information_needed");
    cr_expect_str_eq(cli_text(CARE(0, "show", id), "owner"), "referrer");
    cr_expect_null(CARE(0, "claim", "physio", "--as", "pat"));
    CARE_INPUT(0, "{\"instruments\":{\"phq_9\":[1,1,1,1,1,0,0,0,0]}}", "inform", id, "-");
    triaged(care_referral("m1", "Y05868", 1, "", CARE_UNSCREENED));
    cr_expect_eq(events_of(id, "referral_triaged"), 2);
    care_take("physio", "pat", id);
}

Test(care_inform, an_emergency_that_comes_to_light_is_told_at_once)
{
    const char *id = care_refer(care_referral("m1", "Y05868", 1, "", CARE_PHYSIO));
    json_t *row =
        CARE_INPUT(0, "{\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}}", "inform", id, "-");
    cr_expect_str_eq(cli_text(row, "tier"), "emergency");
    cr_expect_str_eq(cli_text(row, "owner"), "triage_lead");
    cr_expect_not_null(strstr(cli_text(row, "advice"), "ACT NOW"));
}

Test(care_inform, new_answers_can_change_the_tier_before_acceptance)
{
    const char *id = care_refer(care_referral("m1", "Y05868", 1, "", CARE_PHYSIO));
    CARE_INPUT(0, "{\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}}", "inform", id, "-");
    json_t *row = triaged(care_referral("m1", "Y05868", 1, "", CARE_UNSCREENED));
    cr_expect_str_eq(cli_text(row, "tier"), "emergency");
    row = CARE(0, "worklist", "emergency");
    cr_expect_str_eq(cli_text(row, "referral_id"), id);
    cr_expect_null(CARE(0, "worklist", "physio"));
}

Test(care_inform, a_corrected_birth_date_is_triaged_anew)
{
    const char *id = care_refer(care_referral("m1", "Y05868", 1, "", CARE_PHYSIO));
    CARE_INPUT(0, "{\"patient\":{\"birth_date\":\"2014-05-17\"}}", "inform", id, "-");
    json_t *row = triaged(care_referral("m1", "Y05868", 1, "", CARE_UNSCREENED));
    cr_expect_str_eq(cli_text(row, "tier"), "secondary_care");
    cr_expect_str_eq(cli_text(row, "service"), "paediatrics");
    row = CARE(0, "show", id);
    cr_expect_str_eq(cli_text(json_object_get(row, "patient"), "birth_date"), "2014-05-17");
}

Test(care_inform, a_late_nhs_number_is_kept_and_the_change_is_named_without_its_value)
{
    const char *id = care_refer(care_referral("m1", "Y05868", 1, "", CARE_PHYSIO));
    CARE_INPUT(0, "{\"patient\":{\"nhs_number\":\"9434765919\"}}", "inform", id, "-");
    json_t *row = CARE(0, "show", id), *history = json_object_get(row, "history"), *entry;
    cr_expect_str_eq(cli_text(json_object_get(row, "patient"), "nhs_number"), "9434765919");
    cr_expect_str_eq(cli_text(json_object_get(row, "patient"), "family_name"), "Testcase-m1", "the rest stays");
    size_t i;
    json_array_foreach(history, i, entry)
    {
        if (strcmp(cli_text(entry, "event"), "information_added") != 0) continue;
        cr_expect_not_null(strstr(cli_text(entry, "changed"), "nhs_number"), "%s", cli_text(entry, "changed"));
        cr_expect_null(strstr(cli_text(entry, "changed"), "9434765919"));
    }
}

Test(care_inform, what_is_in_treatment_is_not_triaged_again)
{
    const char *id = care_refer(care_referral("m1", "Y05868", 1, "", CARE_PHYSIO));
    care_take("physio", "pat", id);
    json_t *row = CARE_INPUT(0, "{\"patient\":{\"birth_date\":\"2014-05-17\"}}", "inform", id, "-");
    cr_expect_str_eq(cli_text(row, "state"), "in_treatment");
    cr_expect_str_eq(cli_text(row, "owner"), "pat");
    cr_expect_eq(events_of(id, "referral_triaged"), 1);
}

Test(care_inform, a_claim_under_way_does_not_hide_new_red_flags)
{
    const char *id = care_refer(care_referral("m1", "Y05868", 1, "", CARE_PHYSIO));
    CARE(0, "claim", "physio", "--as", "pat");
    CARE_INPUT(0, "{\"red_flags\":{\"screened\":true,\"present\":[\"major_trauma\"]}}", "inform", id, "-");
    cr_expect_str_eq(cli_text(triaged(care_referral("m1", "Y05868", 1, "", CARE_UNSCREENED)), "tier"), "emergency");
    care_refused(CARE(1, "accept", id, "--as", "pat"), "wrong_state", "waiting");
}

Test(care_inform, wrong_information_is_refused_by_field_and_changes_nothing)
{
    const char *id = care_refer(care_referral("m1", "Y05868", 1, "", CARE_PHYSIO));
    json_t *row = CARE_INPUT(1, "{\"patient\":{\"birth_date\":\"someday\",\"nhs\":\"1\"}}", "inform", id, "-");
    care_refused(row, "invalid", "");
    cr_expect_geq(json_array_size(json_object_get(row, "errors")), 1);
    char *const said = json_dumps(row, 0);
    cr_expect_null(strstr(said, "someday"), "an error text carries what was typed about a patient");
    free(said);
    cr_expect_eq(events_of(id, "information_added"), 0);
    CARE(0, "cancel", id, "--reason", "entered_in_error");
    care_refused(CARE_INPUT(1, "{\"patient\":{\"phone\":\"01632 960001\"}}", "inform", id, "-"), "wrong_state",
                 "closed|new referral");
}
