/* The numbers of stepcare.yaml: one row each says name, unit, default, range and whether a running router takes it
 * over. */
#include "config/settings.h"

#include <stdio.h>
#include <stdlib.h>

enum { KIB = 1024, MIB = 1024 * 1024 };
#define GIB (UINT64_C(1024) * MIB)

struct setting {
    const char *key;
    size_t text_at, value_at;     /* in struct config_file, in struct config */
    size_t value_bytes;           /* 4 or 8 */
    bool bytes;                   /* a size: KiB, MiB ... allowed */
    bool live;                    /* taken over by a running router on SIGHUP: `*` in stepcare.yaml */
    uint32_t scale;               /* the file's unit in the struct's unit */
    uint64_t otherwise, min, max; /* in the file's unit */
};

#define LIVE true
#define RESTART false
#define SETTING(key, text, member, is_bytes, live, scale, otherwise, min, max)                                         \
    {                                                                                                                  \
        key, offsetof(struct config_file, text), offsetof(struct config, member),                                      \
            sizeof(((struct config *)NULL)->member), is_bytes, live, scale, otherwise, min, max                        \
    }

static const struct setting settings[] = {
    SETTING("ledger.segment_bytes", ledger.segment_bytes, segment_bytes, true, RESTART, 1, 32 * MIB, 8 * MIB, GIB),
    SETTING("state.map_bytes", state.map_bytes, map_bytes, true, RESTART, 1, 64 * GIB, 16 * MIB, 1024 * GIB),
    SETTING("batch.count_max", batch.count_max, batch_count_max, false, RESTART, 1, 1024, 1, 65536),
    SETTING("batch.bytes_max", batch.bytes_max, batch_bytes_max, true, RESTART, 1, MIB, 128 * KIB, 2 * MIB),
    SETTING("checkpoint.events", checkpoint.events, checkpoint_events, false, RESTART, 1, 16384, 1, 1000000),
    SETTING("checkpoint.interval_ms", checkpoint.interval_ms, checkpoint_ms, false, RESTART, 1, 1000, 10, 60000),
    /* LMDB spills a transaction's pages past 131,072 of them; most writes share theirs. */
    SETTING("checkpoint.dirty_pages_max", checkpoint.dirty_pages_max, checkpoint_dirty_pages_max, false, RESTART, 1,
            131072, 256, 1000000),
    SETTING("reserve_bytes", reserve_bytes, reserve_bytes, true, RESTART, 1, 64 * MIB, MIB, 1024 * GIB),
    SETTING("lease_minutes", lease_minutes, lease_ms, false, LIVE, 60000, 15, 1, 1440),
    SETTING("jobs.deadline_ms", jobs.deadline_ms, job_deadline_ms, false, LIVE, 1, 5000, 100, 600000),
    SETTING("jobs.attempts_max", jobs.attempts_max, job_attempts_max, false, LIVE, 1, 3, 1, 20),
    SETTING("jobs.credit_max", jobs.credit_max, worker_credit_max, false, LIVE, 1, 4096, 1, 65536),
    SETTING("jobs.silence_ms", jobs.silence_ms, worker_silence_ms, false, LIVE, 1, 6000, 3000, 600000),
    SETTING("parked_max", parked_max, parked_max, false, LIVE, 1, 65536, 1, 1000000),
    SETTING("stuck_after_seconds", stuck_after_seconds, stuck_after_ms, false, LIVE, 1000, 60, 1, 86400),
};

bool config_number_parse(const char *text, bool bytes, uint64_t *out_value)
{
    static const char *const units[] = {"", "KiB", "MiB", "GiB", "TiB"};
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits;
    uint64_t value;
    if (digits == 0 || digits > 18) return false;
    value = strtoull(text, NULL, 10);
    if (bytes && unit[0] == ' ' && unit[1] != '\0') unit++;
    for (unsigned i = 0; i < (bytes ? 5 : 1); i++) {
        if (strcmp(unit, units[i]) != 0) continue;
        if (value > UINT64_MAX >> (10 * i)) return false;
        *out_value = value << (10 * i);
        return true;
    }
    return false;
}

/* 33554432 -> "32MiB", as people write it. */
static const char *setting_show(const struct setting *setting, uint64_t value, char out_text[32])
{
    static const char *const units[] = {"", "KiB", "MiB", "GiB", "TiB"};
    unsigned unit = 0;
    while (setting->bytes && unit < 4 && value >= 1024 && value % 1024 == 0) {
        value /= 1024;
        unit++;
    }
    snprintf(out_text, 32, "%llu%s", (unsigned long long)value, units[unit]);
    return out_text;
}

static uint64_t setting_value(struct yaml_check *check, const struct setting *setting, const char *text)
{
    uint64_t value;
    char min[32], max[32];
    if (text == NULL) return setting->otherwise;
    if (config_number_parse(text, setting->bytes, &value) && value >= setting->min && value <= setting->max)
        return value;
    yaml_check_add(check, setting->key, "`%.40s` is not allowed; it must be %s from %s to %s", text,
                   setting->bytes ? "a size in bytes (or with KiB, MiB, GiB)" : "a whole number",
                   setting_show(setting, setting->min, min), setting_show(setting, setting->max, max));
    return setting->otherwise;
}

void config_settings_read(struct yaml_check *check, const struct config_file *file, struct config *config)
{

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        const struct setting *setting = &settings[i];
        const char *const *text = (const char *const *)(const void *)((const char *)file + setting->text_at);
        uint64_t value = setting_value(check, setting, *text) * setting->scale;
        void *member = (char *)config + setting->value_at;

        if (setting->value_bytes == 8)
            *(uint64_t *)member = value;
        else
            *(uint32_t *)member = (uint32_t)value;
    }
    config->map_bytes &= ~UINT64_C(4095); /* LMDB wants whole pages */
}

bool config_setting_key_at(unsigned index, struct config_key *out_key)
{
    if (index >= sizeof settings / sizeof settings[0]) return false;
    const struct setting *setting = &settings[index];
    *out_key = (struct config_key){
        .key = setting->key, .at = setting->value_at, .bytes = setting->value_bytes, .live = setting->live};
    return true;
}

void config_setting_range(unsigned index, char out_text[CONFIG_RANGE_BYTES])
{
    char min[32], max[32];
    snprintf(out_text, CONFIG_RANGE_BYTES, "%s to %s", setting_show(&settings[index], settings[index].min, min),
             setting_show(&settings[index], settings[index].max, max));
}
