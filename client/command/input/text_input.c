/* Whole small files into a buffer, and notes checked on the way. Used by every command with --note-file, and by
 * inform. */
#include "client/command/input/text_input.h"

#include "base/utf8.h"
#include "client/command/input/command.h"

#include <errno.h>
#include <stdio.h>

bool text_input_read(const struct command *command, const char *path, size_t bytes_max, struct buffer *out_buffer)
{
    char chunk[16384];
    bool from_stdin = strcmp(path, "-") == 0, good = false;
    FILE *file = from_stdin ? stdin : fopen(path, "r");
    if (file == NULL) {
        usage_error(command, "%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    for (;;) {
        size_t bytes = fread(chunk, 1, sizeof chunk, file);
        buffer_append(out_buffer, chunk, bytes);
        if (out_buffer->bytes > bytes_max) {
            usage_error(command, "%s is longer than %zu bytes", from_stdin ? "the input" : path, bytes_max);
            break;
        }
        if (bytes > 0) continue;
        good = !ferror(file) && !out_buffer->failed;
        if (!good) usage_error(command, "%s cannot be read: %s", path, strerror(errno));
        break;
    }
    if (!from_stdin) fclose(file);
    return good;
}

bool note_read(const struct command *command, const char *path, struct buffer *out_buffer,
               struct stepcare_record *request)
{
    if (path == NULL) return true;
    if (!text_input_read(command, path, STEPCARE_NOTE_BYTES_MAX, out_buffer)) return false;
    while (out_buffer->bytes > 0 && strchr("\r\n", out_buffer->data[out_buffer->bytes - 1]) != NULL)
        out_buffer->bytes--;
    struct stepcare_text note = {(const char *)out_buffer->data, (uint32_t)out_buffer->bytes};
    if (note.bytes == 0 || !utf8_valid(note)) {
        usage_error(command, "the note %s", note.bytes == 0 ? "is empty" : "is not UTF-8 text");
        return false;
    }
    STEPCARE_SET(request, note, note);
    return true;
}
