/* Items are found in a buffer of one line's length, which is filled as the file or pipe gives. Used by refer, decide
 * and pathway diff. */
#include "client/command/input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = STEPCARE_LINE_BYTES_MAX + 512 * 1024 };

enum source_shape { SHAPE_UNKNOWN, SHAPE_LINES, SHAPE_ARRAY };
enum array_phase { PHASE_FIRST, PHASE_ELEMENT, PHASE_AFTER, PHASE_DONE };

struct source {
    int descriptor;
    bool regular, ended, overlong; /* overlong: passing over the rest of a too long item */
    enum source_shape shape;
    enum array_phase phase;
    unsigned depth; /* inside an array's element */
    bool in_string, escaped;
    uint64_t number, bytes_read, bytes_total;
    size_t start, scan, end; /* item start, looked at up to, filled up to */
    char data[BUFFER_BYTES];
};

bool source_open(const char *path, struct source **out_source)
{
    struct stat status;
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL) return false;
    source->descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (source->descriptor < 0 || fstat(source->descriptor, &status) != 0) goto failed;
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        goto failed;
    }
    source->regular = S_ISREG(status.st_mode);
    if (source->regular) source->bytes_total = (uint64_t)status.st_size;
    *out_source = source;
    return true;
failed:;
    int reason = errno;
    source_close(source);
    errno = reason;
    return false;
}

void source_close(struct source *source)
{
    if (source == NULL) return;
    if (source->descriptor > STDIN_FILENO) close(source->descriptor);
    free(source);
}

uint64_t source_bytes_read(const struct source *source)
{
    return source->bytes_read - (source->end - source->start);
}

uint64_t source_bytes_total(const struct source *source)
{
    return source->bytes_total;
}

