/* One command from its view to its events, for everybody who gives commands. See command.h. */
#include "router/command.h"

#include "base/must.h"
#include "router/report.h"
#include "router/store/view.h"

#include <stdio.h>

static void event_happened(struct commands *commands, const struct event *event)
{
    if (commands->traced) report_event(event);
    switch (event->type) {
    case STEPCARE_EVENT_REVIEW_RECORDED: dispatch_work_arrived(commands->dispatch, event->record.kind); break;
    case STEPCARE_EVENT_INFORMATION_ADDED:
    case STEPCARE_EVENT_TRIAGE_RETRIED: dispatch_work_arrived(commands->dispatch, STEPCARE_KIND_TRIAGE); break;
    default: break;
    }
    waiting_event(commands->waiting, event);
    notices_event(&commands->outward->notices, event);
}

/* Nothing of the decision has happened. */
static int undone(struct decision *out, int error, const char *problem)
{
    out->error = error;
    out->event_count = out->lease_count = 0;
    snprintf(out->problem, sizeof out->problem, "%s", problem);
    return error;
}

static int stopped(struct commands *commands, struct decision *out, const char *during)
{
    outward_fail(commands->outward, during);
    return undone(out, STEPCARE_STOPPING, "");
}

static int execute(struct commands *commands, struct decision *out)
{
    const enum stepcare_error error = store_execute(commands->store, out);
    if (error == STEPCARE_STORE_FULL)
        return undone(out, error,
                      "The disk is full, the reserve too: nothing was recorded. Tell the administrator; try again "
                      "later.");
    if (error == STEPCARE_INVALID) {
        report_not_recorded(commands->store->error);
        return undone(out, error,
                      "This would be recorded in a form that cannot be read again: nothing was recorded. Tell the "
                      "administrator; the router's log says what it was.");
    }
    if (error != STEPCARE_OK) return stopped(commands, out, "apply");
    for (unsigned i = 0; i < out->event_count; i++) event_happened(commands, &out->events[i]);
    return STEPCARE_OK;
}

int command_run(struct commands *commands, const struct command *command, struct decision *out)
{
    must(command->caller != NULL);
    must(command->record != NULL);
    if (store_must_flush(commands->store)) outward_flush(commands->outward);
    if (commands->outward->failed) return undone(out, STEPCARE_STOPPING, "");
    if (view_load(commands->store, commands->pathways->current, command, &commands->view) != STEPCARE_OK)
        return stopped(commands, out, "read");
    decide(&commands->view, command, commands->turn->now, out);
    must(out->event_count <= DECISION_EVENTS_MAX);
    if (out->error != STEPCARE_OK) {
        must(out->event_count == 0);
        return out->error;
    }
    if (out->event_count == 0) return STEPCARE_OK;
    must(out->events[0].sequence == ledger_next_sequence(commands->store->ledger));
    return execute(commands, out);
}
