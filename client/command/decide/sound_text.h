/* What the JSON reader's yajl lets pass and a review snapshot may not have: bytes that are no UTF-8, escapes that
 * stand for no character, blanks that are none of JSON's, and a beginning of a string after the document. */
#ifndef CLIENT_COMMAND_DECIDE_SOUND_TEXT_H
#define CLIENT_COMMAND_DECIDE_SOUND_TEXT_H

#include "stepcare/text.h"

/* Purpose: how far a text can be JSON: up to the first byte that is not UTF-8, with a blank that is none of JSON's,
 * or with a string that has an escape for NUL or half a surrogate pair; all of it where there is none of these. */
uint32_t sound_text_bytes(struct stepcare_text text);

/* Purpose: does a text end as an object or a list does, blanks aside. */
bool sound_text_ends(struct stepcare_text text);

/* Purpose: characters up to that byte, counted from the beginning of its line. Shape: bytes is at most text.bytes. */
unsigned sound_text_column(struct stepcare_text text, uint32_t bytes);

#endif
