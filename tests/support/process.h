/* The product's programs as child processes: started, listened to, killed; what they say is collected. A child dies
 * with its test. */
#ifndef TESTS_SUPPORT_PROCESS_H
#define TESTS_SUPPORT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process;

/* Purpose: start $STEPCARE_BIN/PROGRAM (or PROGRAM itself where it has a slash) with arguments, the last one NULL.
 * input: what it gets on stdin, copied; NULL: nothing. The test ends where the program cannot be started.
 * Owns: process_close. */
struct process *process_start(const char *program, const char *const *arguments, const char *input, size_t input_bytes);
/* Purpose: the same with a terminal for its stdout: it says each line at once, and stands still when the test does not
 * read. So a test that waits for the n-th line knows that the program is not much further. */
struct process *process_start_watched(const char *program, const char *const *arguments, const char *input,
                                      size_t input_bytes);
/* Purpose: kill if it still runs, and forget; accepts NULL and sets it to NULL. */
void process_close(struct process **process);

/* Purpose: read what it says until stdout or stderr has a line that begins with `begin`.
 * Returns false when the time is over, or the program ended without it. */
bool process_wait_line(struct process *process, const char *begin, int64_t within_ms);

/* Purpose: wait for its end, collecting. Returns its exit code; -signal where a signal ended it; PROCESS_RUNNING when
 * the time is over. */
enum { PROCESS_RUNNING = -1000 };
int process_wait(struct process *process, int64_t within_ms);
/* Purpose: collect what is there, until `is_true` or the time is over. */
bool process_wait_until(struct process *process, int64_t within_ms, bool (*is_true)(void *context), void *context);

/* Purpose: have `wanted` whole lines come on its stdout? For process_wait_until; the rest of the struct begins as
 * zeros. */
struct lines_seen {
    const struct process *process;
    unsigned wanted, lines;
    size_t bytes_looked_at;
};
bool lines_are_seen(void *lines_seen);

void process_signal(struct process *process, int signal);
/* Purpose: SIGKILL, and wait for the end. */
void process_kill(struct process *process);

/* What it said so far, NUL-terminated; belong to the process. */
const char *process_output(const struct process *process);
const char *process_errors(const struct process *process);
size_t process_output_bytes(const struct process *process);

pid_t process_id(const struct process *process);
/* Purpose: resident memory now. 0 where it has ended. */
long process_resident_kib(const struct process *process);

/* Purpose: limit the size of the files that the next processes started here write; 0: no limit. */
void process_limit_file_bytes(uint64_t bytes);

#endif
