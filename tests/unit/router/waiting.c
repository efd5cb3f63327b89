/* Answers that wait: given once, when what they wait for has happened or their time is over, and to nobody else. */
#include "router/waiting.h"

#include "router/admit.h"
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_reply.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define WHEN "2026-11-02T08:00:00Z"
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"

enum { STEADY = 5000, DEADLINE = 6000 };

static struct virtual_router virtual;
static struct waiting *waiting;

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
    waiting = &virtual.router->waiting;
    virtual.router->turn.steady = STEADY;
}

static void closes(void)
{
    virtual_router_close(&virtual);
}

TestSuite(waiting, .init = opens, .fini = closes);

static uint64_t received(struct virtual_router *router)
{
    static const char json[] =
        "{\"message_id\":\"a\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},\"referred_at\":\"" WHEN
        "\",\"patient\":{\"family_name\":\"Testcase\",\"birth_date\":\"1984-05-17\"},"
        "\"problem\":\"low_back_pain\",\"duration_weeks\":9" MEDIUM "}";
    const uint64_t id = virtual_submit(router, json, sizeof json - 1);
    cr_assert_neq(id, 0);
    return id;
}

static struct parked_reply submission(uint64_t id, int64_t deadline)
{
    return (struct parked_reply){.peer = {{0, 0, 0, 0, 1}},
                                 .verb = WIRE_SUBMIT,
                                 .outcome = STEPCARE_OUTCOME_ACCEPTED,
                                 .request_id = 7,
                                 .subject = id,
                                 .deadline = deadline};
}

Test(waiting, a_submission_is_answered_when_triage_has_placed_it)
{
    struct wire_message answer;
    const struct parked_reply reply = submission(received(&virtual), DEADLINE);
    waiting_answer(waiting, &reply);
    cr_assert_eq(virtual_replies(&virtual), 0, "answered before anything has happened");
    waiting_expire(waiting, DEADLINE - 1);
    cr_assert_eq(virtual_replies(&virtual), 0);
    virtual_work(&virtual);
    virtual_reply_take(&virtual, &answer);
    cr_assert_eq(answer.request_id, 7);
    cr_assert_eq(STEPCARE_GET(&answer.record, tier, 0), STEPCARE_TIER_PHYSIO);
    waiting_expire(waiting, INT64_MAX);
    cr_assert_eq(virtual_replies(&virtual), 0, "answered twice");
}

Test(waiting, at_its_deadline_it_hears_how_it_stands)
{
    struct wire_message answer;
    const struct parked_reply reply = submission(received(&virtual), DEADLINE);
    waiting_answer(waiting, &reply);
    waiting_expire(waiting, DEADLINE);
    virtual_reply_take(&virtual, &answer);
    cr_assert_eq(STEPCARE_GET(&answer.record, tier, 0), 0);
    virtual_work(&virtual);
    cr_assert_eq(virtual_replies(&virtual), 0, "answered twice");
}

Test(waiting, what_may_not_wait_or_finds_no_room_is_answered_at_once)
{
    struct wire_message answer;
    const uint64_t id = received(&virtual);
    const struct parked_reply at_once = submission(id, STEADY), later = submission(id, DEADLINE);
    waiting_answer(waiting, &at_once);
    virtual_reply_take(&virtual, &answer);
    cr_assert_eq(parked_limit_set(&waiting->parked, 1), STEPCARE_OK);
    waiting_answer(waiting, &later);
    cr_assert_eq(virtual_replies(&virtual), 0);
    waiting_answer(waiting, &later);
    virtual_reply_take(&virtual, &answer);
    waiting_expire(waiting, INT64_MAX);
    virtual_reply_take(&virtual, &answer);
}

static void news_asked(const char *fields)
{
    struct record_text text;
    const struct peer peer = {{0, 0, 0, 0, 1}};
    const struct caller caller = admit_client(stepcare_text_of("referrer"));
    record_text_read(fields, &text);
    waiting_news_answer(waiting, &peer, 9, &caller, &text.record);
}

Test(waiting, a_mailbox_waits_for_news_of_its_organisation_and_no_other)
{
    struct wire_message answer;
    news_asked("organisation=Y99999 wait_ms=60000");
    news_asked("organisation=Y05868 wait_ms=60000");
    cr_assert_eq(virtual_replies(&virtual), 0);
    virtual_referral(&virtual, "a", WHEN, MEDIUM);
    virtual_reply_take(&virtual, &answer);
    cr_assert_eq(answer.verb, WIRE_FEEDBACK);
    cr_assert_gt(answer.record.rows.count, 0);
    cr_assert_eq(waiting->parked.count, 1);
    news_asked("organisation=Y05868 wait_ms=60000");
    virtual_reply_take(&virtual, &answer); /* there are news: nothing to wait for */
    cr_assert_gt(answer.record.rows.count, 0);
}

Test(waiting, two_routers_in_one_process_know_nothing_of_each_others_waits)
{
    static struct virtual_router other;
    struct wire_message answer;
    virtual_router_open(&other, "sites: [{name: S, tiers: [physio], weekly_first_contacts: 1}]\n", NULL);
    other.router->turn.steady = STEADY;
    struct virtual_router *const routers[] = {&virtual, &other, &virtual};
    for (unsigned i = 0; i < 3; i++) {
        struct virtual_router *router = routers[i];
        const uint64_t id = i == 2 ? 0 : received(router);
        if (i < 2) virtual_work(router);
        const struct parked_reply reply = submission(i == 2 ? 1 : id, STEADY);
        waiting_answer(&router->router->waiting, &reply);
        virtual_reply_take(router, &answer);
        cr_assert_eq(STEPCARE_HAS(&answer.record, expected_wait_days), router == &other, "router %u", i);
    }
    virtual_router_close(&other);
}
