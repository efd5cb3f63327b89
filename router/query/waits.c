/* The waits to expect, per tier, service and site: from those of the last four weeks and from the sites' capacity. For
 * `waits`, and for every answer that tells a referrer how long it will be. See query.h. */
#include "router/query/query_internal.h"

#include "base/date.h"
#include "base/must.h"
#include "base/time_units.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MAX = 400, WAIT_DAYS = 28, WEEK_DAYS = 7, MON_TO_FRI = 0x1f, DAYS_AHEAD_MAX = 400 };

/* --- waits of the last four weeks --- */

struct wait {
    unsigned count, median_days, p90_days;
};

/* Rows looked at for one site's waits, where most rows are another site's. */
enum { SITE_SCAN_MAX = 10 * QUERY_WAIT_ROWS_MAX };

struct walk {
    struct query_wait_room *room;
    unsigned count, looked_at;
    uint32_t until_day;        /* what came later was not known then */
    struct stepcare_text site; /* absent: all */
};

static bool wait_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct walk *walk = context;
    (void)key_bytes;
    const uint32_t day = (uint32_t)key[2] << 24 | (uint32_t)key[3] << 16 | (uint32_t)key[4] << 8 | key[5];
    if (day > walk->until_day || ++walk->looked_at > SITE_SCAN_MAX) return false;
    const struct stepcare_text site = {(const char *)value->mv_data + 2, (uint32_t)value->mv_size - 2};
    if (walk->site.data != NULL && !stepcare_text_equal(site, walk->site)) return true;
    memcpy(&walk->room->days[walk->count++], value->mv_data, sizeof walk->room->days[0]);
    return walk->count < QUERY_WAIT_ROWS_MAX;
}

static int days_compare(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* How long people waited from referral to being accepted, over the last four weeks; of one site, those accepted by
 * somebody there. A count of 0 where nobody was accepted. */
static struct wait wait_days(struct reader *reader, uint8_t tier, uint8_t service, struct stepcare_text site,
                             int64_t now, struct query_wait_room *room, unsigned *looked_at)
{
    must(room != NULL);
    struct walk walk = {.room = room, .until_day = (uint32_t)(now / DAY_MS), .site = site};
    struct key prefix;
    key_init(&prefix, TABLE_WAIT);
    key_u8(&prefix, tier);
    key_u8(&prefix, service);
    struct key from = prefix;
    key_u32(&from, (uint32_t)(now / DAY_MS - WAIT_DAYS));
    const enum stepcare_error error = reader_walk(reader, &prefix, &from, wait_visit, &walk);
    must(walk.count <= QUERY_WAIT_ROWS_MAX);
    *looked_at += walk.looked_at;
    if (error != STEPCARE_OK || walk.count == 0) return (struct wait){0};
    qsort(room->days, walk.count, sizeof room->days[0], days_compare);
    return (struct wait){.count = walk.count,
                         .median_days = room->days[(walk.count - 1) / 2],
                         .p90_days = room->days[(walk.count * 9 + 9) / 10 - 1]};
}

/* --- capacity --- */

static bool count_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)key;
    (void)key_bytes;
    (void)value;
    return ++*(unsigned *)context < QUERY_WAIT_ROWS_MAX;
}

/* A tier without services has its rollup. A service's worklist is counted, up to a bound. */
static uint64_t waiting_count(struct reader *reader, uint8_t tier, uint8_t service, unsigned *looked_at)
{
    must(tier < STEPCARE_TIER_COUNT);
    const int64_t *now = reader_counters(reader)->now[tier];
    if (tier != STEPCARE_TIER_SECONDARY_CARE) return (uint64_t)(now[COUNT_WAITING] + now[COUNT_HELD]);
    struct key prefix;
    unsigned count = 0;
    key_init(&prefix, TABLE_WORKLIST);
    key_u8(&prefix, tier);
    key_u8(&prefix, service);
    reader_walk(reader, &prefix, NULL, count_visit, &count);
    *looked_at += count;
    return count;
}

static bool site_serves(const struct config_site *site, uint8_t tier, uint8_t service)
{
    return (site->tiers & STEPCARE_BIT(tier)) != 0 &&
           (service == 0 || site->services == 0 || (site->services & STEPCARE_BIT(service)) != 0);
}

static unsigned weekly_capacity(const struct config *config, uint8_t tier, uint8_t service)
{
    unsigned weekly = 0;
    for (unsigned i = 0; i < config->site_count; i++)
        if (site_serves(&config->sites[i], tier, service)) weekly += config->sites[i].weekly_first_contacts;
    return weekly;
}

/* Days until everybody who waits has been seen, at the configured pace. */
static uint64_t days_to_see(uint64_t waiting, unsigned weekly)
{
    return (waiting * WEEK_DAYS + weekly - 1) / weekly;
}

struct query_expected_wait query_expected_wait_days(struct reader *reader, const struct config *config, uint8_t tier,
                                                    uint8_t service, int64_t now, struct query_wait_room *room)
{
    struct query_expected_wait expected = {0};
    const unsigned weekly = weekly_capacity(config, tier, service);
    const struct wait wait =
        wait_days(reader, tier, service, (struct stepcare_text){NULL, 0}, now, room, &expected.looked_at);
    expected.known = wait.count > 0 || weekly > 0;
    if (wait.count > 0)
        expected.days = wait.median_days;
    else if (weekly > 0)
        expected.days = days_to_see(waiting_count(reader, tier, service, &expected.looked_at), weekly);
    return expected;
}

