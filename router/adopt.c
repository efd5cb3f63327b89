/* Adopting another pathway on a running router: new referrals use it, stored decisions keep theirs. See router.h. */
#include "config/log.h"
#include "router/router.h"

#include <stdio.h>

/* Deciding needs no view of an episode here: the event stands for the system as a whole. */
static void adopted_event(struct router *router, struct stepcare_text by)
{
    struct decision *decision = &router->decision;
    decision->error = STEPCARE_OK;
    decision->event_count = 1;
    struct event *event = &decision->events[0];
    *event = (struct event){.sequence = ledger_next_sequence(router->store.ledger), .at = router->now, .type = STEPCARE_EVENT_PATHWAY_ADOPTED, .by = by};
    stepcare_record_init(&event->record);
    STEPCARE_SET(&event->record, pathway, stepcare_text_of(pathway_version(router->pathway)));
    STEPCARE_SET(&event->record, pathway_hash, stepcare_text_of(pathway_hash_hex(router->pathway)));
    if (store_execute(&router->store, decision) != STEPCARE_OK) router->failed = true;
}

enum stepcare_error adopt_pathway(struct router *router, struct stepcare_text by, char *problem, size_t problem_bytes)
{
    struct pathway *read = NULL;
    const unsigned room = sizeof router->pathways_before / sizeof router->pathways_before[0];
    enum stepcare_error error = pathway_open(router->config->pathway_path, problem, problem_bytes, &read);
    if (error != STEPCARE_OK) return error;
    if (strcmp(pathway_hash_hex(read), pathway_hash_hex(router->pathway)) == 0) {
        pathway_close(read); /* the same file: nothing to adopt */
        return STEPCARE_OK;
    }
    if (router->pathways_before_count == room) {
        pathway_close(read);
        snprintf(problem, problem_bytes, "%u pathways were adopted since the router started: restart it, then adopt.", room);
        return STEPCARE_BUSY;
    }
    router->pathways_before[router->pathways_before_count++] = router->pathway;
    router->pathway = read;
    adopted_event(router, by);
    dispatch_pathway_set(&router->dispatch, read);
    log_event(LOG_LEVEL_INFO, "pathway_adopted", "version=%s hash=%.12s", pathway_version(read), pathway_hash_hex(read));
    return STEPCARE_OK;
}
