/* Building blocks and handing them to the engine. See ledger.h; the store is its caller. */
#include "router/ledger/ledger.h"

#include "base/clock.h"
#include "base/must.h"
#include "router/ledger/cursor.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_ALIGNMENT_BYTES = 4096 };

struct ledger {
    struct ledger_engine *engine;
    enum stepcare_error ended; /* FENCED or UNKNOWN: what a flush ended with, and nothing goes on */
    uint64_t epoch;            /* as opening gave it */
    struct ledger_mark tail;   /* the head last seen */

    uint8_t *block; /* header room, then the staged events */
    uint32_t staged_bytes, staged_count;
    struct ledger_cursor cursor; /* where the last read of a staged event was */
};

static enum stepcare_error ledger_make(struct ledger_engine *engine, struct ledger **out_ledger)
{
    if (sodium_init() < 0) return STEPCARE_SYSTEM;
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) return STEPCARE_NO_MEMORY;
    const size_t bytes = ((size_t)engine->block_bytes_max + BUFFER_ALIGNMENT_BYTES - 1) / BUFFER_ALIGNMENT_BYTES *
                         BUFFER_ALIGNMENT_BYTES;
    ledger->block = engine->read_only ? NULL : aligned_alloc(BUFFER_ALIGNMENT_BYTES, bytes);
    if (ledger->block == NULL && !engine->read_only) {
        free(ledger);
        return STEPCARE_NO_MEMORY;
    }
    *out_ledger = ledger;
    return STEPCARE_OK;
}

enum stepcare_error ledger_open(struct ledger_engine *engine, const struct ledger_mark *from, ledger_visit visit,
                                void *context, struct ledger_report *out_report, struct ledger **out_ledger)
{
    struct ledger *ledger = NULL;
    enum stepcare_error error = ledger_make(engine, &ledger);
    if (error != STEPCARE_OK) {
        engine->close(engine);
        return error;
    }
    ledger->engine = engine;
    error = engine->open(engine, from, visit, context, out_report, &ledger->tail, &ledger->epoch);
    if (error != STEPCARE_OK) {
        ledger_close(ledger);
        return error;
    }
    must(ledger->epoch > 0);
    must(from == NULL || ledger->tail.sequence >= from->sequence);
    must_sequence_note(ledger->tail.sequence);
    *out_ledger = ledger;
    return STEPCARE_OK;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) return;
    ledger->engine->close(ledger->engine);
    free(ledger->block);
    free(ledger);
}

struct ledger_mark ledger_tail(const struct ledger *ledger)
{
    return ledger->tail;
}

uint64_t ledger_epoch(const struct ledger *ledger)
{
    return ledger->epoch;
}

uint32_t ledger_staged_bytes(const struct ledger *ledger)
{
    return ledger->staged_bytes;
}

uint64_t ledger_next_sequence(const struct ledger *ledger)
{
    return ledger->tail.sequence + ledger->staged_count + 1;
}

enum stepcare_error ledger_stage(struct ledger *ledger, uint32_t bytes, uint8_t **out_room, uint64_t *out_sequence)
{
    if (ledger->ended != STEPCARE_OK) return ledger->ended;
    if (ledger->engine->read_only) return STEPCARE_SYSTEM;
    const uint64_t used = LEDGER_HEADER_BYTES + (uint64_t)ledger->staged_bytes;
    if (used + LEDGER_LENGTH_BYTES + bytes > ledger->engine->block_bytes_max) return STEPCARE_TOO_LARGE;
    if (ledger->staged_count == 0) {
        must(ledger->staged_bytes == 0);
        const enum stepcare_error error = ledger->engine->reserve(ledger->engine);
        if (error == STEPCARE_UNKNOWN) ledger->ended = error;
        if (error != STEPCARE_OK) return error;
    }
    ledger_block_length_put(ledger->block + used, bytes);
    *out_room = ledger->block + used + LEDGER_LENGTH_BYTES;
    *out_sequence = ledger_next_sequence(ledger);
    ledger->staged_bytes += LEDGER_LENGTH_BYTES + bytes;
    ledger->staged_count++;
    must(ledger_block_extent(ledger->staged_bytes) <= ledger->engine->block_bytes_max);
    must(ledger_next_sequence(ledger) == *out_sequence + 1);
    return STEPCARE_OK;
}

enum stepcare_error ledger_flush(struct ledger *ledger)
{
    if (ledger->ended != STEPCARE_OK) return ledger->ended;
    if (ledger->staged_count == 0) return STEPCARE_OK;
    must(!ledger->engine->read_only);
    must(ledger->staged_bytes / LEDGER_LENGTH_BYTES >= ledger->staged_count);
    struct ledger_block block = {.epoch = ledger->epoch,
                                 .first_sequence = ledger->tail.sequence + 1,
                                 .count = ledger->staged_count,
                                 .bytes = ledger->staged_bytes,
                                 .written_ms = clock_wall_ms()};
    memcpy(block.before, ledger->tail.hash, sizeof block.before);
    ledger_block_seal(ledger->block, &block);
    uint64_t hint = 0;
    const enum stepcare_error error =
        ledger->engine->append(ledger->engine, ledger->epoch, ledger->tail.sequence, &block, ledger->block, &hint);
    if (error != STEPCARE_OK) {
        ledger->ended = error == STEPCARE_FENCED ? STEPCARE_FENCED : STEPCARE_UNKNOWN;
        return ledger->ended;
    }
    ledger->tail.hint = hint;
    ledger->tail.sequence += block.count;
    memcpy(ledger->tail.hash, block.hash, sizeof ledger->tail.hash);
    ledger->staged_bytes = 0;
    ledger->staged_count = 0;
    must_sequence_note(ledger->tail.sequence);
    return STEPCARE_OK;
}

enum stepcare_error ledger_read(struct ledger *ledger, uint64_t sequence, struct ledger_event_view *out_event)
{
    if (ledger->ended != STEPCARE_OK) return ledger->ended;
    if (sequence == 0) return STEPCARE_NOT_FOUND;
    if (ledger->staged_count == 0 || sequence <= ledger->tail.sequence)
        return ledger->engine->read(ledger->engine, sequence, out_event);
    const struct ledger_block staged = {.epoch = ledger->epoch,
                                        .first_sequence = ledger->tail.sequence + 1,
                                        .count = ledger->staged_count,
                                        .bytes = ledger->staged_bytes};
    if (sequence - staged.first_sequence >= staged.count) return STEPCARE_NOT_FOUND;
    return ledger_cursor_read(&ledger->cursor, ledger->block + LEDGER_HEADER_BYTES, &staged, sequence, out_event);
}

struct ledger_space ledger_space(const struct ledger *ledger)
{
    struct ledger_space space = ledger->engine->space(ledger->engine);
    const uint64_t staged = ledger->staged_count > 0 ? ledger_block_extent(ledger->staged_bytes) : 0;
    space.bytes_left -= staged < space.bytes_left ? staged : space.bytes_left;
    return space;
}
