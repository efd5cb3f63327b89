/* Ledger and state as one. See store.h. */
#include "router/store/store.h"

#include "base/log.h"
#include "base/must.h"
#include "router/care/event_fields.h"
#include "router/store/apply.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { ARENA_BYTES_MAX = 16 * 1024 * 1024, SPACE_CHECK_MS = 100, MAP_PERCENT_MAX = 90, BUSY_CHECKPOINTS = 10 };

static enum stepcare_error replay_event(void *context, const struct ledger_event_view *view)
{
    struct store *store = context;
    struct event event = {.sequence = view->sequence};
    arena_reset(store->arena);
    enum stepcare_error error = event_decode(view->data, view->bytes, store->arena, &event);
    return error == STEPCARE_OK ? apply_event(&store->state, &event) : error;
}

static enum stepcare_error ledger_start(struct store *store)
{
    char directory[CONFIG_PATH_BYTES_MAX + 16];
    snprintf(directory, sizeof directory, "%s/ledger", store->config->data_directory);
    must(store->ledger == NULL);
    must(store->state.txn != NULL);
    struct ledger_report report = {0};
    struct ledger_mark from = store->state.applied;
    if (from.sequence < store->state.older_reached) from.sequence = store->state.older_reached;
    struct ledger_engine *engine = NULL;
    enum stepcare_error error = store->engine_make(store->config, directory, false, &engine);
    if (error == STEPCARE_OK) error = ledger_open(engine, &from, replay_event, store, &report, &store->ledger);
    if (error != STEPCARE_OK)
        snprintf(store->error, sizeof store->error, "ledger %.150s: %s%s%.200s", directory, stepcare_error_text(error),
                 report.where[0] != '\0' ? ": " : "", report.where);
    return error;
}

static enum stepcare_error state_start(struct store *store)
{
    char directory[CONFIG_PATH_BYTES_MAX + 16];
    snprintf(directory, sizeof directory, "%s/state", store->config->data_directory);
    enum stepcare_error error = state_open(&store->state, directory, store->config->map_bytes, STATE_WRITE);
    if (error != STEPCARE_OK)
        snprintf(store->error, sizeof store->error, "state %.90s: %.160s", directory, store->state.error);
    else if (store->state.older_format != 0)
        log_event(
            LOG_LEVEL_INFO, "state_made_anew",
            "from_format=%u to_format=%d effect=\"the state is of an older version: it is made anew from the whole "
            "ledger, which takes a while; nothing is to be done\"",
            store->state.older_format, STATE_FORMAT_VERSION);
    return error;
}

/* The state's own word for what is on disk: nothing may be applied that is not flushed, or a crash would leave a
 * state that is ahead of its ledger. */
static enum stepcare_error commit(struct store *store)
{
    const struct ledger_mark mark = ledger_tail(store->ledger);
    must(ledger_next_sequence(store->ledger) == mark.sequence + 1);
    return state_checkpoint(&store->state, &mark);
}

enum stepcare_error store_open(struct store *store, const struct config *config, int64_t now)
{
    return store_open_on(store, config, store_engine_make, now);
}

enum stepcare_error store_open_on(struct store *store, const struct config *config, store_engine_maker engine_make,
                                  int64_t now)
{
    memset(store, 0, sizeof *store);
    store->config = config;
    store->engine_make = engine_make;
    store->checkpoint_at = now;
    if (mkdir(config->data_directory, 0700) != 0 && errno != EEXIST) {
        snprintf(store->error, sizeof store->error, "%.200s: %s", config->data_directory, strerror(errno));
        return errno == ENOSPC ? STEPCARE_NO_SPACE : STEPCARE_SYSTEM;
    }
    long holder = 0;
    enum stepcare_error error = store_lock_open(config->data_directory, &holder, &store->lock);
    if (error != STEPCARE_OK) {
        if (error == STEPCARE_LOCKED)
            snprintf(store->error, sizeof store->error,
                     "%.120s is open in another router (process %ld): one store, one router. Stop that one first.",
                     config->data_directory, holder);
        else
            snprintf(store->error, sizeof store->error, "%.120s cannot be locked: %s", config->data_directory,
                     stepcare_error_text(error));
        return error;
    }
    if (arena_open(ARENA_BYTES_MAX, &store->arena) != STEPCARE_OK) return STEPCARE_NO_MEMORY;
    error = state_start(store);
    if (error == STEPCARE_OK) error = ledger_start(store);
    return error == STEPCARE_OK ? reader_init(&store->reader, &store->state, store->ledger) : error;
}

