/* The state against its ledger, in a process of its own: `stepcare verify` runs it. See verify.h. */
#include "router/store/verify.h"

#include "router/store/apply.h"
#include "router/store/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { COMMIT_EVENTS = 65536, ARENA_BYTES_MAX = 16 * 1024 * 1024, FAULTS_SHOWN_MAX = 20 };

struct verification {
    struct reader stored; /* as checkpointed */
    struct state fresh;   /* folded anew */
    struct reader folded; /* of that */
    struct arena *arena;
    uint64_t upto, events, episodes;
    unsigned faults;
};

static void fault(struct verification *verification, const char *what, uint64_t where)
{
    if (verification->faults++ < FAULTS_SHOWN_MAX) printf("wrong: %s (%lu)\n", what, (unsigned long)where);
}

static enum stepcare_error fold_anew(void *context, const struct ledger_event_view *view)
{
    struct verification *verification = context;
    struct event event = {.sequence = view->sequence};
    arena_reset(verification->arena);
    enum stepcare_error error = event_decode(view->data, view->bytes, verification->arena, &event);
    if (error != STEPCARE_OK) {
        fault(verification, "an event cannot be read, at sequence", view->sequence);
        return error;
    }
    verification->events++;
    if (view->sequence > verification->upto)
        return STEPCARE_OK; /* newer than the checkpoint: chain and form are checked */
    error = apply_event(&verification->fresh, &event);
    if (error != STEPCARE_OK) return error;
    struct episode episode;
    const bool known = event.episode_id != 0 && state_episode_get(&verification->fresh, event.episode_id, &episode);
    const char *broken = known ? episode_broken(&episode) : NULL;
    if (broken != NULL) fault(verification, broken, event.sequence);
    if (verification->fresh.events < COMMIT_EVENTS) return STEPCARE_OK;
    const struct ledger_mark mark = {.sequence = view->sequence};
    return state_checkpoint(&verification->fresh, &mark);
}

static bool same(const MDB_val *a, const MDB_val *b)
{
    return a->mv_size == b->mv_size && memcmp(a->mv_data, b->mv_data, a->mv_size) == 0;
}

/* Returns how many rows are equal from the first on; *out_equal: both end there. */
static uint64_t rows_compare(struct reader_rows *a, struct reader_rows *b, bool *out_equal)
{
    MDB_val a_key, a_value, b_key, b_value;
    for (uint64_t row = 0;; row++) {
        const bool a_more = reader_rows_next(a, &a_key, &a_value), b_more = reader_rows_next(b, &b_key, &b_value);
        *out_equal = !a_more && !b_more;
        if (!a_more || !b_more || !same(&a_key, &b_key) || !same(&a_value, &b_value)) return row;
    }
}

static void tables_compare(struct verification *verification, enum table table, const char *name)
{
    struct reader_rows stored = {0}, folded = {0};
    if (reader_rows_open(&verification->stored, table, &stored) != STEPCARE_OK ||
        reader_rows_open(&verification->folded, table, &folded) != STEPCARE_OK) {
        fault(verification, "a table cannot be read", table);
    } else {
        bool equal;
        const uint64_t row = rows_compare(&stored, &folded, &equal);
        char what[120];
        snprintf(what, sizeof what, "table %s differs from the ledger's fold, at row", name);
        if (!equal) fault(verification, what, row);
        if (table == TABLE_EPISODE) verification->episodes = row;
    }
    reader_rows_close(&stored);
    reader_rows_close(&folded);
}

static void states_compare(struct verification *verification)
{
    static const struct {
        enum table table;
        const char *name;
    } tables[] = {{TABLE_EPISODE, "episode"},   {TABLE_HISTORY, "history"},   {TABLE_MESSAGE, "message"},
                  {TABLE_PATIENT, "patient"},   {TABLE_WORKLIST, "worklist"}, {TABLE_PENDING, "untriaged"},
                  {TABLE_TIMER, "timer"},       {TABLE_CASELOAD, "caseload"}, {TABLE_ATTENTION, "attention"},
                  {TABLE_FEEDBACK, "feedback"}, {TABLE_REQUEST, "request"},   {TABLE_WAIT, "wait"}};
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++)
        tables_compare(verification, tables[i].table, tables[i].name);
    const struct state_counters *stored = reader_counters(&verification->stored);
    if (memcmp(stored, reader_counters(&verification->folded), sizeof *stored) != 0)
        fault(verification, "the rollups differ from the ledger's fold, as of sequence", verification->upto);
}

