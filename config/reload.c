/* What SIGHUP changes. See reload.h. */
#include "config/reload.h"

#include "config/settings.h"

#include <stdio.h>
#include <string.h>

#define KEY(key, member, live)                                                                                         \
    {                                                                                                                  \
        key, offsetof(struct config, member), sizeof(((struct config *)NULL)->member), live                            \
    }

/* What is no number; those have their rows in settings.c. */
static const struct config_key keys[] = {
    KEY("data_directory", data_directory, false),
    KEY("pathway", pathway_path, false),
    KEY("endpoints.client", client_endpoint, false),
    KEY("endpoints.worker", worker_endpoint, false),
    KEY("endpoints.notices", notice_endpoint, false),
    KEY("nhs_number", nhs_number_reject, true),
    KEY("holidays", calendar, true),
    KEY("sites", sites, true),
    KEY("sites", site_count, true),
    KEY("practitioners", practitioners, true),
    KEY("practitioners", practitioner_count, true),
};

enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

bool config_key_at(unsigned index, struct config_key *out_key)
{
    if (index >= KEY_COUNT) return config_setting_key_at(index - KEY_COUNT, out_key);
    *out_key = keys[index];
    return true;
}

/* Lists change hands with the rest: the old ones go with the struct that gets them. */
static void swap(uint8_t *a, uint8_t *b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        const uint8_t kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

void config_take_over(struct config *config, struct config *read, char *out_restart, size_t restart_bytes)
{
    struct config_key key;
    size_t used = 0;
    out_restart[0] = '\0';
    for (unsigned index = 0; config_key_at(index, &key); index++) {
        uint8_t *now = (uint8_t *)config + key.at, *then = (uint8_t *)read + key.at;
        if (key.live)
            swap(now, then, key.bytes);
        else if (memcmp(now, then, key.bytes) != 0 && used < restart_bytes)
            used += (size_t)snprintf(out_restart + used, restart_bytes - used, "%s%s", used == 0 ? "" : ", ", key.key);
    }
}
