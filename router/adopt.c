/* Adopting another pathway on a running router: new referrals use it, stored decisions keep theirs. See router.h. */
#include "base/log.h"
#include "router/router.h"

#include <stdio.h>

/* Deciding needs no view of an episode here: the event stands for the system as a whole. */
static enum stepcare_error adopted_event(struct router *router, const struct pathway *pathway, struct stepcare_text by)
{
    struct decision *decision = &router->decision;
    if (store_must_flush(&router->store)) serve_flush(router);
    if (router->failed) return STEPCARE_STOPPING;
    decision->error = STEPCARE_OK;
    decision->event_count = 1;
    struct event *event = &decision->events[0];
    *event = (struct event){.sequence = ledger_next_sequence(router->store.ledger),
                            .at = router->now,
                            .type = STEPCARE_EVENT_PATHWAY_ADOPTED,
                            .by = by};
    stepcare_record_init(&event->record);
    STEPCARE_SET(&event->record, pathway, stepcare_text_of(pathway_version(pathway)));
    STEPCARE_SET(&event->record, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
    return store_execute(&router->store, decision);
}

enum stepcare_error adopt_pathway(struct router *router, struct stepcare_text by, char *problem, size_t problem_bytes)
{
    struct pathway *read = NULL;
    const unsigned room = sizeof router->pathways_before / sizeof router->pathways_before[0];
    enum stepcare_error error = pathway_open(router->config->pathway_path, problem, problem_bytes, &read);
    if (error != STEPCARE_OK) {
        const size_t bytes = strlen(problem);
        snprintf(problem + bytes, problem_bytes - bytes, " Nothing is changed: the router goes on by pathway %s.",
                 pathway_version(router->pathway));
        return error;
    }
    if (strcmp(pathway_hash_hex(read), pathway_hash_hex(router->pathway)) == 0) {
        pathway_close(read); /* the same file: nothing to adopt */
        return STEPCARE_OK;
    }
    if (router->pathways_before_count == room) {
        pathway_close(read);
        snprintf(problem, problem_bytes,
                 "%u pathways were adopted since the router started: restart it, and it decides by the file as it is.",
                 room);
        return STEPCARE_BUSY;
    }
    error = adopted_event(router, read, by);
    if (error != STEPCARE_OK) {
        pathway_close(read);
        /* Without room nothing has happened; anything else is for a restart to mend. */
        router->failed = router->failed || (error != STEPCARE_STORE_FULL && error != STEPCARE_INVALID);
        snprintf(problem, problem_bytes,
                 "The adoption could not be recorded (%s): the router goes on by the pathway it has.",
                 stepcare_error_text(error));
        return error;
    }
    router->pathways_before[router->pathways_before_count++] = router->pathway;
    router->pathway = read;
    serve_flush(router); /* workers hear of it at once, so it must be on disk */
    if (router->failed) {
        snprintf(problem, problem_bytes,
                 "The adoption could not be made durable: the router stops. Start it again, then look by which pathway "
                 "it decides.");
        return STEPCARE_STOPPING;
    }
    dispatch_pathway_set(&router->dispatch, read);
    log_event(LOG_LEVEL_INFO, "pathway_adopted", "version=%s hash=%.12s", pathway_version(read),
              pathway_hash_hex(read));
    return STEPCARE_OK;
}
