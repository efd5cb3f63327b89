/* Directories that tests make, fill and take away again, on a small disk of their own if need be. */
#include "tests/support/temp_directory.h"

#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

struct temp_directory temp_directory_make(void)
{
    struct temp_directory directory = {.mounted = false};
    const char *base = getenv("TMPDIR");
    if (base == NULL || strlen(base) > 40) /* a socket path has 107 bytes in all */
        base = "/tmp";
    snprintf(directory.path, sizeof directory.path, "%s/stepcare-XXXXXX", base);
    if (mkdtemp(directory.path) == NULL) {
        perror("mkdtemp");
        abort();
    }
    return directory;
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *level)
{
    (void)status, (void)type, (void)level;
    return remove(path);
}

void temp_directory_remove(struct temp_directory *directory)
{
    if (directory->mounted) umount2(directory->path, MNT_DETACH);
    nftw(directory->path, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
    directory->path[0] = '\0';
}

static bool file_put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool put = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) close(fd);
    return put;
}

/* Root in a user namespace of our own may mount a tmpfs in a mount namespace of our own. */
static bool namespace_enter(void)
{
    char map[64];
    unsigned uid = geteuid(), gid = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    snprintf(map, sizeof map, "0 %u 1", uid);
    bool mapped = file_put("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    return file_put("/proc/self/setgroups", "deny") && file_put("/proc/self/gid_map", map) && mapped;
}

bool temp_directory_make_small(size_t bytes, struct temp_directory *out_directory)
{
    struct temp_directory directory = temp_directory_make();
    char options[64];
    snprintf(options, sizeof options, "size=%zu,mode=0700", bytes);
    directory.mounted = mount("tmpfs", directory.path, "tmpfs", 0, options) == 0 ||
                        (namespace_enter() && mount("tmpfs", directory.path, "tmpfs", 0, options) == 0);
    if (!directory.mounted) {
        temp_directory_remove(&directory);
        return false;
    }
    *out_directory = directory;
    return true;
}

const char *temp_path(const struct temp_directory *directory, const char *name)
{
    static char paths[4][TEMP_PATH_BYTES * 2];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", directory->path, name);
    return path;
}
