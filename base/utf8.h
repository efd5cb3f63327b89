/* UTF-8, as text on the wire and in JSON must be. Source: RFC 3629 (no surrogates, nothing over U+10FFFF, shortest
 * form). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "stepcare/text.h"

/* Purpose: bytes of the well-formed character at the start of data: 1 to 4, or 0 where it is none. bytes must be over
 * 0. */
unsigned utf8_character_bytes(const uint8_t *data, uint32_t bytes);

/* Purpose: is all of it well-formed; and how many characters are there (only for well-formed text). */
bool utf8_valid(struct stepcare_text text);
uint32_t utf8_count(struct stepcare_text text);

#endif
