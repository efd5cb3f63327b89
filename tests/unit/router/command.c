/* Running commands: what comes of one is the caller's, and nothing of it is left for the next to change. */
#include "router/command.h"

#include "router/admit.h"
#include "router/timers.h"
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_reply.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

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

TestSuite(command, .init = opens, .fini = closes);

static int runs(const char *actor, uint8_t verb, const char *fields, struct decision *decision)
{
    struct record_text text;
    const struct caller caller = admit_client(stepcare_text_of(actor));
    record_text_read(fields, &text);
    const struct command command = {.verb = verb, .caller = &caller, .record = &text.record};
    return command_run(&virtual.router->commands, &command, decision);
}

Test(command, a_decision_stays_what_it_was_whatever_is_run_after_it)
{
    struct decision *first = calloc(1, sizeof *first), *second = calloc(1, sizeof *second);
    const uint64_t a = virtual_referral(&virtual, "a", WHEN, MEDIUM), b = virtual_referral(&virtual, "b", WHEN, MEDIUM);
    cr_assert_eq(runs("p", WIRE_CLAIM, "tier=physio request_key=k1", first), STEPCARE_OK);
    cr_assert_eq(runs("p", WIRE_CLAIM, "tier=physio request_key=k2", second), STEPCARE_OK);
    cr_assert_eq(runs("p", WIRE_WORKLIST, "tier=physio", second), STEPCARE_UNKNOWN_VERB, "it only reads");
    cr_assert_eq(first->lease_count, 1);
    cr_assert_eq(first->leases[0].episode_id, a);
    cr_assert_eq(second->lease_count, 0);
    cr_assert_eq(runs("p", WIRE_CLAIM, "tier=physio request_key=k2", second), STEPCARE_OK);
    cr_assert_eq(second->event_count, 0, "asked again, it happens again");
    cr_assert_eq(second->leases[0].episode_id, b);
    virtual_timers(&virtual);
    free(first);
    free(second);
}

Test(command, after_the_store_has_failed_nothing_is_run_and_nothing_leaves)
{
    struct decision *decision = calloc(1, sizeof *decision);
    const uint64_t next = ledger_next_sequence(virtual.router->store.ledger);
    virtual.router->outward.failed = true;
    cr_assert_eq(runs("lead", WIRE_PAUSE, "tier=physio", decision), STEPCARE_STOPPING);
    cr_assert_eq(decision->event_count, 0);
    cr_assert_eq(ledger_next_sequence(virtual.router->store.ledger), next);
    outward_flush(&virtual.router->outward);
    virtual.router->outward.failed = false;
    free(decision);
}

/* The pathway file of the store under another version. */
static void pathway_file_change(const char *version)
{
    size_t bytes;
    const char *text = pathway_default_text(&bytes), *line = strstr(text, "\nversion:") + 1;
    FILE *file = fopen(virtual.router->config->pathway_path, "w");
    fprintf(file, "%.*sversion: \"%s\"%s", (int)(line - text), text, version, strchr(line, '\n'));
    cr_assert_eq(fclose(file), 0);
}

Test(command, an_adoption_is_an_event_of_whoever_gave_it_and_every_part_decides_by_it)
{
    char problem[1000];
    struct router *router = virtual.router;
    const struct caller caller = admit_client(stepcare_text_of("admin"));
    const uint64_t next = ledger_next_sequence(router->store.ledger);
    pathway_file_change("adopted.1");
    cr_assert_eq(adopt_pathway(&router->adoption, &caller, virtual.decision, problem, sizeof problem), STEPCARE_OK);
    cr_assert_eq(virtual.decision->events[0].type, STEPCARE_EVENT_PATHWAY_ADOPTED);
    cr_assert(stepcare_text_equal(virtual.decision->events[0].by, caller.name));
    cr_assert_eq(ledger_tail(router->store.ledger).sequence, next, "it is not on disk");
    cr_assert_str_eq(pathway_version(router->pathways.current), "adopted.1");
    cr_assert_eq(router->dispatch.pathway, router->pathways.current);
    cr_assert_eq(adopt_pathway(&router->adoption, &caller, virtual.decision, problem, sizeof problem), STEPCARE_OK);
    cr_assert_eq(ledger_next_sequence(router->store.ledger), next + 1, "the same file was adopted again");
}
