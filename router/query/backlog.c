/* How much waits where, how long, and what is overdue: the answer of `backlog`, which administrators and monitors ask
 * for again and again. See query.h. */
#include "router/query/query_internal.h"

#include "base/must.h"
#include "base/time_units.h"

enum { BREACH_SCAN_MAX = 200000 };

/* One run of equal tier, service, held and urgency: within it keys are in order of due, so the overdue ones come
 * first. */
struct run {
    int64_t now, oldest_referred;
    uint64_t breached;
    bool first;
};

static bool run_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct run *run = context;
    (void)key_bytes;
    (void)value;
    const int64_t due = key_read_time(key + 4), referred = key_read_time(key + 12);
    if (run->first && (run->oldest_referred == 0 || referred < run->oldest_referred)) run->oldest_referred = referred;
    run->first = false;
    if (due >= run->now) return false;
    run->breached++;
    if (referred < run->oldest_referred) run->oldest_referred = referred;
    return run->breached < BREACH_SCAN_MAX;
}

static enum stepcare_error tier_run(const struct query *query, uint8_t tier, struct run *run)
{
    must(tier != STEPCARE_TIER_NONE);
    must(tier < STEPCARE_TIER_COUNT);
    enum stepcare_error error = STEPCARE_OK;
    for (uint8_t service = 0; service < STEPCARE_SERVICE_COUNT; service++) {
        if ((service != 0) != (tier == STEPCARE_TIER_SECONDARY_CARE)) continue;
        for (unsigned held = 0; held < 2; held++) {
            for (uint8_t urgency = 1; urgency < STEPCARE_URGENCY_COUNT && error == STEPCARE_OK; urgency++) {
                struct key prefix;
                key_init(&prefix, TABLE_WORKLIST);
                key_u8(&prefix, tier);
                key_u8(&prefix, service);
                key_u8(&prefix, (uint8_t)held);
                key_u8(&prefix, urgency);
                run->first = true;
                error = reader_walk(query->reader, &prefix, NULL, run_visit, run);
            }
        }
    }
    return error;
}

static bool oldest_untriaged(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)value;
    *(uint64_t *)context = key_read_u64(key + key_bytes - 8);
    return false;
}

static enum stepcare_error triage_run(const struct query *query, struct run *run)
{
    struct key prefix;
    uint64_t id = 0;
    key_init(&prefix, TABLE_PENDING);
    key_u8(&prefix, STEPCARE_KIND_TRIAGE);
    enum stepcare_error error = reader_walk(query->reader, &prefix, NULL, oldest_untriaged, &id);
    struct episode episode;
    if (id != 0 && reader_episode_get(query->reader, id, &episode)) run->oldest_referred = episode.referred_at;
    return error;
}

static void week_count(const struct state_counters *counters, int64_t now, unsigned tier, uint64_t *out_arrived,
                       uint64_t *out_completed)
{
    const int32_t today = (int32_t)(now / DAY_MS);
    *out_arrived = *out_completed = 0;
    for (unsigned i = 0; i < COUNTER_DAYS; i++) {
        if (counters->days[i].day <= today - 7 || counters->days[i].day > today) continue;
        *out_arrived += counters->days[i].arrived[tier];
        *out_completed += counters->days[i].completed[tier];
    }
}

static enum stepcare_error backlog_row(const struct query *query, unsigned tier, struct stepcare_record *row)
{
    const struct state_counters *counters = reader_counters(query->reader);
    struct run run = {.now = query->now};
    enum stepcare_error error = tier == 0 ? triage_run(query, &run) : tier_run(query, (uint8_t)tier, &run);
    uint64_t arrived, completed;
    stepcare_record_init(row);
    if (tier != 0)
        STEPCARE_SET(row, tier, (uint8_t)tier);
    else {
        STEPCARE_SET(row, kind, STEPCARE_KIND_TRIAGE);
        STEPCARE_SET(row, workers, query->counters->workers[STEPCARE_KIND_TRIAGE]);
    }
    week_count(counters, query->now, tier, &arrived, &completed);
    STEPCARE_SET(row, waiting, (uint64_t)counters->now[tier][tier == 0 ? COUNT_RECEIVED : COUNT_WAITING]);
    STEPCARE_SET(row, held, (uint64_t)counters->now[tier][COUNT_HELD]);
    STEPCARE_SET(row, claimed, (uint64_t)counters->now[tier][COUNT_CLAIMED]);
    STEPCARE_SET(row, in_treatment, (uint64_t)counters->now[tier][COUNT_IN_TREATMENT]);
    const int64_t waited =
        run.oldest_referred == 0 || run.oldest_referred > query->now ? 0 : query->now - run.oldest_referred;
    STEPCARE_SET(row, oldest_wait_days, (uint64_t)(waited / DAY_MS));
    STEPCARE_SET(row, breached, run.breached);
    STEPCARE_SET(row, arrived_7d, arrived);
    STEPCARE_SET(row, completed_7d, completed);
    if (tier != 0 && (counters->paused_tiers & STEPCARE_BIT(tier))) STEPCARE_SET(row, paused, true);
    return error;
}

enum stepcare_error query_backlog(const struct query *query, struct stepcare_record *reply)
{
    must(query->counters != NULL);
    struct stepcare_record *rows = arena_take(query->arena, STEPCARE_TIER_COUNT * sizeof *rows);
    enum stepcare_error error = rows == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
    /* The emergency tier first, then triage, then as they come: what matters most heads the list. */
    static const uint8_t order[STEPCARE_TIER_COUNT] = {STEPCARE_TIER_EMERGENCY,     0,
                                                       STEPCARE_TIER_MANUAL_REVIEW, STEPCARE_TIER_SECONDARY_CARE,
                                                       STEPCARE_TIER_HI_CBT,        STEPCARE_TIER_T_CBT,
                                                       STEPCARE_TIER_PHYSIO,        STEPCARE_TIER_GP_ADVICE};
    for (unsigned i = 0; i < STEPCARE_TIER_COUNT && error == STEPCARE_OK; i++)
        error = backlog_row(query, order[i], &rows[i]);
    if (error != STEPCARE_OK) return error;
    STEPCARE_SET(reply, rows, ((struct stepcare_records){STEPCARE_TIER_COUNT, rows}));
    const struct query_counters *counted = query->counters;
    STEPCARE_SET(reply, workers, counted->workers[0]);
    STEPCARE_SET(reply, events, counted->events);
    STEPCARE_SET(reply, flushes, counted->flushes);
    const uint32_t emergencies = reader_counters(query->reader)->emergencies;
    if (emergencies > 0) STEPCARE_SET(reply, priority, emergencies);
    if (counted->problem[0] != '\0') query_problem(query, reply, counted->problem);
    return STEPCARE_OK;
}
