/* Child processes of the tests: fork, exec, collect, kill. Used by the tests of whole programs. */
#include "tests/support/process.h"

#include "tests/support/deadline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 32, CHUNK_BYTES = 64 * 1024 };

/* What it says goes to a file in memory, not to a pipe: a program that nobody listens to for a while must not stand
 * still. One that is watched line by line has a terminal instead, and does stand still. */
struct stream {
    int fd;
    bool is_terminal;
    char *data;
    size_t bytes, capacity;
};

struct process {
    pid_t id;
    int pidfd; /* readable once it has ended */
    bool ended;
    int code;
    struct stream output, errors;
    int input_fd;
    char *input;
    size_t input_bytes, input_sent;
};

static uint64_t file_bytes_max;

static void must(bool done, const char *what)
{
    if (!done) {
        perror(what);
        abort();
    }
}

void process_limit_file_bytes(uint64_t bytes)
{
    file_bytes_max = bytes;
}

static const char *program_path(const char *program, char *buffer, size_t bytes)
{
    const char *directory = getenv("STEPCARE_BIN");
    if (strchr(program, '/') != NULL) return program;
    if (directory == NULL) {
        fprintf(stderr, "STEPCARE_BIN must name the directory of the programs; ctest sets it\n");
        abort();
    }
    must((size_t)snprintf(buffer, bytes, "%s/%s", directory, program) < bytes, "path");
    return buffer;
}

/* In the child; only what is allowed between fork and exec. */
static void child_run(const char *path, char *const *arguments, const int *fds)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int fd = 0; fd < 3; fd++) dup2(fds[fd], fd);
    if (file_bytes_max > 0) {
        struct rlimit limit = {.rlim_cur = file_bytes_max, .rlim_max = file_bytes_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    execv(path, arguments);
    _exit(127);
}

/* The two ends of a terminal that passes bytes on as they are. */
static void terminal_open(int *out_master, int *out_slave)
{
    char name[64];
    struct termios raw;
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    must(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, name, sizeof name) == 0,
         "terminal");
    int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    must(slave >= 0 && tcgetattr(slave, &raw) == 0, "terminal");
    cfmakeraw(&raw);
    must(tcsetattr(slave, TCSANOW, &raw) == 0, "terminal");
    *out_master = master;
    *out_slave = slave;
}

static struct process *start(const char *program, const char *const *arguments, const char *input, size_t input_bytes,
                             bool watched)
{
    char buffer[4096];
    const char *path = program_path(program, buffer, sizeof buffer);
    char *list[ARGUMENTS_MAX] = {(char *)path};
    for (unsigned i = 0; arguments[i] != NULL; i++) {
        must(i + 2 < ARGUMENTS_MAX, "arguments");
        list[i + 1] = (char *)arguments[i];
    }
    must(access(path, X_OK) == 0, path);
    signal(SIGPIPE, SIG_IGN);
    int input_pipe[2], output = -1, output_theirs = -1, errors = memfd_create("errors", MFD_CLOEXEC);
    if (watched)
        terminal_open(&output, &output_theirs);
    else
        output = memfd_create("output", MFD_CLOEXEC);
    must(output >= 0 && errors >= 0 && pipe2(input_pipe, O_CLOEXEC) == 0, "files");
    pid_t id = fork();
    must(id >= 0, "fork");
    if (id == 0) {
        int fds[3] = {input_pipe[0], watched ? output_theirs : output, errors};
        child_run(path, list, fds);
    }
    close(input_pipe[0]);
    if (watched) close(output_theirs);
    struct process *process = calloc(1, sizeof *process);
    must(process != NULL, "memory");
    *process = (struct process){
        .id = id, .output = {.fd = output, .is_terminal = watched}, .errors.fd = errors, .input_fd = input_pipe[1]};
    process->pidfd = (int)syscall(SYS_pidfd_open, id, 0);
    must(process->pidfd >= 0 && fcntl(process->input_fd, F_SETFL, O_NONBLOCK) == 0, "pidfd");
    if (input_bytes > 0) {
        process->input = malloc(input_bytes);
        must(process->input != NULL, "memory");
        memcpy(process->input, input, input_bytes);
        process->input_bytes = input_bytes;
    }
    return process;
}

struct process *process_start(const char *program, const char *const *arguments, const char *input, size_t input_bytes)
{
    return start(program, arguments, input, input_bytes, false);
}

struct process *process_start_watched(const char *program, const char *const *arguments, const char *input,
                                      size_t input_bytes)
{
    return start(program, arguments, input, input_bytes, true);
}

/* --- collecting --------------------------------------------------------------------------------------------------- */

