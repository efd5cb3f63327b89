/* Referral ids as people read them: for JSON, the command, and whatever a person types. */
#include "stepcare/referral_id.h"

#include "base/must.h"

enum { DIGITS = 7, HYPHEN_AT = 4, INVALID_DIGIT = 255 };

static const char alphabet[33] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Multiplication by 7 in GF(32) with x^5 + x^2 + 1. The group has 31 elements, a prime, so the powers 7^0 .. 7^7 that
 * weigh the eight characters all differ: that is what finds every single error and every swap of neighbours. */
static unsigned times_seven(unsigned value)
{
    unsigned product = value ^ (value << 1) ^ (value << 2);
    if (product & 64U) product ^= 37U << 1;
    if (product & 32U) product ^= 37U;
    return product;
}

static unsigned check_digit(const uint8_t digits[DIGITS])
{
    unsigned check = 0;
    for (unsigned i = 0; i < DIGITS; i++) check = times_seven(check ^ digits[i]);
    return check;
}

static uint8_t digit_of(char c)
{
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c == 'O') return 0;
    if (c == 'I' || c == 'L') return 1;
    const char *found = c == '\0' ? NULL : strchr(alphabet, c);
    return found == NULL ? INVALID_DIGIT : (uint8_t)(found - alphabet);
}

void stepcare_referral_id_format(uint64_t id, char out_text[STEPCARE_REFERRAL_ID_CHARS + 1])
{
    must(id <= STEPCARE_REFERRAL_ID_MAX);
    uint8_t digits[DIGITS];
    for (unsigned i = DIGITS; i-- > 0; id >>= 5) digits[i] = id & 31U;
    char *at = out_text;
    for (unsigned i = 0; i < DIGITS; i++) {
        if (i == HYPHEN_AT) *at++ = '-';
        *at++ = alphabet[digits[i]];
    }
    *at++ = alphabet[check_digit(digits)];
    *at = '\0';
}

bool stepcare_referral_id_parse(struct stepcare_text text, uint64_t *out_id)
{
    if (text.bytes != DIGITS + 1 && text.bytes != STEPCARE_REFERRAL_ID_CHARS) return false;
    if (text.bytes == STEPCARE_REFERRAL_ID_CHARS && text.data[HYPHEN_AT] != '-') return false;
    uint8_t digits[DIGITS + 1];
    uint64_t id = 0;
    for (unsigned i = 0, at = 0; i <= DIGITS; i++, at++) {
        if (i == HYPHEN_AT && text.bytes == STEPCARE_REFERRAL_ID_CHARS) at++;
        digits[i] = digit_of(text.data[at]);
        if (digits[i] == INVALID_DIGIT) return false;
        if (i < DIGITS) id = id << 5 | digits[i];
    }
    if (check_digit(digits) != digits[DIGITS]) return false;
    *out_id = id;
    return true;
}
