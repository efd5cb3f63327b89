/* Who may ask what is looked at before anything else, for what acts and for what only reads. */
#include "router/admit.h"

#include "tests/support/referral_lines.h"
#include "tests/support/virtual_reply.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define WHEN "2026-11-02T08:00:00Z"
#define MEDIUM SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}"

static struct virtual_router virtual;

static void opens(void)
{
    virtual_router_open(&virtual, NULL, NULL);
}

static void closes(void)
{
    virtual_router_close(&virtual);
}

TestSuite(router_admit, .init = opens, .fini = closes);

static int asked(const struct caller *caller, uint8_t verb, const char *fields, struct wire_message *out_reply)
{
    return virtual_ask(&virtual, caller, verb, fields, out_reply);
}

static struct caller only(uint32_t roles)
{
    struct caller caller = admit_client(stepcare_text_of("dr.restricted"));
    caller.roles = roles;
    return caller;
}

Test(router_admit, at_this_computer_everybody_has_every_role_and_a_name)
{
    struct wire_message reply;
    const struct caller named = admit_client(stepcare_text_of("dr.jones"));
    const struct caller unnamed = admit_client((struct stepcare_text){NULL, 0});
    cr_assert(stepcare_text_equal(named.name, stepcare_text_of("dr.jones")));
    cr_assert(stepcare_text_equal(unnamed.name, stepcare_text_of("unnamed")));
    cr_assert_eq(asked(&unnamed, WIRE_WORKLIST, "tier=physio", &reply), STEPCARE_OK);
    cr_assert_eq(asked(&unnamed, WIRE_PAUSE, "tier=physio", &reply), STEPCARE_OK);
    virtual_timers(&virtual);
}

Test(router_admit, a_caller_without_the_role_is_refused_what_acts_and_what_reads)
{
    struct wire_message reply;
    const uint64_t id = virtual_referral(&virtual, "a", WHEN, MEDIUM);
    const uint64_t next = ledger_next_sequence(virtual.router->store.ledger);
    const struct caller referrer = only(STEPCARE_BIT(STEPCARE_ROLE_REFERRER)), nobody = only(0);
    cr_assert_eq(asked(&referrer, WIRE_PAUSE, "tier=physio", &reply), STEPCARE_NOT_PERMITTED);
    cr_assert(STEPCARE_HAS(&reply.record, problem));
    cr_assert_eq(asked(&referrer, WIRE_WORKLIST, "tier=physio", &reply), STEPCARE_NOT_PERMITTED);
    cr_assert_not(STEPCARE_HAS(&reply.record, rows));
    cr_assert_eq(asked(&referrer, WIRE_ADOPT, "", &reply), STEPCARE_NOT_PERMITTED);
    cr_assert_eq(asked(&nobody, WIRE_HELLO, "", &reply), STEPCARE_NOT_PERMITTED);
    cr_assert_eq(asked(&nobody, WIRE_FEEDBACK, "wait_ms=100", &reply), STEPCARE_NOT_PERMITTED);
    char fields[40];
    snprintf(fields, sizeof fields, "referral_id=%lu", (unsigned long)id);
    cr_assert_eq(asked(&nobody, WIRE_SHOW, fields, &reply), STEPCARE_NOT_PERMITTED);
    cr_assert_eq(asked(&referrer, WIRE_SHOW, fields, &reply), STEPCARE_OK);
    cr_assert_eq(ledger_next_sequence(virtual.router->store.ledger), next, "a refused command left an event");
}

Test(router_admit, who_is_not_permitted_learns_nothing_of_what_else_is_wrong)
{
    struct wire_message reply;
    const struct caller nobody = only(0);
    cr_assert_eq(asked(&nobody, WIRE_SHOW, "", &reply), STEPCARE_NOT_PERMITTED, "a missing field is told first");
    cr_assert_eq(asked(&nobody, 250, "", &reply), STEPCARE_UNKNOWN_VERB);
}

Test(router_admit, a_worker_and_the_router_itself_have_their_own_verbs_alone)
{
    struct wire_message reply;
    const struct caller worker = admit_worker(), router = admit_router();
    cr_assert_eq(asked(&worker, WIRE_WORKLIST, "tier=physio", &reply), STEPCARE_NOT_PERMITTED);
    cr_assert_eq(asked(&router, WIRE_WORKLIST, "tier=physio", &reply), STEPCARE_NOT_PERMITTED);
    cr_assert_eq(asked(&worker, WIRE_HELLO, "", &reply), STEPCARE_OK);
}
