/* Names of a closed set for people: what an error says would be allowed. */
#ifndef BASE_CODE_NAMES_H
#define BASE_CODE_NAMES_H

#include "stepcare/codes.h"

/* Purpose: the names of a set from number 1 to last, in that order: "low, medium, high". Shape: last 0 is all of the
 * set; what does not fit text_bytes is cut off; always ends in a NUL. Returns bytes written, without the NUL. */
size_t code_names_join(const struct stepcare_codeset *set, unsigned last, char *out_text, size_t text_bytes);

#endif
