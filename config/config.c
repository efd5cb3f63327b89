/* stepcare.yaml read, checked and made into struct config: called by the main file of every program, and on SIGHUP. */
#include "config/config.h"

#include "base/date.h"
#include "base/yaml_check.h"
#include "config/schema.h"
#include "config/settings.h"

#include "proto/record_json.h"

#include <errno.h>
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

enum { CONFIG_FILE_BYTES_MAX = 4 * 1024 * 1024, WORKING_DAYS_MON_TO_FRI = 0x1f };

extern const unsigned char config_template_text[]; /* stepcare.yaml, embedded by the build */

const char *config_template(void)
{
    return (const char *)config_template_text;
}

/* --- from the file's text to struct config ------------------------------------------------------------------------ */

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

/* out_path: relative paths are relative to the file's directory. */
static void path_read(struct yaml_check *check, const char *base, const char *key, const char *text,
                      char out_path[CONFIG_PATH_BYTES_MAX])
{
    int written = text[0] == '/' ? snprintf(out_path, CONFIG_PATH_BYTES_MAX, "%s", text)
                                 : snprintf(out_path, CONFIG_PATH_BYTES_MAX, "%s/%s", base, text);
    if (text[0] == '\0') yaml_check_add(check, key, "must not be empty");
    if (written >= CONFIG_PATH_BYTES_MAX)
        yaml_check_add(check, key, "is too long: with its directory a path holds at most %d bytes",
                       CONFIG_PATH_BYTES_MAX - 1);
}

static void endpoint_read(struct yaml_check *check, const char *base, const char *key, const char *text,
                          char out_endpoint[CONFIG_ENDPOINT_BYTES_MAX])
{
    struct sockaddr_un address;
    char path[CONFIG_PATH_BYTES_MAX];
    const char *name = text + 6;
    if (strncmp(text, "ipc://", 6) != 0 || name[0] == '\0' || name[0] == '@' || name[0] == '*') {
        yaml_check_add(check, key, "must be ipc:// and the path of a socket, as in ipc://run/client.sock");
        return;
    }
    path_read(check, base, key, name, path);
    if (strlen(path) >= sizeof address.sun_path)
        yaml_check_add(check, key,
                       "the socket's path is %zu bytes long and the system takes at most %zu: use a directory with a "
                       "shorter path, or set a short absolute one here, as in ipc:///run/stepcare/client.sock",
                       strlen(path), sizeof address.sun_path - 1);
    else
        snprintf(out_endpoint, CONFIG_ENDPOINT_BYTES_MAX, "ipc://%.*s", (int)sizeof address.sun_path, path);
}

static void endpoints_read(struct yaml_check *check, const char *base, const struct config_file *file,
                           struct config *config)
{
    char *client = config->client_endpoint, *worker = config->worker_endpoint, *notice = config->notice_endpoint;
    endpoint_read(check, base, "endpoints.client", text_or(file->endpoints.client, "ipc://run/client.sock"), client);
    endpoint_read(check, base, "endpoints.worker", text_or(file->endpoints.worker, "ipc://run/worker.sock"), worker);
    endpoint_read(check, base, "endpoints.notices", text_or(file->endpoints.notices, "ipc://run/notices.sock"), notice);
    if (client[0] != '\0' &&
        (strcmp(client, worker) == 0 || strcmp(client, notice) == 0 || strcmp(worker, notice) == 0))
        yaml_check_add(check, "endpoints", "client, worker and notices need a socket each");
}

static void words_read(struct yaml_check *check, const struct config_file *file, struct config *config)
{
    const char *nhs_number = text_or(file->nhs_number, "accept");
    if (strcmp(text_or(file->mode, "local"), "local") != 0)
        yaml_check_add(check, "mode",
                       "`%.40s` is not offered; this version has only local: sockets on this machine, guarded by "
                       "the directory's permissions",
                       file->mode);
    config->nhs_number_reject = strcmp(nhs_number, "reject") == 0;
    if (!config->nhs_number_reject && strcmp(nhs_number, "accept") != 0)
        yaml_check_add(check, "nhs_number", "`%.40s` is not allowed; allowed: accept, reject", nhs_number);
}

