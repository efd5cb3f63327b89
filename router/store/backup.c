/* Copies of a store: ledger, configuration, pathway; `stepcare backup` and `restore` run it in a process of their
 * own. See verify.h. */
#include "router/store/verify.h"

#include "router/store/lock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 1024 * 1024, NAMES_MAX = 100000, EXIT_WRONG = 1, EXIT_UNUSABLE = 2 };

static bool copy_bytes(int from, int to, char *buffer)
{
    ssize_t got;
    while ((got = read(from, buffer, COPY_BYTES)) > 0)
        for (ssize_t done = 0, put; done < got; done += put)
            if ((put = write(to, buffer + done, (size_t)(got - done))) < 0) return false;
    return got == 0 && fsync(to) == 0;
}

static bool copy_file(const char *from, const char *to)
{
    const int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char *buffer = malloc(COPY_BYTES);
    const bool copied = buffer != NULL && in >= 0 && out >= 0 && copy_bytes(in, out, buffer);
    if (!copied) printf("cannot copy %s to %s: %s\n", from, to, strerror(errno));
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    free(buffer);
    return copied;
}

static int segment_select(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end != NULL && strcmp(end, ".seg") == 0;
}

/* In order, so that what is copied of a growing ledger is a beginning of it. */
static bool copy_segments(const char *from, const char *to)
{
    struct dirent **names = NULL;
    const int count = scandir(from, &names, segment_select, alphasort);
    bool copied = count > 0;
    if (!copied) printf("there is no ledger in %s\n", from);
    for (int i = 0; i < count; i++) {
        char source[CONFIG_PATH_BYTES_MAX + 300], target[CONFIG_PATH_BYTES_MAX + 300];
        snprintf(source, sizeof source, "%s/%s", from, names[i]->d_name);
        snprintf(target, sizeof target, "%s/%s", to, names[i]->d_name);
        copied = copied && copy_file(source, target);
        free(names[i]);
    }
    free(names);
    const int directory = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        fsync(directory);
        close(directory);
    }
    return copied;
}

static bool directory_make(const char *path)
{
    if (mkdir(path, 0700) == 0) return true;
    printf("cannot make %s: %s\n", path, strerror(errno));
    return false;
}

static int checked(const char *ledger, const struct config *config, const char *done)
{
    uint64_t events;
    const int code = verify_ledger(ledger, config, &events);
    if (code == 0) printf("%s: %lu events, every hash and link right\n", done, (unsigned long)events);
    return code;
}

int backup_run(const struct config *config, const char *directory)
{
    char from[CONFIG_PATH_BYTES_MAX + 32], to[CONFIG_PATH_BYTES_MAX + 32], file[CONFIG_PATH_BYTES_MAX + 32];
    if (!directory_make(directory)) return EXIT_UNUSABLE;
    snprintf(from, sizeof from, "%s/ledger", config->data_directory);
    snprintf(to, sizeof to, "%s/ledger", directory);
    if (!directory_make(to) || !copy_segments(from, to)) return EXIT_UNUSABLE;
    snprintf(file, sizeof file, "%s/stepcare.yaml", directory);
    if (!copy_file(config->path, file)) return EXIT_UNUSABLE;
    snprintf(file, sizeof file, "%s/pathway.yaml", directory);
    if (!copy_file(config->pathway_path, file)) return EXIT_UNUSABLE;
    return checked(to, config, "backed up");
}

static bool same_content(const char *a, const char *b)
{
    FILE *first = fopen(a, "re"), *second = fopen(b, "re");
    bool same = first != NULL && second != NULL;
    for (int c = 0; same && c != EOF;) same = (c = getc(first)) == getc(second);
    if (first != NULL) fclose(first);
    if (second != NULL) fclose(second);
    return same;
}

/* What is restored is what happened; by which rules to go on is for people to say. */
static void pathway_compare(const struct config *config, const char *directory)
{
    char backed_up[CONFIG_PATH_BYTES_MAX + 32];
    snprintf(backed_up, sizeof backed_up, "%s/pathway.yaml", directory);
    if (same_content(backed_up, config->pathway_path)) return;
    printf(
        "note: the backup was made under another pathway than this store has. To go on deciding by it:\n  cp %s %s\n",
        backed_up, config->pathway_path);
}

int restore_run(const struct config *config, const char *directory)
{
    char from[CONFIG_PATH_BYTES_MAX + 32], to[CONFIG_PATH_BYTES_MAX + 32];
    struct store_lock *lock = NULL;
    struct stat status;
    long holder = 0;
    int code = EXIT_UNUSABLE;
    uint64_t events;
    snprintf(from, sizeof from, "%s/ledger", directory);
    snprintf(to, sizeof to, "%s/ledger", config->data_directory);
    if (store_lock_open(config->data_directory, &holder, &lock) != STEPCARE_OK) {
        printf("%s is open in a router (process %ld): stop it first\n", config->data_directory, holder);
        return EXIT_UNUSABLE;
    }
    if (stat(to, &status) == 0) {
        printf("%s holds a ledger already: a restore never writes over one. Move it aside or restore into a fresh "
               "store.\n",
               to);
        goto out;
    }
    code = verify_ledger(from, config, &events); /* before anything is laid down */
    if (code != 0) goto out;
    code = EXIT_UNUSABLE;
    if (directory_make(to) && copy_segments(from, to)) code = checked(to, config, "restored");
    if (code == 0) pathway_compare(config, directory);
out:
    store_lock_close(lock);
    return code;
}
