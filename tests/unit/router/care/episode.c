/* The episode's row: there and back at its longest, and what comes next in each state. */
#include "router/care/episode.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct episode waiting(void)
{
    struct episode episode;
    episode_init(&episode);
    episode.id = episode.sequence = episode.content_id = 1;
    episode.state = STEPCARE_STATE_WAITING;
    episode.tier = STEPCARE_TIER_PHYSIO;
    episode.urgency = STEPCARE_URGENCY_ROUTINE;
    episode.referred_at = 1000;
    episode.due = 2000;
    return episode;
}

/* Every field its own value, texts as long as they may be. */
static struct episode filled(void)
{
    struct episode episode;
    uint64_t value = UINT64_C(0x8182838485868788);
    episode_init(&episode);
#define FILL_NUMBER(name) episode.name = (__typeof__(episode.name))(value += UINT64_C(0x0101010101010101));
#define FILL_u8(name) FILL_NUMBER(name)
#define FILL_u16(name) FILL_NUMBER(name)
#define FILL_i16(name) FILL_NUMBER(name)
#define FILL_u32(name) FILL_NUMBER(name)
#define FILL_u64(name) FILL_NUMBER(name)
#define FILL_i64(name) FILL_NUMBER(name)
#define FILL_attempt(name)                                                                                             \
    FILL_NUMBER(name.at)                                                                                               \
    FILL_NUMBER(name.channels)
#define FILL_RUN(name)                                                                                                 \
    episode.name.bytes = sizeof episode.name.data;                                                                     \
    memset(episode.name.data, (int)(value += 3) & 0x7f, sizeof episode.name.data);
#define FILL_text(name) FILL_RUN(name)
#define FILL_codes(name) FILL_RUN(name)
#define FILL(type, name) FILL_##type(name)
#define FILL_ALL(type, name, count)                                                                                    \
    for (unsigned i = 0; i < (count); i++) {                                                                           \
        FILL_##type(name[i])                                                                                           \
    }
    EPISODE_FIELDS(FILL, FILL_ALL)
    return episode;
}

Test(episode, every_field_at_its_longest_goes_there_and_back_within_a_leaf_page)
{
    uint8_t row[EPISODE_ROW_BYTES_MAX], again[EPISODE_ROW_BYTES_MAX];
    const struct episode episode = filled();
    struct episode back;
    episode_init(&back);
    const size_t bytes = episode_encode(&episode, row);
    cr_assert(episode_decode(row, bytes, &back));
    cr_assert_eq(episode_encode(&back, again), bytes);
    cr_assert_arr_eq(row, again, bytes);
    cr_assert(back.nrs == episode.nrs && back.owner.bytes == 64 && back.codes.bytes == 255 &&
              back.attempts[2].channels == episode.attempts[2].channels &&
              back.attempts[2].at == episode.attempts[2].at);
}

Test(episode, a_row_cut_short_or_of_another_version_is_refused)
{
    uint8_t row[EPISODE_ROW_BYTES_MAX];
    struct episode back;
    const struct episode episode = filled();
    const size_t bytes = episode_encode(&episode, row);
    for (size_t cut = 0; cut < bytes; cut++) {
        uint8_t *exactly = malloc(cut + 1); /* so that a sanitizer sees a step too far */
        cr_assert_not_null(exactly);
        memcpy(exactly, row, cut);
        cr_assert_not(episode_decode(exactly, cut, &back), "cut at %zu", cut);
        free(exactly);
    }
    cr_assert_not(episode_decode(row, bytes + 1, &back));
    row[0]++;
    cr_assert_not(episode_decode(row, bytes, &back));
}

Test(episode, codes_that_do_not_fit_are_left_out_whole)
{
    struct episode_codes codes;
    struct stepcare_code_list list = {.count = STEPCARE_CODES_MAX}, back;
    for (unsigned i = 0; i < list.count; i++) list.items[i] = stepcare_text_of("A_CODE_OF_NINETEEN_");
    episode_codes_set(&codes, &list);
    episode_codes_list(&codes, &back);
    cr_assert_eq(back.count, 255 / 20);
    for (unsigned i = 0; i < back.count; i++) cr_assert(stepcare_text_equal(back.items[i], list.items[0]));
}

Test(episode, the_first_hold_in_order_gives_owner_action_and_date)
{
    const char *owners[] = {"safety_lead", "triage_lead", "triage_lead", "referrer"};
    const enum stepcare_next_action actions[] = {STEPCARE_NEXT_SAFETY_REVIEW, STEPCARE_NEXT_SCREEN_RED_FLAGS,
                                                 STEPCARE_NEXT_SECOND_OPINION, STEPCARE_NEXT_PROVIDE_INFORMATION};
    for (unsigned holds = 1; holds < 16; holds++) {
        struct episode episode = waiting();
        const unsigned first = (unsigned)__builtin_ctz(holds);
        episode.holds = (uint8_t)holds;
        for (unsigned hold = 1; hold < STEPCARE_HOLD_COUNT; hold++) episode.hold_dues[hold - 1] = 100 * hold;
        const struct episode_next next = episode_next(&episode);
        cr_assert(stepcare_text_equal(next.owner, stepcare_text_of(owners[first])));
        cr_assert(next.action == actions[first] && next.due == 100 * ((int64_t)first + 1));
    }
}

Test(episode, holds_keep_back_soon_and_routine_work_alone)
{
    for (unsigned urgency = 1; urgency < STEPCARE_URGENCY_COUNT; urgency++) {
        struct episode episode = waiting();
        episode.urgency = (uint8_t)urgency;
        cr_assert_not(episode_is_held_back(&episode));
        episode.holds = 8;
        cr_assert_eq(episode_is_held_back(&episode), urgency >= STEPCARE_URGENCY_SOON);
    }
}

Test(episode, what_breaks_the_promise_is_named)
{
    struct episode episode = waiting();
    cr_assert_null(episode_broken(&episode));
    episode.due = 0;
    cr_assert_str_eq(episode_broken(&episode), "it has no due date");
    episode = waiting();
    episode.tier = STEPCARE_TIER_NONE;
    cr_assert_not_null(episode_broken(&episode));
    episode = waiting();
    episode.state = STEPCARE_STATE_CLAIMED;
    cr_assert_not_null(episode_broken(&episode), "claimed by nobody");
    episode = waiting();
    episode.state = STEPCARE_STATE_IN_TREATMENT;
    episode.next_action = STEPCARE_NEXT_REVIEW;
    episode.next_due = 5;
    cr_assert_not_null(episode_broken(&episode), "in treatment with nobody");
    episode = waiting();
    episode.state = STEPCARE_STATE_CLOSED;
    cr_assert_str_eq(episode_broken(&episode), "it is closed without an end code");
    episode.end_code = 46;
    cr_assert_null(episode_broken(&episode));
    episode.state = STEPCARE_STATE_NONE;
    cr_assert_not_null(episode_broken(&episode));
}

Test(episode, what_is_closed_has_no_owner_action_or_date)
{
    struct episode episode = waiting();
    episode.state = STEPCARE_STATE_CLOSED;
    episode.holds = 15;
    const struct episode_next next = episode_next(&episode);
    cr_assert(next.owner.bytes == 0 && next.action == STEPCARE_NEXT_NONE && next.due == 0);
}
