/* From event to tables. See apply.h. */
#include "router/store/apply.h"

#include "base/must.h"
#include "base/time_units.h"
#include "proto/referral_codec.h"
#include "router/care/fold.h"

#include <sodium.h>
#include <stdio.h>

enum { REQUEST_ROW = 1, REQUEST_BY_TIME = 0, HASH_BYTES = 16 };

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / DAY_MS);
}

struct key message_key(struct stepcare_text organisation, struct stepcare_text message_id)
{
    struct key key;
    key_init(&key, TABLE_MESSAGE);
    key_text(&key, organisation, STEPCARE_ORGANISATION_BYTES_MAX);
    key_text(&key, message_id, 0);
    return key;
}

struct key request_key(struct stepcare_text actor, struct stepcare_text request)
{
    uint8_t hash[HASH_BYTES];
    crypto_generichash_state hashing;
    struct key key;
    crypto_generichash_init(&hashing, NULL, 0, sizeof hash);
    crypto_generichash_update(&hashing, (const uint8_t *)actor.data, actor.bytes);
    crypto_generichash_update(&hashing, (const uint8_t[1]){0}, 1);
    crypto_generichash_update(&hashing, (const uint8_t *)request.data, request.bytes);
    crypto_generichash_final(&hashing, hash, sizeof hash);
    key_init(&key, TABLE_REQUEST);
    key_u8(&key, REQUEST_ROW);
    key_text(&key, (struct stepcare_text){(const char *)hash, sizeof hash}, 0);
    return key;
}

/* --- what an opened referral adds besides its row --- */

static struct key patient_key(uint64_t episode_id)
{
    struct key key;
    key_init(&key, TABLE_PATIENT);
    key_u64(&key, episode_id);
    return key;
}

/* What was handed back may come back without its referral being sent again: its row stays, one byte longer, which
 * says that it is out of the index. */
struct patient_asleep {
    struct patient_hashes hashes;
    uint8_t asleep;
} __attribute__((packed));

static enum stepcare_error patient_forget(struct state *state, uint64_t episode_id, bool may_return)
{
    struct patient_asleep row = {.asleep = 1};
    MDB_val value;
    const struct key key = patient_key(episode_id);
    if (state_get(state, &key, &value) != STEPCARE_OK || value.mv_size != sizeof row.hashes) return STEPCARE_OK;
    memcpy(&row, value.mv_data, sizeof row.hashes);
    const struct patient_hashes hashes = row.hashes;
    patients_remove(&state->patients, &hashes, episode_id);
    return may_return ? state_put(state, &key, &row, sizeof row) : state_remove(state, &key);
}

static enum stepcare_error patient_returns(struct state *state, uint64_t episode_id)
{
    struct patient_hashes hashes;
    MDB_val value;
    const struct key key = patient_key(episode_id);
    if (state_get(state, &key, &value) != STEPCARE_OK || value.mv_size != sizeof(struct patient_asleep))
        return STEPCARE_OK;
    memcpy(&hashes, value.mv_data, sizeof hashes);
    enum stepcare_error error = patients_add(&state->patients, &hashes, episode_id);
    return error == STEPCARE_OK ? state_put(state, &key, &hashes, sizeof hashes) : error;
}

static enum stepcare_error patient_remember(struct state *state, const struct event *event)
{
    struct stepcare_referral referral;
    const struct stepcare_text bytes = event->record.referral;
    if (referral_ledger_decode((const uint8_t *)bytes.data, bytes.bytes, &referral) != STEPCARE_OK)
        return STEPCARE_DAMAGED;
    const struct patient_hashes hashes = patient_hashes_of(&referral);
    const struct key key = patient_key(event->episode_id);
    enum stepcare_error error = patients_add(&state->patients, &hashes, event->episode_id);
    return error == STEPCARE_OK ? state_put_last(state, &key, &hashes, sizeof hashes) : error;
}