void store_close(struct store *store, bool checkpoint)
{
    if (checkpoint && store->ledger != NULL && store->state.txn != NULL) {
        commit(store); /* not worth failing for: the ledger has it */
    }
    reader_close(&store->reader);
    state_close(&store->state);
    ledger_close(store->ledger);
    store->ledger = NULL;
    arena_close(store->arena);
    buffer_close(&store->scratch);
    store_lock_close(store->lock);
    store->arena = NULL;
    store->lock = NULL;
}

/* What must not be recorded: an event that does not keep to the fields of its type. */
static bool event_complete(struct store *store, const struct event *event)
{
    const char *const missing = event_field_missing(event), *const surplus = event_field_surplus(event);
    if (missing == NULL && surplus == NULL) return true;
    snprintf(store->error, sizeof store->error, "an event of type %s %s %s",
             stepcare_code_name(&stepcare_events, (unsigned)event->type), missing != NULL ? "lacks" : "may not have",
             missing != NULL ? missing : surplus);
    return false;
}

/* Encode a command's events one after another, and read each back: what a restart could not read must never be written.
 * Errors: INVALID, and nothing has happened yet. */
static enum stepcare_error events_encode(struct store *store, const struct decision *decision,
                                         size_t ends[DECISION_EVENTS_MAX])
{
    arena_reset(store->arena);
    buffer_clear(&store->scratch);
    for (unsigned i = 0; i < decision->event_count; i++) {
        const size_t begin = store->scratch.bytes;
        struct event back = {0};
        if (!event_complete(store, &decision->events[i])) return STEPCARE_INVALID;
        event_encode(&store->scratch, &decision->events[i]);
        if (store->scratch.failed) return STEPCARE_NO_MEMORY;
        ends[i] = store->scratch.bytes;
        if (event_decode(store->scratch.data + begin, ends[i] - begin, store->arena, &back) == STEPCARE_OK) continue;
        snprintf(store->error, sizeof store->error, "an event of type %s could not be read back",
                 stepcare_code_name(&stepcare_events, (unsigned)decision->events[i].type));
        return STEPCARE_INVALID;
    }
    return STEPCARE_OK;
}

static enum stepcare_error stage(struct store *store, const struct event *event, const uint8_t *data, size_t bytes)
{
    uint8_t *room;
    uint64_t sequence;
    enum stepcare_error error = ledger_stage(store->ledger, (uint32_t)bytes, &room, &sequence);
    if (error != STEPCARE_OK) return error;
    must(sequence == event->sequence);
    memcpy(room, data, bytes);
    return STEPCARE_OK;
}

enum stepcare_error store_execute(struct store *store, const struct decision *decision)
{
    must(store->ledger != NULL);
    must(store->reader.ledger == store->ledger);
    must(decision->event_count <= DECISION_EVENTS_MAX);
    size_t ends[DECISION_EVENTS_MAX];
    enum stepcare_error error = events_encode(store, decision, ends);
    if (error == STEPCARE_INVALID) return error;
    for (unsigned i = 0; i < decision->event_count && error == STEPCARE_OK; i++) {
        const size_t begin = i == 0 ? 0 : ends[i - 1];
        must(ends[i] > begin);
        error = stage(store, &decision->events[i], store->scratch.data + begin, ends[i] - begin);
        /* Only a block's first event can find no room, so a command's events happen all or not at all. */
        must(error != STEPCARE_NO_SPACE || i == 0);
        if (error == STEPCARE_NO_SPACE) return STEPCARE_STORE_FULL;
        if (error == STEPCARE_OK) error = apply_event(&store->state, &decision->events[i]);
    }
    if (error == STEPCARE_OK) return STEPCARE_OK;
    snprintf(store->error, sizeof store->error, "cannot apply an event: %s %s", stepcare_error_text(error),
             store->state.error);
    return error == STEPCARE_STORE_FULL || error == STEPCARE_INVALID ? STEPCARE_SYSTEM : error;
}