static int report_open_failure(const char *what, enum stepcare_error error, const char *detail)
{
    const bool absent = error == STEPCARE_NOT_FOUND; /* its sentence speaks of referrals */
    printf("cannot verify: %s: %s%s%s\n", what, absent ? "" : stepcare_error_text(error),
           !absent && detail[0] != '\0' ? ": " : "", detail);
    return error == STEPCARE_DAMAGED ? 1 : 2;
}

static int ledger_walk(const char *directory, const struct config *config, ledger_visit visit, void *context,
                       struct ledger_report *report)
{
    const enum stepcare_error error = reader_ledger_walk(config, directory, visit, context, report);
    if (error == STEPCARE_NOT_FOUND)
        return report_open_failure(directory, error,
                                   "there is no ledger here yet; the router makes it when it first starts");
    return error == STEPCARE_OK ? 0 : report_open_failure(directory, error, report->where);
}

static enum stepcare_error count_event(void *context, const struct ledger_event_view *view)
{
    (void)view;
    ++*(uint64_t *)context;
    return STEPCARE_OK;
}

int verify_ledger(const char *directory, const struct config *config, uint64_t *out_events)
{
    struct ledger_report report = {0};
    *out_events = 0;
    return ledger_walk(directory, config, count_event, out_events, &report);
}

static void result_print(const struct verification *verification, const struct config *config,
                         const struct ledger_report *report, bool checkpointed)
{
    printf("ledger   %lu events in %lu blocks, every hash and link right\n", (unsigned long)verification->events,
           (unsigned long)report->blocks);
    if (checkpointed)
        printf("state    %lu episodes as of event %lu, %s\n", (unsigned long)verification->episodes,
               (unsigned long)verification->upto,
               verification->faults == 0
                   ? "equal to the ledger's fold; every open one has one owner, one next action, one due date"
                   : "NOT as the ledger says");
    else
        printf("state    none yet: it is made from the ledger at the next start\n");
    if (verification->faults > 0)
        printf("%u faults. The ledger is the truth: stop the router, move %s/state aside, start it again: the state is "
               "made anew.\n",
               verification->faults, config->data_directory);
}

static int verify_both(struct verification *verification, const struct config *config, const char *scratch)
{
    char directory[CONFIG_PATH_BYTES_MAX + 16];
    struct ledger_report report = {0};
    const bool checkpointed = reader_open(&verification->stored, config) == STEPCARE_OK;
    verification->upto = checkpointed ? reader_sequence(&verification->stored) : 0;
    enum stepcare_error error = state_open(&verification->fresh, scratch, config->map_bytes, STATE_SCRATCH);
    if (error == STEPCARE_OK) error = reader_init(&verification->folded, &verification->fresh, NULL);
    if (error == STEPCARE_OK) error = arena_open(ARENA_BYTES_MAX, &verification->arena);
    if (error != STEPCARE_OK) return report_open_failure(scratch, error, verification->fresh.error);
    snprintf(directory, sizeof directory, "%s/ledger", config->data_directory);
    const int code = ledger_walk(directory, config, fold_anew, verification, &report);
    if (code != 0) return code;
    if (checkpointed) states_compare(verification);
    result_print(verification, config, &report, checkpointed);
    return verification->faults == 0 ? 0 : 1;
}

static void scratch_remove(const char *directory)
{
    char path[CONFIG_PATH_BYTES_MAX + 64];
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    unlink(path);
    snprintf(path, sizeof path, "%s/lock.mdb", directory);
    unlink(path);
    rmdir(directory);
}

int verify_run(const struct config *config)
{
    struct verification verification = {0};
    char scratch[CONFIG_PATH_BYTES_MAX + 32];
    snprintf(scratch, sizeof scratch, "%s/verify-XXXXXX", config->data_directory);
    if (mkdtemp(scratch) == NULL) {
        printf("cannot verify: no scratch directory can be made in %s\n", config->data_directory);
        return 2;
    }
    const int code = verify_both(&verification, config, scratch);
    reader_close(&verification.stored);
    reader_close(&verification.folded);
    state_close(&verification.fresh);
    arena_close(verification.arena);
    scratch_remove(scratch);
    return code;
}
