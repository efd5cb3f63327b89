/* A directory that is the test's alone, under $TMPDIR or /tmp; short enough for socket paths. */
#ifndef TESTS_SUPPORT_TEMP_DIRECTORY_H
#define TESTS_SUPPORT_TEMP_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

enum { TEMP_PATH_BYTES = 256 };

struct temp_directory {
    char path[TEMP_PATH_BYTES];
    bool mounted; /* a tmpfs of its own */
};

/* Purpose: make one; the test ends where that fails. temp_directory_remove takes it away with all that is in it. */
struct temp_directory temp_directory_make(void);
void temp_directory_remove(struct temp_directory *directory);

/* Purpose: one on a disk of its own that holds `bytes` and no more. Mounts a tmpfs, in a namespace of this process's
 * own where that takes no privilege. Returns false where neither is permitted: a test then skips, saying so. */
bool temp_directory_make_small(size_t bytes, struct temp_directory *out_directory);

/* Purpose: path of a file inside, in a buffer that four calls share in turn. */
const char *temp_path(const struct temp_directory *directory, const char *name);

#endif