static int day_compare(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void holidays_read(struct yaml_check *check, const struct config_file *file, struct calendar *calendar)
{
    char key[40];
    for (unsigned i = 0; i < file->holidays_count; i++) {
        struct stepcare_date date;
        snprintf(key, sizeof key, "holidays[%u]", i);
        if (!date_parse(stepcare_text_of(file->holidays[i].date), &date))
            yaml_check_add(check, key, "`%s` is not a day; write it as 2026-12-25", file->holidays[i].date);
        else if (calendar->holiday_count < CALENDAR_HOLIDAYS_MAX)
            calendar->holidays[calendar->holiday_count++] = date_days(date);
    }
    qsort(calendar->holidays, calendar->holiday_count, sizeof calendar->holidays[0], day_compare);
}

static void services_check(struct yaml_check *check, const char *key, uint32_t tiers, uint32_t services)
{
    if (tiers == 0) yaml_check_add(check, key, "needs at least one tier");
    if (services != 0 && !(tiers & STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE)))
        yaml_check_add(check, key,
                       "names services, which only secondary_care has: add that tier or leave services out");
}

static bool site_known(const struct config_file *file, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(file->sites[i].name, name) == 0) return true;
    return false;
}

static void people_check(struct yaml_check *check, const struct config_file *file)
{
    char key[40];
    for (unsigned i = 0; i < file->sites_count; i++) {
        snprintf(key, sizeof key, "sites[%u]", i);
        services_check(check, key, file->sites[i].tiers, file->sites[i].services);
        if (site_known(file, i, file->sites[i].name)) yaml_check_add(check, key, "has the name of a site above");
    }
    for (unsigned i = 0; i < file->practitioners_count; i++) {
        struct config_practitioner *practitioner = &file->practitioners[i];
        snprintf(key, sizeof key, "practitioners[%u]", i);
        services_check(check, key, practitioner->tiers, practitioner->services);
        if (practitioner->working_days == 0) practitioner->working_days = WORKING_DAYS_MON_TO_FRI;
        for (unsigned j = 0; j < i; j++)
            if (strcmp(file->practitioners[j].name, practitioner->name) == 0)
                yaml_check_add(check, key, "has the name of a practitioner above");
        if (practitioner->site[0] != '\0' && !site_known(file, file->sites_count, practitioner->site))
            yaml_check_add(check, key, "names a site that is not listed under sites");
    }
}

static void config_fill(struct yaml_check *check, const char *base, struct config_file *file, struct config *config)
{
    words_read(check, file, config);
    path_read(check, base, "data_directory", text_or(file->data_directory, "data"), config->data_directory);
    path_read(check, base, "pathway", text_or(file->pathway, "pathway.yaml"), config->pathway_path);
    endpoints_read(check, base, file, config);
    config_settings_read(check, file, config);
    holidays_read(check, file, &config->calendar);
    people_check(check, file);
    if (check->problems > 0) return;
    config->sites = file->sites;
    config->site_count = file->sites_count;
    config->practitioners = file->practitioners;
    config->practitioner_count = file->practitioners_count;
    file->sites = NULL;
    file->practitioners = NULL;
    file->sites_count = file->practitioners_count = 0;
}

/* --- reading the file --------------------------------------------------------------------------------------------- */

/* The whole file, NUL-terminated. Owns: free. */
static enum stepcare_error file_read(const char *path, char *message, size_t message_bytes, char **out_text,
                                     size_t *out_bytes)
{
    FILE *stream = fopen(path, "re");
    char *text = malloc(CONFIG_FILE_BYTES_MAX + 1);
    enum stepcare_error error = text == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
    size_t bytes = 0;
    errno = stream == NULL ? errno : 0;
    if (stream != NULL && text != NULL) bytes = fread(text, 1, CONFIG_FILE_BYTES_MAX + 1, stream);
    if (stream == NULL || ferror(stream)) {
        error = STEPCARE_SYSTEM;
        snprintf(message, message_bytes,
                 "%s: cannot be read: %s; `stepcare init DIR` makes a store with a configuration in it", path,
                 strerror(errno));
    } else if (bytes > CONFIG_FILE_BYTES_MAX) {
        error = STEPCARE_CONFIG;
        snprintf(message, message_bytes, "%s:1: is over %d bytes; is this the right file?", path,
                 CONFIG_FILE_BYTES_MAX);
    }
    if (stream != NULL) fclose(stream);
    if (error != STEPCARE_OK) {
        free(text);
        return error;
    }
    text[bytes] = '\0';
    *out_text = text;
    *out_bytes = bytes;
    return STEPCARE_OK;
}

