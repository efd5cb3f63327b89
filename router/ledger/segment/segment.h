/* The ledger's files: NNNNNNNN.seg, numbered from 1, written with zeros before they are used. A file being made is
 * called NNNNNNNN.seg.new; it gets its name once its zeros are on disk, so a .seg is always whole.
 * Reading is through read-only maps, made at first need and kept until the set is closed. */
#ifndef ROUTER_LEDGER_SEGMENT_SEGMENT_H
#define ROUTER_LEDGER_SEGMENT_SEGMENT_H

#include "router/ledger/segment/io.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { SEGMENT_NUMBER_MAX = 99999999, SEGMENT_NAME_BYTES = 32 };

struct segment { /* a mapped file */
    uint32_t number;
    const uint8_t *data;
    uint64_t bytes; /* whole sectors; as the file is, not as configured now */
};

struct segment_set {
    int directory_fd;
    uint32_t first, last; /* numbers seen in the directory; 0: none */
    struct segment *items;
    uint32_t count, capacity;
};

/* Purpose: open the directory and see which segments there are. With `make` the directory is made if missing, and files
 * left half made are removed. Errors: NOT_FOUND (no directory, without `make`), SYSTEM, NO_SPACE. */
enum stepcare_error segment_set_open(const char *directory, bool make, struct segment_set *out_set);
void segment_set_close(struct segment_set *set);

/* Purpose: a segment, mapped. Its data holds until the segment is removed or the set is closed. Errors: NOT_FOUND
 * (no such file), SYSTEM, NO_MEMORY. */
enum stepcare_error segment_get(struct segment_set *set, uint32_t number, struct segment *out_segment);

/* Purpose: make a segment of zeros, on disk under its name, and leave it open for writing in *out_fd.
 * stop: looked at between chunks, may be NULL. Errors: NO_SPACE, SYSTEM (also when stopped); nothing is left behind.
 * Calls: any thread. */
enum stepcare_error segment_make(int directory_fd, uint32_t number, uint64_t bytes, const struct ledger_io *io,
                                 const atomic_bool *stop, int *out_fd);

/* Purpose: open an existing one for writing; remove one. Errors: SYSTEM. */
enum stepcare_error segment_open_write(int directory_fd, uint32_t number, int *out_fd);
enum stepcare_error segment_remove(struct segment_set *set, uint32_t number);

#endif
