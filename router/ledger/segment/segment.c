/* The files of the ledger: naming, making, mapping, removing. See segment.h; called by the engine and its
 * pre-writer. */
#include "router/ledger/segment/segment.h"

#include "base/must.h"
#include "router/ledger/block.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void segment_name(uint32_t number, const char *suffix, char name[SEGMENT_NAME_BYTES])
{
    snprintf(name, SEGMENT_NAME_BYTES, "%08u.seg%s", number, suffix);
}

static enum stepcare_error error_of_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT ? STEPCARE_NO_SPACE : STEPCARE_SYSTEM;
}

/* Number of "NNNNNNNN.seg" or "NNNNNNNN.seg.new"; 0 for any other name. */
static uint32_t number_of_name(const char *name, bool *out_unfinished)
{
    size_t digits = strspn(name, "0123456789");
    if (digits != 8 || strncmp(name + digits, ".seg", 4) != 0) return 0;
    const char *rest = name + digits + 4;
    if (*rest != '\0' && strcmp(rest, ".new") != 0) return 0;
    *out_unfinished = *rest != '\0';
    return (uint32_t)strtoul(name, NULL, 10);
}

static enum stepcare_error directory_list(struct segment_set *set, bool make)
{
    int fd = openat(set->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (directory == NULL) {
        if (fd >= 0) close(fd);
        return STEPCARE_SYSTEM;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        bool unfinished = false;
        uint32_t number = number_of_name(entry->d_name, &unfinished);
        if (number == 0) continue;
        if (unfinished) {
            if (make) unlinkat(set->directory_fd, entry->d_name, 0);
            continue;
        }
        set->first = set->first == 0 || number < set->first ? number : set->first;
        set->last = number > set->last ? number : set->last;
    }
    closedir(directory);
    return STEPCARE_OK;
}

/* A new directory's own entry must outlive a power cut, too. */
static enum stepcare_error directory_make(const char *path)
{
    if (mkdir(path, 0700) != 0) return errno == EEXIST ? STEPCARE_OK : error_of_errno();
    char parent[4096 + 4];
    if (snprintf(parent, sizeof parent, "%s/..", path) >= (int)sizeof parent) return STEPCARE_SYSTEM;
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return synced ? STEPCARE_OK : error_of_errno();
}

enum stepcare_error segment_set_open(const char *directory, bool make, struct segment_set *out_set)
{
    struct segment_set set = {.directory_fd = -1};
    enum stepcare_error error = make ? directory_make(directory) : STEPCARE_OK;
    if (error != STEPCARE_OK) return error;
    set.directory_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (set.directory_fd < 0) return errno == ENOENT ? STEPCARE_NOT_FOUND : STEPCARE_SYSTEM;
    error = directory_list(&set, make);
    if (error != STEPCARE_OK) {
        close(set.directory_fd);
        return error;
    }
    *out_set = set;
    return STEPCARE_OK;
}

void segment_set_close(struct segment_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->items[i].data != NULL) munmap((void *)set->items[i].data, set->items[i].bytes);
    }
    free(set->items);
    if (set->directory_fd >= 0) close(set->directory_fd);
    *set = (struct segment_set){.directory_fd = -1};
}

