/* Log lines to stderr: from main files and loops of router and workers. */
#include "base/log.h"
#include "base/clock.h"

#include "base/time_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *log_program;

void log_init(const char *program)
{
    log_program = program;
}

/* JOURNAL_STREAM is "device:inode" of the stream that systemd connected; stderr may have been redirected since. */
static bool log_to_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device = 0, inode = 0;
    struct stat status;
    return stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(STDERR_FILENO, &status) == 0 &&
           status.st_dev == device && status.st_ino == inode;
}

static size_t log_prefix(char *line, size_t bytes_max, enum log_level level, const char *event)
{
    static const char *const names[LOG_LEVEL_COUNT] = {"error", "warning", "info", "trace"};
    static const unsigned char priorities[LOG_LEVEL_COUNT] = {3, 4, 6, 7}; /* syslog's */
    char start[48];
    int written;
    if (log_to_journal()) {
        snprintf(start, sizeof start, "<%u>", (unsigned)priorities[level]);
    } else {
        char text[TIME_TEXT_BYTES];
        time_format(clock_wall_ms(), text);
        snprintf(start, sizeof start, "time=%s ", text);
    }
    written = snprintf(line, bytes_max, "%slevel=%s %s%s%sevent=%s", start, names[level],
                       log_program != NULL ? "program=" : "", log_program != NULL ? log_program : "",
                       log_program != NULL ? " " : "", event);
    return written < 0 ? 0 : (size_t)written < bytes_max ? (size_t)written : bytes_max - 1;
}

__attribute__((format(printf, 3, 0))) static void log_write(enum log_level level, const char *event, const char *format,
                                                            va_list arguments)
{
    char line[LOG_LINE_BYTES_MAX];
    size_t bytes = log_prefix(line, sizeof line - 1, level, event);
    if (format[0] != '\0' && bytes + 2 < sizeof line) {
        size_t room = sizeof line - 2 - bytes;
        int written;
        line[bytes++] = ' ';
        written = vsnprintf(line + bytes, room, format, arguments);
        bytes += written < 0 ? 0 : (size_t)written < room ? (size_t)written : room - 1;
    }
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) line[i] = ' ';
    line[bytes++] = '\n';
    /* A log that nobody can take (closed stderr, full pipe) must not stop the work: the outcome is dropped. */
    if (write(STDERR_FILENO, line, bytes) < 0) return;
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_write(level, event, format, arguments);
    va_end(arguments);
}

bool log_traced(const char *module)
{
    const char *at = getenv("STEPCARE_TRACE");
    while (at != NULL && *at != '\0') {
        size_t bytes = strcspn(at, ",");
        if ((bytes == strlen(module) && memcmp(at, module, bytes) == 0) || (bytes == 3 && memcmp(at, "all", 3) == 0))
            return true;
        at += bytes + (at[bytes] == ',');
    }
    return false;
}

void log_trace(const char *module, const char *event, const char *format, ...)
{
    va_list arguments;
    if (!log_traced(module)) return;
    va_start(arguments, format);
    log_write(LOG_LEVEL_TRACE, event, format, arguments);
    va_end(arguments);
}
