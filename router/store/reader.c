/* Questions to a store, for whoever asks them: the loop, the thread of listings, `verify`. See reader.h. */
#include "router/store/reader.h"

#include "base/must.h"
#include "router/store/apply.h"
#include "router/store/engine.h"

#include <stdio.h>

enum { EVENT_BYTES_MAX = 16 * 1024 * 1024 }; /* of one event's copy and nested parts: far over what a block holds */

enum stepcare_error reader_init(struct reader *reader, struct state *state, struct ledger *ledger)
{
    *reader = (struct reader){.state = state, .ledger = ledger};
    return arena_open(EVENT_BYTES_MAX, &reader->arena);
}

void reader_close(struct reader *reader)
{
    if (reader->own_environment)
        state_close(&reader->snapshot);
    else
        reader_snapshot_end(reader);
    arena_close(reader->arena);
    *reader = (struct reader){0};
}

enum stepcare_error reader_snapshot_begin(struct reader *reader, const struct state *of)
{
    must(reader->state == NULL);
    const enum stepcare_error error = state_snapshot_begin(&reader->snapshot, of);
    if (error == STEPCARE_OK) reader->state = &reader->snapshot;
    return error;
}

void reader_snapshot_end(struct reader *reader)
{
    if (reader->state != &reader->snapshot) return;
    state_snapshot_end(&reader->snapshot);
    reader->state = NULL;
}

enum stepcare_error reader_open(struct reader *reader, const struct config *config)
{
    char directory[CONFIG_PATH_BYTES_MAX + 16];
    snprintf(directory, sizeof directory, "%s/state", config->data_directory);
    enum stepcare_error error = reader_init(reader, NULL, NULL);
    if (error != STEPCARE_OK) return error;
    reader->own_environment = true;
    error = state_open(&reader->snapshot, directory, config->map_bytes, STATE_READ);
    if (error == STEPCARE_OK) reader->state = &reader->snapshot;
    return error;
}

enum stepcare_error reader_ledger_walk(const struct config *config, const char *directory, ledger_visit visit,
                                       void *context, struct ledger_report *out_report)
{
    struct ledger_engine *engine = NULL;
    struct ledger *ledger = NULL;
    enum stepcare_error error = store_engine_make(config, directory, true, &engine);
    if (error == STEPCARE_OK) error = ledger_open(engine, NULL, visit, context, out_report, &ledger);
    ledger_close(ledger);
    return error;
}

/* What is asked has a transaction to be asked through: in a checkpoint there is none for a moment. */
static struct state *open_state(const struct reader *reader)
{
    must(reader->state != NULL);
    must(reader->state->txn != NULL);
    return reader->state;
}

const struct state_counters *reader_counters(const struct reader *reader)
{
    return &open_state(reader)->counters;
}

uint64_t reader_sequence(const struct reader *reader)
{
    return open_state(reader)->applied.sequence;
}

enum stepcare_error reader_get(struct reader *reader, const struct key *key, MDB_val *out_value)
{
    return state_get(open_state(reader), key, out_value);
}

bool reader_episode_get(struct reader *reader, uint64_t id, struct episode *out_episode)
{
    return state_episode_get(open_state(reader), id, out_episode);
}

uint64_t reader_message_episode(struct reader *reader, struct stepcare_text organisation,
                                struct stepcare_text message_id)
{
    const struct key key = message_key(organisation, message_id);
    struct message_row row;
    MDB_val value;
    if (reader_get(reader, &key, &value) != STEPCARE_OK || value.mv_size != sizeof row) return 0;
    memcpy(&row, value.mv_data, sizeof row);
    return row.episode_id;
}

bool reader_stopped(const struct reader *reader)
{
    return reader->stop != NULL && atomic_load_explicit(reader->stop, memory_order_relaxed);
}

struct stoppable {
    const struct reader *reader;
    state_visit visit;
    void *context;
    bool stopped;
};

static bool stoppable_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct stoppable *walk = context;
    walk->stopped = reader_stopped(walk->reader);
    return !walk->stopped && walk->visit(walk->context, key, key_bytes, value);
}

enum stepcare_error reader_walk(struct reader *reader, const struct key *prefix, const struct key *from,
                                state_visit visit, void *context)
{
    must(from == NULL || from->table == prefix->table);
    if (reader->stop == NULL) return state_walk(open_state(reader), prefix, from, visit, context);
    struct stoppable walk = {.reader = reader, .visit = visit, .context = context};
    const enum stepcare_error error = state_walk(open_state(reader), prefix, from, stoppable_visit, &walk);
    return walk.stopped ? STEPCARE_STOPPING : error;
}

bool reader_any(struct reader *reader, const struct key *prefix, const struct key *from)
{
    return state_any(open_state(reader), prefix, from);
}

enum stepcare_error reader_rows_open(struct reader *reader, enum table table, struct reader_rows *out_rows)
{
    must(table < TABLE_COUNT);
    struct state *state = open_state(reader);
    *out_rows = (struct reader_rows){0};
    const int rc = mdb_cursor_open(state->txn, state->dbi[table], &out_rows->cursor);
    if (rc != 0) out_rows->cursor = NULL;
    return rc == 0 ? STEPCARE_OK : STEPCARE_SYSTEM;
}

bool reader_rows_next(struct reader_rows *rows, MDB_val *out_key, MDB_val *out_value)
{
    must(rows->cursor != NULL);
    const MDB_cursor_op step = rows->begun ? MDB_NEXT : MDB_FIRST;
    rows->begun = true;
    return mdb_cursor_get(rows->cursor, out_key, out_value, step) == 0;
}

void reader_rows_close(struct reader_rows *rows)
{
    if (rows->cursor != NULL) mdb_cursor_close(rows->cursor);
    rows->cursor = NULL;
}

enum stepcare_error reader_event(struct reader *reader, uint64_t sequence, struct event *out_event)
{
    must(reader->ledger != NULL);
    struct ledger_event_view view;
    if (ledger_read(reader->ledger, sequence, &view) != STEPCARE_OK) return STEPCARE_DAMAGED;
    must(view.sequence == sequence);
    arena_reset(reader->arena);
    uint8_t *bytes = arena_take(reader->arena, view.bytes);
    if (bytes == NULL) return STEPCARE_NO_MEMORY;
    memcpy(bytes, view.data, view.bytes);
    struct event event = {.sequence = view.sequence};
    const enum stepcare_error error = event_decode(bytes, view.bytes, reader->arena, &event);
    if (error == STEPCARE_OK) *out_event = event;
    return error;
}

enum stepcare_error reader_event_numbered(struct reader *reader, uint64_t episode_id, uint32_t n,
                                          struct event *out_event)
{
    must(n > 0);
    struct key key;
    MDB_val row;
    key_init(&key, TABLE_HISTORY);
    key_u64(&key, episode_id);
    key_u32(&key, n);
    uint64_t sequence;
    if (reader_get(reader, &key, &row) != STEPCARE_OK || row.mv_size != sizeof sequence) return STEPCARE_DAMAGED;
    memcpy(&sequence, row.mv_data, sizeof sequence);
    return reader_event(reader, sequence, out_event);
}

enum stepcare_error reader_event_of_content(struct reader *reader, const struct episode *episode,
                                            struct event *out_event)
{
    return reader_event(reader, episode->content_sequence, out_event);
}

unsigned reader_check(const struct state *state)
{
    int dead = 0;
    mdb_reader_check(state->env, &dead);
    return (unsigned)dead;
}
