/* Well-formed UTF-8 or not: asked of every text that comes from outside, and of text that is written as JSON. */
#include "base/utf8.h"

static bool continues(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

unsigned utf8_character_bytes(const uint8_t *data, uint32_t bytes)
{
    uint8_t first = data[0];
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    if (first < 0xe0) return bytes >= 2 && continues(data[1]) ? 2 : 0;
    if (first < 0xf0) {
        if (bytes < 3 || !continues(data[1]) || !continues(data[2])) return 0;
        bool overlong = first == 0xe0 && data[1] < 0xa0;
        bool surrogate = first == 0xed && data[1] > 0x9f;
        return overlong || surrogate ? 0 : 3;
    }
    if (bytes < 4 || !continues(data[1]) || !continues(data[2]) || !continues(data[3])) return 0;
    bool overlong = first == 0xf0 && data[1] < 0x90;
    bool beyond = first == 0xf4 && data[1] > 0x8f;
    return overlong || beyond ? 0 : 4;
}

bool utf8_valid(struct stepcare_text text)
{
    const uint8_t *at = (const uint8_t *)text.data;
    uint32_t left = text.bytes;
    while (left > 0) {
        uint64_t eight;
        if (left >= 8 && (memcpy(&eight, at, 8), (eight & UINT64_C(0x8080808080808080)) == 0)) {
            at += 8;
            left -= 8;
            continue;
        }
        unsigned bytes = utf8_character_bytes(at, left);
        if (bytes == 0) return false;
        at += bytes;
        left -= bytes;
    }
    return true;
}

uint32_t utf8_count(struct stepcare_text text)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.bytes; i++) count += !continues((uint8_t)text.data[i]);
    return count;
}
