/* A record written as a line of text, "to_tier=physio reason=no_capacity count=2": how tests and stories say what a
 * command carries. */
#ifndef TESTS_SUPPORT_RECORD_TEXT_H
#define TESTS_SUPPORT_RECORD_TEXT_H

#include "stepcare/record.h"

enum { RECORD_TEXT_BYTES = 512 };

struct record_text {
    struct stepcare_record record; /* its texts view `text` */
    char text[RECORD_TEXT_BYTES];
};

/* Purpose: fields by their names, blanks between them; numbers, names of codes, lists of names with commas, true and
 * false, texts ('_' stands for itself, '+' for a blank). Errors: the test ends, saying which field. */
void record_text_read(const char *line, struct record_text *out_record);

#endif
