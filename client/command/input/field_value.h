/* One value of a record as people type and read it: options become fields, fields become table cells. */
#ifndef CLIENT_COMMAND_INPUT_FIELD_VALUE_H
#define CLIENT_COMMAND_INPUT_FIELD_VALUE_H

#include "proto/frame.h"

#include <stdio.h>

enum { FIELD_PROBLEM_BYTES = 512, FIELD_TEXT_BYTES = 1024 };

/* Purpose: read text into a field of the record.
 * Owns: text fields borrow `text`.
 * Errors: false with a sentence about what is expected ("unknown tier 'gp': one of gp_advice, ..."); the record is
 * untouched. */
bool field_value_parse(struct stepcare_record *record, unsigned key, const char *text,
                       char problem[FIELD_PROBLEM_BYTES]);

/* Purpose: a field for people: times in Europe/London, lists joined by blanks, nothing where it is absent. Returns
 * its bytes. */
size_t field_value_text(const struct stepcare_record *record, unsigned key, char out_text[FIELD_TEXT_BYTES]);

/* Purpose: an instant for people, "Mon 02 Nov 2026 09:30", Europe/London. */
void london_time_format(int64_t ms, char out_text[32]);
/* Purpose: a length of time for people: "4 min", "3 h", "12 days". */
void duration_format(int64_t ms, char out_text[32]);

#endif
