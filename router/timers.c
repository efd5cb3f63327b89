/* Deadlines that have passed made into commands; called by the loop. See timers.h. */
#include "router/timers.h"

#include "base/must.h"
#include "router/admit.h"

struct due_timers {
    int64_t now;
    unsigned count;
    struct {
        uint8_t kind;
        uint64_t id;
    } items[TIMERS_PER_TURN_MAX];
};

static bool timer_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct due_timers *due = context;
    (void)value;
    if (key_bytes != 17 || key_read_time(key) > due->now || due->count == TIMERS_PER_TURN_MAX) return false;
    due->items[due->count].kind = key[8];
    due->items[due->count++].id = key_read_u64(key + 9);
    return true;
}

void timers_run(struct commands *commands, struct decision *decision)
{
    static const uint8_t verbs[] = {
        [TIMER_LEASE] = OWN_LEASE_EXPIRED, [TIMER_HANDOVER] = OWN_HANDOVER_OVERDUE, [TIMER_OPT_IN] = OWN_OPT_IN_ENDED};
    struct due_timers due = {.now = commands->turn->now};
    struct key prefix;
    key_init(&prefix, TABLE_TIMER);
    state_walk(&commands->store->state, &prefix, NULL, timer_visit, &due);
    const struct caller caller = admit_router();
    for (unsigned i = 0; i < due.count; i++) {
        struct stepcare_record record;
        must(due.items[i].kind < sizeof verbs);
        stepcare_record_init(&record);
        STEPCARE_SET(&record, referral_id, due.items[i].id);
        const struct command command = {.verb = verbs[due.items[i].kind], .caller = &caller, .record = &record};
        command_run(commands, &command, decision);
    }
}