static enum stepcare_error apply_lookups(struct state *state, const struct event *event, const struct episode *after)
{
    const struct stepcare_record *record = &event->record;
    if (event->type == STEPCARE_EVENT_REFERRAL_RECEIVED) {
        const struct message_row row = {event->episode_id, event->sequence};
        const struct key key = message_key(record->organisation, record->message_id);
        enum stepcare_error error = state_put(state, &key, &row, sizeof row);
        return error == STEPCARE_OK ? patient_remember(state, event) : error;
    }
    if (after->state == STEPCARE_STATE_CLOSED)
        return patient_forget(state, event->episode_id, after->end_code == END_CODE_NO_CONTACT);
    if (event->type == STEPCARE_EVENT_REOPENED) return patient_returns(state, event->episode_id);
    if (event->type != STEPCARE_EVENT_INFORMATION_ADDED || !STEPCARE_HAS(record, referral)) return STEPCARE_OK;
    enum stepcare_error error = patient_forget(state, event->episode_id, false);
    return error == STEPCARE_OK ? patient_remember(state, event) : error;
}

/* --- claims that may be asked for again by their request key --- */

enum { REQUEST_KEPT_MS = DAY_MS, REQUEST_PURGE_MAX = 4 };

struct oldest_requests {
    int64_t before;
    unsigned count;
    struct key rows[REQUEST_PURGE_MAX], times[REQUEST_PURGE_MAX];
};

static bool oldest_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct oldest_requests *oldest = context;
    (void)value;
    if (key_bytes != 1 + 8 + HASH_BYTES || key_read_time(key + 1) >= oldest->before ||
        oldest->count == REQUEST_PURGE_MAX)
        return false;
    struct key *time = &oldest->times[oldest->count], *row = &oldest->rows[oldest->count++];
    key_init(time, TABLE_REQUEST);
    key_text(time, (struct stepcare_text){(const char *)key, (uint32_t)key_bytes}, 0);
    key_init(row, TABLE_REQUEST);
    key_u8(row, REQUEST_ROW);
    key_text(row, (struct stepcare_text){(const char *)key + 9, HASH_BYTES}, 0);
    return true;
}

/* A request is remembered for a day. What is older goes when newer ones come, a few at a time: by the events' time,
 * so that the fold forgets the same rows whenever it is made. */
static enum stepcare_error requests_purge(struct state *state, int64_t at)
{
    struct oldest_requests oldest = {.before = at - REQUEST_KEPT_MS};
    struct key prefix;
    key_init(&prefix, TABLE_REQUEST);
    key_u8(&prefix, REQUEST_BY_TIME);
    enum stepcare_error error = state_walk(state, &prefix, NULL, oldest_visit, &oldest);
    for (unsigned i = 0; i < oldest.count && error == STEPCARE_OK; i++) {
        error = state_remove(state, &oldest.rows[i]);
        if (error == STEPCARE_OK) error = state_remove(state, &oldest.times[i]);
    }
    return error;
}

static enum stepcare_error apply_request(struct state *state, const struct event *event)
{
    if (event->type != STEPCARE_EVENT_CLAIMED || !STEPCARE_HAS(&event->record, request_key)) return STEPCARE_OK;
    struct request_lease leases[REQUEST_LEASES_MAX];
    const struct key key = request_key(event->by, event->record.request_key);
    size_t bytes = 0;
    MDB_val value;
    if (state_get(state, &key, &value) == STEPCARE_OK && value.mv_size < sizeof leases) {
        bytes = value.mv_size;
        memcpy(leases, value.mv_data, bytes);
    }
    must(bytes / sizeof leases[0] < REQUEST_LEASES_MAX);
    leases[bytes / sizeof leases[0]] = (struct request_lease){event->episode_id, event->record.token};
    enum stepcare_error error = state_put(state, &key, leases, bytes + sizeof leases[0]);
    if (bytes > 0 || error != STEPCARE_OK) return error;
    struct key time;
    key_init(&time, TABLE_REQUEST);
    key_u8(&time, REQUEST_BY_TIME);
    key_time(&time, event->at);
    key_text(&time, (struct stepcare_text){(const char *)key.data + 1, HASH_BYTES}, 0);
    error = state_put(state, &time, NULL, 0);
    return error == STEPCARE_OK ? requests_purge(state, event->at) : error;
}

