/* What the tests of decisions begin with (tests/unit/router/care/decide_*.c): one virtual router a test, a few
 * patients' instruments, and short names for what they do and look at. */
#ifndef TESTS_SUPPORT_DECISIONS_H
#define TESTS_SUPPORT_DECISIONS_H

#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>

#define MINUTE VIRTUAL_MINUTE_MS
#define DAY VIRTUAL_DAY_MS
#define FIVE_O_CLOCK (VIRTUAL_START_MS + 8 * VIRTUAL_HOUR_MS) /* of the first day, a Monday */
#define WHEN "2026-11-02T08:00:00Z"

#define LOW SCREENED ",\"instruments\":{\"start_back_9\":[0,0,0,0,0,0,0,0,0]}"
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"
#define HIGH SCREENED ",\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2]}"
#define ITEM_9 ",\"phq_9\":[1,0,0,0,0,0,0,0,1]"
#define WEIGHT_LOSS ",\"red_flags\":{\"screened\":true,\"present\":[\"unexplained_weight_loss\"]}"
#define CWP SCREENED ",\"instruments\":{\"cwp_1990\":true,\"phq_9\":[2,2,2,2,2,2,2,2,0],\"gad_7\":[2,2,2,2,2,2,0]}"
#define NO_ANSWER(channel) "contact_outcome=no_answer channel=" channel

#define EXPECT_OK(call) cr_assert_eq((call), STEPCARE_OK, "%s", virtual.problem)

static struct virtual_router virtual;

/* For TestSuite's .init and .fini. */
static inline void decisions_begin(void)
{
    virtual_router_open(&virtual, NULL, NULL);
}

static inline void decisions_finish(void)
{
    virtual_router_close(&virtual);
}

/* A patient of MESSAGE_ID, referred in the first morning. */
static inline uint64_t referral(const char *message_id, const char *more)
{
    return virtual_referral(&virtual, message_id, WHEN, more);
}

/* A patient whom tom has accepted in the tier. */
static inline uint64_t treated(const char *more, const char *tier)
{
    referral("a", more);
    return virtual_take(&virtual, "tom", tier);
}

static inline int tom(uint8_t verb, uint64_t id, const char *fields)
{
    return virtual_act(&virtual, "tom", verb, id, fields);
}

static inline struct episode_next next_of(uint64_t id)
{
    return episode_next(virtual_episode(&virtual, id));
}

static inline void expect_next(uint64_t id, const char *owner, enum stepcare_next_action action, int64_t due)
{
    const struct episode_next next = next_of(id);
    cr_assert(stepcare_text_equal(next.owner, stepcare_text_of(owner)), "owner is %.*s", (int)next.owner.bytes,
              next.owner.data);
    cr_assert_eq(next.action, action, "next action is %s", stepcare_code_name(&stepcare_next_actions, next.action));
    cr_assert_eq(next.due, due, "due is %ld min off", (long)((next.due - due) / VIRTUAL_MINUTE_MS));
}

#endif
