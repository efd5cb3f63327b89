/* LMDB behind the state's interface. See state.h; what LMDB needs care with is noted where it matters. */
#include "router/store/state.h"
#include "base/must.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char *const table_names[TABLE_COUNT] = {
    [TABLE_EPISODE] = "episode",   [TABLE_HISTORY] = "history",   [TABLE_MESSAGE] = "message",
    [TABLE_PATIENT] = "patient",   [TABLE_WORKLIST] = "worklist", [TABLE_TIMER] = "timer",
    [TABLE_PENDING] = "untriaged", [TABLE_CASELOAD] = "caseload", [TABLE_ATTENTION] = "attention",
    [TABLE_FEEDBACK] = "feedback", [TABLE_REQUEST] = "request",   [TABLE_WAIT] = "wait",
    [TABLE_COUNTER] = "counter",   [TABLE_META] = "meta",
};

static enum stepcare_error failure(struct state *state, const char *what, int rc)
{
    snprintf(state->error, sizeof state->error, "%s: %s", what, mdb_strerror(rc));
    switch (rc) {
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT: return STEPCARE_NO_SPACE;
    case MDB_VERSION_MISMATCH: return STEPCARE_STORE_VERSION;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND: return STEPCARE_DAMAGED;
    default: return STEPCARE_SYSTEM;
    }
}

static enum stepcare_error transaction_begin(struct state *state)
{
    must(state->env != NULL);
    must(state->txn == NULL);
    const int rc = mdb_txn_begin(state->env, NULL, state->mode == STATE_READ ? MDB_RDONLY : 0, &state->txn);
    state->cached_valid = false;
    if (rc != 0) state->txn = NULL;
    return rc == 0 ? STEPCARE_OK : failure(state, "begin a transaction", rc);
}

/* All tables are opened in one transaction of its own, as LMDB wants it. */
static enum stepcare_error tables_open(struct state *state)
{
    for (unsigned table = 0; table < TABLE_COUNT; table++) {
        const int rc = mdb_dbi_open(state->txn, table_names[table], state->mode == STATE_READ ? 0 : MDB_CREATE,
                                    &state->dbi[table]);
        if (rc != 0) return failure(state, table_names[table], rc);
    }
    if (state->mode == STATE_READ) return STEPCARE_OK;
    const int rc = mdb_txn_commit(state->txn);
    state->txn = NULL;
    return rc == 0 ? transaction_begin(state) : failure(state, "make the tables", rc);
}

static struct key meta_key(const char *name, enum table table)
{
    struct key key;
    key_init(&key, table);
    key_text(&key, stepcare_text_of(name), 0);
    return key;
}

/* In the place of the format while a state is made anew: what it was made from. */
struct anew {
    uint64_t format, reached;
};

static void anew_load(struct state *state)
{
    struct anew anew;
    MDB_val value;
    const struct key key = meta_key("anew", TABLE_META);
    if (state_get(state, &key, &value) != STEPCARE_OK || value.mv_size != sizeof anew) return;
    memcpy(&anew, value.mv_data, sizeof anew);
    state->older_format = (uint32_t)anew.format;
    state->older_reached = anew.reached;
}

static enum stepcare_error meta_load(struct state *state)
{
    MDB_val value;
    const struct key version_key = meta_key("format_version", TABLE_META);
    memset(&state->counters, 0, sizeof state->counters);
    memset(&state->applied, 0, sizeof state->applied);
    if (state_get(state, &version_key, &value) != STEPCARE_OK) { /* fresh */
        anew_load(state);
        return STEPCARE_OK;
    }
    uint32_t version = 0;
    if (value.mv_size == sizeof version) memcpy(&version, value.mv_data, sizeof version);
    const struct key mark_key = meta_key("applied", TABLE_META), counter_key = meta_key("rollups", TABLE_COUNTER);
    if (state_get(state, &mark_key, &value) == STEPCARE_OK && value.mv_size == sizeof state->applied)
        memcpy(&state->applied, value.mv_data, sizeof state->applied);
    if (version != STATE_FORMAT_VERSION) {
        state->older_format = version < STATE_FORMAT_VERSION ? version : 0;
        snprintf(
            state->error, sizeof state->error,
            "the state has format %u, this program reads format %d: it was written by a newer version of stepcare, "
            "which must serve it",
            version, STATE_FORMAT_VERSION);
        return STEPCARE_STORE_VERSION;
    }
    if (state_get(state, &counter_key, &value) == STEPCARE_OK && value.mv_size == sizeof state->counters)
        memcpy(&state->counters, value.mv_data, sizeof state->counters);
    return STEPCARE_OK;
}