static size_t stream_read_some(struct stream *stream)
{
    if (stream->capacity - stream->bytes < CHUNK_BYTES + 1) {
        stream->capacity = stream->capacity * 2 + CHUNK_BYTES + 1;
        stream->data = realloc(stream->data, stream->capacity);
        must(stream->data != NULL, "memory");
    }
    char *end = stream->data + stream->bytes;
    ssize_t bytes = stream->is_terminal ? read(stream->fd, end, CHUNK_BYTES)
                                        : pread(stream->fd, end, CHUNK_BYTES, (off_t)stream->bytes);
    if (bytes < 0 && stream->is_terminal && (errno == EAGAIN || errno == EIO)) bytes = 0; /* EIO: nobody writes */
    must(bytes >= 0, "read");
    end[bytes] = '\0';
    stream->bytes += (size_t)bytes;
    return (size_t)bytes;
}

/* All that is there. From a terminal in pieces while somebody writes: reading on and on would let the program that is
 * watched get as far as it likes. */
static void stream_read(struct stream *stream, bool ended)
{
    while (stream_read_some(stream) > 0 && (ended || !stream->is_terminal)) continue;
}

static void input_write(struct process *process)
{
    while (process->input_fd >= 0 && process->input_sent < process->input_bytes) {
        ssize_t bytes =
            write(process->input_fd, process->input + process->input_sent, process->input_bytes - process->input_sent);
        if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (bytes < 0) break;
        process->input_sent += (size_t)bytes;
    }
    if (process->input_fd >= 0) close(process->input_fd);
    process->input_fd = -1;
}

static void end_notice(struct process *process, int options)
{
    int status;
    if (process->ended || waitpid(process->id, &status, options) != process->id) return;
    process->ended = true;
    process->code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* One look at everything, waiting at most wait_ms for its end, for room in its stdin, or for what it says. */
static void turn(struct process *process, int wait_ms)
{
    struct pollfd polls[] = {{.fd = process->pidfd, .events = POLLIN},
                             {.fd = process->input_fd, .events = POLLOUT},
                             {.fd = process->output.is_terminal ? process->output.fd : -1, .events = POLLIN}};
    poll(polls, sizeof polls / sizeof polls[0], wait_ms);
    end_notice(process, WNOHANG);
    stream_read(&process->output, process->ended);
    stream_read(&process->errors, process->ended);
    input_write(process);
}

enum { TURN_MS = 3 };

bool process_wait_until(struct process *process, int64_t within_ms, bool (*is_true)(void *context), void *context)
{
    int64_t until = deadline_now_ms() + within_ms;
    while (!is_true(context)) {
        if (deadline_now_ms() >= until || process->ended) return is_true(context);
        turn(process, TURN_MS);
    }
    return true;
}

bool lines_are_seen(void *lines_seen)
{
    struct lines_seen *seen = lines_seen;
    const char *output = process_output(seen->process);
    for (size_t bytes = process_output_bytes(seen->process); seen->bytes_looked_at < bytes;)
        seen->lines += output[seen->bytes_looked_at++] == '\n';
    return seen->lines >= seen->wanted;
}

static bool stream_has_line(const struct stream *stream, const char *begin)
{
    size_t length = strlen(begin);
    for (const char *at = stream->data; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, begin, length) == 0 && strchr(at, '\n') != NULL) return true;
    }
    return false;
}

bool process_wait_line(struct process *process, const char *begin, int64_t within_ms)
{
    int64_t until = deadline_now_ms() + within_ms;
    for (;;) {
        bool ended = process->ended;
        turn(process, TURN_MS);
        if (stream_has_line(&process->output, begin) || stream_has_line(&process->errors, begin)) return true;
        if (ended || deadline_now_ms() >= until) return false;
    }
}

int process_wait(struct process *process, int64_t within_ms)
{
    int64_t until = deadline_now_ms() + within_ms;
    do {
        turn(process, within_ms < TURN_MS ? (int)within_ms : TURN_MS);
    } while (!process->ended && deadline_now_ms() < until);
    return process->ended ? process->code : PROCESS_RUNNING;
}

void process_signal(struct process *process, int signal_number)
{
    if (!process->ended) kill(process->id, signal_number);
}

void process_kill(struct process *process)
{
    process_signal(process, SIGKILL);
    end_notice(process, 0);
    stream_read(&process->output, process->ended);
    stream_read(&process->errors, process->ended);
}

void process_close(struct process **process_pointer)
{
    struct process *process = *process_pointer;
    if (process == NULL) return;
    process_kill(process);
    int fds[] = {process->output.fd, process->errors.fd, process->input_fd, process->pidfd};
    for (unsigned i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (fds[i] >= 0) close(fds[i]);
    }
    free(process->output.data);
    free(process->errors.data);
    free(process->input);
    free(process);
    *process_pointer = NULL;
}

const char *process_output(const struct process *process)
{
    return process->output.data == NULL ? "" : process->output.data;
}

const char *process_errors(const struct process *process)
{
    return process->errors.data == NULL ? "" : process->errors.data;
}

size_t process_output_bytes(const struct process *process)
{
    return process->output.bytes;
}

pid_t process_id(const struct process *process)
{
    return process->id;
}

long process_resident_kib(const struct process *process)
{
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)process->id);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) sscanf(line, "VmRSS: %ld", &kib);
    if (file != NULL) fclose(file);
    return kib;
}
