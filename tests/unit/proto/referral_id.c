/* Ids that people read to each other: every slip of one character is found. */
#include "stepcare/referral_id.h"

#include "tests/support/random.h"

#include <criterion/criterion.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { SAMPLES = 400 };

static uint64_t sample(unsigned number)
{
    struct random random = random_of(1, number, 0);
    return number < 8 ? number : random_next(&random) & STEPCARE_REFERRAL_ID_MAX;
}

static bool parses(const char *text)
{
    uint64_t id;
    return stepcare_referral_id_parse(stepcare_text_of(text), &id);
}

Test(referral_id, reads_as_the_documentation_shows)
{
    char text[STEPCARE_REFERRAL_ID_CHARS + 1];
    stepcare_referral_id_format(1, text);
    cr_assert_str_eq(text, "0000-0017");
}

Test(referral_id, comes_back_from_its_text)
{
    char text[STEPCARE_REFERRAL_ID_CHARS + 1];
    for (unsigned i = 0; i < SAMPLES; i++) {
        uint64_t id = 0;
        stepcare_referral_id_format(sample(i), text);
        cr_assert(stepcare_referral_id_parse(stepcare_text_of(text), &id), "%s", text);
        cr_assert_eq(id, sample(i));
    }
    stepcare_referral_id_format(STEPCARE_REFERRAL_ID_MAX, text);
    cr_assert(parses(text));
}

Test(referral_id, finds_every_single_wrong_character)
{
    char text[STEPCARE_REFERRAL_ID_CHARS + 1];
    for (unsigned i = 0; i < SAMPLES; i++) {
        stepcare_referral_id_format(sample(i), text);
        for (unsigned at = 0; at < STEPCARE_REFERRAL_ID_CHARS; at++) {
            char right = text[at];
            for (const char *wrong = alphabet; *wrong != '\0' && right != '-'; wrong++) {
                text[at] = *wrong;
                cr_assert(*wrong == right || !parses(text), "%s", text);
            }
            text[at] = right;
        }
    }
}

Test(referral_id, finds_every_swap_of_neighbours)
{
    static const unsigned places[] = {0, 1, 2, 3, 5, 6, 7, 8}; /* 4 is the hyphen */
    char text[STEPCARE_REFERRAL_ID_CHARS + 1];
    for (unsigned i = 0; i < SAMPLES; i++) {
        for (unsigned at = 0; at + 1 < sizeof places / sizeof places[0]; at++) {
            stepcare_referral_id_format(sample(i), text);
            char left = text[places[at]], right = text[places[at + 1]];
            text[places[at]] = right;
            text[places[at + 1]] = left;
            cr_assert(left == right || !parses(text), "%s", text);
        }
    }
}

Test(referral_id, reads_what_people_write)
{
    uint64_t id = 0;
    static const char *const written[] = {"0000-002E", "0000002E", "0000-002e", "OOOO-oo2e"};
    for (unsigned i = 0; i < 4; i++) {
        cr_assert(stepcare_referral_id_parse(stepcare_text_of(written[i]), &id), "%s", written[i]);
        cr_assert_eq(id, 2);
    }
    cr_assert(stepcare_referral_id_parse(stepcare_text_of("OOOO-OOl7"), &id));
    cr_assert_eq(id, 1);
}

Test(referral_id, refuses_other_shapes_and_leaves_the_output_alone)
{
    static const char *const wrong[] = {"",          "1",         "0000-001",  "0000-00177", "0000 0017",
                                        "000-00017", "0000-00U7", "00000-017", "0000--017"};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint64_t id = 42;
        cr_assert_not(stepcare_referral_id_parse(stepcare_text_of(wrong[i]), &id), "%s", wrong[i]);
        cr_assert_eq(id, 42);
    }
}