static enum stepcare_error segment_map(const struct segment_set *set, uint32_t number, struct segment *out_segment)
{
    char name[SEGMENT_NAME_BYTES];
    segment_name(number, "", name);
    int fd = openat(set->directory_fd, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT ? STEPCARE_NOT_FOUND : STEPCARE_SYSTEM;
    enum stepcare_error error = STEPCARE_SYSTEM;
    struct stat status;
    if (fstat(fd, &status) != 0) goto out;
    struct segment segment = {.number = number, .bytes = (uint64_t)status.st_size};
    if (segment.bytes > UINT32_MAX) /* a position has 32 bits for the offset */
        segment.bytes = UINT32_MAX;
    segment.bytes -= segment.bytes % LEDGER_SECTOR_BYTES;
    if (segment.bytes > 0) {
        void *map = mmap(NULL, segment.bytes, PROT_READ, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED) goto out;
        segment.data = map;
    }
    *out_segment = segment;
    error = STEPCARE_OK;
out:
    close(fd);
    return error;
}

static enum stepcare_error items_reserve(struct segment_set *set)
{
    if (set->count < set->capacity) return STEPCARE_OK;
    uint32_t capacity = set->capacity == 0 ? 16 : set->capacity * 2;
    struct segment *items = realloc(set->items, capacity * sizeof *items);
    if (items == NULL) return STEPCARE_NO_MEMORY;
    set->items = items;
    set->capacity = capacity;
    return STEPCARE_OK;
}

/* Where `number` is or belongs in the ascending list. */
static uint32_t items_find(const struct segment_set *set, uint32_t number)
{
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->items[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum stepcare_error segment_get(struct segment_set *set, uint32_t number, struct segment *out_segment)
{
    must(set->directory_fd >= 0);
    must(number > 0);
    uint32_t index = items_find(set, number);
    if (index < set->count && set->items[index].number == number) {
        *out_segment = set->items[index];
        return STEPCARE_OK;
    }
    enum stepcare_error error = items_reserve(set);
    struct segment segment;
    if (error == STEPCARE_OK) error = segment_map(set, number, &segment);
    if (error != STEPCARE_OK) return error;
    memmove(set->items + index + 1, set->items + index, (set->count - index) * sizeof *set->items);
    must(index == 0 || set->items[index - 1].number < number);
    must(index == set->count || set->items[index + 1].number > number);
    set->items[index] = segment;
    set->count++;
    set->first = set->first == 0 || number < set->first ? number : set->first;
    set->last = number > set->last ? number : set->last;
    *out_segment = segment;
    return STEPCARE_OK;
}

static enum stepcare_error zeros_write(int fd, uint64_t bytes, const struct ledger_io *io, const atomic_bool *stop)
{
    enum { CHUNK_BYTES = 256 * 1024, SYNC_EVERY_BYTES = 8 * 1024 * 1024 };
    static const uint8_t zeros[CHUNK_BYTES];
    for (uint64_t offset = 0; offset < bytes; offset += CHUNK_BYTES) {
        if (stop != NULL && atomic_load_explicit(stop, memory_order_relaxed)) return STEPCARE_SYSTEM;
        uint64_t chunk_bytes = bytes - offset < CHUNK_BYTES ? bytes - offset : CHUNK_BYTES;
        enum stepcare_error error = ledger_io_write_all(io->prewrite, io->context, fd, zeros, chunk_bytes, offset);
        if (error != STEPCARE_OK) return error;
        /* In small portions: one huge flush would stand in the way of the appends going on beside it. */
        if (offset % SYNC_EVERY_BYTES == SYNC_EVERY_BYTES - CHUNK_BYTES && fdatasync(fd) != 0) return error_of_errno();
    }
    return fsync(fd) == 0 ? STEPCARE_OK : error_of_errno();
}

enum stepcare_error segment_make(int directory_fd, uint32_t number, uint64_t bytes, const struct ledger_io *io,
                                 const atomic_bool *stop, int *out_fd)
{
    if (number == 0 || number > SEGMENT_NUMBER_MAX) return STEPCARE_SYSTEM;
    must(bytes % LEDGER_SECTOR_BYTES == 0);
    char part[SEGMENT_NAME_BYTES], name[SEGMENT_NAME_BYTES];
    segment_name(number, ".new", part);
    segment_name(number, "", name);
    int fd = openat(directory_fd, part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return error_of_errno();
    enum stepcare_error error = zeros_write(fd, bytes, io, stop);
    if (error == STEPCARE_OK && renameat(directory_fd, part, directory_fd, name) != 0) error = error_of_errno();
    if (error != STEPCARE_OK) {
        unlinkat(directory_fd, part, 0);
        close(fd);
        return error;
    }
    if (fsync(directory_fd) != 0) {
        error = error_of_errno();
        unlinkat(directory_fd, name, 0);
        close(fd);
        return error;
    }
    *out_fd = fd;
    return STEPCARE_OK;
}

enum stepcare_error segment_open_write(int directory_fd, uint32_t number, int *out_fd)
{
    char name[SEGMENT_NAME_BYTES];
    segment_name(number, "", name);
    int fd = openat(directory_fd, name, O_RDWR | O_CLOEXEC);
    if (fd < 0) return STEPCARE_SYSTEM;
    *out_fd = fd;
    return STEPCARE_OK;
}

enum stepcare_error segment_remove(struct segment_set *set, uint32_t number)
{
    must(number > 0);
    uint32_t index = items_find(set, number);
    if (index < set->count && set->items[index].number == number) {
        if (set->items[index].data != NULL) munmap((void *)set->items[index].data, set->items[index].bytes);
        memmove(set->items + index, set->items + index + 1, (set->count - index - 1) * sizeof *set->items);
        set->count--;
    }
    char name[SEGMENT_NAME_BYTES];
    segment_name(number, "", name);
    if (unlinkat(set->directory_fd, name, 0) != 0 && errno != ENOENT) return STEPCARE_SYSTEM;
    if (number == set->last) set->last = number - 1;
    return fsync(set->directory_fd) == 0 ? STEPCARE_OK : STEPCARE_SYSTEM;
}
