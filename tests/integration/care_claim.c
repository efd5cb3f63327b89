/* Who may and can take whom: profiles, the caseload's limit, and what nobody can take. */
#include "tests/support/care.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define PLACES                                                                                                         \
    "sites:\n"                                                                                                         \
    "  - {name: Station Road, tiers: [physio, t_cbt], weekly_first_contacts: 10}\n"                                    \
    "practitioners:\n"                                                                                                 \
    "  - {name: phone, tiers: [physio], channels: [telephone], caseload_max: 2}\n"                                     \
    "  - {name: clinic, tiers: [physio], channels: [face_to_face, video], interpreter: true}\n"                        \
    "  - {name: cbt, tiers: [t_cbt]}\n"                                                                                \
    "  - {name: pain-cbt, tiers: [t_cbt], chronic_pain_trained: true, channels: [video]}\n"                            \
    "  - {name: rheum, tiers: [secondary_care], services: [rheumatology]}\n"

#define FIBROMYALGIA                                                                                                   \
    ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"gad_7\":[1,1,1,1,1,2,2],"                    \
    "\"fibromyalgia_2016\":{\"widespread_pain_index\":12,\"symptom_severity\":8,\"pain_regions\":5,\"duration_"        \
    "months\":12}}"
#define SYNOVITIS ",\"red_flags\":{\"screened\":true,\"present\":[]},\"findings\":[\"synovitis_single_joint\"]"
#define RADICULAR ",\"red_flags\":{\"screened\":true,\"present\":[]},\"findings\":[\"radicular_pain_failed_6_weeks\"]"

static void make(void)
{
    care_open(PLACES);
}

TestSuite(care_claim, .init = make, .fini = care_close);

static const char *refer(const char *message_id, const char *more)
{
    return care_refer(care_referral(message_id, "Y05868", 1, "", more));
}

static void expect_claims(const char *tier, const char *who, const char *id)
{
    json_t *row = CARE(0, "claim", tier, "--as", who);
    cr_expect_str_eq(cli_text(row, "referral_id"), id, "%s claimed %s", who, cli_text(row, "referral_id"));
}

Test(care_claim, a_tier_outside_the_profile_is_not_permitted)
{
    refer("m1", CARE_PHYSIO);
    care_refused(CARE(4, "claim", "physio", "--as", "cbt"), "not_permitted", "profile|physio|administrator");
    care_refused(CARE(4, "claim", "secondary_care", "--as", "phone"), "not_permitted", "secondary_care");
    cr_expect_eq(json_array_size(care_lines()), 1);
    CARE(0, "worklist", "physio");
    cr_expect_eq(json_array_size(care_lines()), 1, "a refused claim took something");
}

Test(care_claim, preferred_channels_decide_who_gets_whom)
{
    char video[CARE_ID_BYTES], phone[CARE_ID_BYTES];
    snprintf(video, sizeof video, "%s", refer("m1", CARE_PHYSIO ",\"preferences\":[\"prefers_video\"]"));
    snprintf(phone, sizeof phone, "%s", refer("m2", CARE_PHYSIO ",\"preferences\":[\"prefers_telephone\"]"));
    expect_claims("physio", "phone", phone);
    expect_claims("physio", "clinic", video);
}

Test(care_claim, one_preferred_channel_of_several_is_enough)
{
    const char *id = refer("m1", CARE_PHYSIO ",\"preferences\":[\"prefers_video\",\"prefers_telephone\"]");
    expect_claims("physio", "phone", id);
}

Test(care_claim, interpreter_and_training_are_needed_where_the_patient_needs_them)
{
    const char *interpreter = refer("m1", CARE_PHYSIO ",\"preferences\":[\"needs_interpreter\"]");
    care_refused(CARE(1, "claim", "physio", "--as", "phone"), "skill_missing", "profile|unclaimable");
    expect_claims("physio", "clinic", interpreter);
    const char *trained = refer("m2", FIBROMYALGIA);
    care_refused(CARE(1, "claim", "t_cbt", "--as", "cbt"), "skill_missing", "profile|unclaimable");
    expect_claims("t_cbt", "pain-cbt", trained);
}

Test(care_claim, services_of_secondary_care_are_kept_apart)
{
    refer("m1", RADICULAR);
    const char *own = refer("m2", SYNOVITIS);
    expect_claims("secondary_care", "rheum", own);
    care_refused(CARE(1, "claim", "secondary_care", "--as", "rheum"), "skill_missing", "profile");
    care_refused(CARE(1, "claim", "secondary_care", "--service", "spinal", "--as", "rheum"), "skill_missing",
                 "profile");
}

Test(care_claim, the_caseload_limit_cuts_a_claim_and_then_refuses)
{
    char message[16], id[CARE_ID_BYTES] = "";
    for (unsigned i = 0; i < 3; i++) {
        snprintf(message, sizeof message, "m%u", i);
        refer(message, CARE_PHYSIO);
    }
    json_t *row = CARE(0, "claim", "physio", "--count", "3", "--as", "phone");
    cr_assert_eq(json_array_size(care_lines()), 2);
    snprintf(id, sizeof id, "%s", cli_text(row, "referral_id"));
    care_refused(CARE(1, "claim", "physio", "--as", "phone"), "caseload_full", "limit of 2|discharge");
    CARE(0, "release", id, "--reason", "no_capacity", "--as", "phone");
    expect_claims("physio", "phone", id);
}

Test(care_claim, somebody_without_a_profile_may_take_anything)
{
    expect_claims("t_cbt", "locum", refer("m1", FIBROMYALGIA ",\"preferences\":[\"needs_interpreter\"]"));
}

Test(care_claim, unclaimable_lists_what_nobody_can_take_with_the_reason)
{
    static const struct {
        const char *message_id, *more, *word;
    } cases[] = {{"m1", FIBROMYALGIA ",\"preferences\":[\"prefers_face_to_face\"]", "face to face"},
                 {"m2", RADICULAR, "service"},
                 {"m3", FIBROMYALGIA ",\"preferences\":[\"needs_interpreter\"]", "interpreter"}};
    char ids[3][CARE_ID_BYTES];
    cr_expect_null(CARE(0, "unclaimable"), "an empty listing prints nothing");
    refer("m0", CARE_PHYSIO);
    for (size_t i = 0; i < 3; i++) snprintf(ids[i], sizeof ids[i], "%s", refer(cases[i].message_id, cases[i].more));
    CARE(0, "unclaimable");
    cr_assert_eq(json_array_size(care_lines()), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *row = NULL, *each;
        size_t at;
        json_array_foreach(care_lines(), at, each) if (strcmp(cli_text(each, "referral_id"), ids[i]) == 0) row = each;
        cr_assert_not_null(row, "%s is not listed", cases[i].message_id);
        cr_expect_not_null(strstr(cli_text(row, "problem"), cases[i].word), "%s", cli_text(row, "problem"));
        cli_expect_keys(row, "referral_id tier service urgency due referred_at codes holds problem");
    }
    CARE(0, "unclaimable", "--tier", "t_cbt");
    cr_expect_eq(json_array_size(care_lines()), 2);
}
