/* The thread of long listings and its queue: reading.c asks and takes, the loop tells it what is committed, pauses and
 * stops it. See listing.h. */
#include "router/listing.h"

#include "base/clock.h"
#include "base/must.h"
#include "proto/record_copy.h"
#include "router/query/reply.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { ANSWER_BYTES_KEPT = 64 * 1024 }; /* of a buffer, for the next answer in its place */

struct entry {
    struct listing_question question; /* `asked` and `actor` view the two below */
    struct stepcare_record asked;
    struct arena *texts;
    struct buffer answer;
    enum stepcare_error failed;
};

/* How the listing that runs is to end. */
enum ending { ENDS_ANSWERED, ENDS_TO_BEGIN_ANEW, ENDS_GIVEN_UP };

struct listing {
    pthread_t thread;
    bool started;
    int wakes; /* an eventfd */
    const struct state *state;

    pthread_mutex_t mutex;  /* guards what follows, up to the thread's own */
    pthread_cond_t changed; /* for the thread: there may be something to do */
    pthread_cond_t left;    /* for a pause: nothing runs */
    const struct config *config;
    /* A ring of entries, by numbers that only grow: taken <= next <= asked <= taken + LISTING_QUEUE_MAX. From
     * `taken` to `next` they are answered, from `next` to `asked` they wait; the one at `next` may be running. */
    uint64_t taken, next, asked;
    struct entry entries[LISTING_QUEUE_MAX];
    uint64_t committed; /* questions up to this sequence may be answered */
    bool full;          /* and all others, too */
    bool paused, closing, running;
    enum ending ending;
    int64_t began_at, checked_at;
    atomic_bool stop; /* looked at by the reader at every row */

    struct reader reader; /* the thread's own */
    struct arena *rows;
};

static struct entry *entry_at(struct listing *listing, uint64_t number)
{
    return &listing->entries[number % LISTING_QUEUE_MAX];
}

static void numbers_check(const struct listing *listing)
{
    must(listing->taken <= listing->next);
    must(listing->next <= listing->asked);
    must(listing->asked - listing->taken <= LISTING_QUEUE_MAX);
}

/* --- answering: in the thread, without the mutex --- */

static void message_set(struct entry *entry, const struct stepcare_record *record, enum stepcare_error error)
{
    buffer_clear(&entry->answer);
    wire_frame_add(&entry->answer, entry->question.verb, entry->question.request_id, record, (uint8_t)error);
    if (!entry->answer.failed) return;
    buffer_close(
        &entry->answer); /* what asked for too much memory leaves enough for a refusal, or the client asks again */
    entry->failed = STEPCARE_NO_MEMORY;
}

static void refuse(struct entry *entry, enum stepcare_error error)
{
    struct stepcare_record record;
    reply_refusal(&record, stepcare_error_text(error), 0, NULL);
    message_set(entry, &record, error);
}

static void answer(struct listing *listing, struct entry *entry, const struct config *config)
{
    const struct listing_question *question = &entry->question;
    const struct query query = {.reader = &listing->reader,
                                .pathway = question->pathway,
                                .config = config,
                                .counters = &question->counters,
                                .request = question->asked,
                                .actor = question->actor,
                                .now = question->now,
                                .arena = listing->rows};
    struct stepcare_record reply;
    arena_reset(listing->rows);
    const enum stepcare_error error = query_answer(&query, question->verb, &reply);
    if (error == STEPCARE_OK || STEPCARE_HAS(&reply, problem)) {
        message_set(entry, &reply, error);
        return;
    }
    entry->failed = error;
    refuse(entry, error == STEPCARE_NO_MEMORY ? STEPCARE_TOO_LARGE : error);
}

static void run(struct listing *listing, struct entry *entry, const struct config *config, bool full)
{
    entry->failed = reader_snapshot_begin(&listing->reader, listing->state);
    if (entry->failed != STEPCARE_OK) {
        refuse(entry, entry->failed);
        return;
    }
    must(full || reader_sequence(&listing->reader) >= entry->question.sequence);
    answer(listing, entry, config);
    reader_snapshot_end(&listing->reader);
}

/* --- the thread --- */

static bool has_work(const struct listing *listing)
{
    if (listing->paused || listing->next == listing->asked) return false;
    if (listing->next - listing->taken >= LISTING_ANSWERS_MAX) return false;
    const struct entry *entry = &listing->entries[listing->next % LISTING_QUEUE_MAX];
    return listing->full || entry->question.sequence <= listing->committed;
}