static bool patient_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct state *state = context;
    struct patient_hashes hashes;
    if (key_bytes != 8 || value->mv_size != sizeof hashes) return true;
    memcpy(&hashes, value->mv_data, sizeof hashes);
    return patients_add(&state->patients, &hashes, key_read_u64(key)) == STEPCARE_OK;
}

static enum stepcare_error patients_load(struct state *state)
{
    struct key all;
    key_init(&all, TABLE_PATIENT);
    MDB_stat stat;
    patients_close(&state->patients);
    /* A snapshot is only compared row by row: nobody asks it for patients. */
    const bool wanted = state->mode != STATE_READ && mdb_stat(state->txn, state->dbi[TABLE_PATIENT], &stat) == 0;
    enum stepcare_error error = patients_init(&state->patients, wanted ? stat.ms_entries : 0);
    if (error != STEPCARE_OK || !wanted) return error;
    return state_walk(state, &all, NULL, patient_visit, state);
}

static enum stepcare_error environment_open(struct state *state, const char *directory, uint64_t map_bytes,
                                            enum state_mode mode)
{
    memset(state, 0, sizeof *state);
    state->mode = mode;
    if (mode != STATE_READ && mkdir(directory, 0700) != 0 && errno != EEXIST) return failure(state, directory, errno);
    int rc = mdb_env_create(&state->env);
    if (rc == 0) rc = mdb_env_set_maxdbs(state->env, TABLE_COUNT);
    if (rc == 0) rc = mdb_env_set_mapsize(state->env, map_bytes);
    /* No read-ahead: the state is far larger than what a loop turn touches. No thread-local slots: a snapshot
     * belongs to whoever began it, in whatever thread, and leaves nothing behind in the thread. */
    if (rc == 0)
        rc = mdb_env_open(state->env, directory,
                          MDB_NORDAHEAD | MDB_NOTLS |
                              (mode == STATE_READ      ? MDB_RDONLY
                               : mode == STATE_SCRATCH ? MDB_NOSYNC
                                                       : 0),
                          0600);
    if (rc != 0) return failure(state, directory, rc);
    int dead_readers = 0;
    mdb_reader_check(state->env, &dead_readers); /* a killed reader pins pages until this */
    enum stepcare_error error = transaction_begin(state);
    if (error == STEPCARE_OK) error = tables_open(state);
    if (error == STEPCARE_OK) error = meta_load(state);
    if (error == STEPCARE_OK) error = patients_load(state);
    return error;
}

static bool file_remove(const char *directory, const char *name)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path) return false;
    return unlink(path) == 0 || errno == ENOENT;
}

/* Committed at once: the next opening must still know it, should this one end before its first checkpoint. */
static enum stepcare_error anew_keep(struct state *state, uint32_t format, uint64_t reached)
{
    const struct anew anew = {format, reached};
    const struct key key = meta_key("anew", TABLE_META);
    state->older_format = format;
    state->older_reached = reached;
    const enum stepcare_error error = state_put(state, &key, &anew, sizeof anew);
    if (error != STEPCARE_OK) return error;
    const int rc = mdb_txn_commit(state->txn);
    state->txn = NULL;
    state->writes = 0;
    return rc == 0 ? transaction_begin(state) : failure(state, "keep what the older state had reached", rc);
}

/* A state of an older format is the ledger's fold in another form. It is thrown away, and the caller folds the
 * ledger from its beginning. What is kept is how far it had come: a ledger that does not reach that has lost
 * something. */
static enum stepcare_error make_anew(struct state *state, const char *directory, uint64_t map_bytes)
{
    const uint32_t format = state->older_format;
    const uint64_t sequence = state->applied.sequence;
    state_close(state);
    if (!file_remove(directory, "data.mdb") || !file_remove(directory, "lock.mdb"))
        return failure(state, "remove the state of an older format", errno);
    const enum stepcare_error error = environment_open(state, directory, map_bytes, STATE_WRITE);
    return error == STEPCARE_OK ? anew_keep(state, format, sequence) : error;
}

