/* The log: one line an event to stderr, for people and for journald.
 *
 *   time=2026-11-02T09:30:00.125Z level=info program=router event=ready endpoint=ipc:///srv/stepcare/run/client.sock
 *
 * Under journald (JOURNAL_STREAM) the time is left out and a priority stands in front ("<6>"), which it understands.
 * Only main files and loops log; never patient data. STEPCARE_TRACE=ledger,lease turns traces on by module ("all":
 * every one): ledger, lease, episode in the router, worker in workers. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_TRACE, LOG_LEVEL_COUNT };

/* A longer line is cut; line breaks and other control characters inside become spaces, so that a line stays a line. */
enum { LOG_LINE_BYTES_MAX = 2048 };

/* Purpose: name the program in every line from now on; left out before. Owns: program is borrowed for good. */
void log_init(const char *program);

/* Purpose: one line. format gives the pairs after the event ("job=%lu ms=%u"), "" for none; quote values that may hold
 * spaces: reason=\"%s\". Calls: any thread; a line is one write. */
void log_event(enum log_level level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Purpose: whether a module is traced, to be asked before costly arguments are computed. */
bool log_traced(const char *module);
/* Purpose: a trace line, written only where the module is traced. */
void log_trace(const char *module, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
