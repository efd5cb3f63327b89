/* stepcare-router: options, start-up in order, clear words when something is in the way, and an orderly end. */
#include "base/clock.h"
#include "base/log.h"
#include "router/loop.h"
#include "router/store/verify.h"

#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const char usage[] =
    "stepcare-router - keeps referrals, worklists and hand-overs of one store\n"
    "\n"
    "  stepcare-router --config FILE             serve until SIGTERM (prints `ready` when it accepts work)\n"
    "  stepcare-router --config FILE --check     check the configuration and the pathway, then exit\n"
    "  stepcare-router --config FILE --verify    compare the state with the ledger (also beside a running router)\n"
    "  stepcare-router --config FILE --backup DIR    copy ledger, configuration and pathway into DIR\n"
    "  stepcare-router --config FILE --restore DIR   lay the ledger of a backup down in this store\n"
    "  stepcare-router --version | --help\n"
    "\n"
    "Without --config the file named by STEPCARE_CONFIG is used. Make a store with `stepcare init DIR`.\n"
    "SIGTERM ends it in order, SIGHUP reads again what may change while it runs.\n";

struct options {
    const char *config, *backup, *restore;
    bool check, verify;
};

/* Returns -1 to go on, else the exit code. */
static int options_read(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'},  {"check", no_argument, NULL, 'k'},
        {"verify", no_argument, NULL, 'v'},        {"backup", required_argument, NULL, 'b'},
        {"restore", required_argument, NULL, 'r'}, {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},          {0}};
    int option;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        switch (option) {
        case 'c': options->config = optarg; break;
        case 'k': options->check = true; break;
        case 'v': options->verify = true; break;
        case 'b': options->backup = optarg; break;
        case 'r': options->restore = optarg; break;
        case 'V': printf("stepcare-router %s\n", STEPCARE_VERSION); return EXIT_DONE;
        case 'h': fputs(usage, stdout); return EXIT_DONE;
        default: fputs(usage, stderr); return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "stepcare-router: %s is not an option\n\n%s", argv[optind], usage);
        return EXIT_USAGE;
    }
    return -1;
}

static int configuration_open(struct router *router, const char *option)
{
    char message[4096];
    const char *path = config_choose(option);
    if (path == NULL) {
        fputs("stepcare-router: no configuration: give --config FILE or set STEPCARE_CONFIG\n", stderr);
        return EXIT_USAGE;
    }
    if (config_open(path, message, sizeof message, &router->config) != STEPCARE_OK ||
        pathway_open(router->config->pathway_path, message, sizeof message, &router->pathways.current) != STEPCARE_OK) {
        fprintf(stderr, "%s\n", message);
        return EXIT_USAGE;
    }
    return -1;
}

static int signals_open(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    /* Before ZeroMQ's and the ledger's threads start, so that none of them is woken instead. */
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is a full disk, not a death */
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static enum stepcare_error parts_open(struct router *router)
{
    enum stepcare_error error = store_open(&router->store, router->config, clock_steady_ms());
    if (error != STEPCARE_OK) {
        log_event(LOG_LEVEL_ERROR, "store_not_opened", "error=%s problem=\"%s\"", stepcare_error_name(error),
                  router->store.error);
        return error;
    }
    error = sockets_open(&router->sockets, router->config);
    if (error == STEPCARE_OK) error = router_parts_init(router);
    if (error == STEPCARE_OK) error = listing_open(&router->store.state, router->config, &router->reading.listing);
    if (error != STEPCARE_OK)
        log_event(LOG_LEVEL_ERROR, "not_started", "error=%s problem=\"%s\"", stepcare_error_name(error),
                  stepcare_error_text(error));
    return error;
}

static void parts_close(struct router *router)
{
    listing_close(router->reading.listing); /* before the store: it may have a snapshot of it */
    store_close(&router->store, !router->outward.failed);
    router_parts_close(router);
    sockets_close(&router->sockets);
    pathways_close(&router->pathways);
    config_close(router->config);
}

static int serve(struct router *router)
{
    const int signals = signals_open();
    int code = EXIT_FAILED;
    if (signals < 0) {
        log_event(LOG_LEVEL_ERROR, "not_started", "problem=\"no signal descriptor\"");
        return code;
    }
    if (parts_open(router) == STEPCARE_OK) {
        const struct config *config = router->config;
        log_event(LOG_LEVEL_INFO, "ready", "clients=%s workers=%s notices=%s pathway=%s epoch=%lu next_sequence=%lu",
                  config->client_endpoint, config->worker_endpoint, config->notice_endpoint,
                  pathway_version(router->pathways.current), (unsigned long)ledger_epoch(router->store.ledger),
                  (unsigned long)ledger_next_sequence(router->store.ledger));
        printf("ready %s %s\n", config->client_endpoint, config->worker_endpoint);
        fflush(stdout);
        code = loop_run(router, signals);
    }
    parts_close(router);
    if (code == EXIT_DONE) log_event(LOG_LEVEL_INFO, "stopped", "%s", "code=0");
    close(signals);
    return code;
}

/* What the options ask for; all but serving needs the configuration and the pathway alone. */
static int run(struct router *router, const struct options *options)
{
    if (!options->check && !options->verify && options->backup == NULL && options->restore == NULL)
        return serve(router);
    int code = EXIT_DONE;
    if (options->check)
        printf("the configuration and the pathway %s are valid\n", pathway_version(router->pathways.current));
    else if (options->verify)
        code = verify_run(router->config);
    else if (options->backup != NULL)
        code = backup_run(router->config, options->backup);
    else
        code = restore_run(router->config, options->restore);
    pathways_close(&router->pathways);
    config_close(router->config);
    return code;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    log_init("router");
    int code = options_read(argc, argv, &options);
    if (code >= 0) return code;
    if (sodium_init() < 0) return EXIT_FAILED;
    umask(0077);
    struct router *router = calloc(1, sizeof *router); /* some of its parts are too large for the stack */
    if (router == NULL) {
        log_event(LOG_LEVEL_ERROR, "not_started", "problem=\"%s\"", stepcare_error_text(STEPCARE_NO_MEMORY));
        return EXIT_FAILED;
    }
    code = configuration_open(router, options.config);
    if (code < 0)
        code = run(router, &options);
    else
        config_close(router->config); /* the pathway was at fault */
    free(router);
    return code;
}