enum stepcare_error state_open(struct state *state, const char *directory, uint64_t map_bytes, enum state_mode mode)
{
    const enum stepcare_error error = environment_open(state, directory, map_bytes, mode);
    const bool older = error == STEPCARE_STORE_VERSION && state->older_format != 0;
    return older && mode == STATE_WRITE ? make_anew(state, directory, map_bytes) : error;
}

void state_close(struct state *state)
{
    if (state->env == NULL) return;
    if (state->txn != NULL) mdb_txn_abort(state->txn);
    mdb_env_close(state->env);
    patients_close(&state->patients);
    state->env = NULL;
    state->txn = NULL;
}

enum stepcare_error state_snapshot_begin(struct state *snapshot, const struct state *of)
{
    *snapshot = (struct state){.env = of->env, .mode = STATE_READ};
    memcpy(snapshot->dbi, of->dbi, sizeof snapshot->dbi);
    enum stepcare_error error = transaction_begin(snapshot);
    if (error == STEPCARE_OK) error = meta_load(snapshot);
    if (error != STEPCARE_OK) state_snapshot_end(snapshot);
    return error;
}

void state_snapshot_end(struct state *snapshot)
{
    if (snapshot->txn != NULL) mdb_txn_abort(snapshot->txn);
    snapshot->txn = NULL;
    snapshot->env = NULL;
}

/* LMDB says EIO, too, when a write to a full disk came short (mdb_page_flush); since then a spare may be given back. */
static bool disk_is_full(const struct state *state)
{
    struct statvfs disk;
    const char *path;
    if (mdb_env_get_path(state->env, &path) != 0 || statvfs(path, &disk) != 0) return false;
    return (uint64_t)disk.f_bavail * disk.f_frsize < UINT64_C(64) * 1024 * 1024;
}

enum stepcare_error state_checkpoint(struct state *state, const struct ledger_mark *mark)
{
    must(state->txn != NULL);
    must(state->mode != STATE_READ);
    must(mark->sequence >= state->applied.sequence);
    const uint32_t version = STATE_FORMAT_VERSION;
    const struct key version_key = meta_key("format_version", TABLE_META), mark_key = meta_key("applied", TABLE_META),
                     counter_key = meta_key("rollups", TABLE_COUNTER);
    enum stepcare_error error = state_put(state, &version_key, &version, sizeof version);
    if (error == STEPCARE_OK) error = state_put(state, &mark_key, mark, sizeof *mark);
    if (error == STEPCARE_OK) error = state_put(state, &counter_key, &state->counters, sizeof state->counters);
    const struct key anew_key = meta_key("anew", TABLE_META);
    if (error == STEPCARE_OK && state->older_format != 0) error = state_remove(state, &anew_key);
    if (error != STEPCARE_OK) return error;
    int rc = mdb_txn_commit(state->txn);
    state->txn = NULL;
    state->writes = state->events = 0;
    if (rc == EIO && disk_is_full(state)) rc = ENOSPC;
    if (rc != 0) return failure(state, "checkpoint", rc);
    state->applied = *mark;
    state->older_reached = state->older_format = 0;
    return transaction_begin(state);
}

static MDB_val val_of(const struct key *key)
{
    return (MDB_val){key->bytes, (void *)(uintptr_t)key->data};
}

enum stepcare_error state_get(struct state *state, const struct key *key, MDB_val *out_value)
{
    must(state->txn != NULL);
    must(key->table < TABLE_COUNT);
    must(key->bytes > 0);
    MDB_val at = val_of(key);
    const int rc = mdb_get(state->txn, state->dbi[key->table], &at, out_value);
    if (rc == MDB_NOTFOUND) return STEPCARE_NOT_FOUND;
    return rc == 0 ? STEPCARE_OK : failure(state, table_names[key->table], rc);
}

static void writable_must(const struct state *state, const struct key *key)
{
    must(state->txn != NULL);
    must(state->mode != STATE_READ);
    must(key->table < TABLE_COUNT);
    must(key->bytes > 0);
    must(key->bytes <= KEY_BYTES_MAX);
}

enum stepcare_error state_put(struct state *state, const struct key *key, const void *value, size_t bytes)
{
    writable_must(state, key);
    MDB_val at = val_of(key), put = {bytes, (void *)(uintptr_t)value};
    state->writes++;
    const int rc = mdb_put(state->txn, state->dbi[key->table], &at, &put, 0);
    return rc == 0 ? STEPCARE_OK : failure(state, table_names[key->table], rc);
}

