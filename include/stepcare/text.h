/* A borrowed run of bytes: UTF-8 unless said otherwise, never NUL-terminated. It lives as long as what it was decoded
 * from (a wire buffer, a memory-mapped segment, an arena). {NULL, 0} is "absent"; data != NULL with 0 bytes is
 * "empty". */
#ifndef STEPCARE_TEXT_H
#define STEPCARE_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct stepcare_text {
    const char *data;
    uint32_t bytes;
};

static inline struct stepcare_text stepcare_text_of(const char *string)
{
    return (struct stepcare_text){string, string == NULL ? 0 : (uint32_t)strlen(string)};
}

static inline bool stepcare_text_equal(struct stepcare_text a, struct stepcare_text b)
{
    return a.bytes == b.bytes && (a.bytes == 0 || memcmp(a.data, b.data, a.bytes) == 0);
}

#endif
