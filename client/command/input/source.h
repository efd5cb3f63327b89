/* A file of referrals, taken apart without being held in memory: one JSON object a line, or the elements of one JSON
 * array (the first character that is no blank says which). */
#ifndef CLIENT_COMMAND_INPUT_SOURCE_H
#define CLIENT_COMMAND_INPUT_SOURCE_H

#include "stepcare/limits.h"
#include "stepcare/text.h"

struct source;

enum source_result {
    SOURCE_ITEM,
    SOURCE_TOO_LONG, /* over STEPCARE_LINE_BYTES_MAX: passed over */
    SOURCE_BROKEN,   /* the array's own syntax is broken: nothing follows */
    SOURCE_IDLE,     /* a pipe or terminal has nothing for the moment */
    SOURCE_END,
    SOURCE_FAILED /* reading failed: errno */
};

struct source_item {
    uint64_t number;           /* of the line, or of the array's element, from 1 */
    struct stepcare_text text; /* until the next call */
    const char *problem;       /* BROKEN: a sentence */
};

/* Purpose: open a file, "-" for standard input. Errors: false with errno set.
 * Owns: source_close frees; it accepts NULL. */
bool source_open(const char *path, struct source **out_source);
void source_close(struct source *source);

/* Purpose: the next item; blank lines are counted and passed over. With a pipe, waits idle_ms for data before
 * SOURCE_IDLE. */
enum source_result source_next(struct source *source, int idle_ms, struct source_item *out_item);

/* Purpose: how far we are, for the progress bar: bytes read and the file's size, 0 where it is unknown. */
uint64_t source_bytes_read(const struct source *source);
uint64_t source_bytes_total(const struct source *source);

#endif
