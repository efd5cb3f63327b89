/* The verb `adopt`: the pathway file is read again, recorded, and decided by. Called by request.c. See adopt.h. */
#include "router/adopt.h"

#include "router/report.h"

#include <stdio.h>

static int adopted(struct adoption *adoption, const struct pathway *pathway, const struct caller *caller,
                   struct decision *decision)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, pathway, stepcare_text_of(pathway_version(pathway)));
    STEPCARE_SET(&record, pathway_hash, stepcare_text_of(pathway_hash_hex(pathway)));
    const struct command command = {.verb = WIRE_ADOPT, .caller = caller, .record = &record};
    return command_run(adoption->commands, &command, decision);
}

/* Records it and decides by it. Owns: takes *pathway where it succeeds. */
static enum stepcare_error adopt(struct adoption *adoption, struct pathway **pathway, const struct caller *caller,
                                 struct decision *decision, char *problem, size_t problem_bytes)
{
    const struct pathway *read = *pathway;
    const enum stepcare_error error = adopted(adoption, read, caller, decision);
    if (error != STEPCARE_OK) {
        snprintf(problem, problem_bytes,
                 "The adoption could not be recorded (%s): the router goes on by the pathway it has.",
                 stepcare_error_text(error));
        return error;
    }
    pathways_replace(adoption->pathways, pathway);
    outward_flush(adoption->outward); /* workers hear of it at once, so it must be on disk */
    if (adoption->outward->failed) {
        snprintf(problem, problem_bytes,
                 "The adoption could not be made durable: the router stops. Start it again, then look by which pathway "
                 "it decides.");
        return STEPCARE_STOPPING;
    }
    dispatch_pathway_set(adoption->dispatch, read);
    report_pathway_adopted(pathway_version(read), pathway_hash_hex(read));
    return STEPCARE_OK;
}

enum stepcare_error adopt_pathway(struct adoption *adoption, const struct caller *caller, struct decision *decision,
                                  char *problem, size_t problem_bytes)
{
    struct pathway *read = NULL;
    const struct pathway *current = adoption->pathways->current;
    enum stepcare_error error = pathway_open(adoption->config->pathway_path, problem, problem_bytes, &read);
    if (error != STEPCARE_OK) {
        const size_t bytes = strlen(problem);
        snprintf(problem + bytes, problem_bytes - bytes, " Nothing is changed: the router goes on by pathway %s.",
                 pathway_version(current));
    } else if (strcmp(pathway_hash_hex(read), pathway_hash_hex(current)) == 0) {
        error = STEPCARE_OK; /* the same file: nothing to adopt */
    } else if (adoption->pathways->before_count == PATHWAYS_BEFORE_MAX) {
        error = STEPCARE_BUSY;
        snprintf(problem, problem_bytes,
                 "%u pathways were adopted since the router started: restart it, and it decides by the file as it is.",
                 (unsigned)PATHWAYS_BEFORE_MAX);
    } else {
        error = adopt(adoption, &read, caller, decision, problem, problem_bytes);
    }
    pathway_close(read);
    return error;
}
