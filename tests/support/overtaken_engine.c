/* A writer that another has gone ahead of. See overtaken_engine.h; tests of the store and of answers open stores on
 * it. */
#include "tests/support/overtaken_engine.h"

#include <stdlib.h>

struct overtaken overtaken_by;

struct overtaken_engine {
    struct ledger_engine engine; /* first */
    struct ledger_engine *real;
};

static struct ledger_engine *real_of(struct ledger_engine *engine)
{
    return ((struct overtaken_engine *)engine)->real;
}

static enum stepcare_error overtaken_open(struct ledger_engine *engine, const struct ledger_mark *from,
                                          ledger_visit visit, void *context, struct ledger_report *out_report,
                                          struct ledger_mark *out_tail, uint64_t *out_epoch)
{
    struct ledger_engine *real = real_of(engine);
    return real->open(real, from, visit, context, out_report, out_tail, out_epoch);
}

static enum stepcare_error overtaken_reserve(struct ledger_engine *engine)
{
    return real_of(engine)->reserve(real_of(engine));
}

static enum stepcare_error overtaken_append(struct ledger_engine *engine, uint64_t epoch, uint64_t expected_head,
                                            const struct ledger_block *block, const uint8_t *data, uint64_t *out_hint)
{
    struct ledger_engine *real = real_of(engine);
    overtaken_by.appends++;
    /* To the real engine, a writer that is behind by so much. */
    return real->append(real, epoch - overtaken_by.epochs, expected_head - overtaken_by.events, block, data, out_hint);
}

static enum stepcare_error overtaken_read(struct ledger_engine *engine, uint64_t sequence,
                                          struct ledger_event_view *out_event)
{
    return real_of(engine)->read(real_of(engine), sequence, out_event);
}

static struct ledger_space overtaken_space(struct ledger_engine *engine)
{
    return real_of(engine)->space(real_of(engine));
}

static void overtaken_close(struct ledger_engine *engine)
{
    real_of(engine)->close(real_of(engine));
    free(engine);
}

enum stepcare_error overtaken_engine_make(const struct config *config, const char *directory, bool read_only,
                                          struct ledger_engine **out_engine)
{
    struct overtaken_engine *self = calloc(1, sizeof *self);
    if (self == NULL) return STEPCARE_NO_MEMORY;
    const enum stepcare_error error = store_engine_make(config, directory, read_only, &self->real);
    if (error != STEPCARE_OK) {
        free(self);
        return error;
    }
    self->engine = (struct ledger_engine){.block_bytes_max = self->real->block_bytes_max,
                                          .read_only = read_only,
                                          .open = overtaken_open,
                                          .reserve = overtaken_reserve,
                                          .append = overtaken_append,
                                          .read = overtaken_read,
                                          .space = overtaken_space,
                                          .close = overtaken_close};
    overtaken_by = (struct overtaken){0};
    *out_engine = &self->engine;
    return STEPCARE_OK;
}
