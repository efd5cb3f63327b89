#include "router/ledger/segment/ledger_internal.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    SEGMENT_BYTES_MIN = 1024 * 1024,
    SEGMENT_BYTES_MAX = 1024 * 1024 * 1024,
    BLOCK_BYTES_MIN = 1024,
    BUFFER_ALIGNMENT_BYTES = 4096
};

static bool options_valid(const struct ledger_options *options)
{
    return options->segment_bytes >= SEGMENT_BYTES_MIN && options->segment_bytes <= SEGMENT_BYTES_MAX &&
           options->block_bytes_max >= BLOCK_BYTES_MIN && options->block_bytes_max <= options->segment_bytes / 4;
}

static uint64_t segment_bytes_of(const struct ledger_options *options)
{
    return options->segment_bytes - options->segment_bytes % BUFFER_ALIGNMENT_BYTES;
}

/* No segment at all: a ledger that begins, unless the state says that there was one. */
static enum stepcare_error first_segment_make(struct ledger *ledger, const struct ledger_options *options)
{
    if (ledger->segments.last != 0) return STEPCARE_OK;
    if (options->read_only) return STEPCARE_NOT_FOUND;
    int fd;
    enum stepcare_error error =
        segment_make(ledger->segments.directory_fd, 1, segment_bytes_of(options), ledger->io, NULL, &fd);
    if (error != STEPCARE_OK) return error;
    close(fd);
    ledger->segments.first = ledger->segments.last = 1;
    return STEPCARE_OK;
}

/* The segments after the one in use hold only zeros (recovery saw to it). The next one becomes the spare if it has the
 * size configured now; what cannot be used is removed and made anew. */
static enum stepcare_error spare_find(struct ledger *ledger, uint64_t segment_bytes, int *out_fd)
{
    uint32_t next = ledger->segment_number + 1;
    struct segment spare;
    bool usable = segment_get(&ledger->segments, next, &spare) == STEPCARE_OK && spare.bytes == segment_bytes;
    for (uint32_t number = ledger->segments.last; number >= (usable ? next + 1 : next); number--) {
        enum stepcare_error error = segment_remove(&ledger->segments, number);
        if (error != STEPCARE_OK) return error;
    }
    *out_fd = -1;
    return usable ? segment_open_write(ledger->segments.directory_fd, next, out_fd) : STEPCARE_OK;
}

static enum stepcare_error writer_start(struct ledger *ledger, const struct ledger_options *options)
{
    struct segment current;
    int spare_fd = -1;
    ledger->segment_number = ledger_position_segment(ledger->tail.position);
    ledger->offset = ledger_position_offset(ledger->tail.position);
    enum stepcare_error error = segment_get(&ledger->segments, ledger->segment_number, &current);
    if (error == STEPCARE_OK) {
        ledger->segment_bytes = current.bytes;
        error = segment_open_write(ledger->segments.directory_fd, ledger->segment_number, &ledger->fd);
    }
    uint64_t segment_bytes = segment_bytes_of(options);
    if (error == STEPCARE_OK) error = spare_find(ledger, segment_bytes, &spare_fd);
    if (error == STEPCARE_OK)
        error = prewriter_open(ledger->segments.directory_fd, ledger->segment_number + 1, segment_bytes, ledger->io,
                               spare_fd, &ledger->prewriter);
    if (error != STEPCARE_OK && spare_fd >= 0) close(spare_fd);
    return error;
}

static enum stepcare_error ledger_new(const struct ledger_options *options, struct ledger **out_ledger)
{
    if (sodium_init() < 0) return STEPCARE_SYSTEM;
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) return STEPCARE_NO_MEMORY;
    ledger->io = options->io != NULL ? options->io : &ledger_io_system;
    ledger->segments.directory_fd = -1;
    ledger->fd = -1;
    ledger->read_only = options->read_only;
    ledger->block_bytes_max = options->block_bytes_max - options->block_bytes_max % LEDGER_SECTOR_BYTES;
    ledger->block = aligned_alloc(BUFFER_ALIGNMENT_BYTES, (ledger->block_bytes_max + BUFFER_ALIGNMENT_BYTES - 1) /
                                                              BUFFER_ALIGNMENT_BYTES * BUFFER_ALIGNMENT_BYTES);
    if (ledger->block == NULL) {
        free(ledger);
        return STEPCARE_NO_MEMORY;
    }
    *out_ledger = ledger;
    return STEPCARE_OK;
}

static enum stepcare_error walk_all(struct ledger *ledger, const struct ledger_mark *from, ledger_visit visit,
                                    void *context, struct ledger_report *report)
{
    struct ledger_walk walk = {.segments = &ledger->segments,
                               .io = ledger->io,
                               .read_only = ledger->read_only,
                               .block_bytes_max = ledger->block_bytes_max,
                               .visit = visit,
                               .context = context};
    if (from != NULL) {
        walk.mark = *from;
        walk.sequence_min = from->sequence;
    }
    enum stepcare_error error = ledger_recover(&walk);
    if (error == STEPCARE_OK && !ledger->read_only) error = ledger_rewrite_last(&walk);
    *report = walk.report;
    ledger->tail = walk.mark;
    ledger->epoch = walk.epoch + 1;
    return error;
}

enum stepcare_error ledger_open(const struct ledger_options *options, const struct ledger_mark *from,
                                ledger_visit visit, void *context, struct ledger_report *out_report,
                                struct ledger **out_ledger)
{
    if (!options_valid(options)) return STEPCARE_CONFIG;
    struct ledger *ledger = NULL;
    struct ledger_report report = {.blocks = 0};
    bool walked = false;
    enum stepcare_error error = ledger_new(options, &ledger);
    if (error == STEPCARE_OK) error = segment_set_open(options->directory, !options->read_only, &ledger->segments);
    /* A state that has applied events whose ledger is gone is no beginning: the walk says what is missing. */
    if (error == STEPCARE_OK && (from == NULL || from->sequence == 0)) error = first_segment_make(ledger, options);
    if (error == STEPCARE_OK) {
        error = walk_all(ledger, from, visit, context, &report);
        walked = true;
    }
    if (error == STEPCARE_OK && !options->read_only) error = writer_start(ledger, options);
    if (walked) *out_report = report;
    if (error != STEPCARE_OK)
        ledger_close(ledger);
    else
        *out_ledger = ledger;
    return error;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) return;
    prewriter_close(ledger->prewriter);
    if (ledger->fd >= 0) close(ledger->fd);
    segment_set_close(&ledger->segments);
    free(ledger->block);
    free(ledger);
}
