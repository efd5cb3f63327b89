/* stepcare.yaml: defaults, the template, and each mistake named with its line. */
#include "config/config.h"
#include "config/settings.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[64];

static void enter_directory(void)
{
    snprintf(directory, sizeof directory, "/tmp/stepcare-config-XXXXXX");
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
}

static void leave_directory(void)
{
    unlink("stepcare.yaml");
    rmdir(directory);
}

TestSuite(config, .init = enter_directory, .fini = leave_directory);

static enum stepcare_error open_text(const char *text, char message[4096], struct config **out_config)
{
    FILE *stream = fopen("stepcare.yaml", "w");
    cr_assert_not_null(stream);
    fputs(text, stream);
    fclose(stream);
    message[0] = '\0';
    return config_open("stepcare.yaml", message, 4096, out_config);
}

static struct config *accepted(const char *text)
{
    char message[4096];
    struct config *config = NULL;
    cr_assert_eq(open_text(text, message, &config), STEPCARE_OK, "%s", message);
    return config;
}

static void refused(const char *text, const char *start, const char *allowed)
{
    char message[4096];
    struct config *config = NULL;
    cr_expect_eq(open_text(text, message, &config), STEPCARE_CONFIG, "accepted: %s", text);
    cr_expect_null(config);
    cr_expect(strncmp(message, start, strlen(start)) == 0, "%s does not start with %s", message, start);
    cr_expect_not_null(strstr(message, allowed), "%s does not say %s", message, allowed);
}

Test(config, empty_file_gives_every_default)
{
    struct config *config = accepted("");
    char expected[4200];
    snprintf(expected, sizeof expected, "%s/data", directory);
    cr_expect_str_eq(config->data_directory, expected);
    snprintf(expected, sizeof expected, "ipc://%s/run/client.sock", directory);
    cr_expect_str_eq(config->client_endpoint, expected);
    cr_expect_eq(config->segment_bytes, 32U << 20);
    cr_expect_eq(config->map_bytes, UINT64_C(64) << 30);
    cr_expect_eq(config->lease_ms, 15U * 60 * 1000);
    cr_expect_eq(config->stuck_after_ms, 60000);
    cr_expect_not(config->nhs_number_reject);
    cr_expect_eq(config->calendar.holiday_count, 0);
    config_close(config);
}

/* The template shows every default, so that reading it and reading nothing give the same, the holidays aside. */
Test(config, template_shows_the_defaults)
{
    struct config *nothing = accepted(""), *template = accepted(config_template());
    cr_expect_eq(template->calendar.holiday_count, 24);
    memset(&template->calendar, 0, sizeof template->calendar);
    memset(&nothing->calendar, 0, sizeof nothing->calendar);
    free(template->sites);
    free(template->practitioners);
    template->sites = NULL;
    template->practitioners = NULL;
    cr_expect_eq(memcmp(template, nothing, sizeof *nothing), 0, "the template gives a value that is not the default");
    config_close(template);
    config_close(nothing);
}

/* What the template says beside a setting: the comment on its line, or else those before it. */
static void template_comment(const char *key, char out_text[2048])
{
    const char *last = strrchr(key, '.'), *text = config_template();
    char start[128];
    snprintf(start, sizeof start, "\n%s%s:", last != NULL ? "  " : "", last != NULL ? last + 1 : key);
    if (last != NULL) { /* within its group */
        char group[64];
        snprintf(group, sizeof group, "\n%.*s:", (int)(last - key), key);
        text = strstr(text, group);
        cr_assert_not_null(text, "%s", group);
    }
    const char *line = strstr(text, start);
    cr_assert_not_null(line, "the template has no %s", key);
    const char *end = strchr(line + 1, '\n'), *comment = memchr(line, '#', (size_t)(end - line));
    if (comment == NULL) {
        end = line;
        for (comment = line; comment[-1] != '\n' || comment[-2] != '\n'; comment--) {
        }
    }
    snprintf(out_text, 2048, "%.*s", (int)(end - comment), comment);
}

Test(config, template_says_of_every_number_its_range)
{
    struct config_key setting;
    for (unsigned i = 0; config_setting_key_at(i, &setting); i++) {
        char comment[2048], range[CONFIG_RANGE_BYTES];
        template_comment(setting.key, comment);
        config_setting_range(i, range);
        cr_expect_not_null(strstr(comment, range), "%s: not %s in: %s", setting.key, range, comment);
    }
}

