/* The list of answers that wait: everybody in it is taken out once, by the subject or by the deadline. */
#include "router/parked.h"

#include "tests/support/random.h"

#include <criterion/criterion.h>

enum { SLOTS = 16 };

struct answered {
    unsigned count;
    uint64_t sum, subject;
};

static void note(struct answered *answered, const struct parked_reply *reply)
{
    answered->count++;
    answered->sum += reply->request_id;
    answered->subject = reply->subject;
}

static void release(struct parked *parked, uint64_t subject, struct answered *answered)
{
    struct parked_reply reply;
    while (parked_take(parked, subject, &reply)) note(answered, &reply);
}

static void expire(struct parked *parked, int64_t now, struct answered *answered)
{
    struct parked_reply reply;
    uint32_t slot = 0;
    while (parked_take_expired(parked, now, &slot, &reply)) note(answered, &reply);
}

static struct parked_reply reply(uint64_t subject, uint64_t request_id, int64_t deadline)
{
    return (struct parked_reply){.subject = subject, .request_id = request_id, .deadline = deadline};
}

static void add(struct parked *parked, uint64_t subject, uint64_t request_id, int64_t deadline)
{
    const struct parked_reply one = reply(subject, request_id, deadline);
    cr_assert(parked_add(parked, &one));
}

Test(parked, everybody_who_waits_for_a_subject_is_answered_once)
{
    struct parked parked;
    struct answered answered = {0};
    cr_assert_eq(parked_init(&parked, SLOTS), STEPCARE_OK);
    add(&parked, 7, 1, 100);
    add(&parked, 8, 2, 100);
    add(&parked, 7, 4, 100);
    release(&parked, 7, &answered);
    cr_assert(answered.count == 2 && answered.sum == 5);
    release(&parked, 7, &answered);
    cr_assert_eq(answered.count, 2);
    cr_assert_eq(parked.count, 1);
    parked_close(&parked);
}

Test(parked, a_deadline_answers_that_one_and_leaves_the_others_of_its_subject)
{
    struct parked parked;
    struct answered answered = {0};
    cr_assert_eq(parked_init(&parked, SLOTS), STEPCARE_OK);
    for (uint64_t i = 0; i < 3; i++)
        add(&parked, 7, 1U << i, 100 + (int64_t)i % 2 * 100); /* the middle one lasts longer */
    expire(&parked, 99, &answered);
    cr_assert_eq(answered.count, 0);
    expire(&parked, 100, &answered);
    cr_assert(answered.count == 2 && answered.sum == 5);
    release(&parked, 7, &answered);
    cr_assert(answered.count == 3 && answered.sum == 7);
    parked_close(&parked);
}

Test(parked, what_is_full_refuses_until_somebody_was_answered)
{
    struct parked parked;
    struct answered answered = {0};
    const struct parked_reply more = reply(99, 1, 1);
    cr_assert_eq(parked_init(&parked, SLOTS), STEPCARE_OK);
    for (uint64_t i = 1; i <= SLOTS; i++) add(&parked, i, i, 100);
    cr_assert_not(parked_add(&parked, &more));
    release(&parked, 3, &answered);
    cr_assert(parked_add(&parked, &more));
    expire(&parked, 1000, &answered);
    cr_assert_eq(answered.count, SLOTS + 1);
    cr_assert_eq(parked.count, 0);
    parked_close(&parked);
}

Test(parked, random_comings_and_goings_answer_everybody_exactly_once)
{
    struct parked parked;
    struct random random = random_of(9, 9, 9);
    struct answered answered = {0};
    uint64_t given = 0;
    unsigned added = 0;
    cr_assert_eq(parked_init(&parked, SLOTS), STEPCARE_OK);
    for (int64_t now = 0; now < 50000; now++) {
        const struct parked_reply one =
            reply(1 + random_below(&random, 6), (uint64_t)now, now + random_below(&random, 40));
        if (random_percent(&random, 50) && parked_add(&parked, &one)) {
            given += one.request_id;
            added++;
        }
        if (random_percent(&random, 10)) release(&parked, 1 + random_below(&random, 6), &answered);
        if (random_percent(&random, 30)) expire(&parked, now, &answered);
        cr_assert_eq(parked.count + answered.count, added);
    }
    expire(&parked, INT64_MAX, &answered);
    cr_assert(answered.count == added && answered.sum == given);
    parked_close(&parked);
}

Test(parked, a_raised_limit_takes_more_and_keeps_the_chains_a_lowered_one_refuses_until_there_is_room)
{
    struct parked parked;
    struct answered answered = {0};
    const struct parked_reply more = reply(99, 1, 1000);
    cr_assert_eq(parked_init(&parked, SLOTS), STEPCARE_OK);
    for (uint64_t i = 0; i < SLOTS; i++) add(&parked, 1 + i % 3, i, 100 + (int64_t)i);
    expire(&parked, 104, &answered); /* the first five: holes in the chains */
    cr_assert_eq(parked_limit_set(&parked, 4 * SLOTS), STEPCARE_OK);
    for (uint64_t i = 0; i < 2 * SLOTS; i++) add(&parked, 1 + i % 3, i, 1000);
    cr_assert_eq(parked_limit_set(&parked, SLOTS), STEPCARE_OK);
    cr_assert_not(parked_add(&parked, &more));
    answered = (struct answered){0};
    for (uint64_t subject = 1; subject <= 3; subject++) release(&parked, subject, &answered);
    cr_assert_eq(answered.count, SLOTS - 5 + 2 * SLOTS);
    cr_assert_eq(parked.count, 0);
    cr_assert(parked_add(&parked, &more));
    parked_close(&parked);
}
