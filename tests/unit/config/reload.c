/* What a running router takes over from a changed stepcare.yaml: what the file's comments promise, and nothing else. */
#include "config/reload.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64];

static void enter_directory(void)
{
    snprintf(directory, sizeof directory, "/tmp/stepcare-reload-XXXXXX");
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
}

static void leave_directory(void)
{
    unlink("stepcare.yaml");
    cr_assert_eq(chdir("/"), 0);
    rmdir(directory);
}

TestSuite(reload, .init = enter_directory, .fini = leave_directory);

static struct config *config_of(const char *text)
{
    char message[1024];
    struct config *config = NULL;
    FILE *file = fopen("stepcare.yaml", "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    cr_assert_eq(config_open("stepcare.yaml", message, sizeof message, &config), STEPCARE_OK, "%s", message);
    return config;
}

/* Whether the template's comment on a key ("jobs.deadline_ms"), at the end of its line or above it, begins with `*`. */
static bool starred(const char *key)
{
    char *text = strdup(config_template()), *rest = text, parent[64] = "";
    bool above = false, found = false, star = false;
    for (char *line; !found && (line = strsep(&rest, "\n")) != NULL;) {
        char name[64], full[160];
        const bool comment = line[0] == '#';
        if (comment || line[0] == '\0') {
            above = comment && (above || strncmp(line, "# *", 3) == 0);
            continue;
        }
        if (sscanf(line, " %63[a-z_]:", name) != 1) continue;
        const bool inside = line[0] == ' ';
        if (!inside) snprintf(parent, sizeof parent, "%s", name);
        snprintf(full, sizeof full, "%s%s%s", inside ? parent : "", inside ? "." : "", name);
        found = strcmp(full, key) == 0;
        star = above || strstr(line, "# *") != NULL;
        if (!inside && line[strlen(line) - 1] != ':') above = false;
    }
    free(text);
    cr_assert(found, "the template has no %s", key);
    return star;
}

Test(reload, the_star_in_the_template_is_what_a_running_router_takes_over)
{
    struct config_key key;
    unsigned live = 0, count = 0;
    for (; config_key_at(count, &key); count++) {
        cr_expect_eq(starred(key.key), key.live, "%s: the template and its row disagree", key.key);
        live += key.live;
    }
    cr_assert(live > 10 && live < count);
}

Test(reload, what_may_change_is_taken_over_and_what_needs_a_restart_is_named)
{
    char restart[256];
    struct config *config = config_of("parked_max: 10\nstate: {map_bytes: 32MiB}\n"
                                      "sites: [{name: A, tiers: [physio], weekly_first_contacts: 1}]\n");
    struct config *read = config_of("parked_max: 20\nnhs_number: reject\nlease_minutes: 30\npathway: other.yaml\n"
                                    "state: {map_bytes: 64MiB}\nholidays: [2026-12-25]\n"
                                    "sites: [{name: B, tiers: [physio], weekly_first_contacts: 1},\n"
                                    "        {name: C, tiers: [physio], weekly_first_contacts: 1}]\n");
    config_take_over(config, read, restart, sizeof restart);
    cr_assert_eq(config->parked_max, 20);
    cr_assert_eq(config->lease_ms, 30 * 60000);
    cr_assert(config->nhs_number_reject);
    cr_assert_eq(config->calendar.holiday_count, 1);
    cr_assert_eq(config->site_count, 2);
    cr_assert_str_eq(config->sites[1].name, "C");
    cr_assert_eq(config->map_bytes, 32 * 1024 * 1024);
    cr_assert_str_eq(restart, "pathway, state.map_bytes");
    config_close(read);
    config_close(config);
}

Test(reload, an_unchanged_file_needs_no_restart)
{
    char restart[256];
    struct config *config = config_of("parked_max: 10\n"), *read = config_of("parked_max: 10\n");
    config_take_over(config, read, restart, sizeof restart);
    cr_assert_str_eq(restart, "");
    cr_assert_eq(config->parked_max, 10);
    config_close(read);
    config_close(config);
}
