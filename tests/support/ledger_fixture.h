/* What the ledger's tests share: events whose bytes follow from their sequence, a plain array of what was put, and
 * files that fail. */
#ifndef TESTS_SUPPORT_LEDGER_FIXTURE_H
#define TESTS_SUPPORT_LEDGER_FIXTURE_H

#include "router/ledger/segment/io.h"
#include "router/ledger/segment/segment_engine.h"

#include <stdatomic.h>

enum { FIXTURE_SEGMENT_BYTES = 1024 * 1024, FIXTURE_BLOCK_BYTES_MAX = 64 * 1024, FIXTURE_EVENTS_MAX = 200000 };

/* The model: event n (from 1) has lengths[n] bytes that only its sequence decides. */
struct ledger_model {
    uint64_t count, replayed; /* events flushed; events seen by the last replay */
    uint32_t lengths[FIXTURE_EVENTS_MAX + 1];
};
struct ledger_model *ledger_model_make(void); /* free() it */

/* Purpose: the bytes of event `sequence`; whether a view holds them. */
void fixture_event_fill(uint8_t *room, uint32_t bytes, uint64_t sequence);
bool fixture_event_matches(const struct ledger_event_view *event);

struct segment_options fixture_options(const char *directory);

/* Purpose: open, replay from `from` and compare every event with the model; events past its count are learnt.
 * Errors: as ledger_open; DAMAGED with report where "model" when an event differs from it. */
enum stepcare_error fixture_open(const struct segment_options *options, const struct ledger_mark *from,
                                 struct ledger_model *model, struct ledger_report *out_report,
                                 struct ledger **out_ledger);

/* Purpose: stage one event, or count events and flush them; the model follows. */
enum stepcare_error fixture_stage(struct ledger *ledger, struct ledger_model *model, uint32_t bytes);
enum stepcare_error fixture_flush(struct ledger *ledger, struct ledger_model *model);
enum stepcare_error fixture_append(struct ledger *ledger, struct ledger_model *model, uint32_t bytes, unsigned count);

/* Purpose: a ledger of `blocks` blocks of one event each, closed again. */
void fixture_write(const struct segment_options *options, struct ledger_model *model, unsigned blocks, uint32_t bytes);

/* Purpose: whether a segment's file reads as written: flip one byte, cut the file off. */
void fixture_flip(const char *directory, uint32_t segment, uint64_t offset, uint8_t mask);
void fixture_put(const char *directory, uint32_t segment, uint64_t offset, const void *data, size_t bytes);
void fixture_truncate(const char *directory, uint32_t segment, uint64_t bytes);
void fixture_segment_path(const char *directory, uint32_t segment, char out_path[512]);

/* Files that fail: at the n-th call from now (1 is the next), 0 never. */
struct fault_io {
    struct ledger_io io; /* for segment_options.io */
    unsigned writes, syncs;
    unsigned fail_write_at, fail_sync_at;
    int error;                 /* errno to fail with */
    size_t tear_bytes;         /* a failing write puts so many bytes first */
    atomic_long prewrite_room; /* bytes that segments may still take; negative: no limit */
    atomic_uint prewrite_refused;
};
void fault_io_init(struct fault_io *fault);

#endif