Test(config, values_reach_the_program)
{
    struct config *config =
        accepted("nhs_number: reject\nledger:\n  segment_bytes: 8 MiB\nbatch: {count_max: 7, bytes_max: 524288}\n"
                 "lease_minutes: 2\ndata_directory: /srv/d\nendpoints: {client: ipc:///run/c}\n"
                 "holidays: [2026-12-25, 2026-01-01]\n"
                 "sites:\n  - {name: A, tiers: [physio, hi_cbt], weekly_first_contacts: 12}\n"
                 "practitioners:\n  - name: kim\n    site: A\n    tiers: [secondary_care]\n    services: [pain]\n"
                 "    channels: [video]\n    interpreter: true\n    working_days: [mon, sun]\n");
    const struct config_practitioner *kim = config_practitioner_find(config, stepcare_text_of("kim"));
    cr_expect(config->nhs_number_reject);
    cr_expect_eq(config->segment_bytes, 8U << 20);
    cr_expect_eq(config->batch_count_max, 7);
    cr_expect_eq(config->batch_bytes_max, 524288);
    cr_expect_eq(config->lease_ms, 120000);
    cr_expect_str_eq(config->data_directory, "/srv/d");
    cr_expect_str_eq(config->client_endpoint, "ipc:///run/c");
    cr_expect_eq(config->calendar.holiday_count, 2);
    cr_expect_lt(config->calendar.holidays[0], config->calendar.holidays[1]);
    cr_expect_eq(config->sites[0].tiers, STEPCARE_BIT(STEPCARE_TIER_PHYSIO) | STEPCARE_BIT(STEPCARE_TIER_HI_CBT));
    cr_assert_not_null(kim);
    cr_expect_eq(kim->services, STEPCARE_BIT(STEPCARE_SERVICE_PAIN));
    cr_expect_eq(kim->channels, STEPCARE_BIT(STEPCARE_CHANNEL_VIDEO));
    cr_expect(kim->interpreter);
    cr_expect_not(kim->chronic_pain_trained);
    cr_expect_eq(kim->working_days, 0x41);
    cr_expect_null(config_practitioner_find(config, stepcare_text_of("ki")));
    config_close(config);
}

Test(config, every_mistake_names_file_line_key_and_what_is_allowed)
{
    refused("\nmod: local\n", "stepcare.yaml:2: mod: ", "allowed here: mode, data_directory");
    refused("mode: curve\n", "stepcare.yaml:1: mode: ", "only local");
    refused("batch:\n  count: 5\n", "stepcare.yaml:2: batch.count: ", "allowed here: count_max, bytes_max");
    refused("batch: 5\n", "stepcare.yaml:1: batch: ", "must be a group");
    refused("batch:\n  count_max: 0\n", "stepcare.yaml:2: batch.count_max: ", "from 1 to 65536");
    refused("batch:\n  count_max: 5MiB\n", "stepcare.yaml:2: batch.count_max: ", "whole number");
    refused("batch:\n  count_max: -1\n", "stepcare.yaml:2: batch.count_max: ", "whole number");
    refused("state:\n  map_bytes: 64 gigs\n", "stepcare.yaml:2: state.map_bytes: ", "from 16MiB to 1TiB");
    refused("ledger: {segment_bytes: 4MiB}\n", "stepcare.yaml:1: ledger.segment_bytes: ", "from 8MiB to 1GiB");
    refused("lease_minutes: 1.5\n", "stepcare.yaml:1: lease_minutes: ", "from 1 to 1440");
    refused("lease_minutes: [1]\n", "stepcare.yaml:1: lease_minutes: ", "single value");
    refused("lease_minutes: 5\n\nlease_minutes: 6\n", "stepcare.yaml:3: lease_minutes: ", "line 1");
    refused("nhs_number: maybe\n", "stepcare.yaml:1: nhs_number: ", "accept, reject");
    refused("endpoints:\n  worker: tcp://*:5555\n", "stepcare.yaml:2: endpoints.worker: ", "must be ipc://");
    refused("endpoints:\n  worker: ipc://run/client.sock\n", "stepcare.yaml:1: endpoints: ", "a socket each");
    refused("holidays:\n  - 2026-12-25\n  - 2026-02-30\n", "stepcare.yaml:3: holidays[1]: ", "2026-12-25");
    refused("sites:\n  - name: A\n    tiers: [fysio]\n    weekly_first_contacts: 1\n",
            "stepcare.yaml:3: sites[0].tiers: ", "t_cbt, physio");
    refused("sites:\n  - name: A\n    tiers: [physio]\n",
            "stepcare.yaml:2: sites[0]: ", "lacks `weekly_first_contacts`");
    refused("sites:\n  - {name: A, tiers: [physio], weekly_first_contacts: 70000}\n",
            "stepcare.yaml:2: sites[0].weekly_first_contacts: ", "from 0 to 65535");
    refused("practitioners:\n  - {name: a, tiers: [physio], interpreter: perhaps}\n",
            "stepcare.yaml:2: practitioners[0].interpreter: ", "true or false");
    refused("practitioners:\n  - {name: a, tiers: [physio], site: B}\n",
            "stepcare.yaml:2: practitioners[0]: ", "not listed under sites");
    refused("practitioners:\n  - {name: a, tiers: [physio], services: [pain]}\n",
            "stepcare.yaml:2: practitioners[0]: ", "only secondary_care has");
    refused("practitioners:\n  - {name: a, tiers: [physio]}\n  - {name: a, tiers: [t_cbt]}\n",
            "stepcare.yaml:3: practitioners[1]: ", "practitioner above");
    refused("mode: 'local\n", "stepcare.yaml:2: ", "is not YAML");
}

