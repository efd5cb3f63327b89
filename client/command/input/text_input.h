/* Free text and small documents from a file or standard input: patients' words never stand in process arguments. */
#ifndef CLIENT_COMMAND_INPUT_TEXT_INPUT_H
#define CLIENT_COMMAND_INPUT_TEXT_INPUT_H

#include "client/command/input/command.h"
#include "proto/frame.h"

/* Purpose: read a file ("-": standard input) of at most bytes_max bytes into the buffer.
 * Owns: the caller closes the buffer. False after saying what is wrong, in the name of the command. */
bool text_input_read(const struct command *command, const char *path, size_t bytes_max, struct buffer *out_buffer);

/* Purpose: the same for a note: valid UTF-8 up to STEPCARE_NOTE_BYTES_MAX, trailing line breaks dropped, put into
 * request->note (which views the buffer). path NULL: nothing to do. */
bool note_read(const struct command *command, const char *path, struct buffer *out_buffer,
               struct stepcare_record *request);

#endif