/* Checks the text as a document and loads it. *out_file stays NULL for an empty file. */
static void file_load(struct yaml_check *check, const char *text, size_t bytes, struct config_file **out_file)
{
    if (yaml_document_get_root_node(check->document) == NULL) return;
    yaml_check_document(check, &config_file_schema);
    if (check->problems > 0) return;
    cyaml_err_t error = cyaml_load_data((const uint8_t *)text, bytes, &config_cyaml, &config_file_schema,
                                        (cyaml_data_t **)out_file, NULL);
    if (error != CYAML_OK) yaml_check_add_at(check, 1, NULL, "cannot be loaded: %s", cyaml_strerror(error));
}

static void text_load(struct yaml_check *check, const char *base, const char *text, size_t bytes, struct config *config)
{
    struct config_file *file = NULL, empty = {0};
    yaml_parser_t parser;
    yaml_document_t document;
    if (!yaml_parser_initialize(&parser)) {
        yaml_check_add_at(check, 1, NULL, "out of memory");
        return;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, bytes);
    if (!yaml_parser_load(&parser, &document)) {
        yaml_check_add_at(check, parser.problem_mark.line + 1, NULL, "is not YAML: %s",
                          parser.problem != NULL ? parser.problem : "unreadable text");
    } else {
        check->document = &document;
        file_load(check, text, bytes, &file);
        if (check->problems == 0) config_fill(check, base, file != NULL ? file : &empty, config);
        check->document = NULL;
        cyaml_free(&config_cyaml, &config_file_schema, file, 0);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
}

enum stepcare_error config_open(const char *path, char *message, size_t message_bytes, struct config **out_config)
{
    struct yaml_check check = {.path = path, .message = message, .message_bytes = message_bytes};
    struct config *config = NULL;
    char *text = NULL, *real = NULL;
    size_t bytes = 0;
    enum stepcare_error error = file_read(path, message, message_bytes, &text, &bytes);
    if (error != STEPCARE_OK) return error;
    real = realpath(path, NULL);
    config = calloc(1, sizeof *config);
    if (real == NULL || config == NULL) {
        error = real == NULL ? STEPCARE_SYSTEM : STEPCARE_NO_MEMORY;
        snprintf(message, message_bytes, "%s: cannot be read: %s", path, strerror(errno));
        goto out;
    }
    snprintf(config->path, sizeof config->path, "%s", real);
    text_load(&check, dirname(real), text, bytes, config);
    if (check.problems > 0) {
        error = STEPCARE_CONFIG;
        goto out;
    }
    *out_config = config;
    config = NULL;
out:
    config_close(config);
    free(real);
    free(text);
    return error;
}

void config_close(struct config *config)
{
    if (config == NULL) return;
    free(config->sites);
    free(config->practitioners);
    free(config);
}

/* --- choices of the caller ---------------------------------------------------------------------------------------- */

static const char *set_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

const char *config_choose(const char *option)
{
    return option != NULL ? option : set_or_null(getenv("STEPCARE_CONFIG"));
}

const char *config_actor(const char *option, char room[CONFIG_ACTOR_BYTES_MAX])
{
    const char *actor = option != NULL ? option : set_or_null(getenv("STEPCARE_AS"));
    const struct passwd *user = actor == NULL ? getpwuid(geteuid()) : NULL;
    if (actor != NULL) return actor;
    if (user != NULL && user->pw_name[0] != '\0')
        snprintf(room, CONFIG_ACTOR_BYTES_MAX, "%s", user->pw_name);
    else
        snprintf(room, CONFIG_ACTOR_BYTES_MAX, "uid-%u", (unsigned)geteuid());
    return room;
}

const struct config_practitioner *config_practitioner_find(const struct config *config, struct stepcare_text name)
{
    for (unsigned i = 0; i < config->practitioner_count; i++)
        if (stepcare_text_equal(stepcare_text_of(config->practitioners[i].name), name))
            return &config->practitioners[i];
    return NULL;
}