/* --- rollups --- */

static uint8_t count_tier(const struct episode *episode)
{
    return episode->state == STEPCARE_STATE_RECEIVED ? 0 : episode->tier;
}

static void count_day(struct state_counters *counters, int64_t at, uint8_t tier, bool completed)
{
    const int32_t day = day_of(at);
    const unsigned slot = (unsigned)day % COUNTER_DAYS;
    if (counters->days[slot].day != day) {
        memset(&counters->days[slot], 0, sizeof counters->days[slot]);
        counters->days[slot].day = day;
    }
    if (completed)
        counters->days[slot].completed[tier]++;
    else
        counters->days[slot].arrived[tier]++;
}

static bool unowned_emergency(const struct episode *episode)
{
    return episode->tier == STEPCARE_TIER_EMERGENCY && episode->state == STEPCARE_STATE_WAITING;
}

static void apply_counters(struct state_counters *counters, const struct episode *before, const struct episode *after,
                           int64_t at)
{
    const enum count_bucket from = count_bucket_of(before), to = count_bucket_of(after);
    const uint8_t from_tier = count_tier(before), to_tier = count_tier(after);
    must(from_tier < STEPCARE_TIER_COUNT);
    must(to_tier < STEPCARE_TIER_COUNT);
    must(from == COUNT_NONE || counters->now[from_tier][from] > 0);
    must(counters->emergencies >= (unowned_emergency(before) ? 1U : 0U));
    if (from != COUNT_NONE) counters->now[from_tier][from]--;
    if (to != COUNT_NONE) counters->now[to_tier][to]++;
    const bool was_open = from != COUNT_NONE;
    if (before->state == STEPCARE_STATE_NONE) counters->episodes++;
    if (after->state == STEPCARE_STATE_CLOSED) {
        if (was_open) count_day(counters, at, count_tier(after), true);
    } else if (!was_open || from_tier != to_tier) {
        count_day(counters, at, to_tier, false);
        if (was_open) count_day(counters, at, from_tier, true);
    }
    counters->emergencies = counters->emergencies - unowned_emergency(before) + unowned_emergency(after);
}

/* --- index entries: the difference --- */

static bool key_in(const struct key *key, const struct key *keys, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (keys[i].table == key->table && keys[i].bytes == key->bytes &&
            memcmp(keys[i].data, key->data, key->bytes) == 0)
            return true;
    return false;
}

static enum stepcare_error apply_indexes(struct state *state, const struct episode *before, const struct episode *after)
{
    struct key old[KEYS_PER_EPISODE_MAX], new[KEYS_PER_EPISODE_MAX];
    const unsigned old_count = keys_of_episode(before, old), new_count = keys_of_episode(after, new);
    must(old_count <= KEYS_PER_EPISODE_MAX);
    must(new_count <= KEYS_PER_EPISODE_MAX);
    enum stepcare_error error = STEPCARE_OK;
    for (unsigned i = 0; i < old_count && error == STEPCARE_OK; i++)
        if (!key_in(&old[i], new, new_count)) error = state_remove(state, &old[i]);
    for (unsigned i = 0; i < new_count && error == STEPCARE_OK; i++)
        if (!key_in(&new[i], old, old_count))
            error = new[i].table == TABLE_PENDING ? state_put_last(state, &new[i], NULL, 0)
                                                  : state_put(state, &new[i], NULL, 0);
    return error;
}

static enum stepcare_error mailbox_put(struct state *state, struct stepcare_text organisation, uint64_t sequence)
{
    struct key key;
    key_init(&key, TABLE_FEEDBACK);
    key_text(&key, organisation, STEPCARE_ORGANISATION_BYTES_MAX);
    key_u64(&key, sequence);
    return state_put(state, &key, NULL, 0);
}

