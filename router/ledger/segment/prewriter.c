/* The thread that makes the next segment. See prewriter.h; the engine takes the spare from it. */
#include "router/ledger/segment/prewriter.h"

#include "router/ledger/segment/segment.h"

#include "base/must.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { RETRY_AFTER_S = 1 };

struct prewriter {
    const struct ledger_io *io;
    int directory_fd;
    uint64_t segment_bytes;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t changed;
    uint32_t number; /* of the spare, ready or in the making */
    int fd;          /* the spare; -1: not ready */
    bool full;
    atomic_bool stop;
};

static void retry_wait(struct prewriter *prewriter)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += RETRY_AFTER_S;
    int waited = 0;
    while (!atomic_load(&prewriter->stop) && waited == 0)
        waited = pthread_cond_timedwait(&prewriter->changed, &prewriter->mutex, &until);
}

static void *prewriter_run(void *argument)
{
    struct prewriter *prewriter = argument;
    pthread_mutex_lock(&prewriter->mutex);
    while (!atomic_load(&prewriter->stop)) {
        if (prewriter->fd >= 0) {
            pthread_cond_wait(&prewriter->changed, &prewriter->mutex);
            continue;
        }
        uint32_t number = prewriter->number;
        must(number > 0);
        pthread_mutex_unlock(&prewriter->mutex);
        int fd = -1;
        enum stepcare_error error = segment_make(prewriter->directory_fd, number, prewriter->segment_bytes,
                                                 prewriter->io, &prewriter->stop, &fd);
        pthread_mutex_lock(&prewriter->mutex);
        must(prewriter->fd < 0);
        must(prewriter->number == number);
        must((fd >= 0) == (error == STEPCARE_OK));
        prewriter->fd = fd;
        prewriter->full = error != STEPCARE_OK;
        pthread_cond_broadcast(&prewriter->changed);
        if (prewriter->full) retry_wait(prewriter);
    }
    pthread_mutex_unlock(&prewriter->mutex);
    return NULL;
}

/* Signals are for the thread that has the sockets. */
static int thread_start(struct prewriter *prewriter)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&prewriter->thread, NULL, prewriter_run, prewriter);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

enum stepcare_error prewriter_open(int directory_fd, uint32_t number, uint64_t segment_bytes,
                                   const struct ledger_io *io, int spare_fd, struct prewriter **out_prewriter)
{
    must(directory_fd >= 0);
    must(number > 1);
    struct prewriter *prewriter = calloc(1, sizeof *prewriter);
    if (prewriter == NULL) return STEPCARE_NO_MEMORY;
    prewriter->io = io;
    prewriter->directory_fd = directory_fd;
    prewriter->segment_bytes = segment_bytes;
    prewriter->number = number;
    prewriter->fd = spare_fd;
    pthread_mutex_init(&prewriter->mutex, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&prewriter->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (thread_start(prewriter) != 0) {
        pthread_cond_destroy(&prewriter->changed);
        pthread_mutex_destroy(&prewriter->mutex);
        free(prewriter);
        return STEPCARE_SYSTEM;
    }
    *out_prewriter = prewriter;
    return STEPCARE_OK;
}

void prewriter_close(struct prewriter *prewriter)
{
    if (prewriter == NULL) return;
    pthread_mutex_lock(&prewriter->mutex);
    atomic_store(&prewriter->stop, true);
    pthread_cond_broadcast(&prewriter->changed);
    pthread_mutex_unlock(&prewriter->mutex);
    pthread_join(prewriter->thread, NULL);
    if (prewriter->fd >= 0) close(prewriter->fd);
    pthread_cond_destroy(&prewriter->changed);
    pthread_mutex_destroy(&prewriter->mutex);
    free(prewriter);
}

enum stepcare_error prewriter_take(struct prewriter *prewriter, uint32_t *out_number, int *out_fd)
{
    enum stepcare_error error = STEPCARE_NO_SPACE;
    pthread_mutex_lock(&prewriter->mutex);
    while (prewriter->fd < 0 && !prewriter->full) pthread_cond_wait(&prewriter->changed, &prewriter->mutex);
    if (prewriter->fd >= 0) {
        *out_fd = prewriter->fd;
        *out_number = prewriter->number;
        prewriter->fd = -1;
        prewriter->number++;
        pthread_cond_broadcast(&prewriter->changed);
        error = STEPCARE_OK;
    }
    pthread_mutex_unlock(&prewriter->mutex);
    return error;
}

bool prewriter_ready(struct prewriter *prewriter, bool *out_full)
{
    pthread_mutex_lock(&prewriter->mutex);
    bool ready = prewriter->fd >= 0;
    *out_full = prewriter->full;
    pthread_mutex_unlock(&prewriter->mutex);
    return ready;
}
