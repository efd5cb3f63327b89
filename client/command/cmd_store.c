/* verify, backup, restore: the router's program does them, as it alone knows the files. */
#include "client/command/cmd.h"

#include "base/json_writer.h"
#include "client/command/session/session.h"

#include <errno.h>
#include <sys/wait.h>
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

static void json_print(const char *command, int code)
{
    struct buffer buffer = {0};
    struct json_writer writer = {.buffer = &buffer};
    json_object_begin(&writer);
    json_name(&writer, "command");
    json_text(&writer, stepcare_text_of(command));
    json_name(&writer, "done");
    json_bool(&writer, code == EXIT_DONE);
    json_name(&writer, "exit_code");
    json_int(&writer, code);
    json_object_end(&writer);
    line_write(&buffer);
    buffer_close(&buffer);
}

/* For programs: what the router says goes to standard error, and one object says how it ended. */
static int run_for_programs(const char *program, const char *const *vector, const char *command)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execv(program, (char *const *)vector);
        _exit(EXIT_USAGE);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) return EXIT_USAGE;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_REFUSED;
    json_print(command, code);
    return code;
}

int cmd_store(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record nothing;
    char program[CONFIG_PATH_BYTES_MAX], mode[16];
    int code;
    stepcare_record_init(&nothing);
    if (!arguments_parse(self, argc, argv, NULL, &arguments, &nothing, &code)) return code;
    bool verify = strcmp(self->name, "verify") == 0;
    if (!arguments_count_check(&arguments, verify ? 0 : 1, verify ? 0 : 1)) return EXIT_USAGE;
    const char *config = configuration_choose(&arguments);
    if (config == NULL) return EXIT_USAGE;
    if (!router_find(program)) {
        fprintf(stderr, "stepcare %s: the program stepcare-router, which does this, is not beside this one\n",
                self->name);
        return EXIT_USAGE;
    }
    snprintf(mode, sizeof mode, "--%s", self->name);
    const char *next[8];
    unsigned count = 0;
    next[count++] = program;
    next[count++] = mode;
    if (!verify) next[count++] = arguments.positional[0];
    next[count++] = "--config";
    next[count++] = config;
    next[count] = NULL;
    if (arguments.json) return run_for_programs(program, next, self->name);
    execv(program, (char *const *)next);
    fprintf(stderr, "stepcare %s: %s cannot be started: %s\n", self->name, program, strerror(errno));
    return EXIT_USAGE;
}