/* More bytes after end: SOURCE_ITEM when there are some, END at the end of the file. */
static enum source_result fill(struct source *source, int idle_ms)
{
    if (source->ended) return SOURCE_END;
    if (source->start > 0) {
        memmove(source->data, source->data + source->start, source->end - source->start);
        source->scan -= source->start;
        source->end -= source->start;
        source->start = 0;
    }
    if (!source->regular) {
        struct pollfd item = {.fd = source->descriptor, .events = POLLIN};
        if (poll(&item, 1, idle_ms) == 0) return SOURCE_IDLE;
    }
    ssize_t bytes;
    do {
        bytes = read(source->descriptor, source->data + source->end, sizeof source->data - source->end);
    } while (bytes < 0 && errno == EINTR);
    if (bytes < 0) return SOURCE_FAILED;
    source->ended = bytes == 0;
    source->end += (size_t)bytes;
    source->bytes_read += (uint64_t)bytes;
    return source->ended ? SOURCE_END : SOURCE_ITEM;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Too much for one item: drop what is there and pass over what follows of it. */
static void overlong_check(struct source *source)
{
    if (source->scan - source->start <= STEPCARE_LINE_BYTES_MAX) return;
    source->overlong = true;
    source->start = source->scan;
}

/* The item ends before `scan`; whatever ended it is passed over. False for nothing but blanks. */
static bool item_take(struct source *source, struct source_item *out_item)
{
    size_t from = source->start, to = source->scan;
    if (source->scan < source->end) source->scan++;
    source->start = source->scan;
    while (from < to && blank(source->data[from])) from++;
    while (to > from && blank(source->data[to - 1])) to--;
    *out_item = (struct source_item){
        .number = ++source->number, .text = {source->data + from, (uint32_t)(to - from)}, .problem = NULL};
    return from < to;
}

static enum source_result item_finish(struct source *source)
{
    bool overlong = source->overlong;
    source->overlong = false;
    return overlong ? SOURCE_TOO_LONG : SOURCE_ITEM;
}

static enum source_result line_next(struct source *source, int idle_ms, struct source_item *out_item)
{
    for (;;) {
        char *found =
            source->scan == source->end ? NULL : memchr(source->data + source->scan, '\n', source->end - source->scan);
        source->scan = found == NULL ? source->end : (size_t)(found - source->data);
        overlong_check(source);
        if (found == NULL) {
            enum source_result result = fill(source, idle_ms);
            if (result == SOURCE_ITEM) continue;
            if (result != SOURCE_END) return result;
            if (source->start == source->end && !source->overlong) return SOURCE_END;
        }
        if (item_take(source, out_item) || source->overlong) return item_finish(source);
    }
}

/* Looks on from scan for the comma or bracket that ends the element. */
static bool element_end_find(struct source *source)
{
    for (; source->scan < source->end; source->scan++) {
        char c = source->data[source->scan];
        if (source->in_string) {
            if (source->escaped) {
                source->escaped = false;
            } else if (c == '\\') {
                source->escaped = true;
            } else if (c == '"') {
                source->in_string = false;
            }
        } else if (c == '"') {
            source->in_string = true;
        } else if (c == '{' || c == '[') {
            source->depth++;
        } else if (source->depth == 0 && (c == ',' || c == ']')) {
            return true;
        } else if ((c == '}' || c == ']') && source->depth > 0) {
            source->depth--;
        }
    }
    return false;
}

static enum source_result broken(struct source *source, const char *problem, struct source_item *out_item)
{
    source->phase = PHASE_DONE;
    *out_item = (struct source_item){.number = ++source->number, .problem = problem};
    return SOURCE_BROKEN;
}

/* After the array there may be nothing but blanks. */
static enum source_result array_end_check(struct source *source, int idle_ms, struct source_item *out_item)
{
    for (;;) {
        while (source->start < source->end && blank(source->data[source->start])) source->start++;
        source->scan = source->start;
        if (source->start < source->end) return broken(source, "something follows the end of the array", out_item);
        enum source_result result = fill(source, idle_ms);
        if (result == SOURCE_END) source->phase = PHASE_DONE;
        if (result != SOURCE_ITEM) return result;
    }
}

static enum source_result element_next(struct source *source, int idle_ms, struct source_item *out_item)
{
    while (source->phase == PHASE_FIRST || source->phase == PHASE_ELEMENT) {
        if (!element_end_find(source)) {
            overlong_check(source);
            enum source_result result = fill(source, idle_ms);
            if (result == SOURCE_ITEM) continue;
            return result == SOURCE_END ? broken(source, "the file ends inside the array", out_item) : result;
        }
        bool last = source->data[source->scan] == ']', first = source->phase == PHASE_FIRST;
        overlong_check(source);
        source->phase = last ? PHASE_AFTER : PHASE_ELEMENT;
        bool filled = item_take(source, out_item);
        if (filled || source->overlong || !last || !first) return item_finish(source);
        source->number = 0; /* an empty array */
    }
    return source->phase == PHASE_AFTER ? array_end_check(source, idle_ms, out_item) : SOURCE_END;
}

/* Lines or an array: the first character that is no blank (nor a byte order mark) says so. */
static enum source_result shape_find(struct source *source, int idle_ms)
{
    for (;;) {
        size_t at = source->end >= 3 && memcmp(source->data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        size_t mark = at;
        while (at < source->end && blank(source->data[at])) at++;
        bool full = source->end == sizeof source->data;
        if (at < source->end || source->ended || full) {
            bool array = at < source->end && source->data[at] == '[';
            source->shape = array ? SHAPE_ARRAY : SHAPE_LINES;
            source->start = source->scan = array ? at + 1 : mark;
            return SOURCE_ITEM;
        }
        enum source_result result = fill(source, idle_ms);
        if (result != SOURCE_ITEM && result != SOURCE_END) return result;
    }
}

enum source_result source_next(struct source *source, int idle_ms, struct source_item *out_item)
{
    if (source->shape == SHAPE_UNKNOWN) {
        enum source_result result = shape_find(source, idle_ms);
        if (result != SOURCE_ITEM) return result;
    }
    return source->shape == SHAPE_ARRAY ? element_next(source, idle_ms, out_item)
                                        : line_next(source, idle_ms, out_item);
}