static enum stepcare_error apply_history(struct state *state, const struct event *event, const struct episode *after)
{
    must(after->history_count > 0);
    const uint64_t sequence = event->sequence;
    struct key key;
    key_init(&key, TABLE_HISTORY);
    key_u64(&key, after->id);
    key_u32(&key, after->history_count);
    enum stepcare_error error = after->history_count == 1 ? state_put_last(state, &key, &sequence, sizeof sequence)
                                                          : state_put(state, &key, &sequence, sizeof sequence);
    if (error != STEPCARE_OK || !event_is_feedback(event->type)) return error;
    error = mailbox_put(state, episode_text(&after->organisation), sequence);
    /* And the mailbox of everybody, for whoever may read all. */
    return error == STEPCARE_OK ? mailbox_put(state, (struct stepcare_text){NULL, 0}, sequence) : error;
}

/* How long patients wait, for "the wait shown before referring": one row when a patient is first accepted. */
static enum stepcare_error apply_wait(struct state *state, const struct event *event, const struct episode *before,
                                      const struct episode *after)
{
    if (before->accepted_at != 0 || after->accepted_at == 0) return STEPCARE_OK;
    struct key key;
    key_init(&key, TABLE_WAIT);
    key_u8(&key, after->tier);
    key_u8(&key, after->service);
    key_u32(&key, (uint32_t)day_of(after->accepted_at));
    key_u64(&key, after->id);
    const int64_t waited = after->accepted_at - after->referred_at;
    const uint16_t days = waited <= 0 ? 0 : waited / DAY_MS > UINT16_MAX ? UINT16_MAX : (uint16_t)(waited / DAY_MS);
    uint8_t value[sizeof days + STEPCARE_ACTOR_BYTES_MAX];
    memcpy(value, &days, sizeof days);
    const struct stepcare_text site = STEPCARE_GET(&event->record, site, ((struct stepcare_text){NULL, 0}));
    must(site.bytes <= STEPCARE_ACTOR_BYTES_MAX);
    if (site.bytes > 0) memcpy(value + sizeof days, site.data, site.bytes);
    return state_put(state, &key, value, sizeof days + site.bytes);
}

static void apply_system(struct state *state, const struct event *event)
{
    must(event->episode_id == 0);
    const uint32_t bit = STEPCARE_HAS(&event->record, tier) ? STEPCARE_BIT(event->record.tier) : 0;
    if (event->type == STEPCARE_EVENT_TIER_PAUSED) state->counters.paused_tiers |= bit;
    if (event->type == STEPCARE_EVENT_TIER_RESUMED) state->counters.paused_tiers &= ~bit;
}

enum stepcare_error apply_event(struct state *state, const struct event *event)
{
    must(event->sequence > 0);
    must(event->episode_id <= event->sequence); /* an episode's id is its first event's sequence */
    must_sequence_note(event->sequence);
    state->events++;
    state->counters.last_at = event->at;
    if (event->episode_id == 0) {
        apply_system(state, event);
        return STEPCARE_OK;
    }
    struct episode before, after;
    if (!state_episode_get(state, event->episode_id, &before)) episode_init(&before);
    after = before;
    must(before.sequence < event->sequence);
    fold_event(&after, event);
    must(after.id == event->episode_id);
    must(after.sequence == event->sequence);
    must(after.history_count == before.history_count + 1);
    enum stepcare_error error = state_episode_put(state, &after);
    if (error == STEPCARE_OK) error = apply_lookups(state, event, &after);
    if (error == STEPCARE_OK) error = apply_request(state, event);
    if (error == STEPCARE_OK) error = apply_indexes(state, &before, &after);
    if (error == STEPCARE_OK) error = apply_history(state, event, &after);
    if (error == STEPCARE_OK) error = apply_wait(state, event, &before, &after);
    apply_counters(&state->counters, &before, &after, event->at);
#ifdef STEPCARE_CHECK_INVARIANT
    const char *broken = episode_broken(&after);
    if (broken != NULL)
        fprintf(stderr, "event %lu (%s): %s\n", (unsigned long)event->sequence,
                stepcare_code_name(&stepcare_events, event->type), broken);
    must(broken == NULL);
#endif
    return error;
}
