/* Golden bytes: a text file of lines "NAME HEX" in tests/golden. With STEPCARE_GOLDEN_WRITE=1 in the environment the
 * file is written anew; then look at the difference: bytes that change break every client and every ledger there is. */
#ifndef TESTS_SUPPORT_GOLDEN_FILE_H
#define TESTS_SUPPORT_GOLDEN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct golden_file;

/* Purpose: a file below the source tree ("tests/golden/wire.txt"). Aborts where it cannot be read or written. */
struct golden_file *golden_file_open(const char *path);
void golden_file_close(struct golden_file *file);

/* Purpose: the bytes under a name; NULL where there are none. Owns: the file's, until it is closed. */
const uint8_t *golden_file_find(struct golden_file *file, const char *name, size_t *out_bytes);

/* Purpose: are these the bytes under that name? When writing, they become so. */
bool golden_file_agrees(struct golden_file *file, const char *name, const uint8_t *data, size_t bytes);
unsigned golden_file_count(const struct golden_file *file);

/* Purpose: a file below the source tree as NUL-terminated text, to be freed; NULL if it cannot be read. */
char *source_text_read(const char *path);

#endif
