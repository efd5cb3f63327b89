/* The referral id that people read to each other over a telephone: eight characters and a hyphen, "0000-0017".
 *
 *   0000-001 7      seven digits of the episode number, base 32, most significant first;
 *   \______/ \_ check character
 *
 * Digits are Crockford's: 0-9 and A-Z without I, L, O, U. The check character is a sum over GF(32): every single wrong
 * character and every swap of two neighbours is found. Reading is forgiving: lower case, no hyphen, O for 0, I or L for
 * 1. */
#ifndef STEPCARE_REFERRAL_ID_H
#define STEPCARE_REFERRAL_ID_H

#include "stepcare/text.h"

enum { STEPCARE_REFERRAL_ID_CHARS = 9 };
#define STEPCARE_REFERRAL_ID_MAX ((UINT64_C(1) << 35) - 1)

/* Purpose: number to text ("0000-0017" and a NUL). Errors: numbers over the maximum are a bug (must). */
void stepcare_referral_id_format(uint64_t id, char out_text[STEPCARE_REFERRAL_ID_CHARS + 1]);

/* Purpose: text to number. Errors: false for a wrong length, character or check character; *out_id untouched. */
bool stepcare_referral_id_parse(struct stepcare_text text, uint64_t *out_id);

#endif