static void wake(struct listing *listing)
{
    const uint64_t one = 1;
    const ssize_t written = write(listing->wakes, &one, sizeof one);
    must(written == (ssize_t)sizeof one); /* a counter that the loop reads to zero is never full */
}

static void run_next(struct listing *listing)
{
    struct entry *entry = entry_at(listing, listing->next);
    const struct config *config = listing->config;
    const bool full = listing->full;
    listing->running = true;
    listing->ending = ENDS_ANSWERED;
    listing->began_at = clock_steady_ms();
    atomic_store(&listing->stop, false);
    pthread_mutex_unlock(&listing->mutex);
    run(listing, entry, config, full);
    pthread_mutex_lock(&listing->mutex);
    must(listing->reader.state == NULL);
    listing->running = false;
    pthread_cond_signal(&listing->left);
    if (listing->ending == ENDS_TO_BEGIN_ANEW) return;
    if (listing->ending == ENDS_GIVEN_UP) {
        entry->failed = STEPCARE_BUSY;
        refuse(entry, STEPCARE_BUSY);
    }
    listing->next++;
    numbers_check(listing);
    wake(listing);
}

static void *thread_run(void *argument)
{
    struct listing *listing = argument;
    pthread_mutex_lock(&listing->mutex);
    while (!listing->closing) {
        if (has_work(listing))
            run_next(listing);
        else
            pthread_cond_wait(&listing->changed, &listing->mutex);
    }
    pthread_mutex_unlock(&listing->mutex);
    return NULL;
}

/* --- opening and closing --- */

/* Signals are for the thread that has the sockets. */
static bool thread_start(struct listing *listing)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(&listing->thread, NULL, thread_run, listing) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum stepcare_error listing_open(const struct state *state, const struct config *config, struct listing **out_listing)
{
    struct listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL) return STEPCARE_NO_MEMORY;
    listing->state = state;
    listing->config = config;
    pthread_mutex_init(&listing->mutex, NULL);
    pthread_cond_init(&listing->changed, NULL);
    pthread_cond_init(&listing->left, NULL);
    listing->wakes = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    enum stepcare_error error = listing->wakes < 0 ? STEPCARE_SYSTEM : STEPCARE_OK;
    if (error == STEPCARE_OK) error = reader_init(&listing->reader, NULL, NULL);
    if (error == STEPCARE_OK) error = arena_open(LISTING_ROWS_BYTES_MAX, &listing->rows);
    for (unsigned i = 0; i < LISTING_QUEUE_MAX && error == STEPCARE_OK; i++)
        error = arena_open(LISTING_QUESTION_BYTES_MAX, &listing->entries[i].texts);
    listing->reader.stop = &listing->stop;
    if (error == STEPCARE_OK) listing->started = thread_start(listing);
    if (error == STEPCARE_OK && !listing->started) error = STEPCARE_SYSTEM;
    if (error == STEPCARE_OK)
        *out_listing = listing;
    else
        listing_close(listing);
    return error;
}

void listing_close(struct listing *listing)
{
    if (listing == NULL) return;
    if (listing->started) {
        listing_pause(listing);
        pthread_mutex_lock(&listing->mutex);
        listing->closing = true;
        pthread_cond_signal(&listing->changed);
        pthread_mutex_unlock(&listing->mutex);
        pthread_join(listing->thread, NULL);
    }
    for (unsigned i = 0; i < LISTING_QUEUE_MAX; i++) {
        arena_close(listing->entries[i].texts);
        buffer_close(&listing->entries[i].answer);
    }
    arena_close(listing->rows);
    reader_close(&listing->reader);
    if (listing->wakes >= 0) close(listing->wakes);
    pthread_cond_destroy(&listing->left);
    pthread_cond_destroy(&listing->changed);
    pthread_mutex_destroy(&listing->mutex);
    free(listing);
}

int listing_descriptor(const struct listing *listing)
{
    return listing->wakes;
}

/* --- the loop's side --- */

static bool question_keep(struct entry *entry, const struct listing_question *question)
{
    arena_reset(entry->texts);
    entry->question = *question;
    entry->asked = *question->asked;
    entry->question.asked = &entry->asked;
    char *actor = arena_take(entry->texts, question->actor.bytes);
    if (actor == NULL) return false;
    if (question->actor.bytes > 0) memcpy(actor, question->actor.data, question->actor.bytes);
    entry->question.actor.data = actor;
    return record_keep(&entry->asked, entry->texts);
}

