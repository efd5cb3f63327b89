/* `stepcare init`: makes a store's directories and files, and never touches what is there. */
#include "client/command/cmd.h"

#include "client/command/input/arguments.h"
#include "config/config.h"
#include "pathway/pathway.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The longest of the template's socket names, from the store's directory. */
#define SOCKET_LONGEST "/run/notices.sock"

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "stepcare init: %s %s: %s\n", path, what, strerror(errno));
    return false;
}

static bool directory_make(const char *path, mode_t mode)
{
    struct stat status;
    if (mkdir(path, mode) == 0) return true;
    if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return true;
    return complain(path, "cannot be made");
}

static bool directory_empty(const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL) return true;
    unsigned entries = 0;
    while (entries < 3 && readdir(directory) != NULL) entries++;
    closedir(directory);
    return entries < 3; /* "." and ".." */
}

static bool file_write(const char *path, const void *data, size_t bytes)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0) return complain(path, "cannot be made");
    const char *at = data;
    while (bytes > 0) {
        ssize_t written = write(descriptor, at, bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) break;
        at += written;
        bytes -= (size_t)written;
    }
    bool good = bytes == 0 && fsync(descriptor) == 0;
    if (!good) complain(path, "cannot be written");
    close(descriptor);
    return good;
}

/* The system's limit on a socket's path is known now; better said here than by the router later. */
static bool socket_path_check(const char *directory)
{
    size_t bytes = strlen(directory) + strlen(SOCKET_LONGEST), most = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;
    if (bytes <= most) return true;
    fprintf(stderr,
            "stepcare init: the path %s is too long: its sockets would need %zu bytes, and the system allows %zu. "
            "Choose a directory whose whole path has at most %zu bytes.\n",
            directory, bytes, most, most - strlen(SOCKET_LONGEST));
    return false;
}

static bool path_join(char out_path[PATH_MAX], const char *directory, const char *name)
{
    if (snprintf(out_path, PATH_MAX, "%s/%s", directory, name) < PATH_MAX) return true;
    errno = ENAMETOOLONG;
    return complain(directory, "cannot be used");
}

static bool store_absent(const char *directory)
{
    static const char *const parts[] = {"stepcare.yaml", "pathway.yaml", "data"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!path_join(path, directory, parts[i])) return false;
        bool there = access(path, F_OK) == 0 && !(i == 2 && directory_empty(path));
        if (!there) continue;
        fprintf(stderr, "stepcare init: there is a store in %s already (%s): nothing was changed.\n", directory, path);
        return false;
    }
    return true;
}

static bool store_make(const char *directory)
{
    size_t pathway_bytes;
    const char *pathway_text = pathway_default_text(&pathway_bytes);
    char data[PATH_MAX], run[PATH_MAX], pathway[PATH_MAX], settings[PATH_MAX];
    return path_join(data, directory, "data") && path_join(run, directory, "run") &&
           path_join(pathway, directory, "pathway.yaml") && path_join(settings, directory, "stepcare.yaml") &&
           directory_make(data, 0700) && directory_make(run, 0700) &&
           file_write(pathway, pathway_text, pathway_bytes) &&
           file_write(settings, config_template(), strlen(config_template()));
}

int cmd_init(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record nothing;
    char directory[PATH_MAX];
    int code;
    stepcare_record_init(&nothing);
    if (!arguments_parse(self, argc, argv, NULL, &arguments, &nothing, &code)) return code;
    if (!arguments_count_check(&arguments, 1, 1)) return EXIT_USAGE;
    const char *given = arguments.positional[0];
    bool made = access(given, F_OK) != 0;
    if (!directory_make(given, 0755)) return EXIT_USAGE;
    if (realpath(given, directory) == NULL) {
        complain(given, "cannot be found");
        return EXIT_USAGE;
    }
    if (!socket_path_check(directory) || !store_absent(directory) || !store_make(directory)) {
        if (made) rmdir(directory); /* only if it stayed empty */
        return EXIT_USAGE;
    }
    printf("A store is ready in %s.\nNext:\n  stepcare-router --config %s/stepcare.yaml &\n  stepcare-worker --config "
           "%s/stepcare.yaml &\n"
           "  export STEPCARE_CONFIG=%s/stepcare.yaml\n  stepcare refer FILE\n",
           directory, directory, directory, directory);
    return EXIT_DONE;
}
