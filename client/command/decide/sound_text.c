/* Looking through a line before and after the JSON reader does. Used by the reader of review snapshots. */
#include "client/command/decide/sound_text.h"

#include "base/utf8.h"

#include <string.h>

/* The code unit of the escape \uXXXX at `at`; UINT32_MAX where there is none. */
static uint32_t escape_unit(struct stepcare_text text, uint32_t at)
{
    uint32_t unit = 0;
    if (text.bytes - at < 6 || text.data[at] != '\\' || text.data[at + 1] != 'u') return UINT32_MAX;
    for (uint32_t i = at + 2; i < at + 6; i++) {
        const char *digits = "0123456789abcdef", c = text.data[i];
        const char *digit = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
        if (digit == NULL) return UINT32_MAX;
        unit = unit * 16 + (uint32_t)(digit - digits);
    }
    return unit;
}

/* The bytes of the escape at `at`; *unsound: it stands for NUL or for half a surrogate pair, which are no text. */
static uint32_t escape_bytes(struct stepcare_text text, uint32_t at, bool *unsound)
{
    const uint32_t unit = escape_unit(text, at);
    if (unit == UINT32_MAX) return 2;
    const uint32_t next = unit >= 0xd800 && unit < 0xdc00 ? escape_unit(text, at + 6) : UINT32_MAX;
    const bool paired = next >= 0xdc00 && next < 0xe000;
    *unsound = *unsound || unit == 0 || (unit >= 0xd800 && unit < 0xe000 && !paired);
    return paired ? 12 : 6;
}

uint32_t sound_text_bytes(struct stepcare_text text)
{
    bool in_string = false, unsound = false;
    for (uint32_t at = 0; at < text.bytes;) {
        uint32_t bytes = utf8_character_bytes((const uint8_t *)text.data + at, text.bytes - at);
        if (bytes == 0) return at;
        const char c = text.data[at];
        if (!in_string && (c == '\v' || c == '\f')) return at + 1;
        if (c == '"') {
            if (unsound) return at + 1;
            in_string = !in_string;
        } else if (in_string && c == '\\') {
            bytes = escape_bytes(text, at, &unsound);
        }
        at += bytes < text.bytes - at ? bytes : text.bytes - at;
    }
    return text.bytes;
}

bool sound_text_ends(struct stepcare_text text)
{
    uint32_t bytes = text.bytes;
    while (bytes > 0 && memchr(" \t\r\n", text.data[bytes - 1], 4) != NULL) bytes--;
    return bytes > 0 && (text.data[bytes - 1] == '}' || text.data[bytes - 1] == ']');
}

unsigned sound_text_column(struct stepcare_text text, uint32_t bytes)
{
    uint32_t from = bytes;
    while (from > 0 && text.data[from - 1] != '\n') from--;
    return utf8_count((struct stepcare_text){text.data + from, bytes - from});
}
