/* Bytes that grow: every frame, event and JSON line is built in one. */
#include "base/buffer.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 4096 };

static bool buffer_grow(struct buffer *buffer, size_t bytes)
{
    size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;
    while (capacity - buffer->bytes < bytes) {
        if (capacity > SIZE_MAX / 2) return false;
        capacity *= 2;
    }
    uint8_t *data = realloc(buffer->data, capacity);
    if (data == NULL) return false;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void buffer_append_growing(struct buffer *buffer, const void *data, size_t bytes)
{
    if (buffer->failed || bytes == 0) return;
    if (buffer->capacity - buffer->bytes < bytes && !buffer_grow(buffer, bytes)) {
        buffer->failed = true;
        return;
    }
    memcpy(buffer->data + buffer->bytes, data, bytes);
    buffer->bytes += bytes;
}

void buffer_close(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
