/* verify, backup, restore: the router's program does them, as it alone knows the files. */
#include "client/session.h"

#include <errno.h>
#include <unistd.h>

/* The router beside this program's own file, whatever link it was started through. */
static bool router_find(char out_path[CONFIG_PATH_BYTES_MAX])
{
    static const char name[] = "stepcare-router";
    ssize_t bytes = readlink("/proc/self/exe", out_path, CONFIG_PATH_BYTES_MAX - sizeof name - 1);
    if (bytes <= 0) return false;
    out_path[bytes] = '\0';
    char *slash = strrchr(out_path, '/');
    if (slash == NULL) return false;
    memcpy(slash + 1, name, sizeof name);
    return access(out_path, X_OK) == 0;
}

int cmd_store(int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record nothing;
    char program[CONFIG_PATH_BYTES_MAX], mode[16];
    int code;
    stepcare_record_init(&nothing);
    if (!arguments_parse(argc, argv, NULL, &arguments, &nothing, &code)) return code;
    bool verify = strcmp(argv[0], "verify") == 0;
    if (!arguments_count_check(&arguments, verify ? 0 : 1, verify ? 0 : 1)) return EXIT_USAGE;
    const char *config = configuration_choose(&arguments);
    if (config == NULL) return EXIT_USAGE;
    if (!router_find(program)) {
        fprintf(stderr, "stepcare %s: the program stepcare-router, which does this, is not beside this one\n", argv[0]);
        return EXIT_USAGE;
    }
    snprintf(mode, sizeof mode, "--%s", argv[0]);
    const char *next[8];
    unsigned count = 0;
    next[count++] = program;
    next[count++] = mode;
    if (!verify) next[count++] = arguments.positional[0];
    next[count++] = "--config";
    next[count++] = config;
    if (arguments.json) next[count++] = "--json";
    next[count] = NULL;
    fflush(stdout);
    execv(program, (char *const *)next);
    fprintf(stderr, "stepcare %s: %s cannot be started: %s\n", argv[0], program, strerror(errno));
    return EXIT_USAGE;
}
