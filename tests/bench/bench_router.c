/* bench_router: what the router does a second, beside what disk and transport allow. See README.md in this
 * directory. */
#include "tests/bench/support/scenario.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { EXIT_USAGE = 2 };

static const struct {
    const char *name, *means;
    void (*run)(struct bench *bench);
} SCENARIOS[] = {
    {"floors", "raw append + fdatasync, raw ZeroMQ round trip", scenario_floors},
    {"one", "one submission in flight: latency against the floors", scenario_one_in_flight},
    {"many", "batches of submissions, many in flight", scenario_throughput},
    {"clients", "32 clients with one submission in flight each", scenario_clients},
    {"triaged", "batches of submissions, answered when a worker has triaged them", scenario_triaged},
    {"lifecycles", "submitted, triaged, claimed, accepted, discharged", scenario_lifecycle},
    {"start", "start-up and memory with a million referrals waiting", scenario_start},
};
enum { SCENARIO_COUNT = sizeof(SCENARIOS) / sizeof(SCENARIOS[0]) };

static void usage_print(FILE *out)
{
    fputs("Usage: bench_router [options] [SCENARIO ...]\n"
          "Measures this build's router and worker in stores of its own. Without names, all scenarios run:\n\n",
          out);
    for (unsigned i = 0; i < SCENARIO_COUNT; i++) fprintf(out, "  %-12s %s\n", SCENARIOS[i].name, SCENARIOS[i].means);
    fputs("\n  --scale FACTOR     0.01 to 10 times the usual numbers of referrals (default 1)\n"
          "  --directory DIR    where to make the stores: the disk that is measured (default /var/tmp)\n"
          "  --programs DIR     where stepcare-router and stepcare-worker are (default: beside this program)\n"
          "  --pathway FILE     clinical rules (default: config/pathway.yaml of the source)\n"
          "  --additions FILE   lines added to the stores' stepcare.yaml\n"
          "  --keep             leave the stores there\n"
          "  --json             one object a figure\n",
          out);
}

static void programs_find(char *out_directory)
{
    ssize_t bytes = readlink("/proc/self/exe", out_directory, BENCH_PATH_BYTES_MAX - 1);
    if (bytes < 0) bench_fail("the program's own directory cannot be found: %s", strerror(errno));
    out_directory[bytes] = 0;
    *strrchr(out_directory, '/') = 0;
}

struct choice {
    struct bench_settings settings;
    bool json;
    bool chosen[SCENARIO_COUNT];
};

static bool text_take(char *out_text, const char *text)
{
    return snprintf(out_text, BENCH_PATH_BYTES_MAX, "%s", text) < BENCH_PATH_BYTES_MAX;
}

static bool scenario_choose(struct choice *choice, const char *name)
{
    for (unsigned i = 0; i < SCENARIO_COUNT; i++)
        if (strcmp(SCENARIOS[i].name, name) == 0) return choice->chosen[i] = true;
    fprintf(stderr, "bench_router: there is no scenario \"%s\".\n\n", name);
    return false;
}

static bool options_read(int count, char **arguments, struct choice *choice)
{
    enum { SCALE = 256, DIRECTORY, PROGRAMS, PATHWAY, ADDITIONS, KEEP, JSON, HELP };
    static const struct option OPTIONS[] = {{"scale", required_argument, NULL, SCALE},
                                            {"directory", required_argument, NULL, DIRECTORY},
                                            {"programs", required_argument, NULL, PROGRAMS},
                                            {"pathway", required_argument, NULL, PATHWAY},
                                            {"additions", required_argument, NULL, ADDITIONS},
                                            {"keep", no_argument, NULL, KEEP},
                                            {"json", no_argument, NULL, JSON},
                                            {"help", no_argument, NULL, HELP},
                                            {NULL, 0, NULL, 0}};
    struct bench_settings *settings = &choice->settings;
    for (int option; (option = getopt_long(count, arguments, "", OPTIONS, NULL)) != -1;) {
        bool ok = true;
        switch (option) {
        case SCALE:
            settings->scale = strtod(optarg, NULL);
            ok = settings->scale >= 0.01 && settings->scale <= 10;
            break;
        case DIRECTORY: ok = text_take(settings->directory, optarg); break;
        case PROGRAMS: ok = text_take(settings->programs, optarg); break;
        case PATHWAY: ok = text_take(settings->pathway, optarg); break;
        case ADDITIONS: ok = text_take(settings->additions, optarg); break;
        case KEEP: settings->keep = true; break;
        case JSON: choice->json = true; break;
        case HELP: usage_print(stdout); exit(0);
        default: return false;
        }
        if (!ok) return false;
    }
    for (int i = optind; i < count; i++)
        if (!scenario_choose(choice, arguments[i])) return false;
    if (optind == count) memset(choice->chosen, 1, sizeof choice->chosen);
    return true;
}

int main(int count, char **arguments)
{
    static struct report report;
    struct choice choice = {
        .settings = {.scale = 1, .directory = "/var/tmp", .pathway = STEPCARE_SOURCE "/config/pathway.yaml"}};
    char message[512];
    struct pathway *pathway = NULL;
    programs_find(choice.settings.programs);
    if (!options_read(count, arguments, &choice)) {
        usage_print(stderr);
        return EXIT_USAGE;
    }
    if (pathway_open(choice.settings.pathway, message, sizeof message, &pathway) != STEPCARE_OK)
        bench_fail("%s", message);
    struct bench bench = {
        .settings = &choice.settings, .pathway = pathway, .zmq_context = zmq_ctx_new(), .report = &report};
    for (unsigned i = 0; i < SCENARIO_COUNT; i++) {
        if (!choice.chosen[i]) continue;
        fprintf(stderr, "%s: %s ...\n", SCENARIOS[i].name, SCENARIOS[i].means);
        SCENARIOS[i].run(&bench);
    }
    report_print(&report, stdout, choice.json);
    zmq_ctx_term(bench.zmq_context);
    pathway_close(pathway);
    return 0;
}
