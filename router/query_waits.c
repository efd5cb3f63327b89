/* The wait shown before referring: per tier, service and site. See query.h. */
#include "router/query.h"

#include <stdio.h>

enum { DAY_MS = 86400000, ROWS_MAX = 400 };

static bool count_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)key;
    (void)key_bytes;
    (void)value;
    return ++*(uint64_t *)context < 1000000;
}

static uint64_t waiting_count(const struct query *query, uint8_t tier, uint8_t service)
{
    struct key prefix;
    uint64_t count = 0;
    key_init(&prefix, TABLE_WORKLIST);
    key_u8(&prefix, tier);
    key_u8(&prefix, service);
    state_walk(&query->store->state, &prefix, NULL, count_visit, &count);
    return count;
}

static bool site_serves(const struct config_site *site, uint8_t tier, uint8_t service)
{
    return (site->tiers & STEPCARE_BIT(tier)) != 0 && (service == 0 || site->services == 0 || (site->services & STEPCARE_BIT(service)) != 0);
}

static unsigned weekly_capacity(const struct config *config, uint8_t tier, uint8_t service)
{
    unsigned weekly = 0;
    for (unsigned i = 0; i < config->site_count; i++)
        if (site_serves(&config->sites[i], tier, service)) weekly += config->sites[i].weekly_first_contacts;
    return weekly;
}

/* When somebody referred now could be seen first, if all who wait are seen before at the configured pace. */
static void next_free_set(const struct query *query, struct stepcare_record *row, uint64_t waiting, unsigned weekly)
{
    if (weekly == 0) return;
    const int64_t days = (int64_t)((waiting * 7 + weekly - 1) / weekly);
    int32_t day = calendar_london_day(query->now) + (int32_t)days;
    while (!calendar_working_day(&query->store->config->calendar, day)) day++;
    const struct stepcare_date date = calendar_date_of(day);
    char text[16];
    snprintf(text, sizeof text, "%04d-%02u-%02u", date.year % 10000, date.month % 100U, date.day % 100U);
    STEPCARE_SET(row, next_free, query_keep(query, stepcare_text_of(text)));
}

static void row_fill(const struct query *query, struct stepcare_record *row, uint8_t tier, uint8_t service, const struct config_site *site)
{
    const uint64_t waiting = waiting_count(query, tier, service);
    const unsigned total = weekly_capacity(query->store->config, tier, service);
    struct query_wait wait;
    stepcare_record_init(row);
    STEPCARE_SET(row, tier, tier);
    if (service != 0) STEPCARE_SET(row, service, service);
    if (site != NULL) STEPCARE_SET(row, site, stepcare_text_of(site->name));
    STEPCARE_SET(row, waiting, waiting);
    const struct stepcare_text name = site == NULL ? (struct stepcare_text){NULL, 0} : stepcare_text_of(site->name);
    if (query_wait_days(query->store, tier, service, name, query->now, &wait)) {
        STEPCARE_SET(row, median_wait_days, wait.median_days);
        STEPCARE_SET(row, p90_wait_days, wait.p90_days);
        STEPCARE_SET(row, count, wait.count);
    }
    next_free_set(query, row, waiting, total);
}

enum stepcare_error query_waits(const struct query *query, struct stepcare_record *reply)
{
    static const uint8_t tiers[] = {STEPCARE_TIER_T_CBT, STEPCARE_TIER_PHYSIO, STEPCARE_TIER_HI_CBT, STEPCARE_TIER_SECONDARY_CARE};
    const struct config *config = query->store->config;
    const uint8_t wanted = STEPCARE_GET(query->request, tier, STEPCARE_TIER_NONE);
    const uint8_t wanted_service = STEPCARE_GET(query->request, service, STEPCARE_SERVICE_NONE);
    struct stepcare_record *rows = wire_arena_take(query->arena, ROWS_MAX * sizeof *rows);
    uint32_t count = 0;
    if (rows == NULL) return STEPCARE_NO_MEMORY;
    for (unsigned i = 0; i < sizeof tiers; i++) {
        if (wanted != STEPCARE_TIER_NONE && wanted != tiers[i]) continue;
        for (uint8_t service = 0; service < STEPCARE_SERVICE_COUNT; service++) {
            if ((service != 0) != (tiers[i] == STEPCARE_TIER_SECONDARY_CARE)) continue;
            if (wanted_service != 0 && wanted_service != service) continue;
            row_fill(query, &rows[count++], tiers[i], service, NULL);
            for (unsigned site = 0; site < config->site_count && count + 12 < ROWS_MAX; site++)
                if (site_serves(&config->sites[site], tiers[i], service)) row_fill(query, &rows[count++], tiers[i], service, &config->sites[site]);
        }
    }
    STEPCARE_SET(reply, rows, ((struct stepcare_records){count, rows}));
    return STEPCARE_OK;
}