static bool serves_at(const struct config *config, const struct config_practitioner *practitioner, uint8_t tier,
                      uint8_t service, const struct config_site *site)
{
    if ((practitioner->tiers & STEPCARE_BIT(tier)) == 0) return false;
    if (service != 0 && practitioner->services != 0 && (practitioner->services & STEPCARE_BIT(service)) == 0)
        return false;
    if (site != NULL) return strcmp(practitioner->site, site->name) == 0;
    for (unsigned i = 0; i < config->site_count; i++)
        if (strcmp(practitioner->site, config->sites[i].name) == 0)
            return site_serves(&config->sites[i], tier, service);
    return practitioner->site[0] == '\0';
}

/* The weekdays on which somebody there treats: what practitioners say of themselves, Monday to Friday where none are
 * configured. */
static uint8_t open_weekdays(const struct config *config, uint8_t tier, uint8_t service, const struct config_site *site)
{
    uint8_t days = 0;
    for (unsigned i = 0; i < config->practitioner_count; i++)
        if (serves_at(config, &config->practitioners[i], tier, service, site))
            days |= config->practitioners[i].working_days;
    return days == 0 ? MON_TO_FRI : days;
}

static bool is_open(const struct calendar *calendar, uint8_t weekdays, int32_t day)
{
    const unsigned weekday = (unsigned)(((int64_t)day + 3) % WEEK_DAYS); /* 0 Monday; 1970-01-01 was a Thursday */
    for (unsigned i = 0; i < calendar->holiday_count; i++)
        if (calendar->holidays[i] == day) return false;
    return (weekdays >> weekday & 1U) != 0;
}

/* When somebody referred now could be seen first, if all who wait are seen before at the configured pace. */
static void next_free_set(const struct query *query, struct stepcare_record *row, uint64_t waiting,
                          const struct config_site *site)
{
    const struct config *config = query->config;
    const unsigned weekly = weekly_capacity(config, row->tier, STEPCARE_GET(row, service, 0));
    if (weekly == 0) return;
    const uint8_t weekdays = open_weekdays(config, row->tier, STEPCARE_GET(row, service, 0), site);
    int32_t day = calendar_london_day(query->now) + (int32_t)days_to_see(waiting, weekly);
    for (unsigned ahead = 0; ahead < DAYS_AHEAD_MAX && !is_open(&config->calendar, weekdays, day); ahead++) day++;
    const struct stepcare_date date = date_of_days(day);
    char text[16];
    snprintf(text, sizeof text, "%04d-%02u-%02u", date.year % 10000, date.month % 100U, date.day % 100U);
    STEPCARE_SET(row, next_free, query_keep(query, stepcare_text_of(text)));
}

static void row_fill(const struct query *query, struct query_wait_room *room, struct stepcare_record *row, uint8_t tier,
                     uint8_t service, const struct config_site *site)
{
    unsigned looked_at = 0;
    const uint64_t waiting = waiting_count(query->reader, tier, service, &looked_at);
    stepcare_record_init(row);
    STEPCARE_SET(row, tier, tier);
    if (service != 0) STEPCARE_SET(row, service, service);
    if (site != NULL) STEPCARE_SET(row, site, stepcare_text_of(site->name));
    STEPCARE_SET(row, waiting, waiting);
    const struct stepcare_text name = site == NULL ? (struct stepcare_text){NULL, 0} : stepcare_text_of(site->name);
    const struct wait wait = wait_days(query->reader, tier, service, name, query->now, room, &looked_at);
    if (wait.count > 0) {
        STEPCARE_SET(row, median_wait_days, wait.median_days);
        STEPCARE_SET(row, p90_wait_days, wait.p90_days);
        STEPCARE_SET(row, count, wait.count);
    }
    const struct query_expected_wait expected =
        query_expected_wait_days(query->reader, query->config, tier, service, query->now, room);
    if (expected.known) STEPCARE_SET(row, expected_wait_days, expected.days);
    next_free_set(query, row, waiting, site);
}

enum stepcare_error query_waits(const struct query *query, struct stepcare_record *reply)
{
    static const uint8_t tiers[] = {STEPCARE_TIER_T_CBT, STEPCARE_TIER_PHYSIO, STEPCARE_TIER_HI_CBT,
                                    STEPCARE_TIER_SECONDARY_CARE};
    const struct config *config = query->config;
    const uint8_t wanted = STEPCARE_GET(query->request, tier, STEPCARE_TIER_NONE);
    const uint8_t wanted_service = STEPCARE_GET(query->request, service, STEPCARE_SERVICE_NONE);
    struct stepcare_record *rows = arena_take(query->arena, ROWS_MAX * sizeof *rows);
    struct query_wait_room *room = arena_take(query->arena, sizeof *room);
    uint32_t count = 0;
    if (rows == NULL || room == NULL) return STEPCARE_NO_MEMORY;
    for (unsigned i = 0; i < sizeof tiers; i++) {
        if (wanted != STEPCARE_TIER_NONE && wanted != tiers[i]) continue;
        for (uint8_t service = 0; service < STEPCARE_SERVICE_COUNT; service++) {
            if ((service != 0) != (tiers[i] == STEPCARE_TIER_SECONDARY_CARE)) continue;
            if (wanted_service != 0 && wanted_service != service) continue;
            row_fill(query, room, &rows[count++], tiers[i], service, NULL);
            for (unsigned site = 0; site < config->site_count && count + 12 < ROWS_MAX; site++)
                if (site_serves(&config->sites[site], tiers[i], service))
                    row_fill(query, room, &rows[count++], tiers[i], service, &config->sites[site]);
        }
    }
    must(count <= ROWS_MAX);
    STEPCARE_SET(reply, rows, ((struct stepcare_records){count, rows}));
    return STEPCARE_OK;
}
