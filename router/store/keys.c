/* Composite keys and which index entries an episode has. See keys.h. */
#include "router/store/keys.h"

#include "base/must.h"

void key_init(struct key *key, enum table table)
{
    must(table < TABLE_COUNT);
    key->table = (uint8_t)table;
    key->bytes = 0;
}

void key_u8(struct key *key, uint8_t value)
{
    must(key->bytes < KEY_BYTES_MAX);
    key->data[key->bytes++] = value;
}

void key_u32(struct key *key, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) key_u8(key, (uint8_t)(value >> shift));
}

void key_u64(struct key *key, uint64_t value)
{
    key_u32(key, (uint32_t)(value >> 32));
    key_u32(key, (uint32_t)value);
}

void key_time(struct key *key, int64_t ms)
{
    key_u64(key, (uint64_t)ms ^ (UINT64_C(1) << 63));
}

void key_text(struct key *key, struct stepcare_text text, unsigned width)
{
    must(key->bytes + (width > text.bytes ? width : text.bytes) <= KEY_BYTES_MAX);
    must(width == 0 || text.bytes <= width);
    if (text.bytes > 0) memcpy(key->data + key->bytes, text.data, text.bytes);
    key->bytes = (uint8_t)(key->bytes + text.bytes);
    for (unsigned i = text.bytes; i < width; i++) key->data[key->bytes++] = 0;
}

uint64_t key_read_u64(const uint8_t *at)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | at[i];
    return value;
}

int64_t key_read_time(const uint8_t *at)
{
    return (int64_t)(key_read_u64(at) ^ (UINT64_C(1) << 63));
}

static void worklist_key(const struct episode *episode, struct key *key, uint8_t tier, uint8_t service, uint8_t urgency)
{
    must(tier < STEPCARE_TIER_COUNT);
    must(service < STEPCARE_SERVICE_COUNT);
    must(episode->id > 0);
    key_init(key, TABLE_WORKLIST);
    key_u8(key, tier);
    key_u8(key, service);
    key_u8(key, episode_is_held_back_at(episode, urgency) ? 1 : 0);
    key_u8(key, urgency);
    key_time(key, episode->due);
    key_time(key, episode->referred_at);
    key_u64(key, episode->id);
}

static void timed_key(struct key *key, enum table table, int64_t at, uint8_t kind, uint64_t id)
{
    must(table == TABLE_ATTENTION || table == TABLE_TIMER);
    must(id > 0);
    key_init(key, table);
    if (table == TABLE_ATTENTION) key_u8(key, kind);
    key_time(key, at);
    if (table == TABLE_TIMER) key_u8(key, kind);
    key_u64(key, id);
}

static unsigned timer_keys(const struct episode *episode, struct key *keys)
{
    unsigned count = 0;
    if (episode->token != 0) timed_key(&keys[count++], TABLE_TIMER, episode->lease_expires, TIMER_LEASE, episode->id);
    /* Under lease a hand-over is being looked at: the lease's own end comes first. */
    if (episode->handover == STEPCARE_HANDOVER_PROPOSED && episode->token == 0)
        timed_key(&keys[count++], TABLE_TIMER, episode->handover_due, TIMER_HANDOVER, episode->id);
    if (episode->opt_in_due != 0)
        timed_key(&keys[count++], TABLE_TIMER, episode->opt_in_due, TIMER_OPT_IN, episode->id);
    return count;
}

/* What the caller holds, by next action: leases and treatments. A receiver's lease on a hand-over is in the
 * receiver's caseload; the sender keeps the patient in theirs through the owner of the treatment, so the receiver's
 * is found through the lease. */
static void caseload_key(const struct episode *episode, struct key *key, const struct episode_text *who, int64_t due)
{
    must(who->bytes > 0);
    key_init(key, TABLE_CASELOAD);
    key_text(key, episode_text(who), STEPCARE_ACTOR_BYTES_MAX);
    key_time(key, due);
    key_u64(key, episode->id);
}

unsigned keys_of_episode(const struct episode *episode, struct key out_keys[KEYS_PER_EPISODE_MAX])
{
    unsigned count = 0;
    if (episode->state == STEPCARE_STATE_CLOSED || episode->state == STEPCARE_STATE_NONE) return 0;
    struct stepcare_text from;
    uint8_t tier, service, urgency;
    if (episode_claimable_at(episode, &from, &tier, &service, &urgency))
        worklist_key(episode, &out_keys[count++], tier, service, urgency);
    const uint8_t pending = episode->state == STEPCARE_STATE_RECEIVED ? STEPCARE_KIND_TRIAGE : episode->review_pending;
    if (pending != STEPCARE_KIND_NONE) {
        struct key *key = &out_keys[count++];
        key_init(key, TABLE_PENDING);
        key_u8(key, pending);
        key_u64(key, episode->id);
    }
    count += timer_keys(episode, &out_keys[count]);
    if (episode->token != 0) caseload_key(episode, &out_keys[count++], &episode->holder, episode->lease_expires);
    if (episode->state == STEPCARE_STATE_IN_TREATMENT) {
        const struct episode_next next = episode_next(episode);
        caseload_key(episode, &out_keys[count++], &episode->owner, next.due);
    }
    const enum stepcare_hold hold = episode_first_hold(episode);
    /* A hand-over that nobody took in time is for the triage lead to see among the holds; one line an episode. */
    if (episode->handover == STEPCARE_HANDOVER_OVERDUE)
        timed_key(&out_keys[count++], TABLE_ATTENTION, episode->handover_due, ATTENTION_HOLD, episode->id);
    else if (hold != STEPCARE_HOLD_NONE && episode->state != STEPCARE_STATE_RECEIVED)
        timed_key(&out_keys[count++], TABLE_ATTENTION, episode->hold_dues[hold - 1], ATTENTION_HOLD, episode->id);
    if (episode->duplicate_of != 0)
        timed_key(&out_keys[count++], TABLE_ATTENTION, episode->opened_at, ATTENTION_DUPLICATE, episode->id);
    must(count <= KEYS_PER_EPISODE_MAX);
    return count;
}
