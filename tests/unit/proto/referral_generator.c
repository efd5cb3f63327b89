/* Made-up referrals are valid, the same for the same seed, and as varied as real ones. */
#include "tests/support/generator/referral_generator.h"

#include "proto/referral_codec.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

enum { LINES = 3000, ARENA_BYTES_MAX = 4 * 1024 * 1024 };

static char line[REFERRAL_GENERATOR_LINE_BYTES_MAX], again[REFERRAL_GENERATOR_LINE_BYTES_MAX];

static struct referral_generator_options options_of(uint64_t seed)
{
    return (struct referral_generator_options){
        .seed = seed, .count = LINES, .from_ms = REFERRAL_GENERATOR_FROM_MS, .emergencies_percent = 2};
}

static enum stepcare_error decode(struct arena *arena, size_t bytes, struct stepcare_referral *out_referral)
{
    struct stepcare_field_errors errors = {0};
    arena_reset(arena);
    return referral_json_decode(line, bytes, arena, out_referral, &errors);
}

static struct arena *arena_make(void)
{
    struct arena *arena = NULL;
    cr_assert(eq(int, arena_open(ARENA_BYTES_MAX, &arena), STEPCARE_OK));
    return arena;
}

Test(referral_generator, makes_valid_referrals)
{
    struct referral_generator_options options = options_of(3);
    struct arena *arena = arena_make();
    struct stepcare_referral referral;
    for (uint64_t i = 0; i < LINES; i++) {
        size_t bytes = referral_generator_line(&options, i, line);
        cr_assert(eq(int, decode(arena, bytes, &referral), STEPCARE_OK), "line %lu: %.*s", (unsigned long)i, (int)bytes,
                  line);
    }
    arena_close(arena);
}

Test(referral_generator, makes_mistakes_that_are_refused)
{
    struct referral_generator_options options = options_of(4);
    struct arena *arena = arena_make();
    struct stepcare_referral referral;
    options.mistakes_percent = 100;
    for (uint64_t i = 0; i < LINES; i++) {
        size_t bytes = referral_generator_line(&options, i, line);
        cr_assert(eq(int, decode(arena, bytes, &referral), STEPCARE_INVALID), "line %lu: %.*s", (unsigned long)i,
                  (int)bytes, line);
    }
    arena_close(arena);
}

Test(referral_generator, makes_the_same_line_again_and_another_by_another_seed)
{
    struct referral_generator_options options = options_of(5), other = options_of(6);
    for (uint64_t i = LINES; i-- > 0;) {
        size_t bytes = referral_generator_line(&options, i, line);
        cr_assert(eq(sz, referral_generator_line(&options, i, again), bytes));
        cr_assert(memcmp(line, again, bytes) == 0);
        size_t other_bytes = referral_generator_line(&other, i, again);
        cr_assert(other_bytes != bytes || memcmp(line, again, bytes) != 0);
    }
}

Test(referral_generator, orders_message_ids_by_time)
{
    struct referral_generator_options options = options_of(7);
    struct arena *arena = arena_make();
    struct stepcare_referral referral;
    char id[64], id_before[64] = "";
    for (uint64_t i = 0; i < LINES; i++) {
        cr_assert(eq(int, decode(arena, referral_generator_line(&options, i, line), &referral), STEPCARE_OK));
        snprintf(id, sizeof id, "%.*s", (int)referral.message_id.bytes, referral.message_id.data);
        cr_assert(strcmp(id, id_before) > 0, "%s after %s", id, id_before);
        memcpy(id_before, id, sizeof id);
    }
    arena_close(arena);
}

Test(referral_generator, repeats_message_ids_only_when_asked)
{
    struct referral_generator_options options = options_of(8);
    struct arena *arena = arena_make();
    struct stepcare_referral referral;
    char id[64], id_before[64] = "";
    unsigned backwards = 0;
    options.duplicates_percent = 20;
    for (uint64_t i = 0; i < LINES; i++) {
        cr_assert(eq(int, decode(arena, referral_generator_line(&options, i, line), &referral), STEPCARE_OK));
        snprintf(id, sizeof id, "%.*s", (int)referral.message_id.bytes, referral.message_id.data);
        backwards += strcmp(id, id_before) <= 0; /* ids are in order but for repeated ones */
        memcpy(id_before, id, sizeof id);
    }
    cr_assert(gt(uint, backwards, LINES / 10));
    cr_assert(lt(uint, backwards, LINES * 3 / 10));
    arena_close(arena);
}

Test(referral_generator, gives_numbers_of_the_test_range_with_mostly_right_check_digits)
{
    struct referral_generator_options options = options_of(9);
    struct arena *arena = arena_make();
    struct stepcare_referral referral;
    unsigned given = 0, wrong = 0;
    for (uint64_t i = 0; i < LINES; i++) {
        cr_assert(eq(int, decode(arena, referral_generator_line(&options, i, line), &referral), STEPCARE_OK));
        if (referral.nhs_number.bytes == 0) continue;
        given++;
        cr_assert(memcmp(referral.nhs_number.data, "999", 3) == 0);
        wrong += !referral_nhs_number_valid(referral.nhs_number);
    }
    cr_assert(gt(uint, given, LINES * 8 / 10));
    cr_assert(gt(uint, wrong, 0));
    cr_assert(lt(uint, wrong, given / 20));
    arena_close(arena);
}

Test(referral_generator, keeps_the_asked_average_length)
{
    const unsigned abouts[] = {650, 900, 4000};
    for (unsigned n = 0; n < sizeof abouts / sizeof abouts[0]; n++) {
        struct referral_generator_options options = options_of(10);
        size_t sum = 0;
        options.line_bytes_about = abouts[n];
        for (uint64_t i = 0; i < LINES; i++) sum += referral_generator_line(&options, i, line);
        cr_assert(gt(sz, sum / LINES, abouts[n] * 9 / 10));
        cr_assert(lt(sz, sum / LINES, abouts[n] * 11 / 10));
    }
}
