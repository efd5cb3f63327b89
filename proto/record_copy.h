/* Copies of a record's fields by a list of their keys, and a record's texts brought into memory of its own: one list
 * says what is handed on, the type table says how. Used wherever one record is made from another: events from results,
 * jobs from events, rows from events. */
#ifndef PROTO_RECORD_COPY_H
#define PROTO_RECORD_COPY_H

#include "base/arena.h"
#include "stepcare/record.h"

/* Purpose: set in `to` each of the fields that `from` has; the others of `to` stay as they are.
 * Shape: fields are keys (STEPCARE_FIELD_tier ...), 0 ends them. Owns: texts and lists are borrowed, as they are in
 * `from`. */
void record_copy(struct stepcare_record *to, const struct stepcare_record *from, const uint8_t *fields);

/* Purpose: copy every text, run of bytes and code of the record into the arena, so that it outlives what it was decoded
 * from. Lists of errors and of records are borrowed still.
 * Errors: false where the arena has no room; texts that did not fit are then empty. */
bool record_keep(struct stepcare_record *record, struct arena *arena);

#endif
