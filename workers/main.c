/* stepcare-worker: its options and configuration, signals, and the loop; logs and exits. */
#include "base/log.h"
#include "config/config.h"
#include "workers/loop.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_SYSTEM = 3, MESSAGE_BYTES_MAX = 8192 };

static const char help[] =
    "usage: stepcare-worker --config FILE [--kind KIND] [--credit N]\n"
    "\n"
    "Takes jobs from the router and answers them: where a referral goes, and what follows from a review. Holds no "
    "state;\n"
    "run as many as you like. Stops cleanly on SIGTERM or Ctrl-C.\n"
    "\n"
    "  --config FILE   stepcare.yaml; else the environment's STEPCARE_CONFIG\n"
    "  --kind KIND     triage, t_cbt (hi_cbt, too), physio, secondary_care, or all (default)\n"
    "  --credit N      jobs in flight here at once, 1 to the file's jobs.credit_max (default)\n"
    "  --help          this text\n"
    "  --version       the version\n"
    "\n"
    "Exit status: 0 stopped when told to, 2 usage, configuration or pathway, 3 sockets or memory failed.\n";

struct arguments {
    const char *config, *kind, *credit;
    bool help, version;
};

static bool arguments_read(int count, char **values, struct arguments *out_arguments)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"kind", required_argument, NULL, 'k'},
        {"credit", required_argument, NULL, 'n'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},      {0}};
    int option;
    while ((option = getopt_long(count, values, "h", options, NULL)) != -1) {
        switch (option) {
        case 'c': out_arguments->config = optarg; break;
        case 'k': out_arguments->kind = optarg; break;
        case 'n': out_arguments->credit = optarg; break;
        case 'h': out_arguments->help = true; break;
        case 'v': out_arguments->version = true; break;
        default: return false;
        }
    }
    if (optind < count) fprintf(stderr, "stepcare-worker: `%s` is not an option\n", values[optind]);
    return optind == count;
}

static bool kinds_read(const char *name, uint32_t *out_kinds)
{
    unsigned kind = name != NULL ? stepcare_code_parse(&stepcare_kinds, name, strlen(name)) : 0;
    if (name != NULL && kind == 0 && strcmp(name, "all") != 0) {
        fprintf(stderr, "stepcare-worker: there is no kind `%s`: it is triage, t_cbt, physio, secondary_care or all\n",
                name);
        return false;
    }
    *out_kinds = kind != 0 ? STEPCARE_BIT(kind) : STEPCARE_BIT(STEPCARE_KIND_COUNT) - 1;
    return true;
}

static bool credit_read(const char *text, uint32_t credit_max, uint32_t *out_credit)
{
    char *end = NULL;
    unsigned long credit = text != NULL ? strtoul(text, &end, 10) : credit_max;
    if (text != NULL && (text[0] < '0' || text[0] > '9' || *end != '\0' || credit < 1 || credit > credit_max)) {
        fprintf(stderr, "stepcare-worker: --credit must be a whole number from 1 to %u (jobs.credit_max)\n",
                credit_max);
        return false;
    }
    *out_credit = (uint32_t)credit;
    return true;
}

/* SIGTERM and SIGINT become readable on a descriptor. Blocked before libzmq starts its threads, which inherit the
 * mask. */
static int signals_open(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static int worker_main(const struct arguments *arguments, const struct config *config)
{
    struct worker_options options = {.config = config, .signal_fd = -1};
    struct pathway *pathway = NULL;
    char message[MESSAGE_BYTES_MAX] = "";
    int status = EXIT_USAGE;
    if (!kinds_read(arguments->kind, &options.kinds)) return EXIT_USAGE;
    if (!credit_read(arguments->credit, config->worker_credit_max, &options.credit)) return EXIT_USAGE;
    if (pathway_open(config->pathway_path, message, sizeof message, &pathway) != STEPCARE_OK) {
        fprintf(stderr, "stepcare-worker: %s\n", message);
        return EXIT_USAGE;
    }
    options.signal_fd = signals_open();
    if (options.signal_fd < 0) {
        fprintf(stderr, "stepcare-worker: signals cannot be caught: %s\n", strerror(errno));
        status = EXIT_SYSTEM;
        goto out;
    }
    log_event(LOG_LEVEL_INFO, "started", "kind=%s credit=%u endpoint=%s",
              arguments->kind != NULL ? arguments->kind : "all", options.credit, config->worker_endpoint);
    status = worker_run(&options, &pathway);
out:
    if (options.signal_fd >= 0) close(options.signal_fd);
    pathway_close(pathway);
    return status;
}

int main(int count, char **values)
{
    struct arguments arguments = {0};
    struct config *config = NULL;
    char message[MESSAGE_BYTES_MAX] = "";
    int status = EXIT_USAGE;
    log_init("worker");
    if (!arguments_read(count, values, &arguments)) {
        fputs("stepcare-worker: `stepcare-worker --help` lists the options\n", stderr);
        return EXIT_USAGE;
    }
    if (arguments.help || arguments.version) {
        fputs(arguments.help ? help : "stepcare-worker " STEPCARE_VERSION "\n", stdout);
        return EXIT_DONE;
    }
    if (config_choose(arguments.config) == NULL) {
        fputs("stepcare-worker: which configuration? Give --config FILE or set STEPCARE_CONFIG; `stepcare init DIR` "
              "makes one\n",
              stderr);
        return EXIT_USAGE;
    }
    if (config_open(config_choose(arguments.config), message, sizeof message, &config) != STEPCARE_OK)
        fprintf(stderr, "stepcare-worker: %s\n", message);
    else
        status = worker_main(&arguments, config);
    config_close(config);
    return status;
}
