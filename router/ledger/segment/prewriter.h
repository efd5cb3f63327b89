/* A thread that keeps one spare segment ready ahead of need, so that an append never waits for a file to grow.
 * A full disk is no end: it tries again every second until there is room. */
#ifndef ROUTER_LEDGER_SEGMENT_PREWRITER_H
#define ROUTER_LEDGER_SEGMENT_PREWRITER_H

#include "router/ledger/segment/io.h"

#include <stdbool.h>

struct prewriter;

/* Purpose: start. number: the segment to make next; spare_fd: that segment, if it is there already, open for writing
 * (-1: make it). Owns: spare_fd, on success. Errors: NO_MEMORY, SYSTEM. */
enum stepcare_error prewriter_open(int directory_fd, uint32_t number, uint64_t segment_bytes,
                                   const struct ledger_io *io, int spare_fd, struct prewriter **out_prewriter);
/* accepts NULL; waits for the thread, which gives up a half-made file */
void prewriter_close(struct prewriter *prewriter);

/* Purpose: take the spare; the next one is begun at once. A spare in the making is waited for: it comes, or the disk is
 * full.
 * Owns: the caller closes *out_fd. Errors: NO_SPACE. */
enum stepcare_error prewriter_take(struct prewriter *prewriter, uint32_t *out_number, int *out_fd);

/* Purpose: how things stand now; true in *out_full: the last attempt to make a spare failed. */
bool prewriter_ready(struct prewriter *prewriter, bool *out_full);

#endif
