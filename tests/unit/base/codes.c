/* Closed sets and errors: every number has one name and every name one number. */
#include "stepcare/codes.h"
#include "stepcare/error.h"
#include "stepcare/referral.h"

#include <criterion/criterion.h>

static const struct stepcare_codeset *const sets[] = {
    &stepcare_tiers,
    &stepcare_services,
    &stepcare_urgencies,
    &stepcare_holds,
    &stepcare_sources,
    &stepcare_problems,
    &stepcare_red_flags,
    &stepcare_findings,
    &stepcare_histories,
    &stepcare_preferences,
    &stepcare_axspa_features,
    &stepcare_hla_b27s,
    &stepcare_risks,
    &stepcare_outcomes,
    &stepcare_states,
    &stepcare_next_actions,
    &stepcare_kinds,
    &stepcare_actions,
    &stepcare_treatment_outcomes,
    &stepcare_contact_outcomes,
    &stepcare_channels,
    &stepcare_handover_phases,
    &stepcare_roles,
    &stepcare_events,
};

Test(codes, every_number_comes_back_from_its_name)
{
    for (unsigned s = 0; s < sizeof sets / sizeof sets[0]; s++) {
        cr_assert_null(stepcare_code_name(sets[s], 0));
        cr_assert_null(stepcare_code_name(sets[s], sets[s]->count));
        for (unsigned number = 1; number < sets[s]->count; number++) {
            const char *name = stepcare_code_name(sets[s], number);
            cr_assert_not_null(name, "%s %u", sets[s]->noun, number);
            cr_assert_eq(stepcare_code_parse(sets[s], name, strlen(name)), number, "%s", name);
        }
    }
}

Test(codes, other_names_are_none)
{
    cr_assert_eq(stepcare_code_parse(&stepcare_tiers, "physi", 5), 0);
    cr_assert_eq(stepcare_code_parse(&stepcare_tiers, "physio ", 7), 0);
    cr_assert_eq(stepcare_code_parse(&stepcare_tiers, "physio\0x", 8), 0);
    cr_assert_eq(stepcare_code_parse(&stepcare_tiers, "PHYSIO", 6), 0);
    cr_assert_eq(stepcare_code_parse(&stepcare_tiers, "", 0), 0);
}

Test(error, every_number_has_a_name_and_a_sentence)
{
    cr_assert_str_eq(stepcare_error_name(STEPCARE_OK), "ok");
    cr_assert_str_eq(stepcare_error_name(STEPCARE_STALE_TOKEN), "stale_token");
    cr_assert_str_eq(stepcare_error_text(STEPCARE_NO_SPACE), "the disk is full");
    cr_assert_str_eq(stepcare_error_name(63), "unknown_error");
    cr_assert_str_eq(stepcare_error_name(-1), "unknown_error");
    cr_assert_not_null(stepcare_error_text(1000));
}

Test(field_errors, past_the_limit_are_counted_and_long_texts_cut)
{
    struct stepcare_field_errors errors = {0};
    char long_text[300];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    for (unsigned i = 0; i < STEPCARE_ERRORS_MAX + 3; i++)
        stepcare_field_errors_add(&errors, long_text, "%s", long_text);
    cr_assert_eq(errors.count, STEPCARE_ERRORS_MAX);
    cr_assert_eq(errors.dropped, 3);
    cr_assert_eq(strlen(errors.items[0].field), sizeof errors.items[0].field - 1);
    cr_assert_eq(strlen(errors.items[0].problem), sizeof errors.items[0].problem - 1);
}