enum stepcare_error state_remove(struct state *state, const struct key *key)
{
    writable_must(state, key);
    MDB_val at = val_of(key);
    state->writes++;
    const int rc = mdb_del(state->txn, state->dbi[key->table], &at, NULL);
    return rc == 0 || rc == MDB_NOTFOUND ? STEPCARE_OK : failure(state, table_names[key->table], rc);
}

enum stepcare_error state_put_last(struct state *state, const struct key *key, const void *value, size_t bytes)
{
    writable_must(state, key);
    MDB_val at = val_of(key), put = {bytes, (void *)(uintptr_t)value};
    const int rc = mdb_put(state->txn, state->dbi[key->table], &at, &put, MDB_APPEND);
    if (rc == MDB_KEYEXIST) return state_put(state, key, value, bytes);
    state->writes++;
    return rc == 0 ? STEPCARE_OK : failure(state, table_names[key->table], rc);
}

static struct key episode_key(uint64_t id)
{
    struct key key;
    key_init(&key, TABLE_EPISODE);
    key_u64(&key, id);
    return key;
}

bool state_episode_get(struct state *state, uint64_t id, struct episode *out_episode)
{
    if (!state->cached_valid || state->cached.id != id) {
        MDB_val value;
        const struct key key = episode_key(id);
        if (state_get(state, &key, &value) != STEPCARE_OK) return false;
        state->cached_valid = episode_decode(value.mv_data, value.mv_size, &state->cached);
        if (!state->cached_valid) return false;
    }
    *out_episode = state->cached;
    return true;
}

enum stepcare_error state_episode_put(struct state *state, const struct episode *episode)
{
    uint8_t row[EPISODE_ROW_BYTES_MAX];
    const size_t bytes = episode_encode(episode, row);
    must(episode->id > 0);
    must(episode->history_count > 0);
    must(bytes <= sizeof row);
#ifdef STEPCARE_CHECK_INVARIANT
    uint8_t again[EPISODE_ROW_BYTES_MAX];
    struct episode back;
    must(episode_decode(row, bytes, &back));
    must(episode_encode(&back, again) == bytes);
    must(memcmp(row, again, bytes) == 0);
#endif
    const struct key key = episode_key(episode->id);
    state->cached = *episode;
    state->cached_valid = true;
    return episode->history_count == 1 ? state_put_last(state, &key, row, bytes) : state_put(state, &key, row, bytes);
}

enum stepcare_error state_walk(struct state *state, const struct key *prefix, const struct key *from, state_visit visit,
                               void *context)
{
    must(state->txn != NULL);
    must(from == NULL || from->table == prefix->table);
    MDB_cursor *cursor;
    int rc = mdb_cursor_open(state->txn, state->dbi[prefix->table], &cursor);
    if (rc != 0) return failure(state, "open a cursor", rc);
    MDB_val at = val_of(from == NULL ? prefix : from), value;
    MDB_cursor_op step = MDB_SET_RANGE;
    if (at.mv_size == 0) step = MDB_FIRST; /* LMDB refuses an empty key */
    for (;; step = MDB_NEXT) {
        rc = mdb_cursor_get(cursor, &at, &value, step);
        if (rc != 0 || at.mv_size < prefix->bytes || memcmp(at.mv_data, prefix->data, prefix->bytes) != 0) break;
        if (!visit(context, at.mv_data, at.mv_size, &value)) break;
    }
    mdb_cursor_close(cursor);
    return rc == 0 || rc == MDB_NOTFOUND ? STEPCARE_OK : failure(state, table_names[prefix->table], rc);
}

static bool any_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)key;
    (void)key_bytes;
    (void)value;
    *(bool *)context = true;
    return false;
}

bool state_any(struct state *state, const struct key *prefix, const struct key *from)
{
    bool any = false;
    state_walk(state, prefix, from, any_visit, &any);
    return any;
}

unsigned state_map_percent(struct state *state)
{
    MDB_envinfo info;
    MDB_stat stat;
    if (mdb_env_info(state->env, &info) != 0 || mdb_env_stat(state->env, &stat) != 0) return 0;
    return (unsigned)((info.me_last_pgno + 1) * stat.ms_psize * 100 / info.me_mapsize);
}
