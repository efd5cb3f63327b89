#include "proto/wire.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 4096 };

static bool buffer_grow(struct wire_buffer *buffer, size_t bytes)
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

void wire_buffer_append_growing(struct wire_buffer *buffer, const void *data, size_t bytes)
{
    if (buffer->failed || bytes == 0) return;
    if (buffer->capacity - buffer->bytes < bytes && !buffer_grow(buffer, bytes)) {
        buffer->failed = true;
        return;
    }
    memcpy(buffer->data + buffer->bytes, data, bytes);
    buffer->bytes += bytes;
}

void wire_buffer_close(struct wire_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct wire_buffer){0};
}
