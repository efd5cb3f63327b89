/* A growing output buffer: what is encoded goes into one. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A growing output buffer, owned by whoever declared it. Failure to grow is recorded: check failed once, at the end. */
struct buffer {
    uint8_t *data;
    size_t bytes, capacity;
    bool failed;
};
void buffer_close(struct buffer *buffer);
/* Purpose: append bytes, growing by doubling. Errors: out of memory sets failed, and nothing more is appended. */
void buffer_append_growing(struct buffer *buffer, const void *data, size_t bytes);
static inline void buffer_append(struct buffer *buffer, const void *data, size_t bytes)
{
    if (buffer->failed || bytes >= buffer->capacity - buffer->bytes) {
        buffer_append_growing(buffer, data, bytes);
        return;
    }
    if (bytes > 0) memcpy(buffer->data + buffer->bytes, data, bytes);
    buffer->bytes += bytes;
}
static inline void buffer_append_text(struct buffer *buffer, const char *string)
{
    buffer_append(buffer, string, strlen(string));
}
static inline void buffer_clear(struct buffer *buffer)
{
    buffer->bytes = 0;
    buffer->failed = false;
}

#endif
