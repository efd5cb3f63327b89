/* stepcare.yaml as libcyaml loads it: the shape alone. Numbers and sizes stay text here, because "32MiB" is allowed and
 * because ranges and defaults stand in one table (settings.h). A key that is left out is NULL. */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include "config/config.h"

#include <cyaml/cyaml.h>

struct config_holiday {
    char date[16]; /* YYYY-MM-DD, checked later */
};

struct config_endpoints_text {
    char *client, *worker, *notices;
};

struct config_ledger_text {
    char *segment_bytes;
};

struct config_state_text {
    char *map_bytes;
};

struct config_batch_text {
    char *count_max, *bytes_max;
};

struct config_checkpoint_text {
    char *events, *interval_ms, *dirty_pages_max;
};

struct config_jobs_text {
    char *deadline_ms, *attempts_max, *credit_max, *silence_ms;
};

struct config_file {
    char *mode, *data_directory, *pathway, *nhs_number;
    struct config_endpoints_text endpoints;
    struct config_ledger_text ledger;
    struct config_state_text state;
    struct config_batch_text batch;
    struct config_checkpoint_text checkpoint;
    struct config_jobs_text jobs;
    char *reserve_bytes, *lease_minutes, *parked_max, *stuck_after_seconds;
    struct config_holiday *holidays;
    struct config_site *sites;
    struct config_practitioner *practitioners;
    unsigned holidays_count, sites_count, practitioners_count;
};

extern const cyaml_schema_value_t config_file_schema;
extern const cyaml_config_t config_cyaml; /* silent: yaml_check has reported what is wrong before */

#endif