Test(config, all_mistakes_are_told_at_once)
{
    char message[4096];
    struct config *config = NULL;
    cr_expect_eq(open_text("mod: local\nbatch: {counts: 1}\nholidays: 5\n", message, &config), STEPCARE_CONFIG);
    cr_expect_not_null(strstr(message, "stepcare.yaml:1: mod: "));
    cr_expect_not_null(strstr(message, "\nstepcare.yaml:2: batch.counts: "));
    cr_expect_not_null(strstr(message, "\nstepcare.yaml:3: holidays: "));
}

Test(config, message_that_does_not_fit_is_cut)
{
    char message[4096], small[40];
    struct config *config = NULL;
    open_text("mod: local\nbatch: {counts: 1}\n", message, &config);
    memset(small, 'x', sizeof small);
    cr_expect_eq(config_open("stepcare.yaml", small, 30, &config), STEPCARE_CONFIG);
    cr_expect_eq(strlen(small), 29);
    cr_expect_eq(small[30], 'x');
    cr_expect_eq(config_open("stepcare.yaml", NULL, 0, &config), STEPCARE_CONFIG);
}

Test(config, socket_path_over_107_bytes_is_refused_saying_so)
{
    char text[300], name[120];
    int room = 107 - (int)strlen(directory) - 1;
    struct config *config;
    memset(name, 'a', sizeof name);
    snprintf(text, sizeof text, "endpoints:\n  client: ipc://%.*s\n", room, name);
    config = accepted(text);
    cr_expect_eq(strlen(config->client_endpoint), 6 + 107);
    config_close(config);
    snprintf(text, sizeof text, "endpoints:\n  client: ipc://%.*s\n", room + 1, name);
    refused(text, "stepcare.yaml:2: endpoints.client: ", "108 bytes long and the system takes at most 107");
}

Test(config, missing_file_says_how_to_make_one)
{
    char message[4096];
    struct config *config = NULL;
    cr_expect_eq(config_open("absent.yaml", message, sizeof message, &config), STEPCARE_SYSTEM);
    cr_expect_not_null(strstr(message, "absent.yaml: "));
    cr_expect_not_null(strstr(message, "stepcare init"));
}

Test(config, choice_and_actor_fall_back_to_the_environment)
{
    char room[CONFIG_ACTOR_BYTES_MAX];
    unsetenv("STEPCARE_CONFIG");
    unsetenv("STEPCARE_AS");
    cr_expect_null(config_choose(NULL));
    cr_expect_neq(config_actor(NULL, room)[0], '\0');
    setenv("STEPCARE_CONFIG", "/a", 1);
    setenv("STEPCARE_AS", "kim", 1);
    cr_expect_str_eq(config_choose(NULL), "/a");
    cr_expect_str_eq(config_choose("/b"), "/b");
    cr_expect_str_eq(config_actor(NULL, room), "kim");
    cr_expect_str_eq(config_actor("lee", room), "lee");
}

Test(config, numbers_parse_with_and_without_units)
{
    uint64_t value = 7;
    cr_expect(config_number_parse("4096", true, &value) && value == 4096);
    cr_expect(config_number_parse("32MiB", true, &value) && value == 32U << 20);
    cr_expect(config_number_parse("64 GiB", true, &value) && value == UINT64_C(64) << 30);
    value = 7;
    cr_expect_not(config_number_parse("", true, &value));
    cr_expect_not(config_number_parse("MiB", true, &value));
    cr_expect_not(config_number_parse("1 ", true, &value));
    cr_expect_not(config_number_parse("1MB", true, &value));
    cr_expect_not(config_number_parse("1KiB", false, &value));
    cr_expect_not(config_number_parse("99999999999999999TiB", true, &value));
    cr_expect_eq(value, 7);
}
