/* The shape of stepcare.yaml for libcyaml and yaml_check: called by config.c. */
#include "config/schema.h"

#define STRVAL_BIT(number, NAME, name) {name, STEPCARE_BIT(number)},
static const cyaml_strval_t tier_names[] = {STEPCARE_TIERS(STRVAL_BIT)};
static const cyaml_strval_t service_names[] = {STEPCARE_SERVICES(STRVAL_BIT)};
static const cyaml_strval_t channel_names[] = {STEPCARE_CHANNELS(STRVAL_BIT)};
#undef STRVAL_BIT
static const cyaml_strval_t day_names[] = {{"mon", 1},  {"tue", 2},  {"wed", 4}, {"thu", 8},
                                           {"fri", 16}, {"sat", 32}, {"sun", 64}};

#define TEXT(key, type, member)                                                                                        \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, 4095)
#define GROUP(key, member, fields) CYAML_FIELD_MAPPING(key, CYAML_FLAG_OPTIONAL, struct config_file, member, fields)
#define NAMES(key, flags, type, member, names)                                                                         \
    CYAML_FIELD_FLAGS(key, flags, type, member, names, CYAML_ARRAY_LEN(names))

static const cyaml_schema_field_t endpoint_fields[] = {
    TEXT("client", struct config_endpoints_text, client), TEXT("worker", struct config_endpoints_text, worker),
    TEXT("notices", struct config_endpoints_text, notices), CYAML_FIELD_END};
static const cyaml_schema_field_t ledger_fields[] = {TEXT("segment_bytes", struct config_ledger_text, segment_bytes),
                                                     CYAML_FIELD_END};
static const cyaml_schema_field_t state_fields[] = {TEXT("map_bytes", struct config_state_text, map_bytes),
                                                    CYAML_FIELD_END};
static const cyaml_schema_field_t batch_fields[] = {TEXT("count_max", struct config_batch_text, count_max),
                                                    TEXT("bytes_max", struct config_batch_text, bytes_max),
                                                    CYAML_FIELD_END};
static const cyaml_schema_field_t checkpoint_fields[] = {
    TEXT("events", struct config_checkpoint_text, events),
    TEXT("interval_ms", struct config_checkpoint_text, interval_ms),
    TEXT("dirty_pages_max", struct config_checkpoint_text, dirty_pages_max), CYAML_FIELD_END};
static const cyaml_schema_field_t job_fields[] = {TEXT("deadline_ms", struct config_jobs_text, deadline_ms),
                                                  TEXT("attempts_max", struct config_jobs_text, attempts_max),
                                                  TEXT("credit_max", struct config_jobs_text, credit_max),
                                                  TEXT("silence_ms", struct config_jobs_text, silence_ms),
                                                  CYAML_FIELD_END};

static const cyaml_schema_field_t site_fields[] = {
    CYAML_FIELD_STRING("name", CYAML_FLAG_DEFAULT, struct config_site, name, 1),
    NAMES("tiers", CYAML_FLAG_DEFAULT, struct config_site, tiers, tier_names),
    NAMES("services", CYAML_FLAG_OPTIONAL, struct config_site, services, service_names),
    CYAML_FIELD_UINT("weekly_first_contacts", CYAML_FLAG_DEFAULT, struct config_site, weekly_first_contacts),
    CYAML_FIELD_END};
static const cyaml_schema_field_t practitioner_fields[] = {
    CYAML_FIELD_STRING("name", CYAML_FLAG_DEFAULT, struct config_practitioner, name, 1),
    CYAML_FIELD_STRING("site", CYAML_FLAG_OPTIONAL, struct config_practitioner, site, 0),
    NAMES("tiers", CYAML_FLAG_DEFAULT, struct config_practitioner, tiers, tier_names),
    NAMES("services", CYAML_FLAG_OPTIONAL, struct config_practitioner, services, service_names),
    NAMES("channels", CYAML_FLAG_OPTIONAL, struct config_practitioner, channels, channel_names),
    CYAML_FIELD_BOOL("chronic_pain_trained", CYAML_FLAG_OPTIONAL, struct config_practitioner, chronic_pain_trained),
    CYAML_FIELD_BOOL("interpreter", CYAML_FLAG_OPTIONAL, struct config_practitioner, interpreter),
    CYAML_FIELD_STRING("languages", CYAML_FLAG_OPTIONAL, struct config_practitioner, languages, 0),
    CYAML_FIELD_UINT("caseload_max", CYAML_FLAG_OPTIONAL, struct config_practitioner, caseload_max),
    NAMES("working_days", CYAML_FLAG_OPTIONAL, struct config_practitioner, working_days, day_names),
    CYAML_FIELD_END};

static const cyaml_schema_value_t holiday_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_DEFAULT, struct config_holiday, 0, 15)};
static const cyaml_schema_value_t site_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_site, site_fields)};
static const cyaml_schema_value_t practitioner_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_practitioner, practitioner_fields)};

#define LIST(key, member, entry, max)                                                                                  \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct config_file, member, entry, 0, max)

static const cyaml_schema_field_t file_fields[] = {
    TEXT("mode", struct config_file, mode),
    TEXT("data_directory", struct config_file, data_directory),
    TEXT("pathway", struct config_file, pathway),
    GROUP("endpoints", endpoints, endpoint_fields),
    GROUP("ledger", ledger, ledger_fields),
    GROUP("state", state, state_fields),
    GROUP("batch", batch, batch_fields),
    GROUP("checkpoint", checkpoint, checkpoint_fields),
    TEXT("reserve_bytes", struct config_file, reserve_bytes),
    TEXT("lease_minutes", struct config_file, lease_minutes),
    GROUP("jobs", jobs, job_fields),
    TEXT("parked_max", struct config_file, parked_max),
    TEXT("stuck_after_seconds", struct config_file, stuck_after_seconds),
    TEXT("nhs_number", struct config_file, nhs_number),
    LIST("holidays", holidays, &holiday_entry, CALENDAR_HOLIDAYS_MAX),
    LIST("sites", sites, &site_entry, CONFIG_SITES_MAX),
    LIST("practitioners", practitioners, &practitioner_entry, CONFIG_PRACTITIONERS_MAX),
    CYAML_FIELD_END};

const cyaml_schema_value_t config_file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config_file, file_fields)};
const cyaml_config_t config_cyaml = {.mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};
