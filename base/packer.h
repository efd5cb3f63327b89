/* msgpack-c's packer writing into a buffer. */
#ifndef BASE_PACKER_H
#define BASE_PACKER_H

#include "base/buffer.h"
#include "stepcare/text.h"

#include <msgpack/pack.h>

static inline int packer_write(void *context, const char *data, size_t bytes)
{
    buffer_append(context, data, bytes);
    return 0; /* a failed buffer remembers it */
}

static inline struct msgpack_packer packer_on(struct buffer *buffer)
{
    return (struct msgpack_packer){.data = buffer, .callback = packer_write};
}

static inline void pack_text(struct msgpack_packer *packer, struct stepcare_text text)
{
    msgpack_pack_str_with_body(packer, text.data, text.bytes);
}

static inline void pack_binary(struct msgpack_packer *packer, struct stepcare_text bytes)
{
    msgpack_pack_bin_with_body(packer, bytes.data, bytes.bytes);
}

static inline void pack_bool(struct msgpack_packer *packer, bool value)
{
    if (value) {
        msgpack_pack_true(packer);
    } else {
        msgpack_pack_false(packer);
    }
}

#endif