bool store_must_flush(const struct store *store)
{
    return ledger_staged_bytes(store->ledger) + STORE_COMMAND_BYTES_MAX > STORE_BLOCK_BYTES_MAX;
}

enum stepcare_error store_flush(struct store *store)
{
    const struct ledger_mark tail = ledger_tail(store->ledger);
    const uint64_t next = ledger_next_sequence(store->ledger);
    must(next > tail.sequence);
    if (next == tail.sequence + 1) return STEPCARE_OK;
    enum stepcare_error error = ledger_flush(store->ledger);
    if (error != STEPCARE_OK) {
        snprintf(store->error, sizeof store->error, "cannot make the ledger durable: %s", stepcare_error_text(error));
        return error;
    }
    must(ledger_tail(store->ledger).sequence == next - 1);
    store->flushes++;
    store->events_flushed += next - 1 - tail.sequence;
    return STEPCARE_OK;
}

enum stepcare_error store_recover(struct store *store)
{
    store->full = true;
    snprintf(store->full_why, sizeof store->full_why, "a checkpoint found no space");
    ledger_close(store->ledger);
    store->ledger = NULL;
    state_close(&store->state);
    enum stepcare_error error = state_start(store);
    if (error == STEPCARE_OK) error = ledger_start(store);
    store->reader.ledger = store->ledger;
    return error;
}

static enum stepcare_error checkpoint(struct store *store, int64_t now)
{
    store->checkpoint_at = now;
    const enum stepcare_error error = commit(store);
    if (error != STEPCARE_OK)
        snprintf(store->error, sizeof store->error, "cannot checkpoint the state: %s", store->state.error);
    return error;
}

enum stepcare_error store_checkpoint_if_due(struct store *store, int64_t now, bool idle)
{
    const struct config *config = store->config;
    if (store->state.events == 0) return STEPCARE_OK;
    /* Idle soon, and never much later: under a steady trickle no turn is idle, and what a restart replays would grow
     * for hours. */
    const int64_t since = now - store->checkpoint_at, late = BUSY_CHECKPOINTS * (int64_t)config->checkpoint_ms;
    const bool due = store->state.events >= config->checkpoint_events ||
                     store->state.writes >= config->checkpoint_dirty_pages_max ||
                     (idle && since >= config->checkpoint_ms) || since >= late;
    if (!due) return STEPCARE_OK;
    /* While full, try again only now and then: each try costs a replay if it fails. */
    if (store->full && since < 5 * (int64_t)config->checkpoint_ms) return STEPCARE_OK;
    return checkpoint(store, now);
}

enum stepcare_error store_checkpoint_soon(struct store *store, int64_t now)
{
    const bool apart = now - store->checkpoint_at >= STORE_CHECKPOINT_APART_MS;
    return store->state.events == 0 || store->full || !apart ? STEPCARE_OK : checkpoint(store, now);
}

/* What the next checkpoint may need: each write since the last one dirtied a page at the most, and most share
 * theirs. */
static uint64_t unwritten_bytes(const struct store *store)
{
    enum { PAGE_BYTES = 4096, WRITES_PER_PAGE = 4 };
    return (uint64_t)store->state.writes * PAGE_BYTES / WRITES_PER_PAGE;
}

void store_space_check(struct store *store, int64_t now)
{
    if (now - store->space_checked_at < SPACE_CHECK_MS && now >= store->space_checked_at) return;
    store->space_checked_at = now;
    struct statvfs disk;
    const struct ledger_space space = ledger_space(store->ledger);
    const unsigned map_percent = state_map_percent(&store->state);
    const bool known = statvfs(store->config->data_directory, &disk) == 0;
    const uint64_t free_bytes = known ? (uint64_t)disk.f_bavail * disk.f_frsize : UINT64_MAX;
    const char *why = NULL;
    if (!space.spare_ready && space.disk_full)
        why = "the disk has no room for another ledger segment";
    else if (free_bytes < store->config->reserve_bytes + unwritten_bytes(store))
        why = "the disk's free space is below the reserve";
    else if (map_percent >= MAP_PERCENT_MAX)
        why = "the state's map is 90 % full: raise state.map_bytes";
    store->full = why != NULL;
    snprintf(store->full_why, sizeof store->full_why, "%s", why == NULL ? "" : why);
}