bool listing_ask(struct listing *listing, const struct listing_question *question)
{
    must(query_is_long(question->verb, question->asked));
    pthread_mutex_lock(&listing->mutex);
    const bool room = listing->asked - listing->taken < LISTING_QUEUE_MAX;
    struct entry *last = listing->asked > listing->next ? entry_at(listing, listing->asked - 1) : NULL;
    must(last == NULL || last->question.sequence <= question->sequence);
    const bool kept = room && question_keep(entry_at(listing, listing->asked), question);
    if (kept) listing->asked++;
    numbers_check(listing);
    pthread_mutex_unlock(&listing->mutex);
    return kept; /* the thread hears of it at the end of the turn */
}

bool listing_waits(struct listing *listing, uint64_t committed)
{
    pthread_mutex_lock(&listing->mutex);
    const bool waits =
        listing->next < listing->asked && entry_at(listing, listing->asked - 1)->question.sequence > committed;
    pthread_mutex_unlock(&listing->mutex);
    return waits;
}

void listing_turn(struct listing *listing, uint64_t committed, bool full, int64_t steady)
{
    pthread_mutex_lock(&listing->mutex);
    must(committed >= listing->committed);
    listing->committed = committed;
    listing->full = full;
    if (listing->running && listing->ending == ENDS_ANSWERED && steady - listing->began_at > LISTING_SNAPSHOT_MS_MAX) {
        listing->ending = ENDS_GIVEN_UP;
        atomic_store(&listing->stop, true);
    }
    if (has_work(listing)) pthread_cond_signal(&listing->changed);
    pthread_mutex_unlock(&listing->mutex);
    if (steady - listing->checked_at < LISTING_READER_CHECK_MS) return;
    listing->checked_at = steady;
    reader_check(listing->state);
}

bool listing_next(struct listing *listing, struct listing_answer *out_answer)
{
    uint64_t woken;
    const ssize_t got =
        read(listing->wakes, &woken, sizeof woken); /* first: what is answered from here on wakes again */
    must(got == (ssize_t)sizeof woken || got < 0);
    pthread_mutex_lock(&listing->mutex);
    const bool any = listing->taken < listing->next;
    const struct entry *entry = entry_at(listing, listing->taken);
    pthread_mutex_unlock(&listing->mutex);
    if (!any) return false;
    *out_answer = (struct listing_answer){
        .peer = entry->question.peer,
        .verb = entry->question.verb,
        .request_id = entry->question.request_id,
        .failed = entry->failed,
        .message = {(const char *)entry->answer.data, (uint32_t)entry->answer.bytes},
    };
    return true;
}

void listing_answered(struct listing *listing)
{
    struct entry *entry = entry_at(listing, listing->taken);
    if (entry->answer.capacity > ANSWER_BYTES_KEPT) buffer_close(&entry->answer);
    pthread_mutex_lock(&listing->mutex);
    listing->taken++;
    numbers_check(listing);
    if (has_work(listing)) pthread_cond_signal(&listing->changed);
    pthread_mutex_unlock(&listing->mutex);
}

void listing_pause(struct listing *listing)
{
    pthread_mutex_lock(&listing->mutex);
    listing->paused = true;
    if (listing->running) {
        listing->ending = ENDS_TO_BEGIN_ANEW;
        atomic_store(&listing->stop, true);
    }
    while (listing->running) pthread_cond_wait(&listing->left, &listing->mutex);
    pthread_mutex_unlock(&listing->mutex);
}

void listing_resume(struct listing *listing, const struct config *config)
{
    pthread_mutex_lock(&listing->mutex);
    must(listing->paused);
    must(!listing->running);
    listing->paused = false;
    listing->config = config;
    if (has_work(listing)) pthread_cond_signal(&listing->changed);
    pthread_mutex_unlock(&listing->mutex);
}

void listing_stop(struct listing *listing)
{
    listing_pause(listing);
    pthread_mutex_lock(&listing->mutex);
    for (; listing->next < listing->asked; listing->next++) {
        struct entry *entry = entry_at(listing, listing->next);
        entry->failed = STEPCARE_OK;
        refuse(entry, STEPCARE_STOPPING);
    }
    pthread_mutex_unlock(&listing->mutex);
}
